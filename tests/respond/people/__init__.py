"""People: what is told of their words."""

"""How long outages last, as a table by kind."""

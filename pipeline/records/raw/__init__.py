"""What comes in: a record of each source as its sender writes it, checked field by field."""

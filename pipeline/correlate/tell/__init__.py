"""What is told of an incident: when a revision is due and what it shows."""

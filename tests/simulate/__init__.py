"""The simulator's own laws."""

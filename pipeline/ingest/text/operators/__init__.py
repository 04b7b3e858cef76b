"""Operators in texts: who is named, and whose trouble it is."""

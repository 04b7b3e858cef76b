"""The two sides of a score: what was true, and what a run said of it, each in the form that can be compared."""

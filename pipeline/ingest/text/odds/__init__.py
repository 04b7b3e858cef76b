"""Odds: what a text has, what each of it weighs, and what that comes to."""

"""The five outages that made history, as checks of a run: what each asks for, found or missing."""

"""The stories of five outages, as checks of a run."""

"""Every benchmark runs, on a tiny load."""

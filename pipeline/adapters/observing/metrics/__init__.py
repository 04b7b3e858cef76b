"""Metrics for Prometheus: `families` lists them all, `observing` counts what the shells report."""

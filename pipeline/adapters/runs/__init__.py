"""A run's folder: written by a replay, read by reports, scores, comparisons and back-tests."""

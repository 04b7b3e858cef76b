"""Tests: the same folders as the pipeline."""

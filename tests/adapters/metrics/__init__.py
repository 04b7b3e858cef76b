"""Tests of pipeline/adapters/metrics."""

"""Tests of pipeline/adapters/cli."""

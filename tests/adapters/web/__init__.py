"""Tests of pipeline/adapters/web."""

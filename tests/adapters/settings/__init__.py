"""Tests of pipeline/adapters/settings."""

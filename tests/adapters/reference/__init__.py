"""Tests of how the reference is opened."""

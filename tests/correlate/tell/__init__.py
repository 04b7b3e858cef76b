"""Tests of CORRELATE's room `tell`: plain calls of its rules."""

"""Tests of CORRELATE's room `evidence`: plain calls of its rules."""

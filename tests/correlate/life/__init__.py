"""Tests of CORRELATE's room `life`: plain calls of its rules."""

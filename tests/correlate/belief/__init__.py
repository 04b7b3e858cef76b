"""Tests of CORRELATE's room `belief`: plain calls of its rules."""

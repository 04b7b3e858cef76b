"""Tests of CORRELATE's room `hear`: plain calls of its rules."""

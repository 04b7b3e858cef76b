"""Tests of CORRELATE's room `border`: plain calls of its rules."""

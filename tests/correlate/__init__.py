"""Tests of CORRELATE: plain calls on hand-made stories."""

"""Tests of RESPOND: plain calls."""

"""Tests of what follows an outage."""

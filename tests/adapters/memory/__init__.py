"""Tests of the flow without a broker."""

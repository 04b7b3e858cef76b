"""Tests of text understanding."""

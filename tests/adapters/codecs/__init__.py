"""Tests of the doors for bytes."""

"""Tests of what is known beforehand."""

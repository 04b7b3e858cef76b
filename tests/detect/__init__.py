"""Tests of DETECT."""

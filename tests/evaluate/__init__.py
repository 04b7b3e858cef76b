"""Tests of `pipeline.evaluate`."""

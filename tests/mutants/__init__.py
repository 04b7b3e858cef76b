"""Bugs we fear, put in one at a time: a test that lets one live proves nothing."""

"""Seeded mutations of good inputs, sent through the doors that files and records come in by.

A door answers a wrong input with its own kind of error; any other exception is a finding.
"""

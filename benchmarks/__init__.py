"""Figures: how fast, and how well."""

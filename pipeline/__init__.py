"""Tocsin hears an outage before the call centre does."""

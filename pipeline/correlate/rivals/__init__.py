"""Rivals: what else than an outage would explain the evidence of several places or operators."""

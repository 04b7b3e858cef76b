"""Tests of the report: what it tells, what it must never run, and how a real browser shows it."""

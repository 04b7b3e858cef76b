"""Backups: what may be switched to while an outage lasts, by which guard rails, and whether it helped."""

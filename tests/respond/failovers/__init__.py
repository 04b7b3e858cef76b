"""Backups: guard rails, orders, two incidents and one backup, whether it helped."""

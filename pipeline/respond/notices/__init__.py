"""Notices: what is drafted for people about an incident, when, and what becomes of a draft."""

"""Replies: who complained within an incident, and what is drafted for each of them."""

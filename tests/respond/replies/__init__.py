"""Replies: who is answered, when, and with what."""

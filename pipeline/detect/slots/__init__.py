"""What DETECT remembers of a partition beside its scopes: time, what waits for it, and what was ordered."""

"""Which evidence is one outage and which is two."""

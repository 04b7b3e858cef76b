"""A world in absolute time: its rhythm, its outages and surges, its people, and what all streams share."""

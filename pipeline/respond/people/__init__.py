"""People: what they talk of during an outage, whom they blame, and which claims spread."""

"""Laws that hold for any input: each is tried on hundreds."""

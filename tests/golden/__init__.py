"""Golden recordings: what the flow publishes of a known morning, kept to the byte."""

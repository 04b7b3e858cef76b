"""Claims that help cannot be called: what the lexicon finds of them, and how likely a text makes one."""

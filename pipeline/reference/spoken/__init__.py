"""Lists of words that are told in text, and are no features of any model."""

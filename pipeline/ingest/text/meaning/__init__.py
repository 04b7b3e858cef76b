"""What a whole sentence means, beside its words: an encoder of many languages, and what it says of two questions."""

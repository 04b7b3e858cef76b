"""What is known of names of places beside the gazetteer: quarters of cities, and how a language points at a place."""

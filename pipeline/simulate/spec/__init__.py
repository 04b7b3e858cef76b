"""What a world is made of and what happens in it, as a scenario says: types, bases, draws, checks, sentences."""

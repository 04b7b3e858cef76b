"""Opens the reference files: operators, places, lexicon, metrics; builds the gazetteer."""

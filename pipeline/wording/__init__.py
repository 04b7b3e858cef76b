"""Words for people: sentences in three languages, below the stages and free of their rules."""

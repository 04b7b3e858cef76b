"""Places in texts: how names are spelt, whether a word is one, and which area several of them mean."""

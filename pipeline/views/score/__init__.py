"""Views of a score: cases, diagrams, words."""

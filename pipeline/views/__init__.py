"""Views of a run, pure: what a page shows, worked out before any page exists."""

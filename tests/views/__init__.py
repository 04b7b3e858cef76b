"""What a page shows, worked out before any page exists."""

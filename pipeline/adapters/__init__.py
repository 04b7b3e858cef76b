"""The doors: everything that touches the world outside lives here."""

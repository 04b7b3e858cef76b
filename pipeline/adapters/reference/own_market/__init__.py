"""A market of one's own: its file is begun, and its places are built from packages."""

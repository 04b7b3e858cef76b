"""Who hears what the shells do: metrics, health, log."""

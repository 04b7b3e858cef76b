"""The doors: adapters, each with what stands in for the other side."""

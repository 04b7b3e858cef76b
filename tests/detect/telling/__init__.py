"""What DETECT tells."""

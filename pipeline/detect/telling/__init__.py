"""What DETECT tells: to whom, in which order, and which figures it passes on without judging them."""

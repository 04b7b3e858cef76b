"""What was learnt from texts, as files: weights, those of claims, and corrections of them."""

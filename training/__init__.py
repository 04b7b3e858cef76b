"""Training of what the program ships learnt: texts written for it, and the command that makes weights of them."""

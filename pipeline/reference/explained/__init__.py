"""What is known beforehand of explanations: how common each is, and when."""

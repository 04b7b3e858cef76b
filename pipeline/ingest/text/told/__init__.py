"""What else a text tells: the channel, since when, who has it, that it is back."""

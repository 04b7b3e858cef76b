"""What goes out: incidents and what follows from them, decisions with their reasons, and what could not be used."""

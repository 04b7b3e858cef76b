"""How a file is written: encoding, delimiters, quotes, JSON; every row of it, readable or refused."""

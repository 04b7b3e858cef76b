"""How the account of evidence is calibrated: from runs whose truth is known to the two tables of belief.toml."""

"""What a dossier is taken to mean: confirmed or not, how sure, how far, how bad, how long."""

"""What was heard: one testimony per anomaly, and the dossier of an incident that they fill."""

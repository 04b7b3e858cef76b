"""Pages that a person opens: views put into templates, and nothing else."""

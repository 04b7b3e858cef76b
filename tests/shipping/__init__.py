"""What a stranger gets: locks, the install steps of the Makefile, the wheel."""

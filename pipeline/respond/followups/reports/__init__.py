"""Reports to authorities: clocks that regulators set, and the drafts that they ask for."""

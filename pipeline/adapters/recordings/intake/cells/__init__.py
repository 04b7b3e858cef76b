"""What stands in a cell: zones of times, numbers, markup, names that the reference knows."""

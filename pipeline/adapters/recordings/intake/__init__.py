"""Foreign files become recordings: tables, fields, times."""

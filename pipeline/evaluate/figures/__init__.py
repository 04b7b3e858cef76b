"""Facts of many worlds added up to figures, with intervals that show chance."""

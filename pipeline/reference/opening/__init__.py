"""When people work: days off, and the hours in which a source is open."""

"""One incident that is over, as those read it who were not there."""

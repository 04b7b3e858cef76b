"""What a case remembers for single duties: plain values, so that a state knows its parts and no rule."""

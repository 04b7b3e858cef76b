"""The life of an incident: its table of states, its timers, windows that cover it, merging and splitting."""

"""RESPOND: what must follow from a change of an incident, from an order of a person, or because time has passed.

It is pure, and remembers a case per incident (`state`); its rules are duties (`duties`), one
file and one row each (`apply.DUTIES`). Ids come from content, so a repeat after a crash has the same.
"""

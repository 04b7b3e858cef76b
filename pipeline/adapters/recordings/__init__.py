"""Recordings: streams as files, kept to the byte, and whatever comes from elsewhere made into one.

Read them in this order: `format` (what a line holds), `writer` and `reader`,
`merge` and `heartbeats` (in which order, and with which clocks, a recording
is played), then the import: `tables`, `fields`, `times`, `sorting`, `importing`.
"""

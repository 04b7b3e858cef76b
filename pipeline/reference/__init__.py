"""What is known beforehand, compiled from given rows: places, operators, markets, calendars.

Nothing here opens a file: `pipeline.adapters.reference.folder` does, and hands rows in.
"""

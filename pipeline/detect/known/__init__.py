"""What DETECT knows before any data: calendars, opening hours, metrics."""

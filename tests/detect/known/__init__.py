"""What DETECT knows before any data: calendars and opening hours."""

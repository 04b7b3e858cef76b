"""What is done to a recording: statistics, validation, redaction."""

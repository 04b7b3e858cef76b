"""Commands that need Kafka, and those about settings."""

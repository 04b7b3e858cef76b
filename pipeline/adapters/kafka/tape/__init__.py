"""Recordings from and to Kafka, and a reader of published incidents."""

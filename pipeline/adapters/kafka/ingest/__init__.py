"""INGEST on Kafka: lanes, their clocks, their heartbeats."""

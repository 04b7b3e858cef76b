"""DETECT and CORRELATE on Kafka: Faust agents with transactions and snapshots."""

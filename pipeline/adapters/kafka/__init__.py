"""The Kafka door: INGEST's lanes, the Faust agents, the broker of `make run`, and nothing that knows what a record means."""

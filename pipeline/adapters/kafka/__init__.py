"""The Kafka door: lanes of INGEST, Faust agents, topics, a broker of our own; what a record means is not known here."""

"""The Kafka shell without Kafka: fakes that fail, or stop, at each await."""

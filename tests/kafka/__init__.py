"""The Kafka shell on a real broker, which the tests start themselves."""

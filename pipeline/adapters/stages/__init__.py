"""The stages as what runs: bytes in, bytes out, driven in memory or behind a shell of Kafka."""

"""May we in, and what may we do there: log in to Kafka, try every right at the start, print what is needed."""

"""The nouns of Tocsin: what travels on the topics, and the laws that records keep.

A noun is a topic, a schema and a record type. Nothing here opens a file, reads
a clock or knows Kafka; the stages meet here and nowhere else.
"""

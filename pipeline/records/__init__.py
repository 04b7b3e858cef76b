"""The nouns of Tocsin: what travels on the topics, and the laws that records keep.

A noun is a topic, a schema and a record type. Nothing here opens a file, reads
a clock or knows Kafka; the stages meet here and nowhere else. `raw/` has what
comes in, `inner/` what stages tell each other, `published/` what goes out; at
the root is what all of them are made of: times, exact numbers, ids, series,
limits, the closed lists of words.
"""

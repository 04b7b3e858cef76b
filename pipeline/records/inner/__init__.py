"""What stages tell each other, on topics that nobody outside reads.

INGEST sends signals (sums and examples) to DETECT, DETECT sends anomalies to
CORRELATE, and CORRELATE hands each change of an incident to RESPOND.
"""

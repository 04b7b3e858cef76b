"""Detectors: what is to be expected of a series, and how surprising is what came?

Each follows River's estimator interface (`learn_one`, `score_one`, a dict in)
and passes tests/detect/detector_contract.py. Their state is a plain struct, so
that a snapshot holds it to the bit.
"""

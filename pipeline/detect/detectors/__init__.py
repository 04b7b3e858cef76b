"""Detectors: what is to be expected of a series, and how surprising is what came?

One idea a file, one row of the registry each (`registry`). All answer to
`detector.Detector`; River's estimators can be rows through `river`. The laws that
every row keeps are in tests/detect/detector_contract.py.
"""

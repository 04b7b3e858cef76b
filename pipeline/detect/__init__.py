"""DETECT: when is a pane complete, and what in it stands out?

Sums of `signals` come in, anomalies go out. All rules are pure: `apply` takes
the state and one envelope, and nothing else.
"""

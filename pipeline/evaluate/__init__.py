"""How good a run was: scored against the truth, laid beside another run, repeated with other settings.

Evaluation is pure, as the rules are: truth and revisions come in, figures go
out. Files are opened, runs are made and pages are drawn by the adapters.

    sides/      what was true, and what the run said, in the form that a score compares
    judging/    which incident is about which outage; what is said of each
    figures/    facts of many worlds added up, with intervals
    score       one run scored, then all of them together
    diff/       two runs laid side by side
"""

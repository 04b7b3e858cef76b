"""How good a run was: scored against the truth, laid beside another run, repeated with other settings.

Pure, as the rules are: truth and revisions in, figures out. Files are opened,
runs are made and pages are drawn by the adapters.
"""

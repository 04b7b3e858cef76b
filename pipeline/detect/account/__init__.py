"""The account of evidence: the share of a place's customers who are hit, filtered forward in time."""

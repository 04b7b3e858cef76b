"""The account of evidence: hypotheses, likelihoods, the filter, and which places are kept."""

"""One machine: a broker of its own, and a supervisor for the stages."""

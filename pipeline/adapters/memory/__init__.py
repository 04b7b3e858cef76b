"""The flow without a broker: the same stages, driven in one process on a virtual clock."""

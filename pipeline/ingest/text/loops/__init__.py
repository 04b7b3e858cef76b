"""Inner loops: what is done for each letter of a text, or each of its signs. Files have twins in C, of the same name.

The Python says what is meant, and runs where there is no compiler; the C says the same, and `tests/core` compares them.
"""

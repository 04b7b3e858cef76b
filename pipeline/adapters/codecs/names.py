"""Names of files and words of options, as they can be written down.

Python keeps bytes that it cannot read, of a file's name or of an option, as
surrogates: the file is found again by them, but no JSON and no terminal takes them.
"""


def readable(text: str) -> str:
    r"""A text that can be written; bytes that are UTF-8 are read as that, whatever the terminal says it is.

    >>> readable("st\udcc3\udcb6rung.csv"), readable("st\udcf6rung.csv"), readable("störung.csv")
    ('störung.csv', 'st\\xf6rung.csv', 'störung.csv')
    """
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

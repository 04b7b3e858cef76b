"""Looks: what a post looks like whatever it says: whom it addresses, how it ends, how long it is.

Who answers one customer greets by name and signs with one; who tells everybody does neither. No list of names is
needed: a name is a word with a capital letter behind a greeting, between two commas, or alone at the end.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.ingest.text.official.phrases import any_of

GREETED_CHARS_MAX: Final = 120
"""A greeting stands at the start."""

ENDED_CHARS_MAX: Final = 40
"""A signature stands at the end."""

_NAME: Final = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’-]{1,30}"
_TITLE: Final = r"(?:(?:Mrs?|Ms|Dr|Frau|Herrn?|Fr|Hr|Madame|Monsieur|Mme|Mlle|M|Mevrouw|Meneer)\.?\s)"
_SIGNED: Final = re.compile(r"[\^/*-]\s{0,2}[A-Z][\w.]{0,8}[^\w.]{0,4}$")
_NAMED_AT_END: Final = re.compile(rf"(?:[.!?)\n]|[a-zß],|\b[VL]G|Grüße|Gruß|regards)\s{{1,3}}{_NAME}[^\w.!?]{{0,3}}$")
_CALLED: Final = re.compile(rf"^(?:@\w+\s)?{_NAME},\s|, {_TITLE}?{_NAME}(?=\s?[.!?,]|$)")
_CLOCK: Final = re.compile(r"\b\d{1,2}(?:[:.h]\d\d|\s?(?:uhr|h|am|pm|heures)\b)")
_PICTURE: Final = re.compile(r"[^\x00-\u2fff]")


def greeting_of(phrases: Sequence[str], everybody: Sequence[str] = ()) -> re.Pattern[str] | None:
    """What finds a greeting by name in a post.

    Args:
        phrases: Words of greeting in its language.
        everybody: Words for all who read, which are no names.

    >>> bool(greeting_of(["hi", "good morning"]).search("Good morning Mrs Hartley, your line is down."))
    True
    >>> bool(greeting_of(["hi"], ["everyone"]).search("Hi Everyone, TV is down."))
    False
    """
    if not phrases:
        return None
    no_name = rf"(?!(?i:{any_of(everybody)})\b)"
    return re.compile(rf"\b(?i:{any_of(phrases)})[,!]?\s{_TITLE}?{no_name}{_NAME}")


def looks_of(text: str, tokens: Sequence[str], greets: re.Pattern[str] | None) -> Iterator[str]:
    """Names of looks.

    Args:
        text: As posted.
        tokens: Its words.
        greets: From `greeting_of`.
    """
    yield f"long:{min(len(tokens) // 8, 5)}"
    yield f"sentences:{min(tokens.count('.') + tokens.count('?'), 4)}"
    asked = text.count("?")
    if asked:
        yield f"asks:{min(asked, 2)}"
    yield from _of_one(text, greets)
    if _PICTURE.search(text):
        yield "picture"
    if any(map(str.isdigit, text)):
        yield "digit"
    if _CLOCK.search(text.lower()):
        yield "clock"


def _of_one(text: str, greets: re.Pattern[str] | None) -> Iterator[str]:
    """Looks of a post to one customer."""
    start, end = text[:GREETED_CHARS_MAX], text[-ENDED_CHARS_MAX:]
    if text.lstrip().startswith("@"):
        yield "at"
    if greets and greets.search(start):
        yield "greets"
    if _CALLED.search(start):
        yield "called"
    if _SIGNED.search(end):
        yield "signed"
    elif _NAMED_AT_END.search(end):
        yield "named"

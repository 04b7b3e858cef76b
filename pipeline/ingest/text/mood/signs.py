"""Signs of mood: what a text has that may speak for one of the three classes.

Mood is read from the text as it was written, not from folded words: "!!!", emoji, capitals and stretched letters are
what people feel with. There are words, pairs of neighbours, pieces of words as in `odds.features`, words within reach
of a denial (named with `DENIED` in front), looks of the whole text, and sums of points: how good or bad each word
is by itself, turned round behind a denial.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.ingest.text.loops.letters import cases_of, has_repeats, signs_in

CHARS_MAX: Final = 1_000
"""What is read of a text: a post has said how it feels by then."""

DENIED: Final = "!"
"""Begins the name of a word within reach of a denial."""

REACH: Final = 4
"""Words behind a denial that it turns round, unless a mark ends it before."""

POINTS_MAX: Final = 80
"""Good or bad points of a text that count, in tenths: two strong words."""

POINTS_UNIT: Final = 40
"""A weight of points is for so many of them."""

_STRETCHED: Final = re.compile(r"(.)\1\1+")
_CAPITALS: Final = re.compile(r"\b[A-Z]{3,30}\b")
_CAPITALS_MIN: Final = 3
_TURNED: Final = 7
"""Tenths of its points that a word has, the other way round, behind a denial."""

_DENIALS: Final = frozenset(
    {
        *(
            "not",
            "no",
            "never",
            "dont",
            "cant",
            "wont",
            "isnt",
            "didnt",
            "doesnt",
            "nothing",
            "nobody",
            "without",
            "hardly",
        ),
        *("nicht", "kein", "keine", "keinen", "keiner", "nie", "niemals", "nichts", "ohne", "kaum"),
        *("pas", "plus", "jamais", "rien", "aucun", "aucune", "sans", "ni", "personne", "guère", "ne"),
    }
)
"""Of all three languages: a word that denies in one is rare in the others."""

_LONGEST: Final = 6
_LENGTH_STEP: Final = 5
_LETTERS_MIN: Final = 8
_SHOUTING_PERCENT: Final = 60


class Points(NamedTuple):
    """How good (above 0) or bad a word is by itself, in tenths.

    Attributes:
        listed: By a list that people made.
        alike: By the words that it resembles.
    """

    listed: int
    alike: int


def tokens_of(text: str) -> list[str]:
    """Words, marks and emoji of a text, in order; letters that are stretched are cut to two.

    >>> tokens_of("Sooo goooood!!! 😍 @O2 https://x.y :-) ...")
    ['soo', 'good', '!!', '😍', '=handle', '=link', ':-)', '…']
    """
    return list(map(token_of, found_in(text)))


def found_in(text: str) -> list[str]:
    """What `token_of` makes a token of: words, marks and emoji as they were written."""
    return signs_in(html.unescape(text[:CHARS_MAX]))


def token_of(found: str) -> str:
    """A word, mark or emoji as a token.

    Args:
        found: As it was written.
    """
    first = found[0]
    if found.startswith("http"):
        return "=link"
    if first == "@":
        return "=handle"
    if first.isdigit():
        return "0"
    if first in "!?":
        return "!?" if "!" in found and "?" in found else found[:2]
    if found.startswith(".."):
        return "…"
    word = found.lower().replace("’", "'")
    return _STRETCHED.sub(r"\1\1", word) if has_repeats(word) else word


def pairs_of(tokens: Sequence[str]) -> set[str]:
    """Names of neighbours, the borders of the text among them."""
    return {f"{first} {then}" for first, then in zip(("^", *tokens), (*tokens, "$"), strict=True)}


def reach_of_denials(tokens: Sequence[str]) -> list[bool]:
    """Of each token, whether it stands within reach of a denial.

    >>> reach_of_denials(["not", "good", ",", "bad"])
    [False, True, True, False]
    """
    left, reached = 0, []
    for token in tokens:
        reached.append(left > 0)
        left = REACH if denies(token) else 0 if ends_reach(token) else max(0, left - 1)
    return reached


def denies(token: str) -> bool:
    """Does a token deny what follows?"""
    return token in _DENIALS or token.endswith("n't")


def ends_reach(token: str) -> bool:
    """Is a token a mark, behind which nothing is denied any more?"""
    return not token[0].isalnum() and token[0] not in "=#"


def denied_words(tokens: Sequence[str], reached: Sequence[bool]) -> set[str]:
    """Names of the words that stand behind a denial."""
    return {DENIED + token for token, denied in zip(tokens, reached, strict=True) if denied and token.isalpha()}


def looks_of(text: str, tokens: int) -> Iterator[str]:
    """Names of what a text looks like as a whole.

    Args:
        text: As it was written.
        tokens: How many it has.
    """
    upper, lower = cases_of(text)
    if upper + lower > _LETTERS_MIN and upper * 100 > (upper + lower) * _SHOUTING_PERCENT:
        yield "=shout"
    if upper >= _CAPITALS_MIN and _CAPITALS.search(text) is not None:
        yield "=capitals"
    if has_repeats(text):
        yield "=stretched"
    yield f"=length:{min(_LONGEST, tokens // _LENGTH_STEP)}"


def sums_of_points(
    tokens: Sequence[str], reached: Sequence[bool], points: Mapping[str, tuple[int, ...]]
) -> Iterator[tuple[str, int]]:
    """Names of sums of points, and how much of `POINTS_UNIT` each comes to.

    Args:
        tokens: All that the text has, in order.
        reached: From `reach_of_denials`.
        points: By word.
    """
    found = [(points[token], denied) for token, denied in zip(tokens, reached, strict=True) if token in points]
    if not found:
        return
    for kind in range(len(Points._fields)):
        values = [turned(told[kind]) if denied else told[kind] for told, denied in found]
        good, bad = sum(value for value in values if value > 0), -sum(value for value in values if value < 0)
        yield from zip(signs_of_points(kind), values_of_points(good, bad), strict=True)


def signs_of_points(kind: int) -> tuple[str, ...]:
    """Names of the sums of one kind of points.

    Args:
        kind: Number of a field of `Points`.
    """
    return tuple(f"={name}:{Points._fields[kind]}" for name in ("good", "bad", "any-good", "any-bad", "balance"))


def values_of_points(good: int, bad: int) -> tuple[int, ...]:
    """How much of `POINTS_UNIT` the sums of one kind come to, in the order of `signs_of_points`.

    Args:
        good: Good points of a text.
        bad: Bad ones, 0 or more.
    """
    return (
        min(good, POINTS_MAX),
        min(bad, POINTS_MAX),
        POINTS_UNIT if good else 0,
        POINTS_UNIT if bad else 0,
        max(-POINTS_MAX, min(POINTS_MAX, good - bad)),
    )


def turned(points: int) -> int:
    """Points of a denied word: "not bad" is less good than "bad" is bad.

    >>> turned(20), turned(-15)
    (-14, 10)
    """
    return -(points * _TURNED // 10) if points >= 0 else -points * _TURNED // 10

"""Nearness: what is told in the sentence that names what was called, and how near it stands.

A story of six sentences has one that matters: "we could not", "nothing", "still" say much beside "999" and little
three sentences on. Which two things are told in that sentence, how far each stands from what was called, and whether
failure or success stands nearer are signs that all languages share.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, combinations
from typing import Final, NamedTuple

from pipeline.ingest.text.odds.features import SIGN

FAILURE: Final = frozenset({"cannot", "nothing", "list:faults", "list:lost", "list:reach"})
SUCCESS: Final = frozenset({"through", "restored"})
STOPS: Final = frozenset({".", "?"})
"""Words that end a sentence."""

FAR: Final = 99
"""Words away of what is not told at all."""


class Clued(NamedTuple):
    """A hit: what it tells, and the number of its word."""

    what: str
    place: int


def signs_near(told: Sequence[Clued], mentions: Sequence[int], words: Sequence[str]) -> Iterator[str]:
    """Names of signs.

    Args:
        told: Hits that tell something and name nothing that may have been called, in order.
        mentions: Numbers of the words that name what may have been called, in order.
        words: All words.
    """
    sentences = list(accumulate((word in STOPS for word in words), initial=0))
    yield from _in_one_sentence(told, sentences, {sentences[place] for place in mentions})
    if not mentions:
        return
    away: dict[str, int] = {}
    for what, place in told:
        away[what] = min(away.get(what, FAR), _words_away(place, mentions))
    for what, distance in away.items():
        yield f"{SIGN}d:{what}:{_step_of(distance)}"
    failed = min(away.get(what, FAR) for what in FAILURE)
    reached = min(away.get(what, FAR) for what in SUCCESS)
    yield f"{SIGN}nearer:{_nearer(failed, reached)}"


def _in_one_sentence(told: Sequence[Clued], sentences: Sequence[int], named: set[int]) -> Iterator[str]:
    found: dict[int, set[str]] = {}
    for what, place in told:
        if sentences[place] in named:
            found.setdefault(sentences[place], set()).add(what)
    for inside in map(sorted, found.values()):
        yield from (f"{SIGN}in:{what}" for what in inside)
        yield from (f"{SIGN}in:{first}&{then}" for first, then in combinations(inside, 2))


def _words_away(place: int, mentions: Sequence[int]) -> int:
    """Words from a word to the nearest that names what may have been called."""
    at = bisect_right(mentions, place)
    return min(abs(place - mention) for mention in mentions[max(at - 1, 0) : at + 1])


def _step_of(distance: int) -> int:
    """Two words, four, eight, or more.

    >>> [_step_of(distance) for distance in (2, 3, 8, 9)]
    [0, 1, 2, 3]
    """
    return 0 if distance <= 2 else 1 if distance <= 4 else 2 if distance <= 8 else 3


def _nearer(failed: int, reached: int) -> str:
    """Which of failure and success stands nearer to what was called.

    >>> _nearer(1, 4), _nearer(FAR, FAR)
    ('failure', 'neither')
    """
    if failed == reached:
        return "neither" if reached == FAR else "both"
    return "failure" if failed < reached else "success"

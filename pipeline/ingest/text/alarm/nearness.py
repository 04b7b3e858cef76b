"""Nearness: what is told in the sentence that names what was called, and how near it stands.

A story of six sentences has one that matters: "we could not", "nothing", "still" say much beside "999" and little
three sentences on. Which two things are told in that sentence, how far each stands from what was called, and whether
failure or success stands nearer are signs that all languages share.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from pipeline.ingest.text.alarm.standing import MENTIONS, Fact, Where

FAILURE: Final = frozenset({"cannot", "nothing", "list:faults", "list:lost", "list:reach"})
SUCCESS: Final = frozenset({"through", "restored"})
STOPS: Final = frozenset({".", "?"})
"""Words that end a sentence."""

FAR: Final = 99
"""Words away of what is not told at all."""


def facts_near(where: Where) -> list[Fact]:
    """What is told in the sentences that name what was called, and how near.

    Args:
        where: Where what was called stands, and what is told around it.
    """
    mentions = where.mentions
    told = [(what, place) for what, place in where.hits if what not in MENTIONS and what != "."]
    facts = _in_one_sentence(told, mentions, where.words)
    if not mentions:
        return facts
    away: dict[str, int] = {}
    for what, place in told:
        away[what] = min(away.get(what, FAR), _words_away(place, mentions))
    facts += [("away", what, _step_of(distance)) for what, distance in away.items()]
    failed = min([away.get(what, FAR) for what in FAILURE])
    reached = min([away.get(what, FAR) for what in SUCCESS])
    facts.append(("nearer", _nearer(failed, reached)))
    return facts


def _in_one_sentence(told: Sequence[tuple[str, int]], mentions: Sequence[int], words: Sequence[str]) -> list[Fact]:
    sentences = list(accumulate([word in STOPS for word in words], initial=0))
    named = {sentences[place] for place in mentions}
    found: dict[int, set[str]] = {}
    for what, place in told:
        if sentences[place] in named:
            found.setdefault(sentences[place], set()).add(what)
    return [("in", *sorted(inside)) for inside in found.values()]


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

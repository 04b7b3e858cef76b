"""Standing: where in a text stands what may have been called, and what is told around it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from pipeline.ingest.text.alarm.emergency import AlarmReading
from pipeline.reference.words import NUMBER, SHORT_NUMBER

NEAR_TOKENS: Final = 9
"""Words before and behind what was called that are read one by one."""

WHOLE_TOKENS_MAX: Final = 60
"""Words that are read of a text in which nothing is named that may have been called: it may be misspelt."""

HITS_MAX: Final = 80
"""Hits of one text whose order is looked at: a long text has said it by then."""

MENTIONS: Final = frozenset({"mention", "body", "short"})
"""Hits that name what may have been called."""

CALLED: Final = "m"
"""Stands for anything that may have been called, where the order of hits is told."""

_SIGNS: Final = frozenset({".", ",", "?"})

Fact = tuple[object, ...]
"""See `facts`: a kind, and what it is about."""


class Where:
    """Where in a text stands what may have been called.

    Attributes:
        ruled: A pair of the lexicon's lists makes a claim.
        words: The words.
        hits: What is told around a claim with the number of its word, in order; figures of every day among them.
        mentions: Numbers, in order, of the words that name what may have been called.

    Args:
        alarm: What the lexicon of claims finds in a text.
    """

    __slots__ = ("hits", "mentions", "ruled", "words")

    def __init__(self, alarm: AlarmReading) -> None:
        self.ruled = alarm.ruled
        words = self.words = alarm.words.split()
        starts = list(accumulate((len(word) + 1 for word in words), initial=1))
        hits = [(start, end, what) for start, end, what in alarm.hits]
        if f" {SHORT_NUMBER} " in alarm.words:
            hits += _short(alarm.words)
            hits.sort()
        self.hits = [(what, bisect_right(starts, start) - 1) for start, _, what in hits[:HITS_MAX]]
        named = {place for what, place in self.hits if what in MENTIONS}
        named.update([place for place, word in enumerate(words) if word in (NUMBER, SHORT_NUMBER)])
        self.mentions = sorted(named)

    def count(self) -> int:
        """How many words the text has; points and commas are none."""
        return sum([word not in _SIGNS for word in self.words])

    def stretches(self) -> list[list[str]]:
        """The words around what was called; the start of a text in which nothing is."""
        if not self.mentions:
            return [self.words[:WHOLE_TOKENS_MAX]]
        return [self.words[near.start : near.stop] for near in _stretches(self.mentions, len(self.words))]

    def near(self) -> list[str]:
        """The same as one list, an empty word between."""
        first, *others = self.stretches()
        return first + [word for stretch in others for word in ("", *stretch)]


def _short(words: str) -> list[tuple[int, int, str]]:
    """Where a number stands that may be a figure of every day."""
    mark, found = f" {SHORT_NUMBER} ", []
    at = words.find(mark)
    while at >= 0:
        found.append((at + 1, at + len(mark) - 1, "short"))
        at = words.find(mark, at + 1)
    return found


def _stretches(mentions: Sequence[int], count: int) -> Iterator[range]:
    """Parts of a text around what was called; those that overlap are one."""
    start = stop = -1
    for place in mentions:
        if start >= 0 and place - NEAR_TOKENS <= stop:
            stop = min(place + NEAR_TOKENS + 1, count)
            continue
        if start >= 0:
            yield range(start, stop)
        start, stop = max(place - NEAR_TOKENS, 0), min(place + NEAR_TOKENS + 1, count)
    if start >= 0:
        yield range(start, stop)

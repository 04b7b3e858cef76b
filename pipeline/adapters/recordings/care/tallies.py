"""Numbers of which only a summary is kept: lengths of time, ids seen lately, the longest gaps.

Everything here has a fixed size, so that a year is counted in the memory of a
day. The price is stated with each: percentiles are up to five per cent high,
a repeat is found only within a window.
"""

import heapq
import math
from collections import Counter, OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

STEP: Final = 1.05
"""Ratio of neighbouring bounds: percentiles are at most so much too high."""
WINDOW: Final = 100_000
"""Ids that are remembered; collectors repeat themselves within minutes."""
GAPS_MAX: Final = 5
NAMES_MAX: Final = 1_000

_LOG: Final = math.log(STEP)


@dataclass(slots=True)
class Lengths:
    """Lengths of time, 0 or more, in milliseconds.

    >>> lengths = Lengths()
    >>> for n in range(1, 101):
    ...     lengths.add(n * 1_000)
    >>> 50_000 <= lengths.percentile(0.5) <= 50_000 * STEP, lengths.most
    (True, 100000)
    """

    count: int = 0
    most: int = 0
    _steps: Counter[int] = field(default_factory=Counter)

    def add(self, length_ms: int) -> None:
        """Count one."""
        self.count += 1
        self.most = max(self.most, length_ms)
        self._steps[math.ceil(math.log(length_ms) / _LOG) if length_ms > 1 else length_ms - 1] += 1

    def percentile(self, part: float) -> int:
        """Least length, up to `STEP` too high, that `part` of all do not exceed; 0 if there are none."""
        rank, below = part * self.count, 0
        for step, count in sorted(self._steps.items()):
            below += count
            if below >= rank:
                return min(math.ceil(STEP**step), self.most) if step >= 0 else 0
        return self.most


@dataclass(slots=True)
class Recent:
    """Ids seen lately.

    >>> recent = Recent(window=2)
    >>> [recent.seen(one) for one in "aabca"]
    [False, True, False, False, False]
    """

    window: int = WINDOW
    _ids: OrderedDict[int, None] = field(default_factory=OrderedDict)

    def seen(self, thing: Hashable) -> bool:
        """Was it among the last ones? From now on it is."""
        mark = hash(thing)
        known = mark in self._ids
        if known:
            self._ids.move_to_end(mark)
        elif len(self._ids) >= self.window:
            self._ids.popitem(last=False)  # a plain dict would look through all that was deleted before
        self._ids[mark] = None
        return known


@dataclass(slots=True)
class Quiet:
    """Stretches between the records of one feed.

    Attributes:
        first_ms: Kafka timestamp of the partition's first record, ms.
        last_ms: Kafka timestamp of the partition's last record, ms.
    """

    records: int = 0
    first_ms: int = 0
    last_ms: int = 0
    _longest: list[tuple[int, int]] = field(default_factory=list)

    def add(self, time_ms: int) -> None:
        """Hear a record; times may go back a little."""
        if not self.records:
            self.first_ms = self.last_ms = time_ms
        self.records += 1
        if (gap := time_ms - self.last_ms) > 0:
            (heapq.heappush if len(self._longest) < GAPS_MAX else heapq.heappushpop)(
                self._longest, (gap, -self.last_ms)
            )
        self.last_ms = max(self.last_ms, time_ms)

    @property
    def mean_ms(self) -> float:
        """Between two records."""
        return (self.last_ms - self.first_ms) / max(self.records - 1, 1)

    def longer_than(self, length_ms: float) -> list[tuple[int, int]]:
        """Start and length of the longest stretches above a length, the longest first; at most `GAPS_MAX`."""
        return [(-start, gap) for gap, start in sorted(self._longest, reverse=True) if gap > length_ms]


@dataclass(slots=True)
class Names:
    """How often each name came; beyond `NAMES_MAX` different ones the rest is `(others)`."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, name: str) -> None:
        """Count one."""
        self.counts[name if name in self.counts or len(self.counts) < NAMES_MAX else "(others)"] += 1

    def by_count(self) -> dict[str, int]:
        """The commonest first."""
        return dict(sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0])))

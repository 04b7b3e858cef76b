"""The hypotheses of one place and service, and how one follows another.

There is one latent number, the share of customers who are hit. Beside it stands how much
louder people are than usual, since nobody knows beforehand how many of those who are hit will say so; that is
learnt while it lasts. What else would explain the same data is a state as well: a scandal that makes people
talk, a probe that lies, a bill that makes people call, a busy day. A state that is not in this list
cannot be believed, so whatever should be told apart needs a row here.

A vector over the states is a list in the order of `STATES`: normal, then each share with each loudness, then
the rivals. Its numbers are sums and products of floats in one fixed order, so every machine gives the same bytes.

Source:
    Y. Le Strat, F. Carrat, Statistics in Medicine 18 (1999), 3463-3478 (hidden Markov models of outbreaks);
    R. P. Adams, D. MacKay, arXiv:0710.3742 (2007), for the forward recursion.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

SHARES: Final[tuple[float, ...]] = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Shares of the customers who are hit, on a grid of about 3 times each."""

LOUDNESS: Final[tuple[float, ...]] = (3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0)
"""How many times as much as usual people say in an outage."""

RIVAL_LOUDNESS: Final[tuple[float, ...]] = LOUDNESS[:5]
"""And in a scandal, or when a bill makes them call."""

BUSY_LOUDNESS: Final[tuple[float, ...]] = LOUDNESS[:2]
"""And on a busy day, of which neither the hour nor the weekday told."""

RIVAL_SHARES: Final[tuple[float, ...]] = SHARES[1:]
"""Shares that a lying probe pretends."""

OUTAGES: Final = len(SHARES) * len(LOUDNESS)
CHATTER_FROM: Final = 1 + OUTAGES
PROBE_FROM: Final = CHATTER_FROM + len(RIVAL_LOUDNESS)
LOAD_FROM: Final = PROBE_FROM + len(RIVAL_SHARES)
CAMPAIGN_FROM: Final = LOAD_FROM + len(RIVAL_LOUDNESS)
BUSY_FROM: Final = CAMPAIGN_FROM + len(RIVAL_LOUDNESS)
STATES: Final = BUSY_FROM + len(BUSY_LOUDNESS)
"""How many states there are."""

OUTAGE_PER_MINUTE: Final = 2e-6
"""An outage of a place and service begins about once a year."""

CHATTER_PER_MINUTE: Final = 4e-6
"""Talk for another reason is twice as common."""

PROBE_PER_MINUTE: Final = 1e-6
LOAD_PER_MINUTE: Final = 2e-6
CAMPAIGN_PER_MINUTE: Final = 2e-7
"""Posts that read like complaints, written by few hands for many: a tenth as common as outages."""

BUSY_PER_MINUTE: Final = 2e-5
"""A place is busy every month or so: Monday, heat, the first of the month; more write and call, about the usual."""

BACK_PER_MINUTE: Final = 1.0 / 90.0
"""Outages last for an hour and a half, if nothing else is known."""

STEP_PER_MINUTE: Final = 0.02
"""To each neighbouring share or loudness."""

_SHARE_WEIGHTS: Final[tuple[float, ...]] = (0.30, 0.25, 0.20, 0.15, 0.10)
"""Small outages are more common than large ones."""

_LOUDNESS_WEIGHTS: Final[tuple[tuple[float, ...], ...]] = (
    (0.50, 0.30, 0.14, 0.04, 0.01, 0.01),
    (0.30, 0.35, 0.22, 0.09, 0.03, 0.01),
    (0.20, 0.30, 0.27, 0.15, 0.06, 0.02),
    (0.12, 0.22, 0.28, 0.22, 0.11, 0.05),
    (0.08, 0.17, 0.25, 0.25, 0.15, 0.10),
)
"""How loud people are when so many are hit: few who are hit are seldom heard much."""

_RIVAL_WEIGHTS: Final[tuple[float, ...]] = (0.40, 0.28, 0.18, 0.10, 0.04)
_BUSY_WEIGHTS: Final[tuple[float, ...]] = (0.8, 0.2)
_PROBE_WEIGHTS: Final[tuple[float, ...]] = (0.3, 0.3, 0.2, 0.2)


def added_up(numbers: Iterable[float]) -> float:
    """Sum of some numbers, one after the other: `sum` adds floats in another way from Python 3.12 on."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def _entries() -> tuple[float, ...]:
    """From normal into each state, per minute."""
    outage = [
        OUTAGE_PER_MINUTE * share * loudness
        for share, row in zip(_SHARE_WEIGHTS, _LOUDNESS_WEIGHTS, strict=True)
        for loudness in row
    ]
    chatter = [CHATTER_PER_MINUTE * weight for weight in _RIVAL_WEIGHTS]
    probe = [PROBE_PER_MINUTE * weight for weight in _PROBE_WEIGHTS]
    load = [LOAD_PER_MINUTE * weight for weight in _RIVAL_WEIGHTS]
    campaign = [CAMPAIGN_PER_MINUTE * weight for weight in _RIVAL_WEIGHTS]
    busy = [BUSY_PER_MINUTE * weight for weight in _BUSY_WEIGHTS]
    entries = [*outage, *chatter, *probe, *load, *campaign, *busy]
    return (1.0 - added_up(entries), *entries)


def _neighbours() -> tuple[tuple[int, ...], ...]:
    """The states next to each: one share or one loudness more or less."""
    rows, columns = len(SHARES), len(LOUDNESS)
    found: list[tuple[int, ...]] = [()]
    for row in range(rows):
        for column in range(columns):
            beside = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
            found.append(tuple(1 + r * columns + c for r, c in beside if 0 <= r < rows and 0 <= c < columns))
    borders = (CHATTER_FROM, PROBE_FROM, LOAD_FROM, CAMPAIGN_FROM, BUSY_FROM, STATES)
    for first, last in pairwise(borders):
        found += [
            tuple(state for state in (here - 1, here + 1) if first <= state < last) for here in range(first, last)
        ]
    return tuple(found)


ENTRIES: Final = _entries()
NEIGHBOURS: Final = _neighbours()
STAYS: Final = tuple(1.0 - BACK_PER_MINUTE - STEP_PER_MINUTE * len(beside) for beside in NEIGHBOURS)
"""What stays in a state per minute; of the normal one it is not used."""

FRESH_MINUTES: Final = 60.0
FRESH: Final[tuple[float, ...]] = (
    1.0 - FRESH_MINUTES * (1.0 - ENTRIES[0]),
    *(FRESH_MINUTES * entry for entry in ENTRIES[1:]),
)
"""What is believed of a place of which nothing remarkable was seen: an outage may have begun minutes ago."""

UNSEEN: Final = 0.15
"""How likely it is that an outage is one of a service without figures, where others have some."""

FRESH_UNSEEN: Final[tuple[float, ...]] = (
    FRESH[0],
    *(UNSEEN * weight for weight in FRESH[1:CHATTER_FROM]),
    *FRESH[CHATTER_FROM:],
)
"""What is believed of such a service."""

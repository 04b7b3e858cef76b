"""Speakers: who has spoken within the hour, so that who writes twenty times is one voice and not twenty.

In an outage many people say something once or twice. In a campaign few accounts write for many, in new words each
time. Copies are counted once by INGEST; that the same hand writes again can only be seen by who remembers hands.

What a reader may question: of more people than are remembered the latest stay, so of a crowd nobody is missed who
writes again within minutes, and some are who do so later. An account whose name a feed does not tell is always new.
"""

from collections.abc import Iterable
from typing import Final

from pipeline.records.clocks import HOUR_MS

AGAIN_MS: Final = HOUR_MS
"""Who speaks again within so long is no further voice."""

REMEMBERED_MAX: Final = 192
"""People of a scope who are remembered: a campaign of few dozen accounts beside the hundred who write anyway."""


def heard_again(people: Iterable[str], speakers: dict[str, int], now: int) -> int:
    """How many of the people of a step spoke in an earlier one within the hour.

    Args:
        people: Their keyed hashes.
        speakers: Hash to the end of the last step in which that person spoke, ms.
        now: End of the step, ms.

    >>> heard_again(["a", "b", "c"], {"a": 60_000, "b": 0}, 3_610_000)
    1
    """
    return sum(1 for person in people if now - speakers.get(person, now - AGAIN_MS - 1) <= AGAIN_MS)


def remembered(people: Iterable[str], speakers: dict[str, int], now: int) -> dict[str, int]:
    """Who is remembered after a step: who spoke in it and before, the latest.

    Args:
        people: Keyed hashes of who spoke.
        speakers: Who was remembered before it.
        now: End of the step, ms.
    """
    known = {person: at for person, at in speakers.items() if now - at < AGAIN_MS}
    known.update(dict.fromkeys(people, now))
    latest = sorted(known, key=lambda person: (-known[person], person))[:REMEMBERED_MAX]
    return {person: known[person] for person in sorted(latest)}

"""Lies: may all figures of an outage that fall be wrong, though nobody is without service?

Whether a figure falls because customers lost service or because the probe lies cannot be told from one figure. Probes
lie one at a time, so each further one that agrees speaks against a lie; a collector lies of one service in all the
towns that it feeds, so of one service a second town counts and a tenth counts no more.

Instruments that are changed by hand are another thing: they fall town after town, each at its own time, and all to the
same value. What a network loses it loses at once, or here more and there less; of towns that are dark nobody can tell.
Such towns do not agree, and each of them may lie for itself: one of seven is loud by chance on any day.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.weighings import Weighing

AGREES: Final = 2.08
"""That a second place shows it as well makes a lie eight times less likely, natural log."""

APART: Final = 2 * AGREES
"""And that another service falls at the same time: two instruments would have to lie at once."""

AT_ONCE_MS: Final = 15 * MINUTE_MS
"""What begins within so long begins at the same time."""

AGREES_MAX: Final = 3 * AGREES

CREEPS_FROM: Final = 3
"""So many towns that fall one after another to the same share speak for a lie as a second town speaks against one; two
may do so by chance."""

SAME_PERCENT: Final = 120
DARK_PPM: Final = 900_000
"""Shares within a fifth of each other are the same, and nine in ten are all."""

SILENT: Final = 0.1
"""Of one outage in ten nobody says anything, by night or where who has no signal cannot: so far silence makes a lie of
what falls, and no farther."""

LOG_ODDS_MAX: Final = 16.0


def chance_of(log_odds: float) -> float:
    """Probability of log-odds, which count to e^16 either way; 0 to 1."""
    return 1.0 / (1.0 + math.exp(-max(-LOG_ODDS_MAX, min(LOG_ODDS_MAX, log_odds))))


def log_honest(falling: Sequence[Weighing], beside: Sequence[Weighing]) -> float:
    """Log-odds of an outage against figures that all lie, given that something falls.

    Args:
        falling: Places and services of an outage that fall, the surest first; one or more.
        beside: All places of its operators that began to fall at once with the first, its own or not.
    """
    logs = [_log_honest(known) for known in falling]
    most = max(logs)
    if creep(falling, beside):
        most = max(sum(logs) / len(logs), most - math.log(len(logs)))  # the loudest of seven, one time in seven
    return most + agreed(falling, beside)


def creep(falling: Sequence[Weighing], beside: Sequence[Weighing]) -> bool:
    """Do three towns of a service or more fall, each at its own time, all to one value, and those of no other agree?

    Args:
        falling: As for `log_honest`.
        beside: As for `log_honest`.
    """
    several = _by_service([*falling, *beside])
    many = any(len(towns) >= CREEPS_FROM for towns in several)
    return many and all(_towns_agree(towns) <= 0.0 for towns in several)


def fell_at_once(known: Weighing, first: Weighing) -> bool:
    """Did two begin to fall at the same time?"""
    return abs(known.since - first.since) <= AT_ONCE_MS


def _log_honest(known: Weighing) -> float:
    """The log-odds of one place; silent outages and lies predict the same."""
    outage = chance_of(known.odds_milli / 1_000)
    return math.log(max(1e-9, outage) / max(1e-9, chance_of(known.disturbed_milli / 1_000) - outage) + SILENT)


def agreed(falling: Sequence[Weighing], beside: Sequence[Weighing]) -> float:
    """How much less likely it is that all figures lie than that one does, natural log.

    Args:
        falling: As for `log_honest`.
        beside: As for `log_honest`.
    """
    first, every = falling[0], [*falling, *beside]
    towns = max((_towns_agree(towns) for towns in _by_service(every)), default=0.0)
    services = {known.service for known in every} - {first.service}
    at_once = {known.service for known in every if fell_at_once(known, first)} & services
    return min(AGREES_MAX, towns + APART * len(at_once) + AGREES * len(services - at_once))


def _by_service(weighings: Sequence[Weighing]) -> list[list[Weighing]]:
    """Towns of each service of which several fall, each once."""
    places: dict[str, dict[str, Weighing]] = {}
    for known in weighings:
        places.setdefault(known.service, {})[known.area] = known
    return [list(towns.values()) for towns in places.values() if len(towns) > 1]


def _towns_agree(towns: Sequence[Weighing]) -> float:
    """How much less likely it is that several towns of one service lie than that one does, natural log."""
    begun = sorted(int(known.since) for known in towns)
    times = 1 + sum(later - earlier > AT_ONCE_MS for earlier, later in pairwise(begun))
    shares = [known.share_ppm for known in towns if known.down_at >= known.ended_at]
    differ = bool(shares) and (max(shares) >= DARK_PPM or 100 * max(shares) > SAME_PERCENT * min(shares))
    if 2 * times <= len(towns) or differ:
        return AGREES
    return -AGREES if len(shares) >= CREEPS_FROM else 0.0

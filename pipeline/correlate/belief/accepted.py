"""How often an operator accepts to be told of an outage that is none: the bars, and what moves them.

A belief that keeps its promise is falsely beyond odds of o as often as 1/o. So who accepts twice as many false
incidents of a service as the bars let expect has them at half the odds, that of suspecting and that of confirming
alike; who accepts half as many waits until it is twice as sure.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from operator import itemgetter
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.reference import CorrelateReference
from pipeline.reference.belief import OTHER, BeliefTable

BAR_MIN: Final = 0.25
"""No bar is lower: below one in four an outage is ruled out, and nothing keeps it alive."""

BAR_MAX: Final = 0.99
"""And none is higher, since nothing is told to be surer than that."""

NIGHT: Final = (22, 6)
"""From when to when it is night, hours of the market's clock: fewer look at a screen, and whoever is woken minds."""


class Accepted(NamedTuple):
    """How many false incidents are accepted where something is believed.

    Attributes:
        part: How many times as many as the bars let expect.
        why: Whose setting says so, in words; '' where none does.
    """

    part: float = 1.0
    why: str = ""

    def bar(self, bar: float) -> float:
        """Where a bar lies for this part, a probability; the bar itself where nothing moves it.

        Args:
            bar: As it is set.

        >>> [round(Accepted(part).bar(0.9), 3) for part in (0.01, 0.5, 1.0, 2.0, 1_000.0)]
        [0.99, 0.947, 0.9, 0.818, 0.25]
        """
        if self.part == 1.0:
            return bar
        odds = bar / (1.0 - bar) / self.part
        return min(BAR_MAX, max(BAR_MIN, odds / (1.0 + odds)))


AS_SET: Final = Accepted()


def accepted(services: Collection[str], config: ConfirmConfig, table: BeliefTable, *, night: bool = False) -> Accepted:
    """How many false incidents are accepted of what concerns some services: the most that is accepted of one of them.

    Args:
        services: Services that are believed down; none = nobody said which.
        config: What the operator accepts.
        table: What the bars let expect.
        night: Is it night in the market?
    """
    stated, factor = config.false_incidents_per_month, config.night_accepts if night else 1.0
    if not stated:
        return AS_SET if factor == 1.0 else Accepted(factor, f"{factor:g} of it by night")
    parts = [(_part(service, config, table), service) for service in sorted(services) or [OTHER]]
    part, service = max(parts, key=itemgetter(0))
    words = [f"{stated[service]:g} false incidents of {service} a month accepted"] if service in stated else []
    words += [f"{factor:g} of it by night"] if factor != 1.0 else []
    return Accepted(part * factor, ", ".join(words))


def _part(service: str, config: ConfirmConfig, table: BeliefTable) -> float:
    stated = config.false_incidents_per_month
    if service not in stated:
        return 1.0
    expected = table.false_incidents_of(service)
    return stated[service] / expected if expected else 1.0


def is_night(at: int, market: str, config: ConfirmConfig, reference: CorrelateReference) -> bool:
    """Is it night in a market, where anybody asks for it?

    Args:
        at: The moment, ms since 1970.
        market: Its clock counts.
        config: Does it ask?
        reference: Time zones of markets.
    """
    if config.night_accepts == 1.0:
        return False
    known = reference.market(market)
    zone = ZoneInfo(known.time_zone if known is not None else "UTC")
    hour = datetime.fromtimestamp(at // 1_000, UTC).astimezone(zone).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]

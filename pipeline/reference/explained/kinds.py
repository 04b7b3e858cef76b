"""How common each kind of explanation is, and when: works by night, a busy hotline on Mondays, matches in the evening.

An explanation is as likely as what is seen fits it, times how often it happens at all at such an hour. The table of how
often is a judgement with a reason beside each number, in whole numbers, so that an operator can put his own there.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, get_args

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.published.evidence_card import ExplanationKind

KINDS: Final[tuple[str, ...]] = get_args(ExplanationKind)

WEIGHT_MAX: Final = 1_000_000
TIMES_MAX: Final = 16
_LIMITS: Final = {"hours": 23, "weekdays": 6, "days": 31}


class CalendarHour(NamedTuple):
    """A moment as a market's clock and calendar tell it: hour 0 to 23, weekday 0 (Monday) to 6, day of the month."""

    hour: int
    weekday: int
    day: int


NOON: Final = CalendarHour(12, 2, 15)
"""A moment at which nothing is as it is not at most others."""


class KindTime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a kind has another weight.

    Attributes:
        hours: Hours 0 to 23; empty for all.
        weekdays: Weekdays 0 (Monday) to 6; a public holiday is a Sunday; empty for all.
        days: Days of the month 1 to 31; empty for all.
        weight: Its weight then, 1 or more.
    """

    hours: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()
    weight: int

    def holds(self, moment: CalendarHour) -> bool:
        """Is it such a time?"""
        asked = ((self.hours, moment.hour), (self.weekdays, moment.weekday), (self.days, moment.day))
        return all(not known or number in known for known, number in asked)


class KindPrior(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How common a kind of explanation is.

    Attributes:
        kind: Its name.
        weight: How common it is beside the others of its sort, 1 or more.
        why: The reason, for people.
        times: When it is more common, or less; the first that holds counts.
    """

    kind: str
    weight: int
    why: str
    times: tuple[KindTime, ...] = ()


class KindPriors(msgspec.Struct, frozen=True, kw_only=True):
    """The table.

    Attributes:
        priors: By kind; one that is not there has the weight of a thousand, whatever the hour.
    """

    priors: Mapping[str, KindPrior] = {}

    def weight_of(self, kind: str, moment: CalendarHour) -> int:
        """How common a kind is at a moment, 1 or more.

        >>> night = KindTime(hours=frozenset({0, 1, 2}), weight=500)
        >>> table = KindPriors(priors={"planned": KindPrior(kind="planned", weight=100, why="", times=(night,))})
        >>> [table.weight_of("planned", CalendarHour(hour, 0, 1)) for hour in (2, 3)]
        [500, 100]
        """
        known = self.priors.get(kind)
        times = known.times if known is not None else ()
        return next((time.weight for time in times if time.holds(moment)), self.usual_weight_of(kind))

    def usual_weight_of(self, kind: str) -> int:
        """How common a kind is at most hours, 1 or more."""
        known = self.priors.get(kind)
        return 1_000 if known is None else known.weight


ALIKE: Final = KindPriors()
"""Without a table every kind is as common as any other."""


def kinds_of(rows: Iterable[KindPrior]) -> KindPriors:
    """Check a table.

    Args:
        rows: One for each kind.

    Raises:
        ConfigError: Lists what is wrong.
    """
    table = tuple(rows)
    wrong = [words for row in table for words in _wrong_with(row)]
    names = [row.kind for row in table]
    wrong += [
        f"kind {name}: must stand there once" for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if wrong:
        raise ConfigError("\n".join(wrong))
    return KindPriors(priors={row.kind: row for row in table})


def _wrong_with(row: KindPrior) -> Iterator[str]:
    if row.kind not in KINDS:
        yield f"kind {row.kind!r}: must be one of {', '.join(KINDS)}"
    for weight in (row.weight, *(time.weight for time in row.times)):
        if not 1 <= weight <= WEIGHT_MAX:
            yield f"kind {row.kind}: weight = {weight}: must be 1 to {WEIGHT_MAX}"
    if len(row.times) > TIMES_MAX:
        yield f"kind {row.kind}: {len(row.times)} times: must be at most {TIMES_MAX}"
    for time in row.times:
        for name, most in _LIMITS.items():
            least = 1 if name == "days" else 0
            if beyond := sorted(number for number in getattr(time, name) if not least <= number <= most):
                yield f"kind {row.kind}: {name} = {beyond}: must be {least} to {most}"

"""Opening hours: when a source of figures is at work, as an operator wrote them.

Out of hours a hotline answers no calls, and that is no outage; that it answers some from eight o'clock on is no
surge. A profile learns both in a week, but not on the first evening, and not on a holiday. What is written in
`hours.toml` holds at once: out of hours nothing of the source is expected, judged, weighed or learnt.

A questionable decision: what a source says out of its hours is not listened to either. Who hears tickets by night has
open tickets by night, and writes no hours for them.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from pipeline.records.clocks import DAY_MS, MINUTE_MS
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import Key
from pipeline.reference.calendars import YEAR_MAX, YEAR_MIN, is_calendar, is_holiday
from pipeline.reference.operators import Operators

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]

WEEKDAYS: Final[tuple[Weekday, ...]] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


class Hours(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"begins": "from", "ends": "to"}
):
    """One row: from when to when a source is open on some days of the week. Rows of one source add up.

    Attributes:
        operator: Id of the operator.
        source: Whose hours they are: of `tickets`, or of figures of `telemetry`.
        measures: Names of the metrics that have these hours, if they are hours of telemetry; of tickets none.
        weekdays: On which days; local ones.
        begins: Local time, `08:00`; `from` in the file.
        ends: Local time after `begins`; `24:00` is midnight. `to` in the file. A night shift is two rows.
        holidays: Open on the public holidays of the market that fall on these days?
    """

    operator: Key
    source: Literal["tickets", "telemetry"]
    weekdays: tuple[Weekday, ...]
    begins: Clock
    ends: Clock
    measures: tuple[Key, ...] = ()
    holidays: bool = False

    def wrong(self) -> list[str]:
        """What contradicts itself, each as a sentence."""
        found = []
        if not self.weekdays or len(set(self.weekdays)) != len(self.weekdays):
            found.append(f"weekdays = {list(self.weekdays)}: must be at least one day, each once")
        if not self.begins < self.ends:
            found.append(f'to = "{self.ends}": must be after from = "{self.begins}"; write a night as two rows')
        if self.source == "telemetry" and not self.measures:
            found.append('measures: missing; name the metrics that have these hours: ["calls_answered"]')
        if self.source != "telemetry" and self.measures:
            found.append(f"measures = {list(self.measures)}: only telemetry has measures")
        return found


class OpenTimes:
    """When one source is open.

    Args:
        rows: Its hours.
        zone: Time zone in which they are meant.
        calendar: Calendar of its market (`pipeline.reference.calendars`).
    """

    def __init__(self, rows: Iterable[Hours], zone: str, calendar: str) -> None:
        self._rows, self._zone, self._calendar = tuple(rows), ZoneInfo(zone), calendar
        self._known: dict[int, tuple[tuple[int, int], ...]] = {}

    def is_open(self, at: int) -> bool:
        """Is it open at a time?

        Args:
            at: ms.
        """
        return any(begin <= at < end for begin, end in self._spans(at // DAY_MS))

    def next_change(self, at: int) -> int:
        """When it opens or closes next, ms, or the end of the day of UTC, whichever is first; after `at`.

        Args:
            at: ms.
        """
        day = at // DAY_MS
        bounds = [bound for span in self._spans(day) for bound in span if bound > at]
        return min([*bounds, (day + 1) * DAY_MS])

    def _spans(self, day: int) -> tuple[tuple[int, int], ...]:
        """From when to when it is open about a day of UTC, numbered since 1970."""
        known = self._known.get(day)
        if known is None:
            if len(self._known) >= _DAYS_KEPT:
                self._known.clear()
            middle = _EPOCH + timedelta(day)
            local = [middle + timedelta(off) for off in (-1, 0, 1)]
            known = self._known[day] = tuple(sorted(span for on in local for span in self._spans_of(on)))
        return known

    def _spans_of(self, on: date) -> Iterable[tuple[int, int]]:
        is_off = YEAR_MIN <= on.year <= YEAR_MAX and is_holiday(self._calendar, on)
        for row in self._rows:
            if WEEKDAYS[on.weekday()] in row.weekdays and (row.holidays or not is_off):
                yield self._at(on, row.begins), self._at(on, row.ends)

    def _at(self, on: date, clock: str) -> int:
        """A local time as ms; of an hour that does not exist the moment at which clocks jump over it."""
        hour, minute = int(clock[:2]), int(clock[3:])
        midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
        local = (midnight + timedelta(hours=hour, minutes=minute)).replace(tzinfo=self._zone)
        return int(local.timestamp() // 60) * MINUTE_MS


class OperatorHours:
    """The written hours of one operator.

    Args:
        times: `tickets`, or `telemetry|measure`, to when it is open.
    """

    def __init__(self, times: Mapping[str, OpenTimes]) -> None:
        self.times = dict(times)

    def is_closed(self, feed: str, at: int) -> bool:
        """Is a feed out of its hours? False of one without any.

        Args:
            feed: `tickets`, or `telemetry|measure`.
            at: ms.
        """
        times = self.times.get(feed)
        return times is not None and not times.is_open(at)

    def next_change(self, at: int) -> int:
        """When any of them opens or closes next, ms, or the end of the day; after `at`."""
        return min(times.next_change(at) for times in self.times.values())


WrittenHours = Mapping[str, OperatorHours]
"""Operator to its hours; of one that wrote none nothing."""


def hours_from(rows: Iterable[Hours], operators: Operators) -> WrittenHours:
    """Compile.

    Args:
        rows: All of a file.
        operators: Whose hours they may be.

    Raises:
        ConfigError: Lists what is wrong, a line each, by the number of the row.
    """
    problems: list[str] = []
    by_feed: dict[str, dict[str, list[Hours]]] = {}
    for number, row in enumerate(rows, start=1):
        wrong = [*row.wrong(), *_lacks_of_market(row.operator, operators)]
        problems += [f"[[hours]] number {number} ({row.operator!r}): {words}" for words in wrong]
        feeds = [f"telemetry|{measure}" for measure in row.measures] if row.source == "telemetry" else [row.source]
        for feed in feeds:
            by_feed.setdefault(row.operator, {}).setdefault(feed, []).append(row)
    if problems:
        raise ConfigError("\n".join(problems))
    return {operator: _compiled(operator, feeds, operators) for operator, feeds in sorted(by_feed.items())}


def _compiled(operator: str, feeds: Mapping[str, list[Hours]], operators: Operators) -> OperatorHours:
    known = operators.get(operator)
    assert known is not None, "checked by who calls"
    zone, calendar = operators.time_zone(operator), operators.markets[known.market].holidays
    return OperatorHours({feed: OpenTimes(rows, zone, calendar) for feed, rows in sorted(feeds.items())})


def _lacks_of_market(operator: str, operators: Operators) -> list[str]:
    """What an operator's market lacks for hours to mean anything."""
    known = operators.get(operator)
    if known is None:
        return ["must be an id of operators.toml"]
    lacks, zone, calendar = [], operators.time_zone(operator), operators.markets[known.market].holidays
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        lacks.append(f"its time_zone = {zone!r}: no such zone; name one of IANA: Europe/Brussels")
    if not is_calendar(calendar):
        lacks.append(f"holidays = {calendar!r} of its market: no such calendar")
    return lacks


_DAYS_KEPT: Final = 64
_EPOCH: Final = date(1970, 1, 1)

"""Feeds that are steadily late: how far each is behind, learnt from the log, so that none is refused whole.

A collector whose clock is two minutes slow sends nothing but late records. To wait for
it would hold up all others, since a pane is sealed for all at once. So its lag
is learnt instead: after a few late records in a row its times are moved by the largest
lag of that row, though never past the time at which Kafka took the record. What
comes later than that is late again. A record that is punctual by its own time is never moved, so a
feed that is mended needs nobody's help, and its lag is forgotten.

A feed is known by two names. By the wider one, such as operator, vendor and metric, a whole
feed is late at once; by the narrower one, with its element or area, a single one of many
elements is. While the wider one is in a row no narrower one is begun, so a vendor with a
thousand late elements takes one place, not a thousand.

Questionable decision: moved times say when we heard of something, not when it happened: an onset
that such a feed shows is dated too late, by up to its lag. The alternatives are to hear
nothing of it, or to hear of everything else later by as much.

All of it follows from times in the log and is kept with the offsets, so no batch cut and
no crash changes it. At most `FEEDS_MAX` feeds a partition are remembered.
"""

from functools import lru_cache
from hashlib import blake2b
from typing import Final

import msgspec

from pipeline.records.clocks import DAY_MS, MINUTE_MS
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket

FEEDS_MAX: Final = 48
"""Feeds remembered a partition: at most 3,000 of the 4,096 bytes that Kafka keeps with an offset."""

ROW_RECORDS: Final = 3
"""So many records in a row make a habit, if they also last: a single straggler, or two, are none."""

ROW_MS: Final = 5 * MINUTE_MS
"""And so long the row must last, by Kafka's timestamps: a burst after a break is no habit."""

Names = tuple[str, ...]
"""A feed's names, from wide to narrow."""


class Lag(msgspec.Struct):
    """What is known of one feed.

    Attributes:
        moved_ms: By how much its late records are moved; 0 = not learnt yet.
        row: Records in a row: above 0 late ones, below 0 punctual ones of a feed that was learnt.
        since_ms: Kafka timestamp of the row's first record.
        most_ms: Largest lag of a late row: Kafka timestamp less event time.
        heard_ms: Kafka timestamp of the latest record that counted here.
    """

    moved_ms: int = 0
    row: int = 0
    since_ms: int = 0
    most_ms: int = 0
    heard_ms: int = 0


def feed_of(record: object) -> Names:
    """The names of the feed that a record is of; none for what has no feed.

    >>> feed_of(Ticket(ticket_id="T1", operator="sfr", opened_at="", intake="app"))
    ('sfr app',)
    """
    if isinstance(record, Reading):
        wide = " ".join(name for name in (record.operator, record.vendor, record.metric) if name)
        return wide, f"{wide} {record.element or record.area}"
    if isinstance(record, Ticket):
        return (f"{record.operator} {record.intake}",)
    if isinstance(record, Mention):
        return (f"{record.operator or '-'} {record.platform}",)
    return ()


@lru_cache(maxsize=65_536)
def key_of(name: str) -> str:
    """Short name of a feed, as it is remembered: 12 hexadecimal digits of its hash.

    >>> key_of("sfr app")
    'd80ab8b8bcce'
    """
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


class Lags:
    """The lags of one source's feeds in one partition; changes in place.

    Args:
        text: As `text` wrote it; empty = nothing is known.
        longest_ms: A lag beyond it is not learnt, in ms; 0 = none is.
    """

    def __init__(self, text: str, longest_ms: int) -> None:
        self._longest_ms = longest_ms
        self._known: dict[str, Lag] = {}
        for word in text.split(","):
            if word:
                key, *numbers = word.split(":")
                self._known[key] = Lag(*(int(number, 36) for number in numbers))

    def __bool__(self) -> bool:
        """Whether anything is remembered."""
        return bool(self._known)

    def __contains__(self, names: Names) -> bool:
        """Whether a feed is remembered under any of its names."""
        return any(key_of(name) in self._known for name in names)

    def text(self) -> str:
        """All that is remembered, in few letters without a space.

        >>> lags = Lags("", 1_000_000)
        >>> lags.late(("sfr app",), at=1_739_350_000_000, timestamp=1_739_350_120_000)
        0
        >>> lags.text() == Lags(lags.text(), 1_000_000).text()
        True
        """
        return ",".join(
            ":".join((key, *(_base36(number) for number in msgspec.structs.astuple(lag))))
            for key, lag in sorted(self._known.items())
        )

    def moved(self, names: Names, at: int, timestamp: int) -> int:
        """Where a late record counts: its time, moved by its feed's lag if that is known.

        Args:
            names: Its feed.
            at: Its event time, ms.
            timestamp: Its Kafka timestamp, ms.
        """
        for name in reversed(names):
            lag = self._known.get(key_of(name))
            if lag is not None and 0 < lag.moved_ms <= self._longest_ms:
                return max(at, min(at + lag.moved_ms, timestamp))
        return at

    def taken(self, names: Names, timestamp: int, *, punctual: bool) -> None:
        """Hear of a record that was used.

        Args:
            names: Its feed.
            timestamp: Its Kafka timestamp, ms.
            punctual: It was in time by its own event time; else it was moved.
        """
        for name in names:
            key = key_of(name)
            lag = self._known.get(key)
            if lag is None:
                continue
            if not lag.moved_ms or (punctual and self._is_mended(lag, timestamp)):
                del self._known[key]
                continue
            lag.heard_ms = timestamp
            if not punctual:
                lag.row = 0

    def late(self, names: Names, at: int, timestamp: int) -> int:
        """Hear of a record that is refused as late.

        Args:
            names: Its feed.
            at: Its event time, ms.
            timestamp: Its Kafka timestamp, ms.

        Returns:
            By how much records of its feed are moved from now on, in ms, if this one made a habit of it; else 0.
        """
        behind = timestamp - at
        if not 0 < behind <= self._longest_ms:
            return 0
        learnt, in_row = 0, False
        for name in names:
            lag = self._remembered(key_of(name), timestamp, is_wanted=not in_row)
            if lag is None:
                continue
            if learnt:
                del self._known[key_of(name)]  # the wider name says it already
                continue
            _add_late(lag, behind, timestamp)
            in_row = lag.row > 1
            if lag.row >= ROW_RECORDS and timestamp - lag.since_ms >= ROW_MS:
                learnt = lag.moved_ms = lag.most_ms
                lag.row = 0
        return learnt

    def _is_mended(self, lag: Lag, timestamp: int) -> bool:
        """Count a punctual record of a feed whose lag is known; true if that is a habit now."""
        if lag.row < 0:
            lag.row -= 1
        else:
            lag.row, lag.since_ms = -1, timestamp
        return -lag.row >= ROW_RECORDS and timestamp - lag.since_ms >= ROW_MS

    def _remembered(self, key: str, timestamp: int, *, is_wanted: bool) -> Lag | None:
        """The feed's lag; a new one if that is wanted and there is room for it, else None."""
        lag = self._known.get(key)
        if lag is not None or not is_wanted:
            return lag
        if len(self._known) >= FEEDS_MAX:
            oldest = min(self._known, key=lambda known: (*_worth(self._known[known]), known))
            if self._known[oldest].moved_ms and timestamp - self._known[oldest].heard_ms < DAY_MS:
                return None
            del self._known[oldest]
        lag = self._known[key] = Lag()
        return lag


def _add_late(lag: Lag, behind: int, timestamp: int) -> None:
    """Count a late record of a feed."""
    if lag.row > 0:
        lag.row, lag.most_ms = lag.row + 1, max(lag.most_ms, behind)
    else:
        lag.row, lag.since_ms, lag.most_ms = 1, timestamp, behind
    lag.heard_ms = timestamp


def _worth(lag: Lag) -> tuple[bool, int]:
    """What is forgotten first where there is no room: what is not learnt, then what was not heard for longest."""
    return lag.moved_ms > 0, lag.heard_ms


_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def _base36(number: int) -> str:
    """A whole number in few letters, as `int(text, 36)` reads it."""
    sign, number, text = "-" if number < 0 else "", abs(number), ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return f"{sign}{text or '0'}"

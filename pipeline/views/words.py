"""Times, lengths, numbers and names as people read them.

All times of a page are in one zone, that of the market, since the people of
whom it tells looked at that clock. The page is in English: it is for the
network and care teams; what customers read comes in their languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.records.clocks import HOUR_MS
from pipeline.records.published.incident_parts import Interval

STATE_ICONS: Final[Mapping[str, str]] = {
    "suspected": "◔",
    "confirmed": "●",
    "recovering": "◑",
    "resolved": "✓",
    "closed": "■",
    "dismissed": "○",
}
"""A shape for each state: colour is never the only sign."""

SEVERITY_ICONS: Final[Mapping[str, str]] = {
    "critical": "▲▲",
    "major": "▲",
    "minor": "△",
    "warning": "▵",
    "cleared": "✓",
}

MEASURES: Final[Mapping[str, str]] = {
    "complaints": "complaints",
    "activity": "posts",
    "contacts": "contacts",
    "reactions": "reactions",
    "calls_offered": "calls offered",
    "calls_answered": "calls answered",
    "calls_abandoned": "calls abandoned",
    "calls_waiting": "calls waiting",
    "longest_wait_seconds": "longest wait",
    "avg_speed_of_answer_seconds": "average speed of answer",
    "abandonment_ratio": "abandonment",
    "service_level_ratio": "service level",
    "csat_score": "satisfaction",
    "session_success_ratio": "session success",
    "stream_start_ratio": "stream starts",
    "voip_registration_ratio": "VoIP registrations",
    "active_sessions": "active sessions",
    "latency_ms": "latency",
    "bgp_sessions_up": "BGP sessions up",
    "cpu_load_ratio": "CPU load",
}
SERVICES: Final[Mapping[str, str]] = {
    "mobile_voice": "mobile calls",
    "mobile_data": "mobile data",
    "sms": "SMS",
    "fixed_voice": "landline",
    "broadband": "broadband",
    "tv": "TV",
    "emergency": "emergency calls",
}
_UNITS: Final[Mapping[str, str]] = {
    "count": "",
    "ratio": "",
    "ms": " ms",
    "s": " s",
    "kbps": " kbit/s",
    "dbm": " dBm",
    "score": "",
    "db": " dB",
    "per_second": "/s",
    "bytes": " B",
}
_BIG: Final = 10_000


@dataclass(frozen=True, slots=True)
class Clock:
    """Times in one zone.

    Attributes:
        zone: IANA name; UTC if it is unknown here.
    """

    zone: str

    def at(self, time_ms: int) -> datetime:
        """The local date and time."""
        return datetime.fromtimestamp(time_ms / 1_000, UTC).astimezone(_zone_of(self.zone))

    def time(self, time_ms: int) -> str:
        """Hour and minute; seconds only if there are any.

        >>> Clock("Europe/Berlin").time(1739347200000)
        '09:00'
        """
        there = self.at(time_ms)
        return there.strftime("%H:%M:%S" if there.second else "%H:%M")

    def day(self, time_ms: int) -> str:
        """The date, in words.

        >>> Clock("Europe/Berlin").day(1739347200000)
        'Wed 12 Feb 2025'
        """
        return self.at(time_ms).strftime("%a %-d %b %Y")

    def full(self, time_ms: int) -> str:
        """Date and time.

        >>> Clock("Europe/Berlin").full(1739347200000)
        '12 Feb 09:00'
        """
        return f"{self.at(time_ms).strftime('%-d %b')} {self.time(time_ms)}"

    def moment(self, time_ms: int, beside_ms: int) -> str:
        """The time; with its date if it is another day than `beside_ms`."""
        same = self.at(time_ms).date() == self.at(beside_ms).date()
        return self.time(time_ms) if same else self.full(time_ms)

    def midnight(self, time_ms: int) -> int:
        """Start of the local day, in milliseconds."""
        start = self.at(time_ms).replace(hour=0, minute=0, second=0, microsecond=0)
        return round(start.timestamp() * 1_000)

    def next_day(self, midnight_ms: int) -> int:
        """Start of the day after; a day may have 23 or 25 hours."""
        noon = self.at(midnight_ms) + timedelta(hours=36)
        return self.midnight(round(noon.timestamp() * 1_000))


def _zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def lasting(milliseconds: float) -> str:
    """A length of time in its two largest units.

    >>> lasting(42_000), lasting(41 * 60_000), lasting(8.25 * 3_600_000), lasting(34 * 3_600_000)
    ('42 s', '41 min', '8 h 15 min', '1 d 10 h')
    """
    seconds = round(abs(milliseconds) / 1_000)
    parts = []
    for name, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        if seconds >= size:
            parts.append((f"{seconds // size} {name}", size))
            seconds %= size
    shown = [text for text, size in parts[:2] if not (size == 1 and parts[0][1] >= HOUR_MS // 1_000)]
    return " ".join(shown) or "0 s"


def number(value: float) -> str:
    """A number with as many digits as it deserves.

    >>> number(470000), number(0.0417), number(22.94), number(12.0)
    ('470,000', '0.042', '22.9', '12')
    """
    if value == int(value):
        return f"{int(value):,}"
    size = abs(value)
    if size >= _BIG:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:,.1f}"
    return f"{value:.2g}" if size < 1 else f"{value:.2f}"


def quantity(value: float, unit: str) -> str:
    """A value with its unit; ratios as per cent.

    >>> quantity(0.9934, "ratio"), quantity(12.7, "ms"), quantity(3, "count")
    ('99.3 %', '12.7 ms', '3')
    """
    if unit == "ratio":
        return f"{value * 100:.3g} %"
    return number(value) + _UNITS.get(unit, f" {unit}")


def share(ppm: int | None) -> str:
    """Parts per million as per cent.

    >>> share(995944), share(153846), share(8451), share(None)
    ('99.6 %', '15.4 %', '0.85 %', '–')
    """
    return "–" if ppm is None else f"{ppm / 10_000:.3g} %" if ppm >= 100_000 else f"{ppm / 10_000:.2g} %"


def interval(numbers: Interval | None) -> str:
    """A number known from ... to.

    >>> interval(Interval(low=235000, high=470000, likely=437000))
    'about 437,000 (235,000 – 470,000)'
    """
    if numbers is None:
        return "not known"
    around = f"{numbers.low:,} – {numbers.high:,}"
    return around if numbers.likely is None else f"about {numbers.likely:,} ({around})"


def plain(word: str | None) -> str:
    """A word of a closed list, for people.

    >>> plain("not_geographic"), plain(None)
    ('not geographic', 'not known')
    """
    return "not known" if word is None else str(word).replace("_", " ")


def measure_of(measure: str, service: str = "", item: str = "") -> str:
    """What a series counts or measures.

    Args:
        measure: `complaints`, `activity` or the name of a metric.
        service: Which service, or ''.
        item: Which TV channel or technology, or ''.

    >>> measure_of("session_success_ratio", "broadband")
    'broadband session success'
    """
    words = (SERVICES.get(service, plain(service)) if service else "", item, MEASURES.get(measure, plain(measure)))
    return " ".join(word for word in words if word)


def counted(count: int, singular: str, many: str | None = None) -> str:
    """Write a number of things.

    Args:
        count: How many, 0 or more.
        singular: What one of them is called.
        many: What several are called; the singular with an s if None.

    >>> counted(1, "incident"), counted(1200, "post"), counted(2, "ticket held", "tickets held")
    ('1 incident', '1,200 posts', '2 tickets held')
    """
    return f"{count:,} {singular if count == 1 else many or singular + 's'}"

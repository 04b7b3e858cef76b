"""Names of time zones as texts carry them: `UTC`, `CEST`, `Europe/Dublin`, `+0100`.

A zone in the text wins, since it was written together with the time. A short
name means what the stream's own zone means by it (IST in Dublin is not IST in
Delhi); else what the table says; one that the table does not know is refused by
name. The machine's own zone is never asked.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.records.errors import ConfigError

_HOURS: Final = {
    "UTC": 0, "GMT": 0, "Z": 0, "UT": 0, "UCT": 0, "WET": 0, "WEZ": 0, "BST": 1, "WEST": 1, "WESZ": 1,
    "CET": 1, "MEZ": 1, "HEC": 1, "CEST": 2, "MESZ": 2, "HAEC": 2, "EET": 2, "OEZ": 2, "EEST": 3, "OESZ": 3,
    "MSK": 3, "NST": -3.5, "NDT": -2.5, "AST": -4, "HNA": -4, "ADT": -3, "HAA": -3, "EST": -5, "HNE": -5,
    "EDT": -4, "HAE": -4, "CST": -6, "HNC": -6, "CDT": -5, "HAC": -5, "MST": -7, "HNR": -7, "MDT": -6, "HAR": -6,
    "PST": -8, "HNP": -8, "PDT": -7, "HAP": -7, "AKST": -9, "AKDT": -8, "HST": -10, "JST": 9, "AEST": 10,
    "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
"""Short names to hours ahead of UTC: Europe, North America with its French names, Japan, Australia, New Zealand."""

_OFFSET: Final = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_SAMPLES: Final = (datetime(2025, 1, 15), datetime(2025, 7, 15))  # noqa: DTZ001 - a winter and a summer, in any zone


def zone_named(name: str | None) -> tzinfo | None:
    """The zone of times without an offset.

    Raises:
        ConfigError: If there is no such zone.
    """
    if name is None:
        return None
    if (found := _iana(name)) is None:
        raise ConfigError(f"time.zone = {name!r}: must be an IANA time zone, such as Europe/Berlin or UTC")
    return found


def _iana(name: str) -> tzinfo | None:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=1_000)
def zone_in_text(name: str, default: tzinfo | None) -> tzinfo:
    """The zone that a text names.

    Args:
        name: As it stands there.
        default: Zone of the stream, which says what a short name means; None if it has none.

    Raises:
        ValueError: If nobody knows the name.

    >>> zone_in_text("CEST", None).utcoffset(None), zone_in_text("+0530", None).utcoffset(None)
    (datetime.timedelta(seconds=7200), datetime.timedelta(seconds=19800))
    """
    if match := _OFFSET.fullmatch(name):
        length = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if length < timedelta(hours=24):
            return timezone(-length if match[1] == "-" else length, name)
    for sample in _SAMPLES if default is not None else ():
        there = sample.replace(tzinfo=default)
        if there.tzname() == name and (offset := there.utcoffset()) is not None:
            return timezone(offset, name)
    if (hours := _HOURS.get(name.upper())) is not None:
        return timezone(timedelta(hours=hours), name)
    if "/" in name and (found := _iana(name)) is not None:
        return found
    raise ValueError(
        f"time zone {name!r} is not known: write an offset (+02:00), or take it out of the text and name an IANA "
        "zone with --time-zone"
    )

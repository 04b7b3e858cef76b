"""Times as other systems write them: ISO 8601, a number since 1970, or a pattern; with a zone or without.

A time without an offset needs a time zone, which nobody can guess: a wrong one
moves every outage by hours. A zone in the text wins over the one that is named,
and the machine's own is never asked.

Twice a year local times lie: in autumn an hour comes twice, and the first of
the two is meant; in spring an hour is missing, and a time in it is read as if the
clock had not been set yet. Both are counted, so that nobody takes them for facts.
"""

import math
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Final

from pipeline.adapters.recordings.intake.cells.zones import zone_in_text, zone_named
from pipeline.records.clocks import DAY_MS, INSTANT_MAX_MS
from pipeline.records.errors import ConfigError

ReadTime = Callable[[str], int]
"""Text to milliseconds since 1970; ValueError if it is no such time."""

AUTO: Final = "auto"
FIRST_MS: Final = 946_684_800_000
"""2000-01-01: no outage that anybody imports is older, but seconds read as milliseconds are of 1970."""

_PER_SECOND: Final = {"epoch_s": 1, "epoch_ms": 1_000, "epoch_us": 1_000_000, "epoch_ns": 1_000_000_000}
_SIZES: Final = ((10**11, "epoch_s"), (10**14, "epoch_ms"), (10**17, "epoch_us"), (10**20, "epoch_ns"))
"""A number below the first is seconds (until the year 5138), and so on: the ranges of 2000 to 5138 do not meet."""

_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_ZONE_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_]*(?:/[A-Za-z_]+)*|[+-]\d{2}:?\d{2}")
_OTHER_END: Final = {"%H:%M": "%H:%M:%S", "%M:%S": "%M", "%I:%M": "%I:%M:%S"}
_NAME_IT: Final = "name how it is written with --time-format, such as '%d.%m.%Y %H:%M'"
_KNOWN: Final = "auto, rfc3339, epoch_s, epoch_ms, epoch_us, epoch_ns, or a pattern such as '%d.%m.%Y %H:%M'"


class Told(StrEnum):
    """How a time was read, where that is not plain; counted."""

    REPEATED_HOUR = "repeated_hour"
    MISSING_HOUR = "missing_hour"
    SECONDS = "seconds"
    EPOCH_S = "epoch_s"
    EPOCH_MS = "epoch_ms"
    EPOCH_US = "epoch_us"
    EPOCH_NS = "epoch_ns"


TOLD_WORDS: Final = {
    Told.REPEATED_HOUR: "times in the hour that comes twice when clocks are set back, read as the first of the two",
    Told.MISSING_HOUR: "times in the hour that clocks skip in spring, read an hour later on the new clock (is the "
    "time zone right?)",
    Told.SECONDS: "times with or without seconds, unlike --time-format, read as they stand",
    Told.EPOCH_S: "times that were read as seconds since 1970, by their size",
    Told.EPOCH_MS: "times that were read as milliseconds since 1970, by their size",
    Told.EPOCH_US: "times that were read as microseconds since 1970, by their size",
    Told.EPOCH_NS: "times that were read as nanoseconds since 1970, by their size",
}


class TimeReader:
    """Reads times, and counts those that were not plain.

    Args:
        pattern: See `time_reader`.
        zone: See `time_reader`.
        last_ms: Latest time that can be, in ms; None for any.

    Raises:
        ConfigError: If pattern or zone is none.
    """

    def __init__(self, pattern: str, zone: str | None, last_ms: int | None = None) -> None:
        self.told: Counter[Told] = Counter()
        self._pattern = pattern
        self._default = zone_named(zone)
        self._last_ms = INSTANT_MAX_MS if last_ms is None else last_ms
        self._bare = pattern.replace("%Z", "", 1)
        if pattern in _PER_SECOND:
            self._read: ReadTime = lambda text: _epoch_ms(text, _PER_SECOND[pattern])
        elif pattern == AUTO:
            self._read = self._auto
        elif pattern == "rfc3339":
            self._read = self._iso
        elif pattern == "epoch":
            self._read = self._epoch
        elif "%" in pattern:
            self._read = self._with_zone_name if "%Z" in pattern else self._by_pattern
        else:
            raise ConfigError(f"time.format = {pattern!r}: must be {_KNOWN}")

    def __call__(self, text: str) -> int:
        """Milliseconds since 1970.

        Raises:
            ValueError: If the text is no such time, or one that cannot be; says what to do.
        """
        return self._plausible(self._read(text), text)

    def _auto(self, text: str) -> int:
        return self._epoch(text) if _NUMBER.fullmatch(text) and not _is_compact(text) else self._iso(text)

    def _epoch(self, text: str) -> int:
        size = abs(_number(text))
        unit = next((unit for limit, unit in _SIZES if size < limit), "epoch_ns")
        time_ms = _epoch_ms(text, _PER_SECOND[unit])
        if time_ms >= FIRST_MS:
            self.told[Told(unit)] += 1
        return time_ms

    def _iso(self, text: str) -> int:
        """ISO 8601 in its usual forms, also with a zone's name at the end, as databases write it."""
        try:
            return self._ms_of(datetime.fromisoformat(text), text)
        except ValueError as error:
            if "offset" in str(error):
                raise
            bare, _, zone = text.rpartition(" ")
            if not zone[:1].isalpha() or not bare[-1:].isdecimal():
                better = self._better(text) if _NUMBER.fullmatch(text) else _NAME_IT
                raise ValueError(f"is no time of ISO 8601: {better.lstrip(': ')}") from None
        moment = datetime.fromisoformat(bare)
        return self._ms_of(moment.replace(tzinfo=zone_in_text(zone, self._default)), text)

    def _by_pattern(self, text: str) -> int:
        return self._ms_of(self._parsed(text, self._pattern), text)

    def _parsed(self, text: str, pattern: str) -> datetime:
        """By a pattern; seconds may be there or not where it ends with minutes or seconds: that has one meaning."""
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added by the caller
        except ValueError:
            other = _OTHER_END.get(pattern[-5:])
            if other is None:
                raise
            try:
                moment = datetime.strptime(text, pattern[:-5] + other)  # noqa: DTZ007 - the zone is added by the caller
            except ValueError:
                moment = None
            if moment is None:
                raise
        self.told[Told.SECONDS] += 1
        return moment

    def _with_zone_name(self, text: str) -> int:
        """By a pattern with `%Z`: Python reads there only what the machine's own zone is called, and forgets it."""
        for match in reversed(list(_ZONE_WORD.finditer(text))):
            bare = text[: match.start()] + text[match.end() :]
            try:
                moment = self._parsed(bare, self._bare)
            except ValueError:
                continue
            return self._ms_of(moment.replace(tzinfo=zone_in_text(match[0], self._default)), text)
        raise ValueError(f"is no time of the pattern {self._pattern!r}")

    def _ms_of(self, moment: datetime, text: str) -> int:
        if moment.tzinfo is None:
            if self._default is None:
                raise ValueError(f"{text!r} has no offset: name its time zone (--time-zone, time.zone)")
            moment = moment.replace(tzinfo=self._default)
        self._tell_of_changed_clocks(moment, moment.tzinfo)
        since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return since.days * DAY_MS + since.seconds * 1_000 + since.microseconds // 1_000

    def _tell_of_changed_clocks(self, moment: datetime, zone: tzinfo | None) -> None:
        if zone is UTC:
            return
        before, after = moment.utcoffset(), moment.replace(fold=1).utcoffset()
        if before is not None and after is not None and before != after:
            self.told[Told.REPEATED_HOUR if before > after else Told.MISSING_HOUR] += 1

    def _plausible(self, time_ms: int, text: str) -> int:
        if not 0 <= time_ms <= INSTANT_MAX_MS:
            raise ValueError(f"lies outside the years 1970 to 9998{self._better(text)}")
        if time_ms < FIRST_MS:
            raise ValueError(f"is before the year 2000{self._better(text)}")
        if time_ms > self._last_ms:
            raise ValueError(f"lies more than a day in the future{self._better(text)}")
        return time_ms

    def _better(self, text: str) -> str:
        """Which format would give a time that can be; empty if none would."""
        if not _NUMBER.fullmatch(text):
            return ": are the format (--time-format) and the zone right?"
        for name, per_second in _PER_SECOND.items():
            if name != self._pattern and FIRST_MS <= _epoch_ms(text, per_second) <= min(self._last_ms, FIRST_MS * 5):
                return f": it looks like {name} (--time-format {name})"
        return ": it looks like no time since 1970 (--time-format)"


def time_reader(pattern: str, zone: str | None, last_ms: int | None = None) -> TimeReader:
    """Make a reader of times.

    Args:
        pattern: `auto` (ISO 8601, or a number whose size tells its unit), `rfc3339`, `epoch_s`, `epoch_ms`,
            `epoch_us`, `epoch_ns`, or a pattern of strptime such as `%d.%m.%Y %H:%M`.
        zone: IANA name of the zone of times without an offset, such as `Europe/London`; None refuses them.
        last_ms: Latest time that can be, in ms; None for any.

    Returns:
        A function from text to milliseconds; it raises ValueError.

    Raises:
        ConfigError: If pattern or zone is none of these.

    >>> time_reader("%Y-%m-%d %H:%M:%S", "Europe/Berlin")("2025-02-12 09:00:00")
    1739347200000
    >>> time_reader("auto", None)("1739347200.5"), time_reader("auto", None)("2025-02-12 10:00 MEZ")
    (1739347200500, 1739350800000)
    """
    return TimeReader(pattern, zone, last_ms)


def _is_compact(text: str) -> bool:
    """Whether digits are a date without dashes, `20250212`, and no seconds since 1970."""
    return len(text) == 8 and text.isdecimal() and text[:2] in {"19", "20"}


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not finite")
    return value


def _epoch_ms(text: str, per_second: int) -> int:
    if text.isascii() and text.isdecimal():
        return int(text) * 1_000 // per_second if len(text) <= 40 else INSTANT_MAX_MS + 1
    return round(_number(text) * 1_000 / per_second)

"""Since when: how long ago, or at what time, does a text say that it began?

"Since 2 hours" is a length, "since 6 pm" a time of the clock, "since yesterday" a day, "for weeks" no present news at
all. What is read is what was said; when it was comes of it with the time of posting, in the zone of the market. A time
of the clock is the latest that had passed; "since 6" may be either half of the day.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from pipeline.ingest.text.official.phrases import any_of, spellings
from pipeline.ingest.text.official.times import HOURS_MAX, HOURS_OF_A_DAY, NOON, TimeFinder
from pipeline.records.clocks import MINUTE_MS
from pipeline.reference.official_words import EndWords
from pipeline.reference.spoken.told_words import ToldWords

CHARS_MAX: Final = 600
"""What is read of a text; who complains says it early."""

BEHIND_CHARS: Final = 40
"""So far behind "since" a time is looked for."""

CUES_MAX: Final = 12
"""Places of a text that are looked at."""

CHRONIC_MINUTES: Final = 36 * 60
"""What began longer ago is an old story, no news of the hour."""

MINUTES_MAX: Final = 60 * 24 * 60
"""Two months: no number makes more of a length."""

_SLACK_MINUTES: Final = 5
_DAY_MINUTES: Final = 1_440
_WEEK_DAYS: Final = 7


class Since(msgspec.Struct, frozen=True):
    """Since when something fails, as a text says it.

    Attributes:
        minutes: For so long; None if a time is told.
        minute: Minute of the day, 0 to 1,439; None if none is told.
        either: Twelve hours later may be meant as well.
        days: Days before the day of posting; None if no day is told.
        weekday: The latest such day before it, 0 is Monday; None if none is named.
        chronic: It is told to have lasted for days, weeks or longer.
    """

    minutes: int | None = None
    minute: int | None = None
    either: bool = False
    days: int | None = None
    weekday: int | None = None
    chronic: bool = False


class SinceReader:
    """Reads since when something fails, in one language.

    Args:
        words: Words by which people tell it.
        ends: Words of time, those that operators' own posts are read with.
    """

    def __init__(self, words: ToldWords, ends: EndWords) -> None:
        self._times = TimeFinder(ends)
        self._hours, self._days = frozenset(_spelt(words.hours)), frozenset(_spelt(words.days))
        self._yesterday = re.compile(rf"(?:{any_of(_spelt(words.yesterday))})(?!\w)")
        self._clock = frozenset(_spelt(ends.clock))
        self._lengths = {form: number for text, number in ends.lengths.items() for form in spellings(text)}
        self._numbers = {form: number for text, number in ends.numbers.items() for form in spellings(text)}
        units = any_of(_spelt((*words.minutes, *words.hours, *words.days)))
        much = (
            rf"(?:(?P<whole>{any_of(self._lengths)})|(?P<number>\d{{1,3}}|{any_of(self._numbers)})\s?(?P<unit>{units}))"
            rf"(?![\w:])"
        )
        about = rf"(?:(?:{any_of(_spelt(ends.roughly))})\s){{0,2}}"
        self._cues = tuple([_parts_of_all(_spelt(cues)) for cues in (words.since, words.lasting, words.ago)])
        self._since = re.compile(rf"(?<!\w)(?:{any_of(_spelt(words.since))})\s{{1,3}}{about}")
        self._lasting = re.compile(rf"(?<!\w)(?P<cue>{any_of(_spelt(words.lasting))})\s{{1,3}}{about}{much}(?!\d)")
        self._ago = re.compile(rf"(?<!\w){much}\s(?:{any_of(_spelt(words.ago))})(?!\w)")

    def read(self, text: str, *, chronic: bool) -> Since | None:
        """Since when, if the text says it.

        Args:
            text: As posted.
            chronic: Its words say that it has lasted for days or longer; a time of the same day is nearer the point.
        """
        told = self._told(text[:CHARS_MAX].lower().replace("’", "'"))
        is_fresh = told is not None and not (told.chronic or told.days or told.weekday is not None)
        return Since(chronic=True) if chronic and not is_fresh else told

    def _told(self, lowered: str) -> Since | None:
        """The first time that is told, or a length; most texts hold none of the words that tell one."""
        since, lasting, ago = [any(part in lowered for part in parts) for parts in self._cues]
        for place, cue in enumerate(self._since.finditer(lowered) if since else ()):
            if place == CUES_MAX:
                break
            time = self._time_at(lowered, cue.end())
            if time is not None:
                return time
        for pattern, may_tell in ((self._lasting, lasting), (self._ago, ago)):
            found = pattern.search(lowered) if may_tell else None
            if found is not None:
                minutes = min(self._minutes(found), MINUTES_MAX)
                return Since(minutes=minutes, chronic=minutes > CHRONIC_MINUTES)
        return None

    def _time_at(self, text: str, start: int) -> Since | None:
        """The time that stands right there; None if a length does, or nothing."""
        found = self._lasting.search(text, max(0, start - BEHIND_CHARS), start + BEHIND_CHARS)
        if found is not None and found.end() > start >= found.start() and not self._is_clock(found):
            return None
        rest = text[start : start + BEHIND_CHARS]
        yesterday = self._yesterday.match(rest)
        times = [time for time in self._times.find(rest) if time.length is None and time.start <= _reach(yesterday)]
        exact = next((time for time in times if time.minute is not None and time.figures), None)
        named = next((time for time in times if time.weekday is not None), None)
        if exact is None and named is None and yesterday is None:
            return None
        days = 1 if yesterday is not None else 0 if exact is not None and exact.day == 0 else None
        weekday = named.weekday if named is not None and yesterday is None else None
        return Since(
            minute=None if exact is None else exact.minute,
            either=exact is not None and exact.either,
            days=days,
            weekday=weekday,
        )

    def _is_clock(self, found: re.Match[str]) -> bool:
        """Is a number of hours a time of the clock: "depuis 14h", not "depuis 2h"?"""
        number, unit = found["number"], found["unit"]
        return bool(number) and number.isdigit() and HOURS_MAX < int(number) <= HOURS_OF_A_DAY and unit in self._clock

    def _minutes(self, found: re.Match[str]) -> int:
        if found["whole"]:
            return self._lengths[found["whole"]]
        number, unit = found["number"], found["unit"]
        count = int(number) if number.isdigit() else self._numbers[number]
        return count * (60 if unit in self._hours else _DAY_MINUTES if unit in self._days else 1)


def began_at(since: Since, at: int, zone: str) -> int | None:
    """When it began, ms; None if nothing exact is told.

    Args:
        since: What was said.
        at: When it was said, ms.
        zone: Time zone of its market.
    """
    if since.minutes is not None:
        return at - since.minutes * MINUTE_MS
    if since.minute is None:
        return None
    now = datetime.fromtimestamp(at // 1_000, UTC).astimezone(ZoneInfo(zone))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    minutes = (since.minute, (since.minute + NOON) % _DAY_MINUTES) if since.either else (since.minute,)
    days = _days_before(since, now.weekday())
    latest = int(now.timestamp()) + _SLACK_MINUTES * 60
    times = [
        int((midnight - timedelta(days=day)).replace(hour=minute // 60, minute=minute % 60).timestamp())
        for minute in minutes
        for day in ((0, 1) if days is None else (days,))
    ]
    passed = [time for time in times if time <= latest]
    return min(max(passed) * 1_000, at) if passed else None


def is_chronic(since: Since, at: int, zone: str) -> bool:
    """Has it lasted so long that it is no news of the hour?

    Args:
        since: What was said.
        at: When it was said, ms.
        zone: Time zone of its market.
    """
    if since.chronic:
        return True
    if since.weekday is None:
        return False
    now = datetime.fromtimestamp(at // 1_000, UTC).astimezone(ZoneInfo(zone))
    return (now.weekday() - since.weekday) % _WEEK_DAYS > 1


def _days_before(since: Since, weekday: int) -> int | None:
    return since.days if since.weekday is None else (weekday - since.weekday) % _WEEK_DAYS


def _reach(yesterday: "re.Match[str] | None") -> int:
    """How far behind "since" a time may begin: beside it, or beside "yesterday at"."""
    return 4 if yesterday is None else yesterday.end() + 8


def _spelt(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for phrase in phrases for form in spellings(phrase)))


def _parts_of_all(phrases: Iterable[str]) -> tuple[str, ...]:
    """Strings of which a text that holds one of some phrases holds one: phrases within which no other lies.

    >>> _parts_of_all(["since", "ever since", "from"])
    ('from', 'since')
    """
    listed = sorted(set(phrases))
    return tuple([part for part in listed if not any(other in part for other in listed if other != part)])

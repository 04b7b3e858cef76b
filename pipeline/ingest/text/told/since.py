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

from pipeline.ingest.text.matching import Occurring
from pipeline.ingest.text.official.phrases import LatePattern, any_of, spellings
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

WINDOWS_MAX: Final = 3
"""So many places of a text are looked at one by one; of more the whole text is searched."""

_DIGITS_MAX: Final = 3
_SINCE: Final = 1
_LASTING: Final = 2
_AGO: Final = 4
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
        self._yesterday = LatePattern(rf"(?:{any_of(_spelt(words.yesterday))})(?!\w)")
        self._clock = frozenset(_spelt(ends.clock))
        self._lengths = {form: number for text, number in ends.lengths.items() for form in spellings(text)}
        self._numbers = {form: number for text, number in ends.numbers.items() for form in spellings(text)}
        units = _spelt((*words.minutes, *words.hours, *words.days))
        number = rf"(?P<number>\d{{1,{_DIGITS_MAX}}}|{any_of(self._numbers)})"
        much = rf"(?:(?P<whole>{any_of(self._lengths)})|{number}\s?(?P<unit>{any_of(units)}))(?![\w:])"
        about = rf"(?:(?:{any_of(_spelt(ends.roughly))})\s){{0,2}}"
        cues = dict[str, int]()
        for kind, phrases in ((_SINCE, words.since), (_LASTING, words.lasting), (_AGO, words.ago)):
            cues.update({form: cues.get(form, 0) | kind for form in _spelt(phrases)})
        self._cues = Occurring(cues)
        self._ago_chars = max([len(form) for form in _spelt(words.ago)], default=0)
        longest = [max(map(len, forms), default=0) for forms in (self._lengths, self._numbers, units)]
        self._much_chars = max(longest[0], max(longest[1], _DIGITS_MAX) + 1 + longest[2]) + 1
        self._since = LatePattern(rf"(?<!\w)(?:{any_of(_spelt(words.since))})\s{{1,3}}{about}")
        self._lasting = LatePattern(rf"(?<!\w)(?P<cue>{any_of(_spelt(words.lasting))})\s{{1,3}}{about}{much}(?!\d)")
        self._ago = LatePattern(rf"(?<!\w){much}\s(?:{any_of(_spelt(words.ago))})(?!\w)")

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
        cues = self._cues.all(lowered)
        if not cues:
            return None
        kinds = 0
        for _, kind in cues:
            kinds |= kind
        for place, cue in enumerate(self._since.compiled.finditer(lowered) if kinds & _SINCE else ()):
            if place == CUES_MAX:
                break
            time = self._time_at(lowered, cue.end())
            if time is not None:
                return time
        found = self._first_lasting(lowered, cues) if kinds & _LASTING else None
        if found is None and kinds & _AGO:
            found = self._first_ago(
                lowered, [at for at, kind in cues if kind & _AGO and lowered[at - 1 : at].isspace()]
            )
        if found is None:
            return None
        minutes = min(self._minutes(found), MINUTES_MAX)
        return Since(minutes=minutes, chronic=minutes > CHRONIC_MINUTES)

    def _first_lasting(self, lowered: str, cues: list[tuple[int, int]]) -> "re.Match[str] | None":
        """What `search` finds first, sought only where a cue begins."""
        match = self._lasting.compiled.match
        for start in sorted({start for start, kind in cues if kind & _LASTING}):
            is_within = start > 0 and lowered[start - 1].isalnum()
            found = None if is_within else match(lowered, start)
            if found is not None:
                return found
        return None

    def _first_ago(self, lowered: str, starts: list[int]) -> "re.Match[str] | None":
        """What `search` finds first, sought only in front of a cue, if these are few."""
        search = self._ago.compiled.search
        if len(starts) > WINDOWS_MAX:
            return search(lowered)
        behind = self._ago_chars + 1
        found = [search(lowered, max(0, start - self._much_chars), start + behind) for start in starts]
        return min([match for match in found if match is not None], key=_start_of, default=None)

    def _time_at(self, text: str, start: int) -> Since | None:
        """The time that stands right there; None if a length does, or nothing."""
        found = self._lasting.compiled.search(text, max(0, start - BEHIND_CHARS), start + BEHIND_CHARS)
        if found is not None and found.end() > start >= found.start() and not self._is_clock(found):
            return None
        rest = text[start : start + BEHIND_CHARS]
        yesterday = self._yesterday.compiled.match(rest)
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


def _start_of(found: "re.Match[str]") -> int:
    return found.start()


def _spelt(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for phrase in phrases for form in spellings(phrase)))

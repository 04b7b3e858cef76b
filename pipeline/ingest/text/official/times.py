"""Times in words: clock times, days, dates, lengths, and what people name a time by ("before kick-off").

Whatever may be a time is found, promise or not; `ends.py` judges. Each pattern looks at few characters from where it
stands, so that a post costs as much as it is long. Neighbours are one expression: "tomorrow" and "at noon".
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pipeline.ingest.text.official.phrases import LatePattern, any_of, spellings
from pipeline.reference.official_words import EndWords

HOURS_MAX: Final = 6
"""A figure of hours above it is a time of the day, where words and signs are those of both."""

HOURS_OF_A_DAY: Final = 24
NOON: Final = 720

JOINED_CHARS_MAX: Final = 60
"""No expression is longer, so that a post full of times costs as much as it is long."""

SMALL_HOURS: Final = 60
"""Minute of the day from which an hour "this evening" or "tonight" is one before midnight."""

_DAY_MINUTES: Final = 1_440
_TODAY, _TOMORROW, _DAY_AFTER = 0, 1, 2
_BESIDE: Final = (
    r"um|so|gegen|at|à|vers|around|about|by|in the|in|on|of|au|a|am|ca\.|bis|before|before the|kurz nach|kurz vor"
    r"|shortly after|just after|spätestens|en|dans la|le|des|the|den|auf|auf den|zum|de|this"
)
_GAP: Final = re.compile(rf"[ ,]*(?:(?:{_BESIDE})\s){{0,2}}\s*")
_TO: Final = ("à", "au", "auf", "auf den")
"""Between two days of which the second counts: "in der Nacht von Montag auf Dienstag"."""

_ARTICLE: Final = r"(?:(?:the|dem|den|der|das|die|le|la|les)\s|l')?"
_MILITARY: Final = re.compile(
    r"\b(?P<hour>[01]\d|2[0-3])(?P<past>[0-5]\d)(?:\s?(?P<word>hrs?|hours|gmt|utc|[a-z]{1,3}t|local))?(?![\w.,:]\d|\w)"
)
_ORDINAL: Final = re.compile(
    r"\b(?:(?:the\s)?(?P<en>\d{1,2})(?:st|nd|rd|th)\b"
    r"|(?:am|zum|den)\s(?P<de>\d{1,2})\.(?=\s*(?:$|[,;!?\n])|\s(?:um|gegen|wieder)\b)"
    r"|le\s(?P<fr>\d{1,2})(?=\s(?:du mois|au matin|au soir|à midi|dans la)\b))"
)


class Time(NamedTuple):
    """One expression of time: what is named of it.

    Attributes:
        start: Offset of its first letter.
        stop: Offset behind its last.
        day: Days from today.
        weekday: 0 is Monday.
        weeks: Weeks ahead in which that weekday lies; None = the next such day.
        date: Month, 0 for the next with that day, and day of the month.
        minute: Minute of the day.
        either: Twelve hours later may be meant as well.
        length: Minutes from now on.
        bare: A number that is a time only where nothing else would stand.
        figures: A clock's.
        ahead: Nothing but the future can be meant: "next week".
    """

    start: int
    stop: int
    day: int | None = None
    weekday: int | None = None
    weeks: int | None = None
    date: tuple[int, int] | None = None
    minute: int | None = None
    either: bool = False
    length: int | None = None
    bare: bool = False
    figures: bool = False
    ahead: bool = False

    @property
    def names_day(self) -> bool:
        """Is it told on which day?"""
        return self.day is not None or self.weekday is not None or self.date is not None


class TimeFinder:
    """Finds expressions of time in one language.

    Args:
        words: In all their spellings.
    """

    def __init__(self, words: EndWords) -> None:
        self._words = words
        self._length = _length_pattern(words)
        self._days = {
            **dict.fromkeys(words.today, (_TODAY, None)),
            **dict.fromkeys(words.tomorrow, (_TOMORROW, None)),
            **dict.fromkeys(words.day_after, (_DAY_AFTER, None)),
            **{name: (None, place) for place, day in enumerate(words.weekdays) for name in spellings(day)},
            **{f"des {day}s": (None, place) for place, day in enumerate(words.weekdays)},
        }
        self._day = LatePattern(rf"\b(?:{any_of(self._days)})(?!'s)(?=\W|$|vor|nach|ab|mi|fr)")
        self._times = {name: time for time in words.times for name in time.words}
        self._time = LatePattern(rf"(?:\b|(?<=tag)|(?<=woch)){_ARTICLE}(?P<name>{any_of(self._times)})(?!\w)")
        clock, hours, at = any_of(words.clock), any_of(words.hours_in_words), any_of(words.at_hour)
        self._clock = LatePattern(
            r"\b(?P<hour>\d{1,2})(?:(?P<sign>[:.h]|\s(?:h|uhr)\s)(?P<past>\d\d))?"
            rf"(?:\s?(?P<word>{clock})(?!\w))?(?!\d|[%:]|[.,]\d)"
        )
        self._beside_hour = LatePattern(rf"\b(?P<past>{any_of(words.beside_hour)})\s(?P<hour>\d{{1,2}}|{hours})\b")
        self._hour = LatePattern(rf"\b(?:{at})\s(?P<hour>{hours})(?![\w-])(?:\s(?P<word>{clock})(?!\w))?")
        self._between = LatePattern(
            rf"\b(?:{any_of(words.between)})\s(?P<hour>\d{{1,2}})(?:[:.h]\d\d)?\s?(?:{clock})?\s?"
            rf"(?:{any_of(words.and_hour)})\s(?=\d)"
        )
        self._months = {name: place for place, names in enumerate(words.months, 1) for name in names}
        month = any_of(self._months)
        self._date = LatePattern(
            rf"\b(?:(?P<first>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s(?:of\s)?(?P<month>{month})"
            rf"|(?P<before>{month})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
            r"|(?P<date>\d{1,2})\.(?P<of>0?[1-9]|1[0-2])\.(?:\d{4}|\d{2})?)(?![\w:])"
        )

    def find(self, text: str) -> Iterator[Time]:
        """All expressions, lengths first.

        Args:
            text: Small letters.
        """
        lengths = [
            self._length_of(found) for found in self._length.compiled.finditer(text) if not self._is_clock(found)
        ]
        yield from lengths
        current: Time | None = None
        for part in _apart(part for part in self._parts(text) if not _inside(part, lengths)):
            joined = _joined(current, part, text) if current else None
            if current and joined is None:
                yield self._with_range(current, text)
            current = joined or part
        if current:
            yield self._with_range(current, text)

    def _with_range(self, time: Time, text: str) -> Time:
        """A range of two hours is over at the second: "between 4 and 5 this afternoon"."""
        first = max(0, time.start - 24)
        before = [
            found for found in self._between.compiled.finditer(text, first, time.start + 1) if found.end() == time.start
        ]
        return time._replace(start=before[0].start(), bare=False) if before and time.figures else time

    def _is_clock(self, found: re.Match[str]) -> bool:
        """Is a length a time of the day? "D'ici 18h" is one, "d'ici 2h", "d'ici 48h" and "dans 18h" are not."""
        number, prefix = found["number"] or "", found["within"] or ""
        is_hour = number.isdigit() and HOURS_MAX < int(number) <= HOURS_OF_A_DAY
        return is_hour and found["hours"] in self._words.clock and (not prefix or prefix in self._words.before)

    def _length_of(self, found: re.Match[str]) -> Time:
        whole, number = found["whole"], found["number"]
        if whole:
            minutes = self._words.lengths[whole]
        else:
            count = int(number) if number.isdigit() else self._words.numbers[number]
            minutes = count * (60 if found["hours"] else _DAY_MINUTES if found["days"] else 1)
        return Time(found.start(), found.end(), length=minutes, bare=found["within"] is None)

    def _parts(self, text: str) -> Iterator[Time]:
        for found in self._day.compiled.finditer(text):
            day, weekday = self._days[found[0]]
            yield Time(found.start(), found.end(), day=day, weekday=weekday, ahead=day in (_TOMORROW, _DAY_AFTER))
        for found in self._time.compiled.finditer(text):
            time = self._times[found["name"]]
            start, stop = found.span()
            yield Time(start, stop, time.day, time.weekday, time.weeks, minute=time.minute, ahead=time.ahead)
        for found in self._clock.compiled.finditer(text):
            yield from self._clock_of(found)
        for found in _MILITARY.finditer(text):
            yield Time(
                *found.span(), minute=int(found["hour"]) * 60 + int(found["past"]), bare=not found["word"], figures=True
            )
        for found in self._beside_hour.compiled.finditer(text):
            minute = (self._hour_of(found["hour"]) * 60 + self._words.beside_hour[found["past"]]) % _DAY_MINUTES
            yield Time(*found.span(), minute=minute, either=True, figures=True)
        for found in self._hour.compiled.finditer(text):
            hour, word = self._hour_of(found["hour"]) % HOURS_OF_A_DAY, found["word"]
            is_either = hour <= HOURS_OF_A_DAY // 2
            yield Time(
                found.start("hour"), found.end(), minute=hour * 60, either=is_either, bare=not word, figures=True
            )
        yield from self._dates(text)

    def _dates(self, text: str) -> Iterator[Time]:
        for found in self._date.compiled.finditer(text):
            name = found["month"] or found["before"]
            month = self._months[name] if name else int(found["of"])
            yield from _dated(found, month, int(found["first"] or found["day"] or found["date"]), bare=False)
        for found in _ORDINAL.finditer(text):
            yield from _dated(found, 0, int(found["en"] or found["de"] or found["fr"]), bare=found["en"] is not None)

    def _hour_of(self, hour: str) -> int:
        return int(hour) if hour.isdigit() else self._words.hours_in_words[hour]

    def _clock_of(self, found: re.Match[str]) -> Iterator[Time]:
        hour, past, word = int(found["hour"]), int(found["past"] or 0), found["word"]
        if hour > HOURS_OF_A_DAY or past > 59:
            return
        marked = bool(word) or found["sign"] not in (None, ".")
        after_noon = self._words.after_noon
        if after_noon and word and word not in self._words.on_the_hour:
            hour = hour % 12 + 12 * (word in after_noon)
        is_told = word and word not in self._words.on_the_hour
        is_open = not is_told and (bool(after_noon) or found["past"] is None)
        either = is_open and 0 < hour <= HOURS_OF_A_DAY // 2 and not found["hour"].startswith("0")
        minute = hour % 24 * 60 + past
        yield Time(*found.span(), minute=minute, either=either, bare=not marked, figures=True)


def _length_pattern(words: EndWords) -> LatePattern:
    plain, about = rf"\d{{1,2}}|{any_of(words.numbers)}", rf"(?:{any_of(words.roughly)})\s"
    number = rf"(?:(?:{plain})\s?(?:[-–,]|{any_of(words.ranges)})\s?)?(?P<number>{plain})\s?(?:{about})?"
    hours, minutes, days = any_of(words.hours), any_of(words.minutes), any_of(words.days)
    unit = rf"(?:(?P<hours>{hours})|(?P<days>{days})|(?P<minutes>{minutes}))"
    much = rf"(?:{about}){{0,2}}(?:(?P<whole>{any_of(words.lengths)})|{number}{unit})(?!\w)"
    unnamed = re.sub(r"\?P<\w+>", "?:", much)
    alone = rf"(?:(?<=[.!?:]\s)|\A)(?={unnamed}\s*(?:[.,!?]|$))|\b(?={unnamed}\s(?:{any_of(words.at_most)})(?!\w))"
    return LatePattern(rf"(?:\b(?P<within>{any_of(words.within)})\s?|{alone}){much}")


def _dated(found: re.Match[str], month: int, day: int, *, bare: bool) -> Iterator[Time]:
    if 1 <= day <= 31:
        yield Time(*found.span(), date=(month, day), bare=bare)


def _apart(parts: Iterable[Time]) -> Iterator[Time]:
    """In order, without those that lie in a longer one."""
    stop = 0
    for part in sorted(parts, key=lambda part: (part.start, -part.stop, part.bare)):
        if part.stop > stop:
            stop = part.stop
            yield part


def _inside(part: Time, lengths: Iterable[Time]) -> bool:
    return any(length.start <= part.start < length.stop for length in lengths)


def _joined(first: Time, then: Time, text: str) -> Time | None:
    """Two neighbours as one: "tomorrow" and "noon"; None if they are two."""
    if then.start < first.stop:
        return first._replace(stop=then.stop)
    gap = _GAP.fullmatch(text, first.stop, then.start)
    if not gap or then.stop - first.start > JOINED_CHARS_MAX:
        return None
    if first.weekday is not None and then.weekday is not None and gap[0].strip() in _TO:
        return first._replace(stop=then.stop, weekday=then.weekday)
    if first.weekday is not None and then.date is not None:
        return then._replace(start=first.start, bare=False)
    both = first.minute is not None and then.minute is not None
    is_count = then.bare and not gap[0].strip(" ,")
    if (first.names_day and then.names_day) or (both and (is_count or (first.figures and then.figures))):
        return None
    exact = first if first.minute is not None and not _is_word(first, text) else then
    exact = exact if exact.minute is not None else first
    day, other = first if first.names_day else then, then if exact is first else first
    # "Tomorrow at 9" and "9 tonight" are times, "tomorrow 9" may be a count.
    bare = exact.bare and other.minute is None and not gap[0].strip(" ,")
    told = _of_the_day(exact, other)._replace(day=day.day, weekday=day.weekday, weeks=day.weeks, date=day.date)
    return told._replace(start=first.start, stop=then.stop, bare=bare, ahead=first.ahead or then.ahead)


def _of_the_day(exact: Time, other: Time) -> Time:
    """The half of the day that words name: "8 tonight" is 20:00, "9 tomorrow morning" is not 21:00."""
    if exact.minute is None or other.minute is None:
        return exact
    is_late = other.minute > NOON and SMALL_HOURS <= exact.minute < NOON
    return exact._replace(minute=exact.minute + NOON, either=False) if is_late else exact._replace(either=False)


def _is_word(time: Time, text: str) -> bool:
    return not any(map(str.isdigit, text[time.start : time.stop]))

"""Ends: until when an operator says that a fault will last.

A post holds many times: when it was written, when the next word is due, when the match begins. One is the promised
end if words in front of it say so. A time without a day is the next that a clock of the market will show.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pipeline.records.clocks import MINUTE_MS
from pipeline.reference.official_words import EndWords

CHARS_MAX: Final = 2_000
"""What is read of a post; an operator's word is short."""

BEFORE_CHARS: Final = 48
"""So far in front of a time stands what makes it an end."""

HOURS_MAX: Final = 6
"""A figure of hours above it is a time of the day, where words and signs are those of both."""

_DAY_MINUTES: Final = 1_440
_LAST_MINUTE: Final = 1_439
_GAP: Final = re.compile(
    r"[ ,]*(?:(?:um|gegen|at|à|vers|around|about|by|in the|on|au|a|am|ca\.|bis|before|before the)\s)?\s*"
)
_STOP: Final = re.compile(r"[!?\n]|\.(?=\s|$)")
_ENDS: Final = re.compile(r"\s*(?:[.,!?)/;…]|$|ist\b|if\b|si\b)")


class Promise(NamedTuple):
    """A promised end, and where it stands in the post.

    Attributes:
        start: Offset of its first letter.
        stop: Offset behind its last.
        at: The end, ms.
    """

    start: int
    stop: int
    at: int


class _Time(NamedTuple):
    """One expression of time: what is named of it; `length` in minutes is from now on."""

    start: int
    stop: int
    day: int | None = None
    weekday: int | None = None
    minute: int | None = None
    either: bool = False
    length: int | None = None
    bare: bool = False


class EndReader:
    """Reads promised ends in one language.

    Args:
        words: From `pipeline.reference.official_words`.
    """

    def __init__(self, words: EndWords) -> None:
        self._words = words
        number = rf"(?P<number>\d{{1,2}}|{_any(words.numbers)})"
        unit = rf"(?:(?P<hours>{_any(words.hours)})|(?P<minutes>{_any(words.minutes)}))"
        within = _any(words.within)
        self._length = re.compile(
            rf"\b(?P<within>{within})\s?(?:(?P<whole>{_any(words.lengths)})|{number}\s?{unit})(?!\w)"
        )
        self._days = {
            **dict.fromkeys(words.today, (0, None)),
            **dict.fromkeys(words.tomorrow, (1, None)),
            **{name: (None, place) for place, name in enumerate(words.weekdays)},
        }
        self._day = re.compile(rf"\b(?:{_any(self._days)})(?=\W|$|vor|nach|ab|mi|fr)")
        self._times = {name: time for time in words.times for name in time.words}
        self._time = re.compile(rf"(?:\b|(?<=tag)|(?<=woch))(?:{_any(self._times)})(?!\w)")
        clock = _any(words.clock)
        self._clock = re.compile(
            rf"\b(?P<hour>\d{{1,2}})(?:(?P<sign>[:.h])(?P<past>\d\d))?(?:\s?(?P<word>{clock})(?!\w))?(?![\d%:])"
        )
        half = rf"\b(?:{_any(words.half_to)})\s(?P<hour>\d{{1,2}}|{_any(words.hours_in_words)})\b"
        self._half = re.compile(half) if words.half_to else None
        self._before = _behind(words.before)
        self._never = _behind(words.never)

    def read(self, text: str, at: int, zone: str) -> Promise | None:
        """The end that a post promises, if it does.

        Args:
            text: As posted.
            at: When it was posted, ms.
            zone: Time zone of its market.
        """
        lowered = text[:CHARS_MAX].lower().replace("’", "'")
        found = [(self._worth(lowered, time), time) for time in self._found(lowered)]
        best = max(((worth, time.start, time) for worth, time in found if worth), default=None)
        return None if best is None else _resolved(best[2], at, ZoneInfo(zone))

    def _worth(self, text: str, time: _Time) -> int:
        """How clearly the words in front of a time make it an end; 0 for not at all."""
        front = _STOP.split(text[max(0, time.start - BEFORE_CHARS) : time.start])[-1]
        said = list(self._before.finditer(front))
        never = list(self._never.finditer(front))
        if time.length is not None:
            return 0 if never else 2
        if not said or (never and never[-1].end() >= said[-1].end()):
            return 0
        beside = len(front) - said[-1].end() <= 1
        if time.bare and not (beside and _ENDS.match(text, time.stop)):
            return 0
        return 3 if beside else 1

    def _found(self, text: str) -> Iterator[_Time]:
        lengths = [self._length_of(found) for found in self._length.finditer(text) if not self._is_clock(found)]
        yield from lengths
        parts = sorted(part for part in self._parts(text) if not _inside(part, lengths))
        current: _Time | None = None
        for part in parts:
            joined = _joined(current, part, text) if current else None
            if current and joined is None:
                yield current
            current = joined or part
        if current:
            yield current

    def _is_clock(self, found: re.Match[str]) -> bool:
        """Is a length a time of the day? "D'ici 18h" is one, "d'ici 2h" and "dans 18h" are not."""
        number, prefix = found["number"] or "", found["within"]
        is_many = number.isdigit() and int(number) > HOURS_MAX
        return is_many and found["hours"] in self._words.clock and prefix in self._words.before

    def _length_of(self, found: re.Match[str]) -> _Time:
        whole, number = found["whole"], found["number"]
        if whole:
            minutes = self._words.lengths[whole]
        else:
            count = int(number) if number.isdigit() else self._words.numbers[number]
            minutes = count * (60 if found["hours"] else 1)
        return _Time(found.start(), found.end(), length=minutes)

    def _parts(self, text: str) -> Iterator[_Time]:
        for found in self._day.finditer(text):
            day, weekday = self._days[found[0]]
            yield _Time(found.start(), found.end(), day=day, weekday=weekday)
        for found in self._time.finditer(text):
            time = self._times[found[0]]
            yield _Time(found.start(), found.end(), minute=time.minute, weekday=time.weekday)
        for found in self._clock.finditer(text):
            yield from self._clock_of(found)
        for found in self._half.finditer(text) if self._half else ():
            hour = int(found["hour"]) if found["hour"].isdigit() else self._words.hours_in_words[found["hour"]]
            yield _Time(found.start(), found.end(), minute=(hour * 60 - 30) % _DAY_MINUTES, either=True)

    def _clock_of(self, found: re.Match[str]) -> Iterator[_Time]:
        hour, past, word = int(found["hour"]), int(found["past"] or 0), found["word"]
        if hour > 24 or past > 59:
            return
        marked = bool(word) or found["sign"] in (":", "h")
        if self._words.after_noon and word:
            hour = hour % 12 + 12 * (word in self._words.after_noon)
        either = bool(self._words.after_noon) and not word and hour <= 12 and not found["hour"].startswith("0")
        yield _Time(found.start(), found.end(), minute=hour % 24 * 60 + past, either=either, bare=not marked)


def _any(phrases: Iterable[str]) -> str:
    return (
        "|".join(re.escape(phrase) for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase))) or "(?!)"
    )


def _behind(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    patterns = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def _inside(part: _Time, lengths: Iterable[_Time]) -> bool:
    return any(length.start <= part.start < length.stop for length in lengths)


def _joined(first: _Time, then: _Time, text: str) -> _Time | None:
    """Two neighbours as one: "tomorrow" and "noon"; None if they are two."""
    if then.start < first.stop:
        return first if then.stop <= first.stop else first._replace(stop=then.stop)
    if not _GAP.fullmatch(text, first.stop, then.start):
        return None
    has_day = first.day is not None or first.weekday is not None
    adds_day = then.day is not None or then.weekday is not None
    if (has_day and adds_day) or (first.minute is not None and then.minute is not None and then.bare):
        return None
    exact = first if first.minute is not None and not _is_word(first, text) else then
    exact = exact if exact.minute is not None else first
    day = first if has_day else then
    return first._replace(
        stop=then.stop, day=day.day, weekday=day.weekday, minute=exact.minute, either=exact.either, bare=exact.bare
    )


def _is_word(time: _Time, text: str) -> bool:
    return not any(map(str.isdigit, text[time.start : time.stop]))


def _resolved(time: _Time, at: int, zone: ZoneInfo) -> Promise:
    if time.length is not None:
        return Promise(time.start, time.stop, at + time.length * MINUTE_MS)
    now = datetime.fromtimestamp(at // 1_000, UTC).astimezone(zone)
    minutes = [_LAST_MINUTE if time.minute is None else time.minute]
    if time.either:
        minutes.append((minutes[0] + _DAY_MINUTES // 2) % _DAY_MINUTES)
    ends = [_next(now, time, minute) for minute in minutes]
    return Promise(time.start, time.stop, min(int(end.timestamp()) for end in ends) * 1_000)


def _next(now: datetime, time: _Time, minute: int) -> datetime:
    """The named minute on the named day; without a day, the next after now."""
    days = time.day or 0
    if time.weekday is not None:
        days = (time.weekday - now.weekday()) % 7
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    end = (midnight + timedelta(days=days)).replace(hour=minute // 60, minute=minute % 60)
    if end > now or time.day:
        return end
    return end + timedelta(days=7 if time.weekday is not None else 1)

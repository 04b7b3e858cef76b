"""Ends: until when an operator says that a fault will last.

A post holds many times: when it was written, when the next word is due, when the match begins. One is the promised
end if words in front of it say so. A time without a day is the next that a clock of the market will show.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from pipeline.ingest.text.official.phrases import any_of
from pipeline.records.clocks import MINUTE_MS
from pipeline.reference.official_words import EndWords

CHARS_MAX: Final = 2_000
"""What is read of a post; an operator's word is short."""

BEFORE_CHARS: Final = 48
"""So far in front of a time stands what makes it an end."""

BEHIND_CHARS: Final = 40
"""So far behind it, where a verb stands at the end or the time at the beginning."""

AHEAD_MINUTES_MAX: Final = 18 * 60
"""A clock time that has passed today means tomorrow's if that is no further ahead: "back by 4 am", said at 2 pm.
"Restored at about 1 pm", said at 2 pm, tells of today."""

SPELT_CHARS_MIN: Final = 5
"""A shorter word without its accents may be another one: "dès" and "des"."""

HOURS_MAX: Final = 6
"""A figure of hours above it is a time of the day, where words and signs are those of both."""

_DIGRAPHS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_DAY_MINUTES: Final = 1_440
_LAST_MINUTE: Final = 1_439
_GAP: Final = re.compile(
    r"[ ,]*(?:(?:um|gegen|at|à|vers|around|about|by|in the|on|au|a|am|ca\.|bis|before|before the)\s)?\s*"
)
_STOP: Final = re.compile(r"[!?\n]|\.(?=\s|$)")
_CLAUSE: Final = re.compile(r"[!?\n,;]|\.(?=\s|$)")
_ENDS: Final = re.compile(r"\s*(?:[.,!?)/;…]|$|ish\b|ist\b|if\b|si\b)")


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
    """One expression of time: what is named of it; `length` in minutes is from now on, `figures` are a clock's."""

    start: int
    stop: int
    day: int | None = None
    weekday: int | None = None
    minute: int | None = None
    either: bool = False
    length: int | None = None
    bare: bool = False
    figures: bool = False


class EndReader:
    """Reads promised ends in one language.

    Args:
        words: From `pipeline.reference.official_words`.
    """

    def __init__(self, words: EndWords) -> None:
        self._words = words = _spelt(words)
        plain = rf"\d{{1,2}}|{any_of(words.numbers)}"
        number = rf"(?:(?:{plain})\s?(?:[-–]|{any_of(words.ranges)})\s?)?(?P<number>{plain})"
        unit = rf"(?:(?P<hours>{any_of(words.hours)})|(?P<minutes>{any_of(words.minutes)}))"
        within = any_of(words.within)
        self._length = re.compile(
            rf"\b(?P<within>{within})\s?(?:(?P<whole>{any_of(words.lengths)})|{number}\s?{unit})(?!\w)"
        )
        self._days = {
            **dict.fromkeys(words.today, (0, None)),
            **dict.fromkeys(words.tomorrow, (1, None)),
            **{name: (None, place) for place, day in enumerate(words.weekdays) for name in spellings(day)},
        }
        self._day = re.compile(rf"\b(?:{any_of(self._days)})(?=\W|$|vor|nach|ab|mi|fr)")
        self._times = {name: time for time in words.times for name in time.words}
        self._time = re.compile(rf"(?:\b|(?<=tag)|(?<=woch))(?:{any_of(self._times)})(?!\w)")
        clock = any_of(words.clock)
        self._clock = re.compile(
            rf"\b(?P<hour>\d{{1,2}})(?:(?P<sign>[:.h]|\s(?:h|uhr)\s)(?P<past>\d\d))?(?:\s?(?P<word>{clock})(?!\w))?(?!\d|[%:]|[.,]\d)"
        )
        named = rf"(?P<hour>\d{{1,2}}|{any_of(words.hours_in_words)})\b"
        self._beside_hour = re.compile(rf"\b(?P<past>{any_of(words.beside_hour)})\s{named}")
        self._before, self._behind = _phrases(words.before), _phrases(words.behind)
        self._never, self._over = _phrases(words.never), _phrases(words.over)
        self._denials, self._earliest = _phrases(words.denials), frozenset(words.earliest)

    def read(self, text: str, at: int, zone: str) -> Promise | None:
        """The end that a post promises, if it does.

        Args:
            text: As posted.
            at: When it was posted, ms.
            zone: Time zone of its market.
        """
        best = self._best(text)
        return None if best is None else _resolved(best, at, ZoneInfo(zone))

    def promises(self, text: str) -> bool:
        """Does a post promise an end?

        Args:
            text: As posted.
        """
        return self._best(text) is not None

    def _best(self, text: str) -> _Time | None:
        lowered = text[:CHARS_MAX].lower().replace("’", "'")
        found = [(self._worth(lowered, time), time) for time in self._found(lowered)]
        best = max(((worth, time.start, time) for worth, time in found if worth), default=None)
        return None if best is None else best[2]

    def _worth(self, text: str, time: _Time) -> int:
        """How clearly the words around a time make it an end; 0 for not at all."""
        front = _STOP.split(text[max(0, time.start - BEFORE_CHARS) : time.start])[-1]
        rest = _CLAUSE.split(text[time.stop : time.stop + BEHIND_CHARS], maxsplit=1)[0]
        said, never = _last(self._before, front), _last(self._never, front)
        if time.length is not None:
            return 0 if never else 2
        if self._over.search(rest) or (said and self._denied(said[0], front, rest)):
            return 0
        if said and not _overrules(never, said):
            beside = len(front) - said.end() <= 1
            if not time.bare or (beside and _ENDS.match(text, time.stop)):
                return 3 if beside else 1
        return int(not never and not time.bare and bool(self._behind.search(rest)))

    def _denied(self, word: str, front: str, rest: str) -> bool:
        """Does an end deny to come earlier: "not back before Thursday"?"""
        return word in self._earliest and bool(self._denials.search(front) or self._denials.search(rest))

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
        for found in self._beside_hour.finditer(text):
            hour = int(found["hour"]) if found["hour"].isdigit() else self._words.hours_in_words[found["hour"]]
            minute = (hour * 60 + self._words.beside_hour[found["past"]]) % _DAY_MINUTES
            yield _Time(found.start(), found.end(), minute=minute, either=True, figures=True)

    def _clock_of(self, found: re.Match[str]) -> Iterator[_Time]:
        hour, past, word = int(found["hour"]), int(found["past"] or 0), found["word"]
        if hour > 24 or past > 59:
            return
        marked = bool(word) or found["sign"] not in (None, ".")
        if self._words.after_noon and word:
            hour = hour % 12 + 12 * (word in self._words.after_noon)
        either = bool(self._words.after_noon) and not word and hour <= 12 and not found["hour"].startswith("0")
        minute = hour % 24 * 60 + past
        yield _Time(found.start(), found.end(), minute=minute, either=either, bare=not marked, figures=True)


def spellings(phrase: str) -> tuple[str, ...]:
    """How a phrase may be written: without its accents, or with umlauts as two letters; a short one as it is.

    >>> spellings("in den nächsten"), spellings("dès")
    (('in den nächsten', 'in den nachsten', 'in den naechsten'), ('dès',))
    """
    if len(phrase) < SPELT_CHARS_MIN:
        return (phrase,)
    bare = "".join(unicodedata.normalize("NFD", letter)[0] for letter in phrase)
    return tuple(dict.fromkeys((phrase, bare, phrase.translate(_DIGRAPHS))))


def _spelt(words: EndWords) -> EndWords:
    """The same words in all spellings; weekdays keep their places."""
    fields: dict[str, object] = {}
    for name in words.__struct_fields__:
        value = getattr(words, name)
        if isinstance(value, Mapping):
            fields[name] = {form: number for phrase, number in value.items() for form in spellings(phrase)}
        elif name == "times":
            fields[name] = tuple(replace(time, words=_forms(time.words)) for time in value)
        elif name != "weekdays":
            fields[name] = _forms(value)
    return replace(words, **fields)


def _forms(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for phrase in phrases for form in spellings(phrase)))


def _phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    patterns = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns) or '(?!)'})(?!\w)")


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return max(pattern.finditer(text), key=lambda found: found.end(), default=None)


def _overrules(never: re.Match[str] | None, said: re.Match[str]) -> bool:
    """Is the word that makes a time something else nearer to it, or as near and as long?"""
    return never is not None and (never.end(), -never.start()) >= (said.end(), -said.start())


def _inside(part: _Time, lengths: Iterable[_Time]) -> bool:
    return any(length.start <= part.start < length.stop for length in lengths)


def _joined(first: _Time, then: _Time, text: str) -> _Time | None:
    """Two neighbours as one: "tomorrow" and "noon"; None if they are two."""
    if then.start < first.stop:
        return first if then.stop <= first.stop else first._replace(stop=then.stop)
    gap = _GAP.fullmatch(text, first.stop, then.start)
    if not gap:
        return None
    has_day = first.day is not None or first.weekday is not None
    adds_day = then.day is not None or then.weekday is not None
    if (has_day and adds_day) or (first.minute is not None and then.minute is not None and then.bare):
        return None
    exact = first if first.minute is not None and not _is_word(first, text) else then
    exact = exact if exact.minute is not None else first
    day = first if has_day else then
    other = then if exact is first else first
    # "Tomorrow at 9" and "9 tonight" are times, "tomorrow 9" may be a count.
    bare = exact.bare and other.minute is None and not gap[0].strip(" ,")
    return exact._replace(start=first.start, stop=then.stop, day=day.day, weekday=day.weekday, bare=bare)


def _is_word(time: _Time, text: str) -> bool:
    return not any(map(str.isdigit, text[time.start : time.stop]))


def _resolved(time: _Time, at: int, zone: ZoneInfo) -> Promise | None:
    if time.length is not None:
        return Promise(time.start, time.stop, at + time.length * MINUTE_MS)
    now = datetime.fromtimestamp(at // 1_000, UTC).astimezone(zone)
    minutes = [_LAST_MINUTE if time.minute is None else time.minute]
    if time.either:
        minutes.append((minutes[0] + _DAY_MINUTES // 2) % _DAY_MINUTES)
    ends = [end for minute in minutes if (end := _next(now, time, minute)) is not None]
    return Promise(time.start, time.stop, min(ends) * 1_000) if ends else None


def _next(now: datetime, time: _Time, minute: int) -> int | None:
    """The named minute on the named day, s; without a day the next after now, None if that is too far ahead."""
    days = time.day or 0
    if time.weekday is not None:
        days = (time.weekday - now.weekday()) % 7
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    end = (midnight + timedelta(days=days)).replace(hour=minute // 60, minute=minute % 60)
    began = int(now.timestamp())
    if int(end.timestamp()) > began:
        return int(end.timestamp())
    if time.weekday is not None:
        return int((end + timedelta(days=7)).timestamp())
    then = int((end + timedelta(days=1)).timestamp())
    is_meant = not time.figures or then - began <= AHEAD_MINUTES_MAX * 60
    return then if is_meant else None

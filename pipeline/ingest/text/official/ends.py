"""Ends: until when an operator says that a fault will last.

A post holds many times: when it was written, when the next word is due, when the match begins. One is the promised
end if words in front of it say so, or behind it, or if it is a time that can only be ahead and nothing makes it
something else. A time without a day is the next that a clock of the market will show.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from pipeline.ingest.text.official.phrases import LatePattern, spellings
from pipeline.ingest.text.official.times import NOON, Time, TimeFinder
from pipeline.records.clocks import MINUTE_MS
from pipeline.reference.official_words import EndWords

CHARS_MAX: Final = 2_000
"""What is read of a post; an operator's word is short."""

TIMES_MAX: Final = 60
"""So many times of a post are judged, from its beginning: one that holds more is no word to customers."""

BEFORE_CHARS: Final = 64
"""So far in front of a time stands what makes it an end."""

BEHIND_CHARS: Final = 48
"""So far behind it, where a verb stands at the end or the time at the beginning."""

AHEAD_MINUTES_MAX: Final = 18 * 60
"""A clock time that has passed today means tomorrow's if that is no further ahead: "back by 4 am", said at 2 pm.
"Restored at about 1 pm", said at 2 pm, tells of today."""

MORNING: Final = 7 * 60
"""Of another day the hours from here to noon are meant, and those before it are in the afternoon: "Friday at 3"."""

_DAY_MINUTES: Final = 1_440
_LAST_MINUTE: Final = 1_439
_WEEK_DAYS: Final = 7
_MONTHS: Final = 12
_POINT: Final = r"(?<!\bca)(?<!approx)(?<!\benv)(?<!\bmin)(?<!\bstd)(?<!\.m)\.(?=\s|$)"
_STOP: Final = re.compile(rf"[!?\n]|{_POINT}")
_CLAUSE: Final = re.compile(rf"[!?\n,;]|{_POINT}")
_CLAUSES: Final = re.compile(r"[,;:]")
_VERBS: Final = "hat|haben|ist|sind|soll|sollte|wieder|läuft|laufen|geht|gehen|habt|seid|we|you|it|they|vous|tout|nous"
_ENDS: Final = re.compile(rf"\s{{0,4}}(?:[.,!?)/;…]|$|-?ish\b|(?:if|si|{_VERBS})\b)")
_OPENS: Final = re.compile(r"(?:^|[,;–-]|:\s{0,4}(?:am|on|le|um|at|bis)?)\s{0,4}$")


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


class EndReader:
    """Reads promised ends in one language.

    Args:
        words: From `pipeline.reference.official_words`.
    """

    def __init__(self, words: EndWords) -> None:
        words = _spelt(words)
        self._times = TimeFinder(words)
        self._before, self._behind = _phrases(words.before), _phrases(words.behind)
        self._never, self._over = _phrases(words.never), _phrases(words.over)
        self._never_beside = LatePattern(rf"{_phrases(words.never_beside).pattern}(?=\s?$)")
        self._gone = LatePattern(rf"\s{{0,4}}{_phrases(words.gone).pattern}")
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

    def _best(self, text: str) -> Time | None:
        lowered = text[:CHARS_MAX].lower().replace("’", "'")
        found, stop, best = sorted(self._times.find(lowered))[:TIMES_MAX], 0, (0, 0)
        for place, time in enumerate(found):
            best = max(best, (self._worth(lowered, time, stop), place))
            stop = time.stop
        return found[best[1]] if best[0] else None

    def _worth(self, text: str, time: Time, free: int) -> int:
        """How clearly the words around a time make it an end; 0 for not at all.

        Args:
            text: Small letters.
            time: One of its times.
            free: Up to here is said of the time before, which makes this one nothing else.
        """
        front = _STOP.split(text[max(0, time.start - BEFORE_CHARS) : time.start])[-1]
        rest = _CLAUSE.split(text[time.stop : time.stop + BEHIND_CHARS], maxsplit=1)[0]
        said = _last(self._before, front)
        never = self._never_in(front, free - time.start + len(front))
        if said and _overrules(never, said):
            said = None
        if time.length is not None:
            is_none = (never and not said) or self._gone.compiled.match(rest)
            return 0 if is_none else 3 - 2 * time.bare
        is_open = time.day == 0 or (said is not None and said[0] in self._earliest)
        if self._over.compiled.search(rest) or self._denied(front, rest, is_open=is_open):
            return 0
        if said:
            beside = len(front) - said.end() <= 1
            if (not time.bare and not _is_today(time)) or (beside and _ENDS.match(text, time.stop)):
                return 3 if beside else 1
        if never or time.bare or _is_today(time):
            return 0
        is_ahead = time.ahead or (time.weekday is not None and bool(_OPENS.search(front)))
        return int(is_ahead or bool(self._behind.compiled.search(rest)))

    def _never_in(self, front: str, free: int) -> re.Match[str] | None:
        """What makes a time something else, if it is not said of the time before."""
        never = self._never_beside.compiled.search(front) or _last(self._never, front)
        is_never = never and never.start() >= free and not self._is_of_longer(never, front)
        return never if is_never else None

    def _is_of_longer(self, never: re.Match[str], front: str) -> bool:
        """Is it the end of words that make an end: "back at" of "should be back at about 8"?"""
        return any(
            said.start() < never.start() and never.end() <= said.end() for said in self._before.compiled.finditer(front)
        )

    def _denied(self, front: str, rest: str, *, is_open: bool) -> bool:
        """Does an end deny to come earlier or today: "not back before Thursday", "not today"?"""
        clause = _CLAUSES.split(front)[-1]
        return is_open and bool(self._denials.compiled.search(clause) or self._denials.compiled.search(rest))


def _spelt(words: EndWords) -> EndWords:
    """The same words in all spellings; weekdays keep their places."""
    fields: dict[str, object] = {}
    for name in words.__struct_fields__:
        value = getattr(words, name)
        if isinstance(value, Mapping):
            fields[name] = {form: number for phrase, number in value.items() for form in spellings(phrase)}
        elif name == "times":
            fields[name] = tuple(replace(time, words=_forms(time.words)) for time in value)
        elif name == "months":
            fields[name] = tuple(_forms(names) for names in value)
        elif name != "weekdays":
            fields[name] = _forms(value)
    return replace(words, **fields)


def _forms(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for phrase in phrases for form in spellings(phrase)))


def _phrases(phrases: Iterable[str]) -> LatePattern:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    patterns = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in longest_first)
    return LatePattern(rf"(?<!\w)(?:{'|'.join(patterns) or '(?!)'})(?!\w)")


def _last(pattern: LatePattern, text: str) -> re.Match[str] | None:
    return max(pattern.compiled.finditer(text), key=lambda found: found.end(), default=None)


def _overrules(never: re.Match[str] | None, said: re.Match[str]) -> bool:
    """Is the word that makes a time something else nearer to it, as near and as long, or right before the other one?"""
    return never is not None and ((never.end(), -never.start()) >= (said.end(), -said.start()) or _touch(never, said))


def _touch(first: re.Match[str], then: re.Match[str]) -> bool:
    return first.start() < then.start() <= first.end() + 1


def _is_today(time: Time) -> bool:
    """Is nothing but the day told, which is that of the fault as well?"""
    return time.day == 0 and time.minute is None


def _resolved(time: Time, at: int, zone: ZoneInfo) -> Promise | None:
    if time.length is not None:
        return Promise(time.start, time.stop, at + time.length * MINUTE_MS)
    now = datetime.fromtimestamp(at // 1_000, UTC).astimezone(zone)
    minutes = [_LAST_MINUTE if time.minute is None else time.minute]
    if time.either and time.names_day and time.day != 0:
        minutes = [minutes[0] + NOON if minutes[0] < MORNING else minutes[0]]
    elif time.either:
        minutes.append((minutes[0] + NOON) % _DAY_MINUTES)
    ends = [end for minute in minutes if (end := _next(now, time, minute)) is not None]
    return Promise(time.start, time.stop, min(ends) * 1_000) if ends else None


def _next(now: datetime, time: Time, minute: int) -> int | None:
    """The named minute on the named day, s; without a day the next after now, None if that is too far ahead."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days = _days_ahead(now.date(), time)
    if days is None:
        return None
    end = (midnight + timedelta(days=days)).replace(hour=minute // 60, minute=minute % 60)
    began = int(now.timestamp())
    if int(end.timestamp()) > began:
        return int(end.timestamp())
    if time.weekday is not None and time.date is None:
        return int((end + timedelta(days=_WEEK_DAYS)).timestamp())
    then = int((end + timedelta(days=1)).timestamp())
    is_meant = time.date is None and (not time.figures or then - began <= AHEAD_MINUTES_MAX * 60)
    return then if is_meant else None


def _days_ahead(today: date, time: Time) -> int | None:
    """Days until the named one; None for a date that the coming months do not have."""
    if time.date is not None:
        return _days_until(today, *time.date)
    if time.weekday is None:
        return time.day or 0
    if time.weeks is not None:
        return time.weekday - today.weekday() + time.weeks * _WEEK_DAYS
    return (time.weekday - today.weekday()) % _WEEK_DAYS


def _days_until(today: date, month: int, day: int) -> int | None:
    """Days until the next such date; of a month that has begun, the next one's counts if none is named.

    >>> _days_until(date(2025, 2, 12), 0, 14), _days_until(date(2025, 2, 12), 0, 11)
    (2, 27)
    >>> _days_until(date(2025, 12, 30), 1, 2)
    3
    """
    for ahead in range(_MONTHS):
        years, place = divmod(today.month - 1 + ahead, _MONTHS)
        if month in (0, place + 1):
            try:
                then = date(today.year + years, place + 1, day)
            except ValueError:
                continue
            if then >= today:
                return (then - today).days
    return None

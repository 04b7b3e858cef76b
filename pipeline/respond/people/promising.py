"""The end that an operator promises in public: "back by 17:30", "fixed within half an hour".

Only a promise with a time counts. "In the afternoon" is none that one could hold against somebody later, and a time
at which the next news comes is not the end.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.respond.official_terms import OfficialTerms, Phrases, places_of
from pipeline.respond.people.denying import sentences_of

AHEAD_MS_MAX: Final = 12 * HOUR_MS
"""A time of day further ahead is one that has passed: "restored at 5 pm", said at 5:30 pm. Tomorrow must be said."""

NEGATED_WORDS: Final = 3
"""How far a negation may stand from the time: "not back before 6 pm"."""

_NOON: Final = 12


def promised_end(text: str, said_at: int, time_zone: str, terms: OfficialTerms) -> int | None:
    """The end that a text promises, ms; the latest if it names several; None if it promises none.

    Args:
        text: What the operator wrote.
        said_at: When, ms.
        time_zone: IANA zone of the operator's customers.
        terms: Words of its language.
    """
    ends = [
        end
        for words in sentences_of(text)
        if _has(words, terms.back) and not _has(words, terms.not_service)
        for end in (*_lengths(words, said_at, terms), *_times(words, said_at, time_zone, terms))
    ]
    return max(ends, default=None)


def _has(words: Sequence[str], phrases: Phrases) -> bool:
    return any(places_of(phrase, words) for phrase in phrases)


def _after(words: Sequence[str], phrases: Phrases, no: Phrases) -> Iterator[Sequence[str]]:
    """What follows each phrase, unless it is negated: "not before 6 pm" promises nothing."""
    for phrase in phrases:
        for at in places_of(phrase, words):
            if not any((word,) in no for word in words[max(0, at - NEGATED_WORDS) : at]):
                yield words[at + len(phrase) :]


def _lengths(words: Sequence[str], said_at: int, terms: OfficialTerms) -> Iterator[int]:
    for rest in _after(words, terms.within, terms.no):
        for length, minutes in terms.minutes.items():
            if tuple(rest[: len(length)]) == length:
                yield said_at + minutes * MINUTE_MS
        number = int(rest[0]) if rest and rest[0].isascii() and rest[0].isdigit() and len(rest[0]) <= 3 else 0
        for unit, minutes in terms.units.items():
            if number and tuple(rest[1 : 1 + len(unit)]) == unit:
                yield said_at + number * minutes * MINUTE_MS


def _times(words: Sequence[str], said_at: int, time_zone: str, terms: OfficialTerms) -> Iterator[int]:
    for rest in _after(words, terms.by, terms.no):
        clock = _clock_of(rest, terms)
        end = None if clock is None else _next(clock, said_at, time_zone, tomorrow=_has(words, terms.tomorrow))
        if end is not None:
            yield end


def _clock_of(rest: Sequence[str], terms: OfficialTerms) -> tuple[int, int] | None:
    """A time of day at the beginning of some words: 17:30, 17h30, 18 h 30, 18 Uhr, 5 pm, 5:30pm."""
    if not rest:
        return None
    first, then = rest[0], tuple(rest[1:])
    afternoon = first.endswith("pm") or _starts(then, terms.after_noon)
    bare = first.removesuffix("pm").removesuffix("am")
    hour, mark, minute = bare.partition(":") if ":" in bare else bare.partition("h")
    if not mark and _starts(then, terms.oclock) and not _starts(then, tuple(terms.minutes)):
        mark, minute = "oclock", then[1] if len(then) > 1 and _is_minute(then[1]) else ""
    if not (mark or afternoon or bare != first) or not _is_hour(hour) or not (minute == "" or _is_minute(minute)):
        return None
    hours = int(hour) % _NOON + _NOON if afternoon else int(hour)
    return hours, int(minute or 0)


def _starts(words: tuple[str, ...], phrases: Phrases) -> bool:
    return any(words[: len(phrase)] == phrase for phrase in phrases)


def _is_hour(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 2 and int(word) < 24


def _is_minute(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) == 2 and int(word) < 60


def _next(clock: tuple[int, int], said_at: int, time_zone: str, *, tomorrow: bool) -> int | None:
    """The next time that clocks of a zone show this, ms; None if that is too far ahead to be meant."""
    said = datetime.fromtimestamp(said_at // 1_000, UTC).astimezone(ZoneInfo(time_zone))
    end = said.replace(hour=clock[0], minute=clock[1], second=0, microsecond=0)
    if tomorrow or end <= said:
        end += timedelta(days=1)
    moment = int(end.astimezone(UTC).timestamp()) * 1_000
    return moment if tomorrow or moment - said_at <= AHEAD_MS_MAX else None

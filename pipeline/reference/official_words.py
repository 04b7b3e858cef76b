"""What operators' own posts are made of: words by what they tell, words of time, and weights learnt of both.

A file of words holds one language; a file of weights too, with a whole number of centi-nats for each kind of post.
The kind whose sum is the greatest is the kind of a post.
"""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import OFFICIAL_KINDS
from pipeline.reference.learnt.meaning_weights import MeaningWeights
from pipeline.reference.learnt.weights import head_and_features

HEAD: Final = ("format", *(f"base_{kind}" for kind in OFFICIAL_KINDS))
"""Numbers at the head of a file of weights, in this order, a line each: `# name value`."""

Phrase = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Phrases = Annotated[tuple[Phrase, ...], msgspec.Meta(min_length=1, max_length=400)]
DayMinute = Annotated[int, msgspec.Meta(ge=0, le=1_440)]


class DayTime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time of the day that words name.

    Attributes:
        words: How it is written.
        minute: Minute of the day: "this evening" may last until 22 h, which is 1320.
        weekday: The day that the words name as well, 0 is Monday; None = the next time that the clock shows it.
        weeks: How many weeks ahead that day lies: "next week"; None = the next such day.
        day: Days from today, where the words name one: "later today".
        ahead: The words tell of the future and of nothing else.
    """

    words: Phrases
    minute: DayMinute
    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)] | None = None
    weeks: Annotated[int, msgspec.Meta(ge=0, le=4)] | None = None
    day: Annotated[int, msgspec.Meta(ge=0, le=6)] | None = None
    ahead: bool = False


class EndWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that tell until when.

    Attributes:
        before: Words in front of a time that make it an end: "by", "until"; `*` stands for the rest of a word.
        behind: Words behind a time, in its sentence, that make it an end: "9 pm before pictures return".
        never: Words in front of a time that make it something else: "next update".
        never_beside: Such words that do so only where they stand next to it: "from".
        over: Words behind a time that make it one that has passed: "at 5 pm the fault was cleared".
        earliest: Those words of `before` that, denied, name a beginning: "not before Thursday" promises nothing.
        denials: Words that deny them.
        within: Words in front of a length of time: "within", "in about".
        roughly: Words that may stand between those and the length: "within about".
        at_most: Words behind a length that make it one without words in front: "half an hour at most".
        gone: Words right behind a length that make it no time to wait: "an hour ago".
        minutes: Words for minutes.
        hours: Words for hours.
        days: Words for days.
        numbers: Numbers in words.
        lengths: Lengths in words, in minutes: "half an hour".
        clock: Words behind a figure that make it a time of the day: "pm", "Uhr".
        after_noon: Those of them that add twelve hours.
        beside_hour: Words before an hour, and how many minutes they add to it: "halb elf", "quarter past six".
        hours_in_words: Hours that follow them.
        at_hour: Words in front of such an hour that make it a time without more: "by six".
        on_the_hour: Words of `clock` that leave open which half of the day is meant: "o'clock".
        between: Words in front of two times of which the second counts.
        and_hour: Words between those.
        ranges: Words between two numbers, of which the second counts: "two to three hours".
        weekdays: Monday first.
        tomorrow: Words for tomorrow.
        today: Words for today.
        day_after: Words for the day after tomorrow.
        months: Names of each month, January first.
        times: Times of the day in words, alone or behind a day.
    """

    before: Phrases
    behind: tuple[Phrase, ...] = ()
    never: Phrases
    never_beside: tuple[Phrase, ...] = ()
    over: tuple[Phrase, ...] = ()
    earliest: tuple[Phrase, ...] = ()
    denials: tuple[Phrase, ...] = ()
    within: Phrases
    roughly: tuple[Phrase, ...] = ()
    at_most: tuple[Phrase, ...] = ()
    gone: tuple[Phrase, ...] = ()
    minutes: Phrases
    hours: Phrases
    days: tuple[Phrase, ...] = ()
    numbers: Mapping[str, Annotated[int, msgspec.Meta(ge=1, le=99)]]
    lengths: Mapping[str, Annotated[int, msgspec.Meta(ge=1, le=44_640)]]
    clock: Phrases
    after_noon: tuple[Phrase, ...] = ()
    beside_hour: Mapping[Phrase, Annotated[int, msgspec.Meta(ge=-59, le=59)]] = {}
    ranges: tuple[Phrase, ...] = ()
    hours_in_words: Mapping[str, Annotated[int, msgspec.Meta(ge=1, le=24)]] = {}
    at_hour: tuple[Phrase, ...] = ()
    on_the_hour: tuple[Phrase, ...] = ()
    between: tuple[Phrase, ...] = ()
    and_hour: tuple[Phrase, ...] = ()
    weekdays: Annotated[tuple[Phrase, ...], msgspec.Meta(min_length=7, max_length=7)]
    tomorrow: Phrases
    today: Phrases
    day_after: tuple[Phrase, ...] = ()
    months: tuple[tuple[Phrase, ...], ...] = ()
    times: tuple[DayTime, ...]


class OfficialVocabulary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of one language.

    Attributes:
        cues: Words by what they tell; one that ends or begins with `*` stands for all words that go on.
        ends: Words that tell until when.
    """

    cues: Mapping[str, Phrases]
    ends: EndWords


class OfficialWeights(msgspec.Struct, frozen=True):
    """The weights of one language, each a whole number of centi-nats by kind, in the order of `OFFICIAL_KINDS`.

    Attributes:
        base: Sums of a text without a feature.
        of: Weights by feature.
    """

    base: tuple[int, ...]
    of: Mapping[str, tuple[int, ...]]


class OfficialLexicon(msgspec.Struct, frozen=True, kw_only=True):
    """What operators' own posts are read with.

    Attributes:
        words: By language.
        weights: By language; `ANY` for those that have none of their own.
        meaning: What a whole post says of each kind, in any language; None = words alone are asked.
    """

    words: Mapping[str, OfficialVocabulary] = {}
    weights: Mapping[str, OfficialWeights] = {}
    meaning: MeaningWeights | None = None


UNTRAINED_OFFICIAL: Final = OfficialWeights(tuple(-(kind != "chatter") for kind in OFFICIAL_KINDS), {})
"""Weights before training: every post is chatter."""


def parse_official_words(name: str, document: Mapping[str, object]) -> OfficialVocabulary:
    """Check the words of one language.

    Args:
        name: Name of the file, for messages.
        document: The parsed TOML.

    Raises:
        ConfigError: Names the first field that is missing, unknown or of another type.
    """
    try:
        return msgspec.convert(document, OfficialVocabulary)
    except msgspec.ValidationError as error:
        raise ConfigError(f"words of official posts {name}: {error}; compare it with the shipped file") from error


def parse_official_weights(name: str, text: str) -> OfficialWeights:
    """Read a file of weights.

    Args:
        name: Name of the file, for messages.
        text: Its content.

    Raises:
        ConfigError: If it is no such file, has another format, or a line that cannot be read.
    """
    head, of = head_and_features(name, text, HEAD, len(OFFICIAL_KINDS))
    return OfficialWeights(tuple(head[1:]), of)


def official_weights_written(weights: OfficialWeights) -> str:
    """The content of the file that `parse_official_weights` reads, features sorted."""
    heads = [
        "# format 1",
        *(f"# base_{kind} {base}" for kind, base in zip(OFFICIAL_KINDS, weights.base, strict=True)),
    ]
    rows = ("\t".join((name, *map(str, row))) for name, row in sorted(weights.of.items()))
    return "\n".join([*heads, *rows, ""])

"""Words by which operators deny and promise in public, by language.

The files are deploy/reference/wording/official. A text is compared word by word, without regard to case and
punctuation, so that the lists can be read and mended by who knows the language and no pattern of ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Phrases = tuple[tuple[str, ...], ...]
"""Phrases, each as its words."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, in small letters.

    >>> words_of("D’ici 18 h, l'origine : 17:30!")
    ('d', 'ici', '18', 'h', 'l', 'origine', '17:30')
    """
    spaced = "".join(mark if mark.isalnum() or mark == ":" else " " for mark in text.casefold())
    return tuple(word for word in (piece.strip(":") for piece in spaced.split()) if word)


def phrases_of(texts: Iterable[str]) -> Phrases:
    """Phrases as their words, the longest first."""
    return tuple(sorted((words_of(text) for text in texts), key=lambda words: (-len(words), words)))


def places_of(phrase: tuple[str, ...], words: Sequence[str]) -> list[int]:
    """Where a phrase begins in a text.

    >>> places_of(("no", "attack"), ("it", "is", "no", "attack"))
    [2]
    """
    size = len(phrase)
    return [at for at in range(len(words) - size + 1) if tuple(words[at : at + size]) == phrase]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialTerms:
    """What one language says of it.

    Attributes:
        no: Words that deny what follows.
        ruled_out: Words that deny what stands before.
        others: Other operators, without a name.
        claims: Kind of a claim, such as `attack`, to the words for it.
        back: Words for service that is there again.
        by: Words before the time of an end.
        within: Words before the length until an end.
        oclock: Words after a full hour.
        after_noon: Words after an hour of the afternoon.
        tomorrow: Words for the next day.
        not_service: Words of a sentence that promises news, not service.
        minutes: Lengths in words, in minutes.
        units: Units after a number, in minutes.
    """

    no: Phrases = ()
    ruled_out: Phrases = ()
    others: Phrases = ()
    claims: Mapping[str, Phrases] = field(default_factory=dict)
    back: Phrases = ()
    by: Phrases = ()
    within: Phrases = ()
    oclock: Phrases = ()
    after_noon: Phrases = ()
    tomorrow: Phrases = ()
    not_service: Phrases = ()
    minutes: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    units: Mapping[tuple[str, ...], int] = field(default_factory=dict)

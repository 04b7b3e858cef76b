"""Words by which operators deny, and state a cause, in public, by language.

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
        of_else: Words after a negation by which it is about something else: "no *update* on the attack".
        not_ruled_out: Words that take `ruled_out` back, beside those of `no`: "*cannot* be ruled out".
        others: Other operators, without a name.
        claims: Kind of a claim, such as `attack`, to the words for it.
        because: Words by which a sentence states a cause.
        left_open: Words by which it leaves one open.
        causes: Kind of a cause to the words for it.
    """

    no: Phrases = ()
    ruled_out: Phrases = ()
    of_else: Phrases = ()
    not_ruled_out: Phrases = ()
    others: Phrases = ()
    claims: Mapping[str, Phrases] = field(default_factory=dict)
    because: Phrases = ()
    left_open: Phrases = ()
    causes: Mapping[str, Phrases] = field(default_factory=dict)

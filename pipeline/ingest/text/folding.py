"""Folding: the many spellings of one word become one.

A post says "SOOO slooow", "ça marche plus", "Köln", "koeln" or "can&#39;t";
rules should see one form of each. A folded text is lower-case ASCII words with one
space between and around them: a phrase with a space at both ends is then found by
an automaton at word borders only, without a check in Python. German umlauts fold
to two letters, as DIN 5007-2 has it, since people without the key write
them so; names are compiled in the one-letter form too ("Munchen").

Handles and links leave the words: "@ThreeUK" is an address, not a number.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.ingest.text.loops.characters import APART, TABLE
from pipeline.ingest.text.loops.letters import capital_words, fold_words, has_repeats, holds_any, specials_in

__all__ = ["Capitals", "Folded", "Folder", "capitals_of", "fold_each", "fold_words"]

TEXT_CHARS_MAX = 5_000
"""What is read of a text, as much as the longest post of a large platform has; the rest is ignored."""

WORDS_MAX = 1_200
"""Folded words that are read, signs among them: 5,000 characters of prose have 900 (German) to 1,060 (English)."""

TAGS_MAX = 100
"""Hashtags that are opened: the platforms allow 30 a post; what is beyond leaves the text as a link does."""

WORD_CHARS_MAX = 60
"""A longer "word" is noise (a key, a scream)."""

_LONG_NUMBER = re.compile(r"(&#[0-9]{8})[0-9]+")
"""A character reference with a number that no character has: Python reads at most 4,300 digits and raises above."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CONTRACTION = re.compile(r"'(?=(?:t|s|ve|re|ll|m|d)\b)")
_SPEED = re.compile(r"(?<=\d)(?=(?:mbps|mbits?|mb|kbps|kbits?)\b)")
_RUN = re.compile(r"([^\W\d_])\1\1")
_RUNS = re.compile(r"([^\W\d_])\1\1+")


class Capitals(NamedTuple):
    """Folded words that stand with a capital letter: within a sentence, and at the start of one."""

    within: frozenset[str]
    first: frozenset[str]


class Folded:
    """A text made ready for the rules.

    Attributes:
        words: Folded words, one space between and around; `.` `?` `,` are words of their own.
        plain: The text without handles and links, case kept.
        handles: Lower-case handles, each once, in order.
        hashtags: Folded hashtags.
        linked: It holds a link.
        repost: It starts like a repost.
        tokens: The words one by one.
    """

    __slots__ = ("_capitals", "handles", "hashtags", "linked", "plain", "repost", "tokens", "words")

    def __init__(self, words: str, plain: str, handles: tuple[str, ...], hashtags: frozenset[str]) -> None:
        self.words = words
        self.plain = plain
        self.handles = handles
        self.hashtags = hashtags
        self.linked = False
        self.repost = False
        self.tokens = words.split()
        self._capitals: Capitals | None = None

    @property
    def capitals(self) -> Capitals:
        """Which words have a capital letter; worked out once, as operators and places ask for it again and again.

        By hand, as the core makes of a `cached_property` one that is not.
        """
        known = self._capitals
        if known is None:
            known = self._capitals = capitals_of(self.plain)
        return known


class Folder:
    """Folds texts; knows the signs (emoji) that are words and how words look that some stretch.

    Args:
        signs: Character to word.
        endings: Endings that part from a hashtag: "vodafonedown" is "vodafone down".
        vocabulary: Folded words that the rules know.
    """

    def __init__(self, signs: Mapping[str, str], endings: Iterable[str], vocabulary: Iterable[str]) -> None:
        self._signs = {ord(sign): f" {word} " for sign, word in signs.items() if len(sign) == 1}
        self._all_signs = "".join(map(chr, self._signs))
        self._endings = tuple(sorted(endings, key=lambda ending: (-len(ending), ending)))
        self._vocabulary = frozenset(vocabulary)

    def fold(self, text: str) -> Folded:
        """Fold one text of any content; linear in its length."""
        text = text[:TEXT_CHARS_MAX]
        repost = text.startswith(("RT @", "rt @", "RT:"))
        if "&" in text:
            text = html.unescape(_LONG_NUMBER.sub(r"\1", text))[:TEXT_CHARS_MAX]
        if not text.isascii():
            if holds_any(text, self._all_signs):
                text = text.translate(self._signs)
            text = unicodedata.normalize("NFC", text)
        handles: dict[str, None] = {}
        hashtags: set[str] = set()
        plain, linked, specials = text, False, specials_in(text)
        if specials:
            plain, linked = self._take_out(text, specials, handles, hashtags)
        words = _first_words(fold_words(plain))
        if "mb" in words or "kb" in words:
            words = _SPEED.sub(" ", words)
        if has_repeats(words) and _RUN.search(words) is not None:
            words = " " + " ".join(self._unstretched(word) for word in words.split()) + " "
        folded = Folded(words, plain, tuple(handles), frozenset(hashtags))
        folded.linked, folded.repost = linked, repost
        return folded

    def _take_out(
        self, text: str, specials: Sequence[tuple[int, int]], handles: dict[str, None], hashtags: set[str]
    ) -> tuple[str, bool]:
        """Take handles and links out, open hashtags; tells whether there was a link."""
        parts: list[str] = []
        last, tags, linked = 0, 0, False
        for start, end in specials:
            parts.append(text[last:start])
            last, opened, sign = end, " ", text[start]
            if sign == "@":
                handles[text[start:end].lower()] = None
            elif sign != "#":
                linked = True
            else:
                tags += 1
                if tags <= TAGS_MAX:
                    hashtags.add(fold_words(text[start + 1 : end]).strip())
                    opened = f" {self._opened(text[start + 1 : min(end, start + WORD_CHARS_MAX)])} "
            parts.append(opened)
        parts.append(text[last:])
        return "".join(parts), linked

    def _opened(self, tag: str) -> str:
        lower = tag.lower()
        for ending in self._endings:
            if lower.endswith(ending) and len(lower) > len(ending):
                tag = f"{tag[: -len(ending)]} {tag[-len(ending) :]}"
                break
        return _CAMEL.sub(" ", tag.replace("_", " "))

    def _unstretched(self, word: str) -> str:
        if len(word) <= WORD_CHARS_MAX and _RUN.search(word) is not None:
            twice = _RUNS.sub(r"\1\1", word)
            return twice if twice in self._vocabulary else _RUNS.sub(r"\1", word)
        return word


def _first_words(words: str) -> str:
    """Folded words up to the last that is read."""
    if words.count(" ") <= WORDS_MAX + 1:
        return words
    return f" {' '.join(words.split(' ', WORDS_MAX + 1)[1:-1])} "


def fold_each(texts: Sequence[str]) -> list[str]:
    """Fold many short texts as one: the words of each, without the spaces around.

    >>> fold_each(["L'eau", "Köln  ", ""])
    ['l eau', 'koeln', '']
    """
    if not texts:
        return []
    words = APART.join(text.replace(APART, " ") for text in texts).lower().translate(TABLE)
    words = _CONTRACTION.sub("", words).replace("'", " ")
    return [" ".join(word.split()) for word in words.split(APART)]


def capitals_of(plain: str) -> Capitals:
    """Find the words of a text that stand with a capital letter.

    A text that shouts, or is all in lower case, tells nothing: both are empty.

    >>> [sorted(words) for words in capitals_of("Reading has no signal. No 4G in Bath")]
    [['4g', 'bath'], ['no', 'reading']]
    """
    return Capitals(*capital_words(plain))


def folded_terms(terms: Iterable[str]) -> frozenset[str]:
    """Words of a list as they stand in folded texts."""
    return frozenset(fold_words(term).strip() for term in terms)

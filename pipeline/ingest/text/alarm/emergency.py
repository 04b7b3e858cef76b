"""Emergency: does the writer say that help cannot be called?

One ticket or two posts of this kind are enough for an incident (Optus 2025: at
least five customers said so, none was heard), so a false one costs: a claim
needs a number or a service and its failure near each other in one sentence, in the order in
which the language puts them, with nothing else that may fail between. A text with
advice, news or a denial is none. "Emergency calls only", which a phone
without a network shows, is the most common false friend.

The words are the language's, the numbers are the market's: a Belgian who writes German dials 112, a
Canadian who writes French dials 911. So the lexicon says `xnumber` where a number stands,
and a text's numbers become that word before it is searched.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from pipeline.ingest.text.folding import Folded, fold_words
from pipeline.ingest.text.matching import Bits, Hit, Matcher, Stems, gathered
from pipeline.ingest.text.traits import HINT, NEVER, STEM, telling_part, telling_word
from pipeline.reference.operators import Market
from pipeline.reference.words import ALARM_LISTS, NUMBER, SHORT_NUMBER, Alarm

DIGITS_MIN: Final = 3
"""Digits of a number that is seldom anything else; what has fewer needs a word before it ("le 15")."""


class _Kind(IntEnum):
    NEVER = 0
    BLOCKS = 1
    CLAIMS = 2
    REACH = 3
    LOST = 4
    FAULTS = 5
    NUMBERS = 6
    SERVICES = 7
    OTHERS = 8
    STOP = 9


_CALLED = frozenset({_Kind.NUMBERS, _Kind.SERVICES, _Kind.CLAIMS})
_PAIRS = frozenset(
    {
        (_Kind.REACH, _Kind.NUMBERS),
        (_Kind.REACH, _Kind.SERVICES),
        (_Kind.NUMBERS, _Kind.FAULTS),
        (_Kind.NUMBERS, _Kind.LOST),
        (_Kind.SERVICES, _Kind.LOST),
    }
)
"""Who fails how: in this order, in one sentence, nothing else that may fail between them."""


class _Marks(NamedTuple):
    """What is replaced by what; and the words with which a number begins, one of which each text with a number has."""

    rows: tuple[tuple[str, str], ...]
    begin: frozenset[str]


_NO_MARKS: Final = _Marks((), frozenset())


class Dialled:
    """Marks the emergency numbers of a market in folded words.

    Args:
        markets: Their numbers, and which languages their customers write.
        spoken: By language, how it says a number in words: "911" is "nine one one".
    """

    def __init__(self, markets: Iterable[Market], spoken: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        known = list(markets)
        everywhere = {number for market in known for number in market.emergency_numbers}
        self._marks: dict[tuple[str, str | None], _Marks] = {}
        for language, words in spoken.items():
            in_language = [market for market in known if language in market.languages]
            anywhere = {number for market in in_language for number in market.emergency_numbers} or everywhere
            self._marks[language, None] = _marks(anywhere, words)
            self._marks.update({(language, m.id): _marks(m.emergency_numbers, words) for m in known})

    def telling(self, language: str, often: Mapping[str, int]) -> frozenset[str]:
        """Words of a language one of which each text with a number has, whatever its market.

        Args:
            language: Its code.
            often: How often words are met.
        """
        marks = (marks for (code, _), marks in self._marks.items() if code == language)
        return frozenset(telling_word(text.strip(), often) for known in marks for text, _ in known.rows)

    def marked(self, folded: Folded, language: str, market: str | None) -> str:
        """Folded words in which each emergency number is the word that the lexicon has for it.

        Args:
            folded: The folded text.
            language: Code of the text's language.
            market: Id of its market; None = the numbers of all markets whose customers write this language.
        """
        marks = self._marks.get((language, market)) or self._marks.get((language, None), _NO_MARKS)
        words = folded.words
        if marks.begin.isdisjoint(folded.tokens):
            return words
        for number, mark in marks.rows:
            if number in words:  # twice: of two in a row the first takes the space that the second needs
                words = words.replace(number, mark).replace(number, mark)
        return words


def _marks(numbers: Iterable[str], spoken: Mapping[str, Sequence[str]]) -> _Marks:
    """What is replaced by what, the longest first: digits, digits apart ("9 1 1"), words."""
    found: dict[str, str] = {}
    for number in numbers:
        mark = SHORT_NUMBER if _is_ordinary(number) else NUMBER
        found[number] = mark
        for words in spoken.get(number, ()):
            found.update(dict.fromkeys(_paused(fold_words(words).split()), NUMBER))
        if mark == NUMBER:
            found.update(dict.fromkeys(_paused(list(number)), mark))
    ordered = sorted(found.items(), key=lambda row: (-len(row[0]), row[0]))
    begin = frozenset(text.split()[0] for text, _ in ordered)
    return _Marks(tuple((f" {text} ", f" {mark} ") for text, mark in ordered), begin)


def _paused(parts: Sequence[str]) -> list[str]:
    """A number said part by part, with the pauses that people write ("Nine. One. One.").

    >>> _paused(["9", "1"])
    ['9 1', '9 . 1', '9 , 1']
    """
    return list(dict.fromkeys(pause.join(parts) for pause in (" ", " . ", " , ")))


def _is_ordinary(number: str) -> bool:
    """Is it a figure of every day as well: two digits, or whole hundreds?

    >>> [_is_ordinary(number) for number in ("15", "100", "112", "000")]
    [True, True, False, False]
    """
    return len(number) < DIGITS_MIN or (number.endswith("00") and number.strip("0") != "")


class AlarmReading(NamedTuple):
    """What the lexicon finds in a text that may hold a claim.

    Attributes:
        words: The folded words, numbers marked.
        hits: Words around a claim, in order, each with what they tell: names of `Alarm.signs`, of its lists
            (`list:faults`), `mention` for what may have been called, and ends of sentences.
        ruled: A pair of the lexicon's lists makes a claim, and nothing of its own sentence or text blocks it.
    """

    words: str
    hits: tuple[Hit[str], ...]
    ruled: bool


class AlarmReader:
    """Reads texts of one language for claims.

    Attributes:
        parts: Says of a word whether it may be part of what `is_about` looks for, as `STEM` and `HINT`.

    Args:
        alarm: Words of one language about emergency calls.
        often: How often words are met.
    """

    def __init__(self, alarm: Alarm, often: Mapping[str, int] = NEVER) -> None:
        rows = [(term, _Kind[name.upper()]) for name in ALARM_LISTS for term in getattr(alarm, name)]
        phrases: Mapping[str, tuple[_Kind, ...]] = gathered([*rows, (".", _Kind.STOP), ("?", _Kind.STOP)])
        self._matcher = Matcher({phrase: kinds[0] for phrase, kinds in phrases.items()})
        self._signs: Matcher[tuple[str, ...]] = Matcher(
            gathered((term, name) for name, terms in sorted(alarm.signs.items()) for term in terms)
        )
        self._stems, self._hints = Stems(alarm.stems), Stems(alarm.hints)
        parts = dict.fromkeys((telling_part(stem, often) for stem in alarm.stems), STEM)
        for hint in alarm.hints:
            part = telling_part(hint, often)
            parts[part] = parts.get(part, 0) | HINT
        self.parts = Bits(parts)
        self._window = alarm.window

    def is_about(self, words: str, *, complains: bool) -> bool:
        """May these folded words hold a claim? Most texts of a day may not.

        Args:
            words: Folded words.
            complains: The text complains of a fault: then words about somebody in need are enough.
        """
        return self._stems.any(words) or (complains and self._hints.any(words))

    def read(self, marked: str) -> AlarmReading:
        """Read folded words whose numbers `Dialled` has marked."""
        hits = self._matcher.longest(marked)
        found = [Hit(hit.start, hit.end, _TOLD[hit.payload]) for hit in hits]
        found += [Hit(hit.start, hit.end, name) for hit in self._signs.longest(marked) for name in hit.payload]
        blocked = any(hit.payload == _Kind.BLOCKS for hit in hits)
        claimed = any(hit.payload == _Kind.CLAIMS for hit in hits) or self._paired(hits)
        return AlarmReading(marked, tuple(sorted(found)), claimed and not blocked)

    def _paired(self, hits: Sequence[Hit[_Kind]]) -> bool:
        return any(self._near(first, then) for index, first in enumerate(hits) for then in _beside(hits, index))

    def _near(self, first: Hit[_Kind], then: Hit[_Kind]) -> bool:
        return (first.payload, then.payload) in _PAIRS and then.start - first.end <= self._window


_TOLD: Final = {
    kind: "mention" if kind in _CALLED else "." if kind == _Kind.STOP else f"list:{kind.name.lower()}" for kind in _Kind
}


def _beside(hits: Sequence[Hit[_Kind]], index: int, most: int = 8) -> Sequence[Hit[_Kind]]:
    """The next few hits, up to the end of the sentence or to something else that may fail."""
    after = hits[index + 1 : index + 1 + most]
    for place, hit in enumerate(after):
        if hit.payload in (_Kind.STOP, _Kind.OTHERS):
            return after[:place]
    return after

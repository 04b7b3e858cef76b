"""Dialled: which number of a text brings help where its writer is, which only advice, and which none.

The words are the language's, the numbers are the market's. Each number becomes a word that the lexicon and the
weights know, so that "112" in Namur and "911" in Laval are one feature, and "911" in Namur is another.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.ingest.text.folding import Folded, fold_words
from pipeline.ingest.text.traits import telling_parts
from pipeline.reference.dialling import ADVICE_NUMBER, FOREIGN_NUMBER, Diallings, Numbers, is_ordinary
from pipeline.reference.words import NUMBER, SHORT_NUMBER

Spoken = Mapping[str, Sequence[str]]
"""How a language says a number in words: "911" is "nine one one"."""


_Row = tuple[int, str, str]
"""Its place in the order of replacing, a number as it is written, and the word that the lexicon has for it."""


class _Marks(NamedTuple):
    """What is replaced by what, the longest first; and the same by the word with which a number begins."""

    rows: tuple[_Row, ...]
    begin: dict[str, tuple[_Row, ...]]


_NO_MARKS = _Marks((), {})


class Dialled:
    """Marks the numbers of a market in folded words.

    Args:
        numbers: What each number is, by market and by language.
        spoken: By language, how it says numbers.
    """

    def __init__(self, numbers: Diallings, spoken: Mapping[str, Spoken]) -> None:
        self._marks: dict[tuple[str, str | None], _Marks] = {}
        for language, words in spoken.items():
            self._marks[language, None] = _marks(numbers.in_language(language), words)
            self._marks.update({(language, id_): _marks(numbers.in_country(id_), words) for id_ in numbers.countries})

    def telling(self, language: str, often: Mapping[str, int]) -> list[tuple[str, str]]:
        """Two words of each number of a language, whatever the market: a text with it has both.

        Args:
            language: Its code.
            often: How often words are met.

        Returns:
            Sorted; of a number of one word this word twice.
        """
        marks = (marks for (code, _), marks in self._marks.items() if code == language)
        parts = {telling_parts(text, often) for known in marks for _, text, _ in known.rows}
        return sorted((first.strip(), then.strip()) for first, then in parts)

    def marked(self, folded: Folded, language: str, market: str | None) -> str:
        """Folded words in which each number is the word that the lexicon has for it.

        Args:
            folded: The folded text.
            language: Code of the text's language.
            market: Id of its market; one that is not known, and None: numbers of where this language is spoken.
        """
        marks = self._marks.get((language, market)) or self._marks.get((language, None), _NO_MARKS)
        words = folded.words
        begun = marks.begin.keys() & folded.tokens
        if not begun:
            return words
        for _, number, mark in sorted([row for word in begun for row in marks.begin[word]]):
            if number in words:  # twice: of two in a row the first takes the space that the second needs
                words = words.replace(number, mark).replace(number, mark)
        return words


def names_help(marked: str) -> bool:
    """Is a number named that brings help, in folded words that `Dialled` has marked?"""
    return f" {NUMBER} " in marked or f" {SHORT_NUMBER} " in marked


def _marks(numbers: Numbers, spoken: Spoken) -> _Marks:
    """What is replaced by what, the longest first: digits, digits apart ("9 1 1"), words."""
    found: dict[str, str] = {fold_words(number).strip(): ADVICE_NUMBER for number in numbers.advice}
    for number in sorted(numbers.foreign):
        found.update(_written(number, FOREIGN_NUMBER, FOREIGN_NUMBER, spoken))
    for number in sorted(numbers.home):
        mark = SHORT_NUMBER if is_ordinary(number) else NUMBER
        found.update(_written(number, mark, NUMBER, spoken))
    ordered = sorted(found.items(), key=lambda row: (-len(row[0]), row[0]))
    rows = tuple((place, f" {text} ", f" {mark} ") for place, (text, mark) in enumerate(ordered))
    begin: dict[str, tuple[_Row, ...]] = {}
    for row in rows:
        head = row[1].split()[0]
        begin[head] = (*begin.get(head, ()), row)
    return _Marks(rows, begin)


def _written(number: str, mark: str, said: str, spoken: Spoken) -> dict[str, str]:
    """Ways to write a number, with the mark of each: said in words it is no figure of every day."""
    found = {number: mark}
    for words in spoken.get(number, ()):
        found.update(dict.fromkeys(_paused(fold_words(words).split()), said))
    if mark != SHORT_NUMBER:
        found.update(dict.fromkeys(_paused(list(number)), mark))
    return found


def _paused(parts: Sequence[str]) -> list[str]:
    """A number said part by part, with the pauses that people write ("Nine. One. One.").

    >>> _paused(["9", "1"])
    ['9 1', '9 . 1', '9 , 1']
    """
    return list(dict.fromkeys(pause.join(parts) for pause in (" ", " . ", " , ")))

"""Summing: weights of words and signs of one language, as fast as a text allows.

`features` says what a text has, name by name; here the same names are looked up without being made. What a word
comes to with its pieces is remembered, since most words of a post have been met before; the pieces of a new one are
found in one pass, as few have a weight. Pairs are found by the numbers of their words, in one table of few bytes.
Names of signs are remembered by the hits they are of. Whatever is remembered can be worked out again and changes no
sum, so it starts anew when it has grown too large.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from pipeline.ingest.text.folding import WORD_CHARS_MAX, Folded
from pipeline.ingest.text.loops.pieces import PieceWeights
from pipeline.ingest.text.loops.sums import sum_once
from pipeline.ingest.text.loops.walking import Pairs, Word, walk
from pipeline.ingest.text.odds.features import (
    APART,
    CLUES_MAX,
    FIRST,
    FOLLOWING_MAX,
    HOWS,
    LAST,
    PIECE,
    PIECE_CHARS,
    SIGN,
    SKIPS,
    WholeText,
    how_apart,
    marked,
    signs_of_clue,
    signs_of_two,
    signs_of_whole,
    token_of,
    whole_of,
)
from pipeline.ingest.text.relevance import Clue, Relevance
from pipeline.ingest.text.words import WordsSum

WORDS_KEPT_MAX: Final = 50_000
"""Words whose weights are remembered, and those of one text more; 50,000 take some 8 MB."""

PAIRS_KEPT_MAX: Final = 20_000
"""Pairs of rows whose signs are remembered; a language has some 150 rows. The same for what texts are as a whole."""

ROWS_MAX: Final = 1 << 20
"""Far more rows than a language has: two numbers of rows make one."""


class WordWeights:
    """Adds up what the words of a text, their pieces and their pairs weigh.

    Args:
        of: Weight by feature; signs among them are left aside.
    """

    def __init__(self, of: Mapping[str, int]) -> None:
        self._of = of
        pieces = {name[len(PIECE) :]: weight for name, weight in of.items() if weight and _is_piece(name)}
        self._pieces = PieceWeights("\n".join(pieces), array("q", pieces.values()))
        self._numbers: dict[str, int] = {}
        rows: list[tuple[int, int, int]] = []
        for name, weight in of.items():
            first, _, then = name.partition(" ")
            if then and weight and not name.startswith(SIGN):
                skips = then.startswith(SKIPS)
                rows.append((2 * self._number(first) + skips, self._number(then.removeprefix(SKIPS)), weight))
        self._pairs = Pairs(rows)
        self._edges = (self._numbers.get(FIRST, -1), self._numbers.get(LAST, -1))
        self._known: dict[str, Word] = {}
        self._long: dict[str, Word] = {}
        self._tell: Callable[[Word], None] = _tell_nothing

    def _number(self, token: str) -> int:
        """Of a token that pairs are made of."""
        return self._numbers.setdefault(token, len(self._numbers))

    def ask(self, tell: Callable[[Word], None]) -> None:
        """Remember from now on what others know of each word, too.

        Args:
            tell: Notes it at the word.
        """
        self._tell = tell
        self._known.clear()

    def sum(self, words: list[str]) -> WordsSum:
        """What the words of a text come to, each feature once.

        Args:
            words: Folded words in order, an empty one between stretches of a text: a pair lies within one.

        Returns:
            The sum.
        """
        if len(self._known) >= WORDS_KEPT_MAX:
            self._known.clear()
        told = WordsSum(*walk(self._known, self._learn, self._pairs, self._edges, words))
        self._long.clear()
        return told

    def _learn(self, text: str) -> Word:
        """What is known of a word that is met for the first time; a long one is remembered for this text alone."""
        kept = self._known if len(text) <= WORD_CHARS_MAX else self._long
        word = kept.get(text)
        if word is None:
            token = token_of(text)
            weight = self._of.get(token, 0) + (self._pieces.sum(marked(token)) if token.isalpha() else 0)
            word = Word(text, token, weight, self._numbers.get(token, -1))
            self._tell(word)
            kept[text] = word
        return word


def _tell_nothing(_word: Word) -> None:
    """Nobody else knows anything of words."""


class SignWeights:
    """Adds up what the signs of a text weigh.

    Args:
        of: Weight by feature; those of words are left aside.
    """

    def __init__(self, of: Mapping[str, int]) -> None:
        signs = {name: weight for name, weight in of.items() if weight and name.startswith(SIGN)}
        self._weights = list(signs.values())
        self._numbers = {name: number for number, name in enumerate(signs)}
        self._of_whole: dict[WholeText, _Signs] = {}
        self._of_clue: dict[int, _Signs] = {}
        self._of_two: dict[int, _Signs] = {}

    def sum(self, folded: Folded, reading: Relevance) -> int:
        """What the signs of a text come to, each once.

        Args:
            folded: The folded text.
            reading: What the lexicon finds in it, by the one reader of this language: rows are remembered by number.
        """
        whole, clues = whole_of(folded, reading), reading.clues
        found = [self._of_whole.get(whole) or self._learn_whole(whole)]
        if clues:
            several = clues if len(clues) <= CLUES_MAX else clues[:CLUES_MAX]
            self._add_clues(found, folded.words, several)
        return sum_once(self._weights, found)

    def _add_clues(self, found: "list[_Signs]", words: str, clues: tuple[Clue, ...]) -> None:
        of_clue, of_two, last = self._of_clue, self._of_two, len(clues) - 1
        for place, clue in enumerate(clues):
            signs = of_clue.get(clue.number)
            found.append(self._learn(clue) if signs is None else signs)
            for next_place in range(place + 1, min(place + FOLLOWING_MAX - 1, last) + 1):
                then = clues[next_place]
                how = how_apart(words, clue.end, then.start)
                if how == APART:
                    break
                key = (clue.number * ROWS_MAX + then.number) * len(HOWS) + how
                signs = of_two.get(key)
                found.append(self._learn_two(key, clue, then, how) if signs is None else signs)

    def _learn_whole(self, whole: WholeText) -> "_Signs":
        if len(self._of_whole) >= PAIRS_KEPT_MAX:
            self._of_whole.clear()
        found = self._of_whole[whole] = self._weighty(signs_of_whole(whole))
        return found

    def _learn(self, clue: Clue) -> "_Signs":
        found = self._of_clue[clue.number] = self._weighty(signs_of_clue(clue.row))
        return found

    def _learn_two(self, key: int, first: Clue, then: Clue, how: int) -> "_Signs":
        if len(self._of_two) >= PAIRS_KEPT_MAX:
            self._of_two.clear()
        found = self._of_two[key] = self._weighty(signs_of_two(first.row, then.row, HOWS[how]))
        return found

    def _weighty(self, signs: Iterable[str]) -> "_Signs":
        return tuple(self._numbers[sign] for sign in signs if sign in self._numbers)


_Signs = tuple[int, ...]
"""Numbers of signs that have a weight."""


def _is_piece(name: str) -> bool:
    return name.startswith(PIECE) and len(name) - len(PIECE) in PIECE_CHARS

"""Summing: weights of words and signs of one language, as fast as a text allows.

`features` says what a text has, name by name; here the same names are looked up without being made. What a word
comes to with its pieces is remembered, since most words of a post have been met before; the pieces of a new one are
found in one pass, as few have a weight. Pairs hang below their first
word, so that a word which begins none costs nothing; one table of all pairs is slower, as it is in no cache. Names of
signs are remembered by the hits they are of. Whatever is remembered can be worked out again and changes no sum, so it
starts anew when it has grown too large.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.matching import Parts
from pipeline.ingest.text.odds.features import (
    CLUES_MAX,
    FIRST,
    LAST,
    PIECE,
    PIECE_CHARS,
    SIGN,
    SKIPS,
    WholeText,
    marked,
    signs_of_clue,
    signs_of_two,
    signs_of_whole,
    token_of,
    two_of,
    whole_of,
)
from pipeline.ingest.text.relevance import Relevance
from pipeline.reference.words import Row

WORDS_KEPT_MAX: Final = 50_000
"""Words whose weights are remembered; 50,000 take some 8 MB."""

PAIRS_KEPT_MAX: Final = 20_000
"""Pairs of rows whose signs are remembered; a language has some 150 rows. The same for what texts are as a whole."""

_Pairs = Mapping[str, int]
"""Number of a pair by its second word."""

_NONE: Final[_Pairs] = {}


class WordsSum(NamedTuple):
    """What the words of a text come to.

    Attributes:
        weight: Sum of their weights, of their pieces and pairs.
        different: How many different words there are.
        traits: What its words may be part of, see `traits`.
    """

    weight: int
    different: int
    traits: int


class _Word(NamedTuple):
    """What is remembered of a word: pairs are those that it begins, beside the second word and with one between."""

    token: str
    weight: int
    traits: int
    beside: _Pairs
    skipping: _Pairs


class WordWeights:
    """Adds up what the words of a text, their pieces and their pairs weigh.

    Args:
        of: Weight by feature; signs among them are left aside.
    """

    def __init__(self, of: Mapping[str, int]) -> None:
        self._of = of
        self._pieces = Parts({name[len(PIECE) :]: weight for name, weight in of.items() if weight and _is_piece(name)})
        self._pairs: list[int] = []
        self._beside: dict[str, dict[str, int]] = {}
        self._skipping: dict[str, dict[str, int]] = {}
        for name, weight in of.items():
            first, _, then = name.partition(" ")
            if then and weight and not name.startswith(SIGN):
                below = self._skipping if then.startswith(SKIPS) else self._beside
                below.setdefault(first, {})[then.removeprefix(SKIPS)] = len(self._pairs)
                self._pairs.append(weight)
        self._starts = self._beside.get(FIRST, _NONE)
        self._known: dict[str, _Word] = {}
        self._traits_of: Callable[[str], int] = _no_traits

    def ask(self, traits_of: Callable[[str], int]) -> None:
        """Remember from now on what each word may be part of.

        Args:
            traits_of: Says it.
        """
        self._traits_of = traits_of
        self._known.clear()

    def sum(self, *stretches: Sequence[str]) -> WordsSum:
        """What all stretches of a text come to, each feature once.

        Args:
            stretches: Folded words in order; a pair lies within one stretch.

        Returns:
            The sum.
        """
        traits = 0
        known, of_words, pairs = self._known, dict[str, int](), set[int]()
        for words in stretches:
            beside, skipping, before = self._starts, _NONE, _NONE
            for word in words:
                token, weight, may_be, next_beside, next_skipping = known.get(word) or self._learn(word)
                of_words[token] = weight
                traits |= may_be
                if token in beside:
                    pairs.add(beside[token])
                if token in before:
                    pairs.add(before[token])
                beside, before, skipping = next_beside, skipping, next_skipping
            if LAST in beside:
                pairs.add(beside[LAST])
        total = sum(of_words.values())
        if pairs:
            total += sum(map(self._pairs.__getitem__, pairs))
        return WordsSum(total, len(of_words), traits)

    def _learn(self, word: str) -> _Word:
        if len(self._known) >= WORDS_KEPT_MAX:
            self._known.clear()
        token = token_of(word)
        weight = self._of.get(token, 0) + (self._pieces.sum(marked(token)) if token.isalpha() else 0)
        beside, skipping = self._beside.get(token, _NONE), self._skipping.get(token, _NONE)
        found = self._known[word] = _Word(token, weight, self._traits_of(word), beside, skipping)
        return found


def _no_traits(_word: str) -> int:
    return 0


class SignWeights:
    """Adds up what the signs of a text weigh.

    Args:
        of: Weight by feature; those of words are left aside.
    """

    def __init__(self, of: Mapping[str, int]) -> None:
        self._of = {name: weight for name, weight in of.items() if weight and name.startswith(SIGN)}
        self._of_whole: dict[WholeText, tuple[str, ...]] = {}
        self._of_clue: dict[str, tuple[str, ...]] = {}
        self._of_two: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def sum(self, folded: Folded, reading: Relevance) -> int:
        """What the signs of a text come to, each once.

        Args:
            folded: The folded text.
            reading: What the lexicon finds in it.
        """
        whole, clues = whole_of(folded, reading), reading.clues
        signs = self._of_whole.get(whole)
        if signs is None:
            signs = self._learn_whole(whole)
        found, of_clue, of_two = {*signs}, self._of_clue, self._of_two
        for clue in clues[:CLUES_MAX]:
            signs = of_clue.get(clue.row.name)
            found.update(self._learn(clue.row) if signs is None else signs)
        for first, then, how in two_of(folded.words, clues) if len(clues) > 1 else ():
            key = (first.row.name, then.row.name, how)
            signs = of_two.get(key)
            found.update(self._learn_two(key, first.row, then.row) if signs is None else signs)
        return sum(map(self._of.__getitem__, found))

    def _learn_whole(self, whole: WholeText) -> tuple[str, ...]:
        if len(self._of_whole) >= PAIRS_KEPT_MAX:
            self._of_whole.clear()
        found = self._of_whole[whole] = self._weighty(signs_of_whole(whole))
        return found

    def _learn(self, row: Row) -> tuple[str, ...]:
        found = self._of_clue[row.name] = self._weighty(signs_of_clue(row))
        return found

    def _learn_two(self, key: tuple[str, str, str], first: Row, then: Row) -> tuple[str, ...]:
        if len(self._of_two) >= PAIRS_KEPT_MAX:
            self._of_two.clear()
        found = self._of_two[key] = self._weighty(signs_of_two(first, then, key[2]))
        return found

    def _weighty(self, signs: Iterable[str]) -> tuple[str, ...]:
        return tuple(sign for sign in signs if sign in self._of)


def _is_piece(name: str) -> bool:
    return name.startswith(PIECE) and len(name) - len(PIECE) in PIECE_CHARS

"""Labels: which of several things does a text tell, as sums of whole numbers?

The features are few and cheap: words and neighbours as they are folded, rows of the lexicon with what they are about,
and what a text is as a whole. Pieces of words and pairs of rows, which weigh faults, were tried and said no more.
A feature's weights for all labels are a row, and one walk along the words adds up all rows that are met.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.loops.walking import Lanes, sum_lanes
from pipeline.ingest.text.odds.features import (
    CLUES_MAX,
    FIRST,
    FULL,
    LAST,
    SIGN,
    WholeText,
    share_of_words,
    signs_of_clue,
    signs_of_whole,
    token_of,
    whole_of,
)
from pipeline.ingest.text.relevance import Relevance
from pipeline.ingest.text.words import WordsSum
from pipeline.reference.learnt.label_weights import LabelWeights
from pipeline.reference.learnt.weights import CUTS

TALKS: Final = f"{SIGN}talks:"
"""Begins the name of a sign: the lists of words say that a text talks of it."""

WHOLES_KEPT_MAX: Final = 20_000
"""Texts as wholes whose signs are remembered; then all are forgotten, which changes no sum."""


class ReadText(NamedTuple):
    """A text that was understood: who asks for its topics next need not read it again.

    Attributes:
        text: As posted.
        code: Its language.
        folded: The folded text.
        words: What is known of its words.
        reading: What the lexicon finds in it.
    """

    text: str
    code: str
    folded: Folded
    words: WordsSum
    reading: Relevance


def features_of_words(words: Iterable[str]) -> set[str]:
    """Names of words and of neighbours, as weights of labels have them.

    Args:
        words: Folded words in order.

    >>> sorted(features_of_words(["no", "signal"]))
    ['^ no', 'no', 'no signal', 'signal', 'signal $']
    """
    found, before = set[str](), FIRST
    for word in words:
        token = token_of(word)
        found.update((token, f"{before} {token}"))
        before = token
    found.add(f"{before} {LAST}")
    return found


def signs_of_text(folded: Folded, reading: Relevance, talked: Iterable[str]) -> set[str]:
    """Names of the signs of a text, as weights of labels have them.

    Args:
        folded: The folded text.
        reading: What the lexicon finds in it.
        talked: Topics that lists of words find in it.
    """
    signs = set(signs_of_whole(whole_of(folded, reading)))
    for clue in reading.clues[:CLUES_MAX]:
        signs.update(signs_of_clue(clue.row))
    signs.update(f"{TALKS}{topic}" for topic in talked)
    return signs


class LabelReader:
    """Weighs the labels of texts of one language.

    Args:
        weights: From `pipeline.reference.learnt.label_weights.parse_label_weights`.
        numbers: Number of each token that readers of labels of this language know; those of this one are added.
    """

    def __init__(self, weights: LabelWeights, numbers: dict[str, int] | None = None) -> None:
        self.labels = weights.labels
        self.bars = weights.bars
        self._bases, self._stretch = weights.bases, weights.stretch
        self._numbers: dict[str, int] = {} if numbers is None else numbers
        self._signs: dict[str, int] = {}
        count, rows, of_word = len(weights.labels), array("h"), dict[int, int]()
        pairs = array("i")
        for row, (name, weight) in enumerate(weights.of.items()):
            rows.extend(weight)
            first, space, then = name.partition(" ")
            if name.startswith(SIGN):
                self._signs[name] = row
            elif space:
                pairs.extend((self._number(first), self._number(then), row))
            else:
                of_word[self._number(first)] = row
        words = array("i", [of_word.get(number, -1) for number in range(max(of_word, default=-1) + 1)])
        self._lanes = Lanes(count, rows, words, pairs)
        self._edges = (self._numbers.get(FIRST, -1), self._numbers.get(LAST, -1))
        self._of_clue: dict[int, _Rows] = {}
        self._of_whole: dict[WholeText, _Rows] = {}

    def _number(self, token: str) -> int:
        return self._numbers.setdefault(token, len(self._numbers))

    def permilles(self, read: ReadText, talked: Sequence[str]) -> list[int]:
        """Probability of each label, 0 to 999, in order of the labels.

        Args:
            read: The text, read by the one reader of its language: rows of the lexicon are remembered by number.
            talked: Topics that lists of words find in it.
        """
        share, known = share_of_words(read.words.different, self._stretch), read.words.known
        words, signs = sum_lanes(self._lanes, self._numbers, known, self._edges, self._signs_of(read, talked))
        found = []
        for lane, base in enumerate(self._bases):
            found.append(bisect_right(CUTS, base + words[lane] * share // FULL + signs[lane]))
        return found

    def _signs_of(self, read: ReadText, talked: Sequence[str]) -> "list[_Rows]":
        whole, clues = whole_of(read.folded, read.reading), read.reading.clues
        known = self._of_whole.get(whole)
        found = [self._learn_whole(whole) if known is None else known]
        for clue in clues if len(clues) <= CLUES_MAX else clues[:CLUES_MAX]:
            signs = self._of_clue.get(clue.number)
            if signs is None:
                signs = self._of_clue[clue.number] = self._weighty(signs_of_clue(clue.row))
            found.append(signs)
        return [*found, *[self._weighty((f"{TALKS}{topic}",)) for topic in talked]] if talked else found

    def _learn_whole(self, whole: WholeText) -> "_Rows":
        if len(self._of_whole) >= WHOLES_KEPT_MAX:
            self._of_whole.clear()
        found = self._of_whole[whole] = self._weighty(signs_of_whole(whole))
        return found

    def _weighty(self, signs: Iterable[str]) -> "_Rows":
        return tuple([self._signs[sign] for sign in signs if sign in self._signs])


_Rows = tuple[int, ...]
"""Rows of weights of signs."""

"""Labels: which of several things does a text tell, as sums of whole numbers?

The features are few and cheap: words and neighbours as they are folded, rows of the lexicon with what they are about,
and what a text is as a whole. Pieces of words and pairs of rows, which weigh faults, were tried and said no more.
A feature's weights for all labels travel in one number, each in a lane of its own, so one addition counts for all.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from pipeline.ingest.text.folding import Folded
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
from pipeline.ingest.text.words import Word
from pipeline.reference.learnt.label_weights import LabelWeights
from pipeline.reference.learnt.weights import permille_of

TALKS: Final = f"{SIGN}talks:"
"""Begins the name of a sign: the lists of words say that a text talks of it."""

_LANE: Final = 24
"""Bits of a lane: two weights of 1,000 for each of 1,200 words, and as many signs, are below half of it."""

_HALF: Final = 1 << (_LANE - 1)
_MASK: Final = (1 << _LANE) - 1

WHOLES_KEPT_MAX: Final = 20_000
"""Texts as wholes whose signs are remembered; then all are forgotten, which changes no sum."""


class ReadText(NamedTuple):
    """A text that was understood: who asks for its topics next need not read it again.

    Attributes:
        text: As posted.
        code: Its language.
        folded: The folded text.
        known: What is known of its words.
        reading: What the lexicon finds in it.
    """

    text: str
    code: str
    folded: Folded
    known: list[Word]
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
    """

    def __init__(self, weights: LabelWeights) -> None:
        self.labels = weights.labels
        self.bars = weights.bars
        self._bases, self._stretch = weights.bases, weights.stretch
        self._shift = sum(_HALF << _LANE * lane for lane in range(len(weights.labels)))
        self._words: dict[str, int] = {}
        self._beside: dict[str, dict[str, int]] = {}
        self._signs: dict[str, int] = {}
        for name, row in weights.of.items():
            packed = sum(weight << _LANE * lane for lane, weight in enumerate(row))
            first, space, then = name.partition(" ")
            if name.startswith(SIGN):
                self._signs[name] = packed
            elif space:
                self._beside.setdefault(first, {})[then] = packed
            else:
                self._words[name] = packed
        self._of_clue: dict[int, tuple[str, ...]] = {}
        self._of_whole: dict[WholeText, tuple[str, ...]] = {}

    def permilles(self, folded: Folded, reading: Relevance, talked: Iterable[str]) -> list[int]:
        """Probability of each label, 0 to 999, in order of the labels.

        Args:
            folded: The folded text.
            reading: What the lexicon finds in it, by the one reader of this language: rows are remembered by number.
            talked: Topics that lists of words find in it.
        """
        words, different = self._sum_words(folded.tokens)
        share = share_of_words(different, self._stretch)
        signs = self._sum_signs(folded, reading, talked)
        found = []
        for base, word, sign in zip(self._bases, self._apart(words), self._apart(signs), strict=True):
            found.append(permille_of(base + word * share // FULL + sign))
        return found

    def _sum_words(self, words: list[str]) -> tuple[int, int]:
        """What words and neighbours come to, each once, and how many different words there are."""
        of, pairs = self._words, self._beside
        total, seen, met = 0, set[str](), set[str]()
        before, beside = FIRST, pairs.get(FIRST, _NONE)
        for word in words:
            token = token_of(word)
            if token not in seen:
                seen.add(token)
                total += of.get(token, 0)
            weight = beside.get(token)
            if weight is not None:
                pair = f"{before} {token}"
                if pair not in met:
                    met.add(pair)
                    total += weight
            before, beside = token, pairs.get(token, _NONE)
        return total + beside.get(LAST, 0), len(seen)

    def _sum_signs(self, folded: Folded, reading: Relevance, talked: Iterable[str]) -> int:
        whole = whole_of(folded, reading)
        known = self._of_whole.get(whole)
        names = set(self._learn_whole(whole) if known is None else known)
        for clue in reading.clues[:CLUES_MAX]:
            signs = self._of_clue.get(clue.number)
            if signs is None:
                signs = self._of_clue[clue.number] = self._weighty(signs_of_clue(clue.row))
            names.update(signs)
        names.update([f"{TALKS}{topic}" for topic in talked])
        of = self._signs
        return sum([of[name] for name in names if name in of])

    def _learn_whole(self, whole: WholeText) -> tuple[str, ...]:
        if len(self._of_whole) >= WHOLES_KEPT_MAX:
            self._of_whole.clear()
        found = self._of_whole[whole] = self._weighty(signs_of_whole(whole))
        return found

    def _weighty(self, signs: Iterable[str]) -> tuple[str, ...]:
        return tuple([sign for sign in signs if sign in self._signs])

    def _apart(self, packed: int) -> list[int]:
        """The sums of all labels that one number holds."""
        shifted = packed + self._shift
        return [(shifted >> _LANE * lane & _MASK) - _HALF for lane in range(len(self.labels))]


_NONE: Final[dict[str, int]] = {}

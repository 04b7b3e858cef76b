"""Weighing: the probability that a text reports a present fault, as a sum of whole numbers.

The model is linear: each feature that a text has adds its weight, in centi-nats. Sums of integers do not depend on
an order, so a text has the same probability on every machine, and each part of it can be shown.
`summing` looks the weights up.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.odds.features import FULL, SIGN, pairs_of, pieces_of, share_of_words, signs_of, token_of
from pipeline.ingest.text.odds.summing import SignWeights, WordWeights
from pipeline.ingest.text.relevance import Relevance
from pipeline.ingest.text.words import Word, WordsSum
from pipeline.reference.learnt.weights import Weights, permille_of

EVIDENCE_MAX: Final = 500
"""What one text may say, in centi-nats either way: nobody is believed more than 150 to 1."""

POINTS_MIDDLE: Final = 200
POINTS_MAX: Final = 1_000
"""What the lexicon's points add, as an expert's word beside what was learnt: from 200 points on they speak for a fault.
Learnt weights come from texts of which half report a fault, most of them hard; the points know ordinary days."""

REPOST_CNAT: Final = -400
"""Added to a text that is somebody else's, in centi-nats: rumours travel by reposts."""

_HIGH: Final = 1 << 32
_HALF: Final = 1 << 31
"""Both weights of a feature travel in one whole number, the one in context above bit 32: one look-up, one addition."""


class Weighed(NamedTuple):
    """What a text comes to.

    Attributes:
        permille: Probability that it reports a present fault, alone; 0 to 999.
        in_context_permille: The same among many complaints of one pane.
        evidence: What it says beyond the odds of any text, in centi-nats, at most `EVIDENCE_MAX` either way.
        in_context: The same in context.
    """

    permille: int
    in_context_permille: int
    evidence: int
    in_context: int


class Contribution(NamedTuple):
    """One feature of a text, with its two weights in centi-nats; those of words are scaled for the text's length."""

    feature: str
    alone: int
    in_context: int


class Scales:
    """Adds up the weights of one language.

    Args:
        weights: From `pipeline.reference.learnt.weights.parse_weights`.
    """

    def __init__(self, weights: Weights) -> None:
        features = {*weights.alone, *weights.in_context}
        self._weights = msgspec.structs.replace(weights, alone={}, in_context={})  # both are in one table below
        self._of: Mapping[str, int] = {
            feature: weights.alone.get(feature, 0) + weights.in_context.get(feature, 0) * _HIGH for feature in features
        }
        self._words, self._signs = WordWeights(self._of), SignWeights(self._of)

    def ask(self, tell: Callable[[Word], None]) -> None:
        """Let `words` tell what others know of words, as `tell` notes it."""
        self._words.ask(tell)

    def words(self, folded: Folded) -> WordsSum:
        """What the words of a text come to, and what is known of each."""
        return self._words.sum(folded.tokens)

    def weigh(self, folded: Folded, reading: Relevance, words: WordsSum) -> Weighed:
        """Weigh a text.

        Args:
            folded: The folded text.
            reading: What the lexicon finds in it.
            words: What `words` says of it.
        """
        said = self._signs.sum(folded, reading) + expert_cnat(reading.points) * _BOTH
        return self._weighed(words.weight, said, words.different, repost=folded.repost)

    def are_tipped(self, weighed: Weighed) -> bool:
        """Is a text relevant: is its probability, alone, high enough?"""
        return weighed.permille >= self._weights.threshold_permille

    def parts(self, folded: Folded, reading: Relevance) -> list[Contribution]:
        """Every feature of a text that has a weight, heaviest first: the reasons for what `weigh` says."""
        tokens = [token_of(word) for word in folded.tokens]
        scale = self._scale(len(set(tokens)))
        parts = [self._part(feature, scale) for feature in _features_of_words(tokens)]
        parts += [self._part(sign, FULL) for sign in signs_of(folded, reading)]
        expert = expert_cnat(reading.points)
        parts.append(Contribution(f"{SIGN}points:{reading.points}", expert, expert))
        return sorted(
            (part for part in parts if part.alone or part.in_context),
            key=lambda part: (-abs(part.alone), -abs(part.in_context), part.feature),
        )

    def _weighed(self, words: int, signs: int, different: int, *, repost: bool) -> Weighed:
        weights, scale = self._weights, self._scale(different)
        taken = REPOST_CNAT if repost else 0
        word_alone, word_context = _apart(words)
        sign_alone, sign_context = _apart(signs)
        alone = weights.base + taken + sign_alone + word_alone * scale // FULL
        context = weights.base_in_context + taken + sign_context + word_context * scale // FULL
        return Weighed(
            permille_of(alone),
            permille_of(context),
            _clipped(alone - weights.prior),
            _clipped(context - weights.prior_in_context),
        )

    def _scale(self, different: int) -> int:
        return share_of_words(different, self._weights.stretch)

    def _part(self, feature: str, scale: int) -> Contribution:
        alone, in_context = _apart(self._of.get(feature, 0))
        return Contribution(feature, alone * scale // FULL, in_context * scale // FULL)


def expert_cnat(points: int) -> int:
    """What the lexicon's points add to both sums, in centi-nats.

    Args:
        points: Points of a text, below 0 against a fault.

    >>> expert_cnat(0), expert_cnat(300), expert_cnat(600), expert_cnat(5_000)
    (-90, 45, 180, 360)
    """
    return (min(max(points, 0), POINTS_MAX) - POINTS_MIDDLE) * 9 // 20


_BOTH: Final = 1 + _HIGH


def _features_of_words(tokens: list[str]) -> Iterator[str]:
    """Features of words, a piece once for each different word that holds it."""
    for token in sorted(set(tokens)):
        yield token
        yield from pieces_of(token)
    yield from sorted(pairs_of(tokens))


def _apart(both: int) -> tuple[int, int]:
    """The two sums that one number holds.

    >>> _apart(-3 + 5 * _HIGH), _apart(7 - 2 * _HIGH)
    ((-3, 5), (7, -2))
    """
    low = (both + _HALF) % _HIGH - _HALF
    return low, (both - low) // _HIGH


def _clipped(evidence: int) -> int:
    return min(max(evidence, -EVIDENCE_MAX), EVIDENCE_MAX)

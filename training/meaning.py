"""Meaning: what whole sentences say of a question, learnt beside the weights of words and added to them.

A linear model over the numbers of a sentence's encoding, one for all languages, learnt from the same texts as the
words' but by itself: two judges who were taught together lean on each other, two who were not err apart. Each counts
a half.
"""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from pipeline.adapters.encoder import read_encoder
from pipeline.records.vocabulary import OFFICIAL_KINDS
from pipeline.reference.learnt.meaning_weights import SIZE, UNIT, MeaningWeights
from training.fitting import ALL, CENTINATS, PENALTY, Floats, bounded, minimum, softmax_minimum
from training.measuring import Line, line_of

HALF: Final = 0.5

NUMBERS_SIZE: Final = 5.0
"""How large the numbers of a sentence are taken, whose squares sum to one: chosen on held-out texts among 3 and 5."""

KINDS_NUMBERS_SIZE: Final = 3.0
"""The same where a text is one of several kinds."""

BASE_SIZE: Final = 10.0

_COLUMNS: Final = {**{(ALL, str(place)): place for place in range(SIZE)}, (ALL, ""): SIZE}


@cache
def encoded(texts: tuple[str, ...]) -> Floats:
    """Sentences as rows of numbers whose squares sum to one.

    Args:
        texts: Without handles and links, as INGEST asks of them.
    """
    encoder = read_encoder()
    return np.array([encoder.encode(text) for text in texts], dtype=np.float64) / UNIT


def _design(numbers: Floats, size: float) -> csr_matrix:
    return csr_matrix(np.hstack([numbers * size, np.full((len(numbers), 1), BASE_SIZE)]))


def learnt_meaning(numbers: Floats, labels: Floats, shares: Floats) -> Floats:
    """Weights of a question with one answer, in nats: of each number, and last the base.

    Args:
        numbers: Of each text, from `encoded`.
        labels: 1 for yes, 0 for no, or between.
        shares: How much each text counts.
    """
    return _unsized(minimum(_design(numbers, NUMBERS_SIZE), labels, shares, _COLUMNS), NUMBERS_SIZE)


def learnt_meaning_of_kinds(numbers: Floats, may_be: Floats, shares: Floats) -> Floats:
    """The same of a question with one of several answers: a column for each.

    Args:
        numbers: Of each text, from `encoded`.
        may_be: 1 where a text may be of a kind.
        shares: How much each text counts.
    """
    return _unsized(softmax_minimum(_design(numbers, KINDS_NUMBERS_SIZE), may_be, shares, PENALTY), KINDS_NUMBERS_SIZE)


def _unsized(found: Floats, size: float) -> Floats:
    sizes = np.array([size] * SIZE + [BASE_SIZE])
    return np.asarray(found * (sizes if found.ndim == 1 else sizes[:, None]))


def said_by(weights: Floats, numbers: Floats) -> Floats:
    """What weights say of sentences, in nats."""
    return np.asarray(numbers @ weights[:SIZE] + weights[SIZE])


class Both(NamedTuple):
    """Words and meaning of claims together: log odds of held-out texts, and the line that makes them right."""

    log_odds: Floats
    line: Line

    @classmethod
    def of(cls, words: Floats, meaning: Floats, labels: Floats) -> "Both":
        """Put both together.

        Args:
            words: Log odds of held-out texts by their words.
            meaning: By their meaning.
            labels: What they are.
        """
        mean = HALF * words + HALF * meaning
        return cls(mean, line_of(mean, labels))


def meaning_of_claims(weights: Floats, words: Line, both: Line) -> MeaningWeights:
    """Weights as they are shipped, beside weights of words that have a line of their own in them.

    Args:
        weights: From `learnt_meaning`.
        words: The line that weights of words were shipped with.
        both: The line of both together.
    """
    share = HALF * both.slope / words.slope
    base = both.shift - share * words.shift + HALF * both.slope * float(weights[SIZE])
    rows = weights[:SIZE] * HALF * both.slope * CENTINATS
    return MeaningWeights(
        round(share * UNIT), (round(base * CENTINATS),), tuple((bounded(round(float(row))),) for row in rows)
    )


def meaning_of_kinds(weights: Floats) -> MeaningWeights:
    """Weights as they are shipped.

    Args:
        weights: From `learnt_meaning_of_kinds`.
    """
    rounded = [tuple(bounded(round(float(weight) * HALF * CENTINATS)) for weight in row) for row in weights]
    assert len(rounded[SIZE]) == len(OFFICIAL_KINDS)
    return MeaningWeights(round(HALF * UNIT), rounded[SIZE], tuple(rounded[:SIZE]))

"""Meaning: what whole sentences say of a question, learnt beside the weights of words and added to them.

A linear model over the numbers of a sentence's encoding, one for all languages, learnt from the same texts as the
words' but by itself: two judges who were taught together lean on each other, two who were not err apart. Each counts
a half.
"""

from functools import cache
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from pipeline.adapters.encoder import read_encoder
from pipeline.records.vocabulary import OFFICIAL_KINDS
from pipeline.reference.learnt.meaning_weights import SIZE, UNIT, MeaningWeights
from training.fitting import CENTINATS, PENALTY, Floats, bounded, softmax_minimum

HALF: Final = 0.5

NUMBERS_SIZE: Final = 3.0
"""How large the numbers of a sentence are taken, whose squares sum to one: chosen on held-out texts among 3 and 5."""

BASE_SIZE: Final = 10.0


@cache
def encoded(texts: tuple[str, ...]) -> Floats:
    """Sentences as rows of numbers whose squares sum to one.

    Args:
        texts: Without handles and links, as INGEST asks of them.
    """
    encoder = read_encoder()
    return np.array([encoder.encode(text) for text in texts], dtype=np.float64) / UNIT


def _design(numbers: Floats) -> csr_matrix:
    return csr_matrix(np.hstack([numbers * NUMBERS_SIZE, np.full((len(numbers), 1), BASE_SIZE)]))


def learnt_meaning_of_kinds(numbers: Floats, may_be: Floats, shares: Floats) -> Floats:
    """Weights of a question with one of several answers, in nats: of each number, and last the base; a column for each.

    Args:
        numbers: Of each text, from `encoded`.
        may_be: 1 where a text may be of a kind.
        shares: How much each text counts.
    """
    sizes = np.array([NUMBERS_SIZE] * SIZE + [BASE_SIZE])
    return np.asarray(softmax_minimum(_design(numbers), may_be, shares, PENALTY) * sizes[:, None])


def said_by(weights: Floats, numbers: Floats) -> Floats:
    """What weights say of sentences, in nats."""
    return np.asarray(numbers @ weights[:SIZE] + weights[SIZE])


def meaning_of_kinds(weights: Floats) -> MeaningWeights:
    """Weights as they are shipped.

    Args:
        weights: From `learnt_meaning_of_kinds`.
    """
    rounded = [tuple(bounded(round(float(weight) * HALF * CENTINATS)) for weight in row) for row in weights]
    assert len(rounded[SIZE]) == len(OFFICIAL_KINDS)
    return MeaningWeights(round(HALF * UNIT), rounded[SIZE], tuple(rounded[:SIZE]))

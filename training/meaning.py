"""Meaning: what sentences of a post say of a question, learnt beside the weights of words and added to them.

A small net over the encodings of a post and its sentences, one for all languages, learnt from the same texts as the
words' but by itself: two judges who were taught together lean on each other, two who were not err apart. Each counts
a half. It is learnt like `training.net`: from a fixed seed, the same on the same machine, elsewhere of the same worth.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.adapters.encoder import read_encoder
from pipeline.ingest.text.meaning.asking import views_of
from pipeline.records.vocabulary import OFFICIAL_KINDS
from pipeline.reference.learnt.meaning_weights import MILLINATS, ONE, UNIT, MeaningWeights
from training.fitting import CENTINATS, Floats, bounded

HALF: Final = 0.5

HIDDEN: Final = 64
ROUNDS: Final = 20
BATCH: Final = 64
STEP: Final = 1e-3
SHRINK: Final = 3e-2
"""How much of a weight is taken away at each step of length 1."""

LEFT_OUT: Final = 0.3
"""Share of hidden numbers that a step does without, and half as many of a post's."""

NUMBERS_SIZE: Final = 8.0
"""How large the numbers of a sentence are taken, whose squares sum to one."""

_BETAS: Final = (0.9, 0.999)

Singles = NDArray[np.float32]

PostNet = tuple[Singles, Singles, Singles, Singles]
"""Weights into the hidden layer, its shifts, weights out of it, a column for each answer, and what is added."""


@cache
def encoded(texts: tuple[str, ...]) -> Floats:
    """Sentences as rows of numbers whose squares sum to one.

    Args:
        texts: Without handles and links, as INGEST asks of them.
    """
    encoder = read_encoder()
    return np.array([encoder.encode(text) for text in texts], dtype=np.float64) / UNIT


@cache
def encoded_views(texts: tuple[str, ...]) -> Floats:
    """Posts as rows of numbers: the whole, its sentences' mean, the first and the last one.

    Args:
        texts: Without handles and links, as INGEST asks of them.
    """
    encoder = read_encoder()
    return np.array([views_of(text, encoder) for text in texts], dtype=np.float64) / UNIT


def learnt_meaning_of_kinds(numbers: Floats, may_be: Floats, shares: Floats) -> PostNet:
    """Learn a net that tells which of several answers holds.

    Args:
        numbers: Of each text, from `encoded_views`.
        may_be: 1 where a text may be of a kind.
        shares: How much each text counts.
    """
    dice, kinds = np.random.default_rng(0), may_be.shape[1]
    sized, truths = (numbers * NUMBERS_SIZE).astype(np.float32), may_be.astype(np.float32)
    net = [
        dice.normal(0.0, (2.0 / sized.shape[1]) ** 0.5, (sized.shape[1], HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        dice.normal(0.0, (1.0 / HIDDEN) ** 0.5, (HIDDEN, kinds)).astype(np.float32),
        np.zeros(kinds, np.float32),
    ]
    first, second = [np.zeros_like(part) for part in net], [np.zeros_like(part) for part in net]
    steps, taken = ROUNDS * (len(truths) // BATCH), 0
    for _ in range(ROUNDS):
        order = dice.permutation(len(truths))
        for start in range(0, len(truths) - BATCH + 1, BATCH):
            some = order[start : start + BATCH]
            slopes = _slopes(net, sized[some], truths[some], shares[some].astype(np.float32), dice)
            taken += 1
            length = STEP * (1.0 - taken / steps)
            for at, slope in enumerate(slopes):
                first[at] += (1.0 - _BETAS[0]) * (slope - first[at])
                second[at] += (1.0 - _BETAS[1]) * (slope * slope - second[at])
                spread = np.sqrt(second[at] / (1.0 - _BETAS[1] ** taken)) + 1e-8
                net[at] -= length * (first[at] / (1.0 - _BETAS[0] ** taken) / spread + SHRINK * net[at] * (at % 2 == 0))
    return net[0], net[1], net[2], net[3]


def _slopes(
    net: list[Singles], numbers: Singles, may_be: Singles, shares: Singles, dice: np.random.Generator
) -> list[Singles]:
    into, shifts, out, base = net
    some = numbers * (dice.random(numbers.shape, dtype=np.float32) > LEFT_OUT / 2) / np.float32(1.0 - LEFT_OUT / 2)
    before = some @ into + shifts
    kept = (dice.random(before.shape, dtype=np.float32) > LEFT_OUT) / np.float32(1.0 - LEFT_OUT)
    hidden = np.maximum(before, 0.0) * kept
    chances = _shares_of_one(np.asarray(hidden @ out + base, dtype=np.float32))
    meant = chances * may_be
    meant /= np.maximum(meant.sum(axis=1, keepdims=True), 1e-9)
    off = (chances - meant) * shares[:, None] / np.float32(len(shares))
    behind = (off @ out.T) * kept * (before > 0.0)
    return [some.T @ behind, behind.sum(axis=0), hidden.T @ off, off.sum(axis=0)]


def _shares_of_one(sums: Singles) -> Singles:
    raised = np.exp(sums - sums.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def said_by(net: PostNet, numbers: Floats) -> Floats:
    """What a net says of posts, in nats."""
    into, shifts, out, base = net
    sized = (numbers * NUMBERS_SIZE).astype(np.float32)
    return np.asarray(np.maximum(sized @ into + shifts, 0.0) @ out + base, dtype=np.float64)


def meaning_of_kinds(net: PostNet) -> MeaningWeights:
    """A net as it is shipped.

    Args:
        net: From `learnt_meaning_of_kinds`.
    """
    into, shifts, out, base = (part.astype(np.float64) for part in net)
    assert out.shape[1] == len(OFFICIAL_KINDS)
    return MeaningWeights(
        share_permille=round(HALF * UNIT),
        base=_whole(base * HALF * CENTINATS),
        into=tuple(_whole(row * NUMBERS_SIZE * ONE) for row in into),
        shifts=_whole(shifts * ONE),
        out=tuple(_whole(row * HALF * CENTINATS * MILLINATS) for row in out.T),
    )


def _whole(numbers: Floats) -> tuple[int, ...]:
    return tuple(bounded(round(float(number))) for number in numbers)

"""Net: a small net over what sentences mean, and how it counts beside their words.

One hidden layer, learnt by steps of Adam (Kingma and Ba 2015) with parts left out at random (Srivastava et al. 2014)
from a fixed seed: the same on the same machine; on another one sums of floats may round in another way, and the net is
another of the same worth. What is shipped is rounded, and whole.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.reference.learnt.meaning_weights import MILLINATS, ONE, SIZE, UNIT
from pipeline.reference.learnt.net_weights import NetWeights
from training.fitting import CENTINATS, Floats, bounded
from training.measuring import Line

HIDDEN: Final = 256
ROUNDS: Final = 20
BATCH: Final = 64
STEP: Final = 1e-3
SHRINK: Final = 3e-2
"""How much of a weight is taken away at each step of length 1."""

LEFT_OUT: Final = 0.5
"""Share of hidden numbers that a step does without, and half as many of a sentence's."""

NUMBERS_SIZE: Final = 8.0
"""How large the numbers of a sentence are taken, whose squares sum to one."""

_BETAS: Final = (0.9, 0.999)

Net = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]
"""Weights into the hidden layer, its shifts, weights out of it, and what is added."""


def learnt_net(numbers: Floats, labels: Floats, shares: Floats) -> Net:
    """Learn a net.

    Args:
        numbers: Of each text, from `training.meaning.encoded`.
        labels: 1 for yes, 0 for no, or between.
        shares: How much each text counts.
    """
    dice = np.random.default_rng(0)
    sized = (numbers * NUMBERS_SIZE).astype(np.float32)
    net = [
        dice.normal(0.0, (2.0 / SIZE) ** 0.5, (SIZE, HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        dice.normal(0.0, (1.0 / HIDDEN) ** 0.5, HIDDEN).astype(np.float32),
        np.zeros(1, np.float32),
    ]
    first, second = [np.zeros_like(part) for part in net], [np.zeros_like(part) for part in net]
    steps, taken = ROUNDS * (len(labels) // BATCH), 0
    for _ in range(ROUNDS):
        order = dice.permutation(len(labels))
        for start in range(0, len(labels) - BATCH + 1, BATCH):
            some = order[start : start + BATCH]
            slopes = _slopes(net, sized[some], labels[some], shares[some], dice)
            taken += 1
            length = STEP * (1.0 - taken / steps)
            for at, slope in enumerate(slopes):
                first[at] += (1.0 - _BETAS[0]) * (slope - first[at])
                second[at] += (1.0 - _BETAS[1]) * (slope * slope - second[at])
                spread = np.sqrt(second[at] / (1.0 - _BETAS[1] ** taken)) + 1e-8
                net[at] -= length * (first[at] / (1.0 - _BETAS[0] ** taken) / spread + SHRINK * net[at] * (at % 2 == 0))
    return net[0], net[1], net[2], net[3]


def _slopes(
    net: list[NDArray[np.float32]],
    numbers: NDArray[np.float32],
    labels: Floats,
    shares: Floats,
    dice: np.random.Generator,
) -> list[NDArray[np.float32]]:
    into, shifts, out, base = net
    some = numbers * (dice.random(numbers.shape, dtype=np.float32) > LEFT_OUT / 2) / np.float32(1.0 - LEFT_OUT / 2)
    before = some @ into + shifts
    kept = (dice.random(before.shape, dtype=np.float32) > LEFT_OUT) / np.float32(1.0 - LEFT_OUT)
    hidden = np.maximum(before, 0.0) * kept
    chance = 1.0 / (1.0 + np.exp(-(hidden @ out + base)))
    off = ((chance - labels) * shares / len(labels)).astype(np.float32)
    behind = np.outer(off, out) * kept * (before > 0.0)
    return [some.T @ behind, behind.sum(0), hidden.T @ off, off.sum(keepdims=True)]


def said_by_net(net: Net, numbers: Floats) -> Floats:
    """What a net says of sentences, in nats."""
    into, shifts, out, base = net
    sized = (numbers * NUMBERS_SIZE).astype(np.float32)
    return np.asarray(np.maximum(sized @ into + shifts, 0.0) @ out + base, dtype=np.float64)


class Joined(NamedTuple):
    """How words and meaning count together, and what is added where nothing is named; in nats.

    Attributes:
        words: For a nat of the words'.
        meaning: For a nat of the net's.
        unnamed: Of a text that names nothing that may have been called.
        base: Of any text.
    """

    words: float
    meaning: float
    unnamed: float
    base: float

    @classmethod
    def of(cls, words: Floats, meaning: Floats, unnamed: Floats, labels: Floats) -> "Joined":
        """What makes log odds right of texts that were held out, by Newton's method.

        Args:
            words: Log odds of texts by words of other writers.
            meaning: By a net of other writers' texts.
            unnamed: 1 where nothing is named.
            labels: What they are.
        """
        columns = np.column_stack([words, meaning, unnamed, np.ones(len(labels))])
        found = np.array([0.5, 0.5, 0.0, 0.0])
        for _ in range(25):
            chance = 1.0 / (1.0 + np.exp(-(columns @ found)))
            curve = columns.T @ (columns * (chance * (1.0 - chance))[:, None])
            found = found - np.linalg.solve(curve + np.eye(4) * 1e-3, columns.T @ (chance - labels) + found * 1e-3)
        return cls(*found.tolist())

    def log_odds(self, words: Floats, meaning: Floats, unnamed: Floats) -> Floats:
        """Of texts, in nats."""
        return np.asarray(self.words * words + self.meaning * meaning + self.unnamed * unnamed + self.base)


def net_weights(net: Net, joined: Joined, words: Line) -> NetWeights:
    """A net as it is shipped, beside weights of words that have a line of their own in them.

    Args:
        net: From `learnt_net`.
        joined: How it counts.
        words: The line that weights of words were shipped with.
    """
    into, shifts, out, base = net
    share = joined.words / words.slope
    shift = joined.base - share * words.shift + joined.meaning * float(base[0])
    rows = np.rint(into.astype(np.float64) * NUMBERS_SIZE * ONE)
    return NetWeights(
        share_permille=round(share * UNIT),
        unnamed=bounded(round(joined.unnamed * CENTINATS)),
        base=round(shift * CENTINATS),
        into=tuple(tuple(bounded(int(weight)) for weight in row) for row in rows),
        shifts=tuple(bounded(round(float(number) * ONE)) for number in shifts),
        out=tuple(bounded(round(float(weight) * joined.meaning * CENTINATS * MILLINATS)) for weight in out),
    )

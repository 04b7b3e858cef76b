"""Asking what a sentence means: one question, by sums of whole numbers over the numbers of its encoding.

Words say most of what a text is, and what they say stands in the weights of words. What is written in words that
nobody wrote before ("the doors of the station stand open, since nobody here can ring us out") is near what was
written in others. So the sum of words counts for a share, and the sentence adds the rest.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline.ingest.text.odds.features import FULL
from pipeline.reference.learnt.meaning_weights import UNIT, MeaningWeights

if TYPE_CHECKING:  # numpy comes with it, and most who start read no such text
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.ingest.text.meaning.encoder import SentenceEncoder

ReadEncoder = Callable[[], "SentenceEncoder"]
"""Reads the encoder, which is large: once, when its first text comes."""


class Meaning:
    """One question, asked of sentences.

    Args:
        weights: What the numbers of a sentence say of each answer.
        encoder: Reads the encoder.
    """

    def __init__(self, weights: MeaningWeights, encoder: ReadEncoder) -> None:
        self._weights, self._encoder = weights, encoder
        self._of: NDArray[np.int64] | None = None

    def beside(self, sums: Sequence[int], text: str) -> list[int]:
        """What words and meaning say together of each answer, in centi-nats.

        Args:
            sums: What words say of each answer, in centi-nats.
            text: As posted.
        """
        return [words + said for words, said in zip(self.share_of(sums), self.of(text), strict=True)]

    def share_of(self, sums: Sequence[int]) -> list[int]:
        """What words count for where meaning is asked, too, in centi-nats.

        Args:
            sums: What they say of each answer alone, in centi-nats.
        """
        return [words * self._weights.share_permille // FULL for words in sums]

    def of(self, text: str) -> list[int]:
        """What a sentence's numbers say of each answer, in centi-nats.

        Args:
            text: As posted.
        """
        numbers = self._encoder().encode(text)
        if self._of is None:
            self._of = whole_matrix(self._weights.of)
        said: list[int] = (numbers @ self._of).tolist()
        return [base + part // UNIT for base, part in zip(self._weights.base, said, strict=True)]


def whole_matrix(rows: Sequence[Sequence[int]]) -> "NDArray[np.int64]":
    """Weights as an array, whose products with whole numbers are exact below 2^63.

    Args:
        rows: A row for each number of a sentence.
    """
    import numpy as np

    return np.array(rows, dtype=np.int64)


def asked(weights: MeaningWeights | None, encoder: ReadEncoder | None) -> Meaning | None:
    """A question, if there are weights and an encoder to ask; else words alone answer it.

    Args:
        weights: What the numbers of a sentence say of each answer.
        encoder: Reads the encoder.
    """
    return None if weights is None or encoder is None else Meaning(weights, encoder)

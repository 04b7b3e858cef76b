"""Asking what a post means: one question, by sums of whole numbers over the encodings of the post and its sentences.

Words say most of what a text is, and what they say stands in the weights of words. What is written in words that
nobody wrote before ("the cable has gone the way of all copper") is near what was written in others. So the sum of
words counts for a share, and meaning adds the rest. The encoding of a whole post blurs "sorry for the wait" and "it is
back", so its sentences are encoded, too: their mean, the first one and the last one count beside the whole.
"""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from pipeline.ingest.text.odds.features import FULL
from pipeline.reference.learnt.meaning_weights import MILLINATS, ONE, UNIT, VIEWS, MeaningWeights

if TYPE_CHECKING:  # numpy comes with it, and most who start read no such text
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.ingest.text.meaning.encoder import SentenceEncoder

ReadEncoder = Callable[[], "SentenceEncoder"]
"""Reads the encoder, which is large: once, when its first text comes."""

SENTENCES_MAX: Final = 12
"""Sentences of a post that are encoded, from its beginning: few posts have more than six."""

SENTENCE_CHARS_MIN: Final = 12
"""A shorter one belongs to the next: "Update:", "Hi Ann."."""

CHARS_MAX: Final = 2_000
"""What is cut into sentences."""

_BORDER: Final = re.compile(r"(?<=[.!?:;\n])\s+")


class Meaning:
    """One question, asked of posts.

    Args:
        weights: What the numbers of a post say of each answer.
        encoder: Reads the encoder.
    """

    def __init__(self, weights: MeaningWeights, encoder: ReadEncoder) -> None:
        self._weights, self._encoder = weights, encoder
        self._matrices: tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]] | None = None

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
        """What a post's numbers say of each answer, in centi-nats.

        Exact: 2,048 products of numbers below 2**10 and 2**15 stay below 2**53.

        Args:
            text: As posted.
        """
        into, shifts, out = self._matrices or self._read_matrices()
        told = (views_of(text, self._encoder()).astype("float64") @ into).astype("int64") + shifts
        said: list[int] = (out @ (told.clip(0) // UNIT)).tolist()
        return [base + part // (ONE * MILLINATS) for base, part in zip(self._weights.base, said, strict=True)]

    def _read_matrices(self) -> "tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]":
        weights = self._weights
        into, out = whole_matrix(weights.into).astype("float64"), whole_matrix(weights.out)
        self._matrices = (into, whole_matrix([weights.shifts])[0] * UNIT, out)
        return self._matrices


def views_of(text: str, encoder: "SentenceEncoder") -> "NDArray[np.int64]":
    """A post's encoding, its sentences' mean, and those of the first and the last one, behind each other.

    Args:
        text: As posted.
        encoder: Encodes.
    """
    import numpy as np

    whole, sentences = encoder.encode(text), sentences_of(text)
    if len(sentences) == 1:
        return np.concatenate([whole] * VIEWS)
    parts = [encoder.encode(sentence) for sentence in sentences]
    return np.concatenate([whole, sum(parts[1:], parts[0]) // len(parts), parts[0], parts[-1]])


def sentences_of(text: str) -> list[str]:
    """The sentences of a post, short ones with what follows them; at least one.

    >>> sentences_of("Update: TV is back in Leeds. Thanks for waiting, everyone!")
    ['Update: TV is back in Leeds.', 'Thanks for waiting, everyone!']
    """
    found: list[str] = []
    for part in _BORDER.split(text[:CHARS_MAX].strip()):
        if found and len(found[-1]) < SENTENCE_CHARS_MIN:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found[:SENTENCES_MAX]


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
        weights: What the numbers of a post say of each answer.
        encoder: Reads the encoder.
    """
    return None if weights is None or encoder is None else Meaning(weights, encoder)

"""Weights of what a sentence means, learnt offline and shipped as a file for each question, for all languages at once.

A line for each number of a sentence's encoding, with a whole number of centi-nats for each answer: what a sentence
adds whose number is 1,000.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.weights import head_and_features

SIZE: Final = 512
"""Numbers of a sentence's encoding."""

UNIT: Final = 1_000
"""Their length, as a vector."""


SHARE_MAX_PERMILLE: Final = 2_000
"""Words may count for more than alone: two judges who agree are surer than each."""


class MeaningWeights(msgspec.Struct, frozen=True):
    """The weights of one question.

    Attributes:
        share_permille: How much the sum of words counts beside them: 1,000 is as much as alone.
        base: What any sentence has for each answer, in centi-nats.
        of: What each number of a sentence adds to each answer, in centi-nats for 1,000.
    """

    share_permille: int
    base: tuple[int, ...]
    of: tuple[tuple[int, ...], ...]


def parse_meaning_weights(name: str, text: str, answers: Sequence[str]) -> MeaningWeights:
    """Read a file of weights.

    Args:
        name: Name of the file, for messages.
        text: Its content.
        answers: Names of the answers, in their order.

    Raises:
        ConfigError: If it is no such file, has another format, or a line that cannot be read.
    """
    head, of = head_and_features(name, text, _heads(answers), len(answers))
    if list(of) != [str(place) for place in range(SIZE)] or not 0 <= head[1] <= SHARE_MAX_PERMILLE:
        raise ConfigError(
            f"weights {name}: share_permille {head[1]}, {len(of)} lines: must be 0 to {SHARE_MAX_PERMILLE}, and lines "
            f"0 to {SIZE - 1} in their order; train it again"
        )
    return MeaningWeights(head[1], tuple(head[2:]), tuple(of.values()))


def meaning_weights_written(weights: MeaningWeights, answers: Sequence[str]) -> str:
    """The content of the file that `parse_meaning_weights` reads.

    Args:
        weights: To write.
        answers: Names of the answers, in their order.
    """
    numbers = (1, weights.share_permille, *weights.base)
    heads = [f"# {name} {number}" for name, number in zip(_heads(answers), numbers, strict=True)]
    rows = ["\t".join(map(str, (place, *row))) for place, row in enumerate(weights.of)]
    return "\n".join([*heads, *rows, ""])


def _heads(answers: Sequence[str]) -> list[str]:
    return ["format", "share_permille", *(f"base_{answer}" for answer in answers)]

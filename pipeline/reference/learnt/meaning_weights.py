"""Weights of what a post means, learnt offline and shipped as a file for each question, for all languages at once.

A small net: its one layer of hidden numbers stands between what the post's sentences mean and the answers. All weights
are whole numbers, so sums are exact in any order.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.weights import head_and_features

SIZE: Final = 512
"""Numbers of a sentence's encoding."""

UNIT: Final = 1_000
"""Their length, as a vector."""

VIEWS: Final = 4
"""Encodings of a post that enter the layer: of the whole, of its sentences' mean, of the first and of the last one."""

ONE: Final = 64
"""What stands for 1 among weights into a layer."""

MILLINATS: Final = 10
"""Weights out of it are tenths of centi-nats."""

HIDDEN_MAX: Final = 256
"""Hidden numbers: more of them no text has paid for."""

SHARE_MAX_PERMILLE: Final = 2_000
"""Words may count for more than alone: two judges who agree are surer than each."""


class MeaningWeights(msgspec.Struct, frozen=True):
    """The weights of one question.

    Attributes:
        share_permille: How much the sum of words counts beside them: 1,000 is as much as alone.
        base: What any post has for each answer, in centi-nats.
        into: For each number of each view, what it adds to each hidden one, in 1/64 for a number of `UNIT`.
        shifts: What each hidden number has anyway, in 1/64.
        out: For each answer, what each hidden number of 1 adds, in tenths of centi-nats: what is below zero counts as
            zero.
    """

    share_permille: int
    base: tuple[int, ...]
    into: tuple[tuple[int, ...], ...]
    shifts: tuple[int, ...]
    out: tuple[tuple[int, ...], ...]


def parse_meaning_weights(name: str, text: str, answers: Sequence[str]) -> MeaningWeights:
    """Read a file of weights.

    Args:
        name: Name of the file, for messages.
        text: Its content.
        answers: Names of the answers, in their order.

    Raises:
        ConfigError: If it is no such file, has another format, or a line that cannot be read.
    """
    hidden = text.removesuffix("\n").rsplit("\n", 1)[-1].count("\t")
    if not 1 <= hidden <= HIDDEN_MAX:
        raise ConfigError(f"weights {name}: {hidden} hidden numbers: must be 1 to {HIDDEN_MAX}; train it again")
    head, of = head_and_features(name, text, _heads(answers), hidden)
    if list(of) != _rows(answers) or not 0 <= head[1] <= SHARE_MAX_PERMILLE:
        raise ConfigError(
            f"weights {name}: share_permille {head[1]}, {len(of)} lines: must be 0 to {SHARE_MAX_PERMILLE}, and lines "
            f"0 to {VIEWS * SIZE - 1}, shift and out in their order; train it again"
        )
    rows = list(of.values())
    into, shifts, out = rows[: VIEWS * SIZE], rows[VIEWS * SIZE], rows[VIEWS * SIZE + 1 :]
    return MeaningWeights(head[1], tuple(head[2:]), tuple(into), shifts, tuple(out))


def meaning_weights_written(weights: MeaningWeights, answers: Sequence[str]) -> str:
    """The content of the file that `parse_meaning_weights` reads.

    Args:
        weights: To write.
        answers: Names of the answers, in their order.
    """
    numbers = (1, weights.share_permille, *weights.base)
    heads = [f"# {name} {number}" for name, number in zip(_heads(answers), numbers, strict=True)]
    rows = zip(_rows(answers), chain(weights.into, (weights.shifts,), weights.out), strict=True)
    return "\n".join([*heads, *("\t".join(map(str, (name, *row))) for name, row in rows), ""])


def _heads(answers: Sequence[str]) -> list[str]:
    return ["format", "share_permille", *(f"base_{answer}" for answer in answers)]


def _rows(answers: Sequence[str]) -> list[str]:
    return [*map(str, range(VIEWS * SIZE)), "shift", *(f"out_{answer}" for answer in answers)]

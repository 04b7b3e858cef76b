"""Weights of a small net over what a sentence means, learnt offline and shipped as a file.

One layer of hidden numbers stands between the numbers of a sentence's encoding and the answer: what a line cannot tell
apart ("the call to the ambulance failed", "the call about the ambulance failed") a bend can. All weights are whole
numbers, so sums are exact in any order.
"""

from itertools import chain
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.meaning_weights import SHARE_MAX_PERMILLE, SIZE
from pipeline.reference.learnt.weights import head_and_features

HEAD: Final = ("format", "share_permille", "unnamed", "base")
"""Numbers at the head of a file, in this order, a line each: `# name value`."""

ONE: Final = 64
"""What stands for 1 among weights into the layer."""

MILLINATS: Final = 10
"""Weights out of it are tenths of centi-nats."""

HIDDEN_MAX: Final = 256
"""Hidden numbers: more of them no text has paid for."""


class NetWeights(msgspec.Struct, frozen=True):
    """A net that says how likely a text is a claim, beside the sum of its words.

    Attributes:
        share_permille: How much the sum of words counts beside it: 1,000 is as much as alone.
        unnamed: What is added where a text names nothing that could have been called, in centi-nats.
        base: What any text has, in centi-nats.
        into: For each number of a sentence, what it adds to each hidden one, in 1/64 for a number of `UNIT`.
        shifts: What each hidden number has anyway, in 1/64.
        out: What a hidden number of 1 adds, in tenths of centi-nats: what is below zero counts as zero.
    """

    share_permille: int
    unnamed: int
    base: int
    into: tuple[tuple[int, ...], ...]
    shifts: tuple[int, ...]
    out: tuple[int, ...]


def parse_net_weights(name: str, text: str) -> NetWeights:
    """Read a file of weights.

    Args:
        name: Name of the file, for messages.
        text: Its content.

    Raises:
        ConfigError: If it is no such file, has another format, or a line that cannot be read.
    """
    last = text.removesuffix("\n").rsplit("\n", 1)[-1]
    hidden = last.count("\t")
    if not 1 <= hidden <= HIDDEN_MAX:
        raise ConfigError(f"weights {name}: {hidden} hidden numbers: must be 1 to {HIDDEN_MAX}; train it again")
    head, of = head_and_features(name, text, HEAD, hidden)
    if list(of) != _rows() or not 0 <= head[1] <= SHARE_MAX_PERMILLE:
        raise ConfigError(
            f"weights {name}: share_permille {head[1]}, {len(of)} lines: must be 0 to {SHARE_MAX_PERMILLE}, and lines "
            f"0 to {SIZE - 1}, shift and out in their order; train it again"
        )
    *into, shifts, out = of.values()
    return NetWeights(head[1], head[2], head[3], tuple(into), shifts, out)


def net_weights_written(weights: NetWeights) -> str:
    """The content of the file that `parse_net_weights` reads.

    Args:
        weights: To write.
    """
    numbers = (1, weights.share_permille, weights.unnamed, weights.base)
    heads = [f"# {name} {number}" for name, number in zip(HEAD, numbers, strict=True)]
    rows = zip(_rows(), chain(weights.into, (weights.shifts, weights.out)), strict=True)
    return "\n".join([*heads, *("\t".join(map(str, (name, *row))) for name, row in rows), ""])


def _rows() -> list[str]:
    return [*map(str, range(SIZE)), "shift", "out"]

"""Weights of labels: what each feature of a text says for each of several things that it may tell, learnt offline.

One file holds one language and one question: what a text talks of, or which services it says fail. A feature has one
weight for each label, in whole centi-nats; a text may have several labels, or none. From a label's bar on it is told. A
label whose bar no probability reaches is one that was not learnt well enough: lists of words decide instead.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.weights import FORMAT, head_and_features

TOPICS_LEARNT: Final = (
    *("back", "compensation", "device", "general", "leaving", "planned", "prices", "professionals", "rumour"),
    "thanks",
)
"""What a text may talk of, as files of weights have it in their columns."""

SERVICES_LEARNT: Final = ("broadband", "fixed_voice", "mobile_data", "mobile_voice", "sms", "tv")
"""Services that a text may say fail; that help cannot be called is a question of its own."""

NEVER: Final = 1_000
"""Bar of a label that is not told by weights."""


class LabelWeights(msgspec.Struct, frozen=True):
    """The weights of one language and question.

    Attributes:
        labels: Their names, in order of the columns.
        stretch: Different words up to which each counts in full.
        bases: By label, log odds of a text without a feature, in centi-nats.
        bars: By label, the probability from which on it is told, in permille; `NEVER` for one that lists of words tell.
        of: By feature, its weight for each label, in centi-nats.
    """

    labels: tuple[str, ...]
    stretch: int
    bases: tuple[int, ...]
    bars: tuple[int, ...]
    of: Mapping[str, tuple[int, ...]]


def parse_label_weights(name: str, text: str, labels: Sequence[str]) -> LabelWeights:
    """Read the file of a language and question.

    Args:
        name: Name of the file, for messages.
        text: Its content.
        labels: In order of its columns.

    Raises:
        ConfigError: If it is no such file, has another format, or a line that cannot be read.
    """
    head, of = head_and_features(name, text, _head(labels), len(labels))
    stretch, bases, bars = head[1], tuple(head[2::2]), tuple(head[3::2])
    if not 1 <= stretch <= 1_000 or not all(1 <= bar <= NEVER for bar in bars):
        raise ConfigError(f"weights {name}: stretch {stretch}, bars {bars}: must be 1 to 1000 each; train it again")
    return LabelWeights(tuple(labels), stretch, bases, bars, of)


def label_weights_written(weights: LabelWeights) -> str:
    """The content of the file that `parse_label_weights` reads, features sorted."""
    numbers = [FORMAT, weights.stretch]
    for base, bar in zip(weights.bases, weights.bars, strict=True):
        numbers += [base, bar]
    heads = [f"# {name} {number}" for name, number in zip(_head(weights.labels), numbers, strict=True)]
    rows = ["\t".join((name, *map(str, weights.of[name]))) for name in sorted(weights.of)]
    return "\n".join([*heads, *rows, ""])


def _head(labels: Sequence[str]) -> list[str]:
    return ["format", "stretch", *(f"{what}_{label}" for label in labels for what in ("base", "bar"))]

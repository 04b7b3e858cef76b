"""Weights of mood, learnt offline and shipped as two files a language beside the lexicon.

One holds what each sign of a text says for each of three classes, in whole centi-nats; the other how good or bad a
word is by itself, in tenths of a point. Whole numbers have the same sum on every machine.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.weights import head_and_features, heads

HEAD: Final = ("format", "hostile", "neutral", "favourable", "stretch")
"""Numbers at the head of a file of weights: the classes' bases, in centi-nats, and words that count in full."""

POINTS_HEAD: Final = ("format",)


class MoodWeights(msgspec.Struct, frozen=True):
    """The weights of one language.

    Attributes:
        hostile: What speaks for this class in any text, in centi-nats.
        neutral: The same of this class.
        favourable: The same of this class.
        stretch: Different words up to which each counts in full.
        of: By sign, what it says for each class in this order, in centi-nats.
        points: By word, how good it is by a list and by words that it resembles, in tenths.
    """

    hostile: int
    neutral: int
    favourable: int
    stretch: int
    of: Mapping[str, tuple[int, ...]]
    points: Mapping[str, tuple[int, ...]] = {}


def parse_mood_weights(name: str, text: str, points_name: str, points: str) -> MoodWeights:
    """Read the two files of a language.

    Args:
        name: Name of the file of weights, for messages.
        text: Its content.
        points_name: Name of the file of points.
        points: Its content.

    Raises:
        ConfigError: If one is no such file, has another format, or a line that cannot be read.
    """
    head, of = head_and_features(name, text, HEAD, 3)
    if not 1 <= head[4] <= 1_000:
        raise ConfigError(f"weights {name}: stretch {head[4]}: must be 1 to 1000")
    _, hostile, neutral, favourable, stretch = head
    told = head_and_features(points_name, points, POINTS_HEAD, 2)[1]
    return MoodWeights(hostile, neutral, favourable, stretch, of, told)


def mood_weights_written(weights: MoodWeights) -> str:
    """The content of the file of weights, signs sorted."""
    return "\n".join([*heads(weights, HEAD), *_rows(weights.of), ""])


def mood_points_written(weights: MoodWeights) -> str:
    """The content of the file of points, words sorted."""
    return "\n".join([*heads(weights, POINTS_HEAD), *_rows(weights.points), ""])


def _rows(of: Mapping[str, tuple[int, ...]]) -> list[str]:
    return ["\t".join((name, *map(str, of[name]))) for name in sorted(of)]

"""Weights: what each feature of a text says for a present fault, learnt offline and shipped as a file.

A file holds one language. Weights are whole centi-nats, hundredths of the natural logarithm of odds: a sum of them
plus a base is the logarithm of the odds that the text reports a present fault, so no machine can round it in
another way. Each feature has two weights: for the text alone, and for the same text among many complaints
of one pane, where "same here" means something. A file is plain text, a feature a line, since who must
answer for a verdict should be able to read what it came from.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError

WEIGHT_MAX: Final = 1_000
"""Largest weight of one feature, in centi-nats either way: odds of 22,000 to 1 are a mistake of training."""

FEATURES_MAX: Final = 200_000
"""Features of one file: above it something else than training wrote it."""

HEAD: Final = ("format", "base", "base_in_context", "prior", "prior_in_context", "threshold_permille", "stretch")
"""Numbers at the head of a file, in this order, a line each: `# name value`."""

FORMAT: Final = 1

_ASKED: Final = {1: "a whole number", 2: "two whole numbers"}

CUTS: Final = tuple(round(100 * math.log(permille / (1_000 - permille))) for permille in range(1, 1_000))
"""Log odds, in centi-nats, from which on a probability is at least 1, 2, ... 999 permille."""


ANY: Final = "any"
"""Stands for every language that has a lexicon and no weights of its own."""


class Weights(msgspec.Struct, frozen=True):
    """The weights of one language.

    Attributes:
        base: Log odds of a text without a feature, alone, in centi-nats.
        base_in_context: The same in context.
        prior: Log odds of a text of the training set, in centi-nats; what a text says beyond it is evidence.
        prior_in_context: The same in context.
        threshold_permille: Probability from which on a text is relevant; chosen on texts of training.
        stretch: Number of words up to which words count in full; those of longer texts are scaled down, as a story has
            more words and no more to say.
        alone: Weight by feature, in centi-nats.
        in_context: The same in context.
    """

    base: int
    base_in_context: int
    prior: int
    prior_in_context: int
    threshold_permille: int
    stretch: int
    alone: Mapping[str, int]
    in_context: Mapping[str, int]


UNTRAINED: Final = Weights(0, 0, 0, 0, 999, 1, {}, {})
"""Weights before training: every text is worth one half, and none is relevant."""


def permille_of(log_odds: int) -> int:
    """The probability, in permille (0 to 999), of log odds in centi-nats; near one half a centi-nat is 2.5 permille.

    >>> permille_of(-2000), permille_of(0), permille_of(110)
    (0, 501, 751)
    """
    return bisect_right(CUTS, log_odds)


def parse_weights(name: str, text: str) -> Weights:
    """Read a file of weights.

    Args:
        name: Name of the file, for messages.
        text: Its content.

    Raises:
        ConfigError: If it is no such file, has another format, or a line that cannot be read.
    """
    head, of = head_and_features(name, text, HEAD, 2)
    alone = {feature: weight for feature, (weight, _) in of.items() if weight}
    in_context = {feature: weight for feature, (_, weight) in of.items() if weight}
    if not 1 <= head[5] <= 999 or not 1 <= head[6] <= 1_000:
        raise ConfigError(
            f"weights {name}: threshold_permille {head[5]}, stretch {head[6]}: must be 1 to 999, 1 to 1000"
        )
    base, base_in_context, prior, prior_in_context, threshold, stretch = head[1:]
    return Weights(base, base_in_context, prior, prior_in_context, threshold, stretch, alone, in_context)


def written(weights: Weights) -> str:
    """The content of the file that `parse_weights` reads: features sorted, so that two trainings can be compared."""
    return "\n".join([*heads(weights, HEAD), *_rows(weights), ""])


def heads(weights: msgspec.Struct, names: Iterable[str]) -> Iterator[str]:
    """The lines at the head of a file of weights.

    Args:
        weights: What is written; has a field of each name but `format`.
        names: Numbers at the head, in their order.
    """
    for name in names:
        yield f"# {name} {FORMAT if name == 'format' else getattr(weights, name)}"


def _rows(weights: Weights) -> Iterable[str]:
    for feature in sorted({*weights.alone, *weights.in_context}):
        yield f"{feature}\t{weights.alone.get(feature, 0)}\t{weights.in_context.get(feature, 0)}"


def head_and_features(
    name: str, text: str, names: Sequence[str], weights: int
) -> tuple[list[int], dict[str, tuple[int, ...]]]:
    """The numbers at the head of a file of weights, and the weights of each feature.

    Args:
        name: Name of the file, for messages.
        text: Its content.
        names: Numbers at its head, in their order, the format first.
        weights: How many whole numbers each feature has.

    Raises:
        ConfigError: If the head cannot be read, the format is another one, there are no features or too many, one
            is named twice, or a line cannot be read.
    """
    lines = text.removesuffix("\n").split("\n")
    head = [_head_number(name, field, line) for field, line in zip(names, lines, strict=False)]
    if len(head) < len(names) or head[0] != FORMAT:
        raise ConfigError(
            f"weights {name}: format {head[:1]}: must be {FORMAT}, with {', '.join(names)}; train it again"
        )
    body = lines[len(names) :]
    if not 0 < len(body) <= FEATURES_MAX:
        raise ConfigError(f"weights {name}: {len(body)} features: must be 1 to {FEATURES_MAX}; train it again")
    of = dict(_row(f"weights {name}, line {number}", line, weights) for number, line in enumerate(body, len(names) + 1))
    if len(of) < len(body):
        raise ConfigError(f"weights {name}: a feature is named twice; each must have one line; train it again")
    return head, of


def _head_number(name: str, field: str, line: str) -> int:
    words = line.split(" ")
    if words[:2] != ["#", field] or len(words) != 3 or not is_whole(words[2]):
        raise ConfigError(f"weights {name}: {line[:80]!r}: must be '# {field} NUMBER'; train it again")
    return int(words[2])


def _row(where: str, line: str, weights: int) -> tuple[str, tuple[int, ...]]:
    feature, *values = line.split("\t")
    if not feature or len(values) != weights or not all(map(is_whole, values)):
        asked = _ASKED.get(weights, f"{weights} whole numbers")
        raise ConfigError(f"{where}: {line[:80]!r}: must be a feature and {asked}")
    numbers = tuple(map(int, values))
    if max(map(abs, numbers)) > WEIGHT_MAX:
        raise ConfigError(f"{where}: {line[:80]!r}: must be at most {WEIGHT_MAX} either way")
    return feature, numbers


NUMBER_MAX: Final = 999_999
"""The largest whole number that a file of weights may have."""


def is_whole(text: str) -> bool:
    """Is a text a whole number of at most six digits, as weights are written?"""
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= len(str(NUMBER_MAX))

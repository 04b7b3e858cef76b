"""Weights of claims that help cannot be called, learnt offline and shipped as a file beside the lexicon.

They are whole centi-nats, as those of `weights`; a claim has one question only, so each feature has one weight.
Two probabilities are bars: from one on a claim is sure, from a lower one on a person should look at once.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.weights import head_and_features, heads

HEAD: Final = ("format", "base", "sure_permille", "doubtful_permille", "lead_base")
"""Numbers at the head of a file, in this order, a line each: `# name value`."""

LEAD: Final = "@"
"""Begins the names of leads."""


class AlarmWeights(msgspec.Struct, frozen=True):
    """The weights of one language.

    Attributes:
        base: Log odds of a text without a feature, in centi-nats.
        sure_permille: Probability from which on a text is a claim.
        doubtful_permille: Probability from which on a person should look at once.
        of: Weight by feature, in centi-nats.
        lead_base: What leads must make up for, in centi-nats, before a text that names nobody is read for a claim.
        leads: Weight, in centi-nats, by word, or by the letters that a word begins with and a star.
    """

    base: int
    sure_permille: int
    doubtful_permille: int
    of: Mapping[str, int]
    lead_base: int = -2_000
    leads: Mapping[str, int] = {}


UNTRAINED_ALARM: Final = AlarmWeights(-2_000, 999, 999, {})
"""Weights before training: no text is a claim."""


def parse_alarm_weights(name: str, text: str) -> AlarmWeights:
    """Read a file of weights.

    Args:
        name: Name of the file, for messages.
        text: Its content.

    Raises:
        ConfigError: If it is no such file, has another format, or a line that cannot be read.
    """
    head, of = head_and_features(name, text, HEAD, 1)
    base, sure, doubtful, lead_base = head[1:]
    if not 1 <= doubtful <= sure <= 999:
        raise ConfigError(
            f"weights {name}: sure_permille {sure}, doubtful_permille {doubtful}: must be 1 to 999, sure the greater"
        )
    weights = {feature: weight for feature, (weight,) in of.items() if not feature.startswith(LEAD)}
    leads = {feature[len(LEAD) :]: weight for feature, (weight,) in of.items() if feature.startswith(LEAD)}
    return AlarmWeights(base, sure, doubtful, weights, lead_base, leads)


def alarm_weights_written(weights: AlarmWeights) -> str:
    """The content of the file that `parse_alarm_weights` reads, features sorted."""
    rows = {**weights.of} | {LEAD + name: weight for name, weight in weights.leads.items()}
    return "\n".join([*heads(weights, HEAD), *(f"{name}\t{weight}" for name, weight in sorted(rows.items())), ""])

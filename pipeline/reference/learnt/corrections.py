"""Corrections: what an operator's own posts have taught, added to the shipped weights within bounds.

A file holds one language: to each sign, a row of the lexicon or how two of them stand, what is added to its weight. It
is written by `tocsin learn`, read by people, and taken back by taking it away. It holds all that learning needs to
go on, so learning a week at once or a day at a time comes to the same bytes. Values are kept in thousandths of a
centi-nat, since one post moves a weight by less than one; what INGEST adds is whole.
"""

import math
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.weights import WEIGHT_MAX, Weights, head_and_features, heads, written

CORRECTION_MAX: Final = 30
"""How far a weight may be from the shipped one, in centi-nats either way: odds of 4 to 3."""

THOUSANDTHS: Final = 1_000

BASE: Final = "=base"
"""Stands for the base among the signs: how common faults are among the operator's posts."""

LESSONS_MIN: Final = 300
"""Fewer lessons correct nothing: on everyday posts a hundred made verdicts worse, three hundred better."""

_OLD_HEAD: Final = ("format", "weights", "until_day", "lessons", "loss_shipped", "loss_learnt")
"""Without the watch for drift, as releases before it wrote it."""

HEAD: Final = (*_OLD_HEAD, "watched", "usual", "risen", "drifts")

NATS: Final = 100_000
"""Units of a loss in one nat."""

LOSSES: Final = tuple(round(-NATS * math.log((permille + 0.5) / 1_000)) for permille in range(1_000))
"""What a verdict costs that gave so many permille to what came true, in hundredths of a milli-nat."""


class Corrections(msgspec.Struct, frozen=True):
    """What was learnt for one language.

    Attributes:
        weights: Which weights it corrects, by their fingerprint.
        until_day: The last day that was learnt, in days since 1970; no earlier one is learnt any more.
        lessons: How many posts were learnt, counted up to `NUMBER_MAX`.
        loss_shipped: What the shipped weights' verdicts on the last lessons cost, a running mean in hundredths of a
            milli-nat; each verdict is of the time before its lesson.
        loss_learnt: The same of the corrected weights.
        watched: How many lessons the watch for drift has heard of.
        usual: What a lesson usually cost more than by the shipped weights, a mean in milli-nats.
        risen: How far beyond that the lessons have lately cost, a sum in milli-nats.
        drifts: How often corrections have drifted, and all was forgotten.
        of: What is added to the weight of a sign, or to `BASE`, in thousandths of a centi-nat.
    """

    weights: int
    until_day: int = 0
    lessons: int = 0
    loss_shipped: int = 0
    loss_learnt: int = 0
    watched: int = 0
    usual: int = 0
    risen: int = 0
    drifts: int = 0
    of: Mapping[str, int] = {}

    @property
    def are_in_force(self) -> bool:
        """Are they used: learnt of enough posts, and no worse of late than the shipped weights?"""
        return self.lessons >= LESSONS_MIN and self.loss_learnt <= self.loss_shipped


def whole(value: int) -> int:
    """A correction as it is added: in whole centi-nats.

    >>> whole(1_499), whole(-1_500), whole(-1_501)
    (1, -1, -2)
    """
    return (value + THOUSANDTHS // 2) // THOUSANDTHS


def fingerprint(weights: Weights) -> int:
    """Six digits that tell weights apart: corrections hold for those of which they were learnt, and no others."""
    return int.from_bytes(blake2b(written(weights).encode(), digest_size=8).digest()) % 10**6


def corrected(weights: Weights, corrections: Corrections) -> Weights:
    """Weights of a text alone with corrections added, if they are in force; those in context stay as shipped.

    People say what a post is by itself. Carried over to context, the same corrections lost .04 of F1 there.

    Args:
        weights: As shipped.
        corrections: From `parse_corrections`.

    Raises:
        ConfigError: If the corrections were learnt on other weights.
    """
    if corrections.weights != fingerprint(weights):
        raise ConfigError(
            f"corrections of weights {corrections.weights}: must be of {fingerprint(weights)}, those that are used;"
            " learn them anew: tocsin learn, into an empty folder"
        )
    if not corrections.are_in_force:
        return weights
    added = {feature: whole(value) for feature, value in corrections.of.items() if whole(value)}
    base = added.pop(BASE, 0)
    sums = {feature: weights.alone.get(feature, 0) + value for feature, value in added.items()}
    bounded = {feature: max(-WEIGHT_MAX, min(WEIGHT_MAX, total)) for feature, total in sums.items()}
    return msgspec.structs.replace(weights, base=weights.base + base, alone={**weights.alone, **bounded})


def parse_corrections(name: str, text: str) -> Corrections:
    """Read a file of corrections.

    Args:
        name: Name of the file, for messages.
        text: Its content.

    Raises:
        ConfigError: If it is no such file, is of an older release, has a line that cannot be read, or a correction that
            is too large.
    """
    named = tuple(line.split(" ")[1] for line in text.split("\n")[: len(HEAD)] if line.startswith("# "))
    if named == _OLD_HEAD:
        raise ConfigError(
            f"corrections {name}: must have {', '.join(HEAD[len(_OLD_HEAD) :])} at its head; it was made by an older"
            " release: run tocsin learn into an empty folder"
        )
    head, rows = head_and_features(name, text, HEAD, 2)
    of = {feature: centinats * THOUSANDTHS + thousandths for feature, (centinats, thousandths) in rows.items()}
    for feature, value in of.items():
        if abs(value) > CORRECTION_MAX * THOUSANDTHS:
            raise ConfigError(
                f"corrections {name}: {feature} {value / THOUSANDTHS}: must be at most {CORRECTION_MAX} either way"
            )
    weights, until_day, lessons, shipped, learnt, watched, usual, risen, drifts = head[1:]
    return Corrections(
        *(weights, until_day, lessons, shipped, learnt, watched, usual, risen, drifts),
        of={sign: value for sign, value in of.items() if value},
    )


def corrections_written(corrections: Corrections) -> str:
    """The content of the file that `parse_corrections` reads: a sign a line, sorted, in centi-nats and thousandths."""
    rows = ((feature, *divmod(value, THOUSANDTHS)) for feature, value in sorted({BASE: 0, **corrections.of}.items()))
    lines = [f"{feature}\t{centinats}\t{thousandths}" for feature, centinats, thousandths in rows]
    return "\n".join([*heads(corrections, HEAD), *lines, ""])

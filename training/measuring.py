"""Measuring: how right probabilities are on texts that were held out.

Texts of one sitting resemble each other more than anything that customers will write, so files are held out whole:
those of the later writers all at once, four groups of writers, each judged by weights that have seen nobody's but
other writers' texts, those of the first ones a quarter of the files at a time.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from training.fitting import Example, Fit, Floats, fit, held_out_log_odds
from training.kinds import group_of_kind
from training.texts import Head, LabelledText, label_of

FIRST_WRITERS_BELOW: Final = 20
"""Files with a lower number are by those who wrote first; the tens of a higher one are its writer."""

QUARTERS: Final = 4
GROUPS: Final = 4
"""Groups of later writers that are held out together: one fit for each, however many write."""

BINS: Final = 10
UNSURE_SHARE: Final = 0.5
"""How much a text counts of which nobody can tell: it teaches that it is worth one half."""

EVERYDAY_COUNTS: Final[Mapping[Head, float]] = {"alone": 3.0, "in_context": 0.0}
"""How much a post of an ordinary day counts: most that is read alone is one, and few texts are; no burst has any."""

Keep = Callable[[str], bool]
"""Says of a feature's name whether it is used."""

EVERYDAY_SHARE: Final = 0.15
"""Of posts that name an operator, so many report a fault on an ordinary day; of those of training some four in ten."""


class Figures(NamedTuple):
    """What weights come to on texts that they have not seen."""

    texts: int
    precision: float
    recall: float
    f1: float
    calibration_error: float


class Line(NamedTuple):
    """The straight line that makes log odds of held-out texts right: slope and shift, in nats."""

    slope: float
    shift: float


def learnt(texts: Sequence[LabelledText], examples: Sequence[Example], head: Head) -> Fit:
    """Learn the weights of one head from texts."""
    return fit(examples, *_labels_and_shares(texts, head))


def _labels_and_shares(texts: Sequence[LabelledText], head: Head) -> tuple[list[float], list[float]]:
    """What is learnt of each text, and how much it counts."""
    told = [label_of(text, head) for text in texts]
    return [0.5 if label is None else float(label) for label in told], [share_of(text, head) for text in texts]


def share_of(text: LabelledText, head: Head) -> float:
    """How much a text counts when a head learns; 0 = not at all, nor is the head judged by it."""
    unsure = UNSURE_SHARE if label_of(text, head) is None else 1.0
    return unsure * EVERYDAY_COUNTS[head] if text.everyday else unsure


def held_out(texts: Sequence[LabelledText], examples: Sequence[Example], head: Head) -> Floats:
    """Log odds of every text, in nats, by weights that have not seen it."""
    return held_out_log_odds(examples, *_labels_and_shares(texts, head), [fold_of(text) for text in texts])


def fold_of(text: LabelledText) -> int:
    """Which texts are held out together: those of a group of writers, or of a quarter of the first writers' files."""
    return group_of(text.part) if text.part >= FIRST_WRITERS_BELOW else text.part % QUARTERS


def group_of(part: int) -> int:
    """The group of a later writer, from `QUARTERS` on; the tens of a file's number are its writer.

    >>> group_of(81), group_of(84), group_of(95)
    (4, 4, 5)
    """
    return QUARTERS + part // 10 % GROUPS


def without(examples: Sequence[Example], keep: Keep) -> list[Example]:
    """Examples with some features only."""
    return [
        Example(example.language, {name: value for name, value in example.features.items() if keep(name)})
        for example in examples
    ]


def line_of(log_odds: Floats, labels: Floats) -> Line:
    """Platt's line, by Newton's method; 25 steps are more than it needs."""
    slope, shift = 1.0, 0.0
    for _ in range(25):
        chance = 1.0 / (1.0 + np.exp(-(slope * log_odds + shift)))
        off, spread = chance - labels, chance * (1.0 - chance)
        gradient = np.array([off @ log_odds, off.sum()])
        curve = np.array([[spread @ log_odds**2, spread @ log_odds], [spread @ log_odds, spread.sum()]])
        step = np.linalg.solve(curve + np.eye(2) * 1e-6, gradient)
        slope, shift = slope - float(step[0]), shift - float(step[1])
    return Line(slope, shift)


def figures_of(log_odds: Floats, labels: Floats, threshold_permille: int) -> Figures:
    """Precision, recall, F1 and expected calibration error in ten bins of equal width."""
    chance = 1.0 / (1.0 + np.exp(-log_odds))
    flagged, true = chance * 1_000 >= threshold_permille, labels > 0.5
    right = int((flagged & true).sum())
    precision, recall = right / max(int(flagged.sum()), 1), right / max(int(true.sum()), 1)
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    error = sum(abs(float((chance - labels)[bins == place].sum())) for place in range(BINS)) / max(len(labels), 1)
    return Figures(len(labels), precision, recall, 2 * right / max(int(flagged.sum()) + int(true.sum()), 1), error)


def right_by_kind(
    texts: Sequence[LabelledText], log_odds: Floats, threshold_permille: int
) -> dict[str, tuple[int, int]]:
    """How many texts of each group of kinds are told right alone, of how many that can be told."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for text, odds in zip(texts, log_odds, strict=True):
        if text.fault is not None:
            group = group_of_kind(text.kind)
            total[group] += 1
            right[group] += (1_000 / (1.0 + np.exp(-odds)) >= threshold_permille) == text.fault
    return {group: (right[group], total[group]) for group in sorted(total)}

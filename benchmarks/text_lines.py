"""Lines of a table of bars: what was measured, what it came to, and whether that is enough."""

import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from training.fitting import Floats
from training.measuring import BINS

WIDTH = 74


class Line(NamedTuple):
    """One figure: what it is of, its value, and its bar if there is one.

    Attributes:
        what: Of what.
        value: The figure; None where it could not be measured.
        bar: What it must be at least.
        most: It must be at most the bar.
        why: Why there is no figure, or of how much it is.
    """

    what: str
    value: float | None
    bar: float | None = None
    most: bool = False
    why: str = ""

    @property
    def verdict(self) -> str:
        """`met`, `missed`, `unmeasured`, or nothing where there is no bar."""
        if self.value is None:
            return "unmeasured"
        if self.bar is None:
            return ""
        return "met" if (self.value <= self.bar if self.most else self.value >= self.bar) else "missed"

    def __str__(self) -> str:
        value = "   -  " if self.value is None else f"{self.value:6.3f}"
        bar = "" if self.bar is None else f"{'at most' if self.most else 'at least'} {self.bar:.2f}"
        said = {"missed": "MISSED", "unmeasured": "not measured"}.get(self.verdict, self.verdict)
        return f"{self.what:{WIDTH}} {value}  {bar:13} {said:12} {self.why}".rstrip()


class Score(NamedTuple):
    """Counts of one comparison."""

    right: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was flagged that is right; 1 if nothing was flagged."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of what is true that was flagged; 1 if nothing is."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score_of(pairs: Iterable[tuple[bool, bool]]) -> Score:
    """Compare pairs of what was flagged and what is true.

    >>> score_of([(True, True), (True, False), (False, True), (False, False)])
    Score(right=1, false=1, missed=1)
    """
    seen = list(pairs)
    counts = [seen.count(pair) for pair in ((True, True), (True, False), (False, True))]
    return Score(*counts)


def calibration_error(permilles: Sequence[int], labels: Sequence[bool]) -> float:
    """Expected calibration error in ten bins of equal width.

    >>> calibration_error([950, 950, 50, 50], [True, True, False, False])
    0.05
    """
    chance, true = np.array(permilles) / 1_000, np.array(labels, dtype=np.float64)
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    error = sum(abs(float((chance - true)[bins == place].sum())) for place in range(BINS))
    return round(error / max(len(true), 1), 6)


def recall_at(log_odds: Floats, labels: Floats, precision: float) -> float:
    """The largest recall that any threshold reaches at a precision.

    >>> recall_at(np.array([3.0, 2.0, 1.0, 0.0]), np.array([1.0, 0.0, 1.0, 0.0]), 0.9)
    0.5
    """
    right = np.cumsum(labels[np.argsort(-log_odds, kind="stable")])
    reached = right[right >= precision * np.arange(1, len(labels) + 1)]
    return float(reached[-1] / labels.sum()) if len(reached) else 0.0


def tell(lines: Iterable[Line]) -> list[Line]:
    """Print lines as they come, and return them."""
    told = []
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        told.append(line)
    return told


def tell_verdicts(lines: Sequence[Line]) -> bool:
    """Print how many bars are met, missed and unmeasured; answer whether none is missed."""
    verdicts = [line.verdict for line in lines]
    met, missed, unmeasured = (verdicts.count(name) for name in ("met", "missed", "unmeasured"))
    sys.stdout.write(f"bars: {met} met, {missed} missed, {unmeasured} not measured\n")
    return not missed

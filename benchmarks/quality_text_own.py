"""Text understanding on the training texts, each judged by weights that have not seen its writer, with the bars.

Faults alone and in context, how well calibrated both are, claims that help cannot be called, operators' own posts,
and places. The texts mislead on purpose, so posts of everyday are easier; none of the bars is promised for them. Takes
some minutes.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from benchmarks.quality_places import MARKETS, RIGHT_LEAST, SURE_LEAST, shipped_rules, told_of, training_texts
from benchmarks.quality_places import figures_of as place_figures
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.places import Places
from training.__main__ import JUDGED_PERMILLE
from training.claims import CLAIM_LANGUAGES, SHOWN_PERMILLE, barred
from training.claims import read_claim_texts as claim_texts
from training.examples import examples_of
from training.fitting import Floats
from training.joining import judged_claims
from training.measuring import figures_of, held_out, line_of
from training.official import OFFICIAL_LANGUAGES, ends_of, official_figures, read_kept_posts
from training.texts import LANGUAGES, Head, LabelledText, label_of, read_texts

HEADS: Final[tuple[Head, ...]] = ("alone", "in_context")
F1_LEAST: Final = {"en": 0.80, "fr": 0.83, "de": 0.82}
RECALL_IN_CONTEXT_LEAST: Final = 0.90
PRECISION_IN_CONTEXT: Final = 0.94
CALIBRATION_ERROR_MOST: Final = 0.05
KIND_LEAST, END_LEAST, OUTAGE_NOW_LEAST = 0.95, 0.90, 0.88
CLAIM_LEAST: Final = {"en": (0.95, 0.92), "fr": (0.95, 0.92), "de": (0.95, 0.92), "nl": (0.90, 0.85)}
"""Precision and recall."""


class Line(NamedTuple):
    """One figure: what it is of, its value, and its bar if there is one; `most`: it must be at most the bar."""

    what: str
    value: float
    bar: float | None = None
    most: bool = False

    def __str__(self) -> str:
        if self.bar is None:
            return f"{self.what:54} {self.value:6.3f}"
        held = self.value <= self.bar if self.most else self.value >= self.bar
        return f"{self.what:54} {self.value:6.3f}  bar {self.bar:.2f}: {'holds' if held else 'MISSED'}"


def fault_lines(texts: Sequence[LabelledText], rules: TextRules) -> Iterator[Line]:
    """F1 and calibration by language, alone; recall at the precision that is asked for, in context."""
    examples = examples_of(texts, rules)
    for head in HEADS:
        log_odds = held_out(texts, examples, head)
        for code in LANGUAGES:
            places = [i for i, text in enumerate(texts) if text.language == code and label_of(text, head) is not None]
            labels = np.array([float(bool(label_of(texts[place], head))) for place in places])
            line = line_of(log_odds[places], labels)
            odds = log_odds[places] * line.slope + line.shift
            found = figures_of(odds, labels, JUDGED_PERMILLE)
            name = f"{code}, a fault, {head.replace('_', ' ')}"
            if head == "alone":
                yield Line(f"{name}: F1", found.f1, F1_LEAST.get(code))
            else:
                recall = recall_at(odds, labels, PRECISION_IN_CONTEXT)
                yield Line(f"{name}: recall at precision {PRECISION_IN_CONTEXT}", recall, RECALL_IN_CONTEXT_LEAST)
            yield Line(f"{name}: calibration error", found.calibration_error, CALIBRATION_ERROR_MOST, most=True)


def recall_at(log_odds: Floats, labels: Floats, precision: float) -> float:
    """The largest recall that any threshold reaches at a precision.

    >>> recall_at(np.array([3.0, 2.0, 1.0, 0.0]), np.array([1.0, 0.0, 1.0, 0.0]), 0.9)
    0.5
    """
    right = np.cumsum(labels[np.argsort(-log_odds, kind="stable")])
    reached = right[right >= precision * np.arange(1, len(labels) + 1)]
    return float(reached[-1] / labels.sum()) if len(reached) else 0.0


def claim_lines() -> Iterator[Line]:
    """Precision and recall of claims by language at both bars, of texts whose writers were not learnt."""
    judged = judged_claims(claim_texts())
    found, log_odds = judged.found, judged.log_odds
    for code in CLAIM_LANGUAGES:
        sure, doubt = (barred(found, log_odds, code, permille) for permille in SHOWN_PERMILLE)
        precision, recall = CLAIM_LEAST[code]
        yield Line(f"{code}, help cannot be called: precision, sure", sure.precision, precision)
        yield Line(f"{code}, help cannot be called: recall, sure", sure.recall, recall)
        yield Line(f"{code}, help cannot be called: recall, in doubt or sure", doubt.recall, 0.98)


def official_lines(rules: TextRules) -> Iterator[Line]:
    """How right operators' own posts are read that are kept to measure, by the shipped weights."""
    texts = read_kept_posts()
    told = [rules.official(text.text, lang=text.language, market=MARKETS[text.language]).kind for text in texts]
    for code in OFFICIAL_LANGUAGES:
        found, ends = official_figures(texts, told, code), ends_of(texts, rules, code)
        yield Line(f"{code}, an operator's post: kind right, in a thread", found.kind_in_thread, KIND_LEAST)
        yield Line(f"{code}, an operator's post: an outage now, F1", found.f1, OUTAGE_NOW_LEAST)
        yield Line(f"{code}, an operator's post: promised end read", ends.right / max(ends.promised, 1), END_LEAST)


def place_lines(rules: TextRules, places: Places) -> Iterator[Line]:
    """How often a text's place is read, and how often rightly: the node itself, or one that it lies in."""
    for code in LANGUAGES:
        got = place_figures(told_of(rules, places, training_texts(code)))
        if got.named:  # else no gazetteer of its country is shipped
            yield Line(f"{code}, place: right when sure ({got.named} texts)", got.precision, RIGHT_LEAST)
            yield Line(f"{code}, place: sure where one is named", got.share, SURE_LEAST)


def own_lines() -> Iterable[Line]:
    """All figures on the project's own texts."""
    rules, places = shipped_rules()
    yield from fault_lines([text for code in LANGUAGES for text in read_texts(code)], rules)
    yield from claim_lines()
    yield from official_lines(rules)
    yield from place_lines(rules, places)


def main() -> None:
    """Print the table."""
    for line in own_lines():
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()

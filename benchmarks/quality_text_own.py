"""Text understanding on the training texts, each judged by weights that have not seen its writer, with the bars.

Faults alone and in context, how well calibrated both are, by kind of text, what the second head adds; and claims that
help cannot be called. The texts mislead on purpose, so posts of everyday are easier; none of the bars is promised for
them. Takes some minutes, since weights are learnt anew for each group of writers.
"""

import argparse
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from benchmarks.quality_text_unlearnt import CALIBRATION_ERROR_MOST, F1_LEAST
from benchmarks.text_lines import Line, recall_at, score_of, tell, tell_verdicts
from pipeline.ingest.text.alarm.claiming import ClaimScales
from pipeline.ingest.text.alarm.standing import Where
from pipeline.reference.learnt.alarm_weights import AlarmWeights
from training.__main__ import JUDGED_PERMILLE
from training.claims import (
    CLAIM_LANGUAGES,
    DOUBTFUL_PERMILLE,
    SURE_PERMILLE,
    read_claim_texts,
)
from training.examples import examples_of
from training.fitting import Floats
from training.joining import JudgedClaims, judged_claims, text_rules
from training.measuring import Line as Straight
from training.measuring import figures_of, held_out, line_of, right_by_kind, share_of
from training.texts import LANGUAGES, Head, LabelledText, label_of, read_texts

HEADS: Final[tuple[Head, ...]] = ("alone", "in_context")
RECALL_IN_CONTEXT_LEAST: Final = 0.90
PRECISION_IN_CONTEXT: Final = 0.94
OWN_CLAIM_LEAST: Final = 0.98
"""Precision and recall of own hard cases of claims, and recall of those that are sure or asked about."""


def fault_lines(texts: Sequence[LabelledText]) -> Iterator[Line]:
    """F1 and calibration by language, alone and in context, by kind, and without the second head."""
    examples = examples_of(texts, text_rules())
    odds: dict[Head, Floats] = {head: held_out(texts, examples, head) for head in HEADS}
    for code in LANGUAGES:
        own = np.array([place for place, text in enumerate(texts) if text.language == code])
        lines = {head: _line_of(texts, odds[head], own, head) for head in HEADS}
        for head in HEADS:
            yield from _head_lines(f"{code}, a fault, {head.replace('_', ' ')}", code, head, (texts, odds[head], own))
        labels = np.array([float(texts[place].in_context) for place in own])
        alone = odds["alone"][own] * lines["alone"].slope + lines["alone"].shift
        found = figures_of(alone, labels, JUDGED_PERMILLE)
        yield Line(f"{code}, a fault, in context, by the weights of alone: F1", found.f1)
        kinds = right_by_kind([texts[place] for place in own], alone, JUDGED_PERMILLE)
        for group, (right, total) in kinds.items():
            yield Line(f"{code}, a fault, alone, of {group}: right", right / total, why=f"{total} texts")


def _line_of(texts: Sequence[LabelledText], odds: Floats, own: np.ndarray, head: Head) -> Straight:
    told = [place for place in own if label_of(texts[place], head) is not None and share_of(texts[place], head)]
    return line_of(odds[told], np.array([float(bool(label_of(texts[place], head))) for place in told]))


def _head_lines(
    name: str, code: str, head: Head, judged: tuple[Sequence[LabelledText], Floats, np.ndarray]
) -> Iterator[Line]:
    texts, odds, own = judged
    told = [place for place in own if label_of(texts[place], head) is not None and share_of(texts[place], head)]
    labels = np.array([float(bool(label_of(texts[place], head))) for place in told])
    line = _line_of(texts, odds, own, head)
    right = odds[told] * line.slope + line.shift
    found = figures_of(right, labels, JUDGED_PERMILLE)
    yield Line(f"{name}: F1", found.f1, F1_LEAST.get(code) if head == "alone" else None, why=f"{len(told)} texts")
    if head == "in_context":
        recall = recall_at(right, labels, PRECISION_IN_CONTEXT)
        yield Line(f"{name}: recall at precision {PRECISION_IN_CONTEXT}", recall, RECALL_IN_CONTEXT_LEAST)
    yield Line(f"{name}: calibration error", found.calibration_error, CALIBRATION_ERROR_MOST, most=True)


def claim_lines() -> Iterator[Line]:
    """Precision and recall of claims by language at the shipped bars, of texts whose writers were not learnt."""
    judged = judged_claims(read_claim_texts())
    permilles = _settled(judged)
    for code in CLAIM_LANGUAGES:
        own = [place for place, text in enumerate(judged.found.texts) if _is_own(text.source, text.language, code)]
        missed = sum(_is_own(text.source, text.language, code) and text.truth == 1.0 for text in judged.found.missed)
        claims = [judged.found.texts[place].truth == 1.0 for place in own] + [True] * missed
        said = [permilles[place] * judged.found.heard[place] for place in own] + [0] * missed
        sure = score_of((permille >= SURE_PERMILLE, claim) for permille, claim in zip(said, claims, strict=True))
        asked = score_of((permille >= DOUBTFUL_PERMILLE, claim) for permille, claim in zip(said, claims, strict=True))
        name = f"{code}, help cannot be called, held-out writers"
        yield Line(f"{name}: precision, sure", sure.precision, OWN_CLAIM_LEAST, why=f"{sum(claims)} claims")
        yield Line(f"{name}: recall, sure", sure.recall, OWN_CLAIM_LEAST)
        yield Line(f"{name}: recall, sure or asked", asked.recall, OWN_CLAIM_LEAST)


def _is_own(source: str, language: str, code: str) -> bool:
    return source == "claims" and language == code


def _settled(judged: JudgedClaims) -> list[int]:
    """Probabilities of held-out texts as the shipped rules settle them, beside the lexicon's pairs."""
    scales = ClaimScales(AlarmWeights(base=0, sure_permille=SURE_PERMILLE, doubtful_permille=DOUBTFUL_PERMILLE, of={}))
    rules, found = text_rules(judged.leads), []
    for text, odds in zip(judged.found.texts, judged.log_odds, strict=True):
        parts = rules.read_claim(text.text, text.language)
        permille = int(999 / (1 + np.exp(-odds)))
        words = Where(parts.alarm).count() if parts else 0
        found.append(scales.settled(permille, parts.alarm, words) if parts else 0)
    return found


def own_lines() -> Iterator[Line]:
    """All figures by held-out writers."""
    yield from fault_lines([text for code in LANGUAGES for text in read_texts(code)])
    yield from claim_lines()


def main(words: list[str] | None = None) -> int:
    """Print the table.

    Returns:
        1 if a bar is missed and `--strict` is asked for, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strict", action="store_true", help="End with 1 if a bar is missed.")
    asked = parser.parse_args(words)
    held = tell_verdicts(tell(own_lines()))
    return 0 if held or not asked.strict else 1


if __name__ == "__main__":
    raise SystemExit(main())

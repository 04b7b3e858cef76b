"""`python -m training`: make the weights that INGEST reads, from the texts of training/texts.

It takes a quarter of an hour of one core, `--ablations` longer, `--only faults` a third. The weights, and a card that
says what they are, lie beside the lexicon; the same texts and lexicon give the same weights, up to the last digit of a
few on another machine.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from pipeline.adapters.reference.language import (
    CLAIMS,
    OFFICIAL,
    meaning_file,
    weights_file,
)
from pipeline.ingest.text.odds.features import PIECE, SIGN
from pipeline.ingest.text.understand import TextRules
from pipeline.records.vocabulary import OFFICIAL_KINDS
from pipeline.reference.learnt.alarm_weights import UNTRAINED_ALARM, alarm_weights_written
from pipeline.reference.learnt.meaning_weights import meaning_weights_written
from pipeline.reference.learnt.net_weights import net_weights_written
from pipeline.reference.learnt.weights import ANY, Weights, written
from pipeline.reference.official_words import official_weights_written
from training.card import Row, card, claim_card, official_card, official_rows
from training.claims import CLAIM_LANGUAGES, claim_rows, claim_weights, learnt_claims, read_claim_texts
from training.examples import STRETCH, examples_of
from training.fitting import CENTINATS, Example, Fit, Floats, bounded, is_common
from training.joining import LEXICON, judged_claims, text_rules
from training.labels import write_labels
from training.meaning import meaning_of_kinds
from training.measuring import (
    EVERYDAY_SHARE,
    Line,
    figures_of,
    held_out,
    learnt,
    line_of,
    right_by_kind,
    share_of,
    without,
)
from training.net import net_weights
from training.official import (
    OFFICIAL_LANGUAGES,
    encoded_posts,
    held_out_kinds,
    learnt_official,
    meaning_learnt,
    official_features,
    official_weights,
    read_official_texts,
)
from training.rehearsing import write_rehearsals
from training.texts import LANGUAGES, Head, LabelledText, label_of, read_texts

HEADS: Final[tuple[Head, ...]] = ("alone", "in_context")
THRESHOLD_PERMILLE: Final = 270
"""From this probability of an ordinary day on, a text counts as a complaint: between where F1 is best on texts of a new
writer, half of them faults, and where it is on everyday posts, with the lexicon's points in the sum."""

JUDGED_PERMILLE: Final = 400
"""At this probability, by the odds of the training texts and the learnt weights alone, held-out texts are judged."""

SMALL_CNAT: Final = 3
"""Weights up to this, in centi-nats, are left out: they move no probability by a permille worth naming."""

PARTS: Final = ("labels", "claims", "official", "faults")
"""What is learnt, in this order: a wrong line of a claim or of an operator's post is said at once."""


class Judged(NamedTuple):
    """One language and head, judged on held-out texts.

    Attributes:
        log_odds: After the line, of texts that can be told.
        labels: Theirs.
        line: What makes log odds right.
        texts: Those that can be told.
        everywhere: Log odds, after the line, of all texts of the language.
    """

    log_odds: Floats
    labels: Floats
    line: Line
    texts: Sequence[LabelledText]
    everywhere: Floats


class Trained(NamedTuple):
    """What was learnt from some examples, by head, and how it was judged, by language and head."""

    fits: Mapping[Head, Fit]
    judged: Mapping[tuple[str, Head], Judged]
    texts: Sequence[LabelledText]


def main(words: Sequence[str] | None = None) -> None:
    """Train, measure and write."""
    asked = _asked(words)
    texts = [text for code in LANGUAGES for text in read_texts(code)]
    rules = text_rules()
    if "labels" in asked.only:
        write_labels(rules)
    claims = _write_claims() if "claims" in asked.only else ""
    official = _write_official(rules) if "official" in asked.only else ""
    rows = _write_faults(texts, rules, ablations=asked.ablations) if "faults" in asked.only else []
    if set(asked.only) == set(PARTS):
        (LEXICON / "CARD.md").write_text(card(rows, texts) + claims + official, encoding="utf-8")
    sys.stdout.writelines(f"{row}\n" for row in rows)


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description="Make the weights that INGEST reads.")
    parser.add_argument("--ablations", action="store_true", help="Judge faults without signs, words or pieces, too.")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, help="Make these alone, and no CARD.md, which tells of all."
    )
    return parser.parse_args(words)


def _write_faults(texts: Sequence[LabelledText], rules: TextRules, *, ablations: bool) -> list[Row]:
    """Train, measure and write the weights of faults, and what keeps corrections of them from forgetting."""
    examples = examples_of(texts, rules)
    own = _trained(texts, examples)
    nobodys = [text._replace(language=ANY) for text in texts]
    shared = _trained(nobodys, [Example(ANY, part.features) for part in without(examples, is_common)])
    for trained in (own, shared):
        for code in sorted({text.language for text in trained.texts}):
            weights_file(LEXICON, code).write_text(written(_weights(code, trained)), encoding="utf-8")
    write_rehearsals(texts, examples, rules)
    rows = [*_rows("", own), *_rows("", shared)]
    for name, some in _ablations(examples).items() if ablations else ():
        rows += _rows(f", {name}", Trained({}, _judged_all(texts, some, ("alone",)), texts))
    rows += _rows_of_context(own) if ablations else ()
    for code in LANGUAGES:
        _say_kinds(code, own.judged[code, "alone"])
    return rows


def _write_claims() -> str:
    """Train, measure and write the weights of claims; the part of the card that is about them."""
    texts = read_claim_texts()
    judged = judged_claims(texts)
    model = learnt_claims(judged.found.texts, judged.found.examples)
    net = net_weights(judged.net, judged.joined, judged.line)
    meaning_file(LEXICON, CLAIMS).write_text(net_weights_written(net), encoding="utf-8")
    for code in (*CLAIM_LANGUAGES, ANY):
        weights = claim_weights(code, model, judged.line, judged.leads.get(code, UNTRAINED_ALARM))
        weights_file(LEXICON, code, CLAIMS).write_text(alarm_weights_written(weights), encoding="utf-8")
    rows = list(claim_rows(judged.found, judged.log_odds))
    sys.stdout.writelines(f"{row}\n" for row in rows)
    return claim_card(rows, texts)


def _write_official(rules: TextRules) -> str:
    """The same for operators' own posts."""
    texts = read_official_texts()
    features = official_features(texts, rules)
    numbers = encoded_posts(texts, rules)
    rows = list(official_rows(texts, held_out_kinds(texts, features, numbers)))
    weights = meaning_of_kinds(meaning_learnt(texts, numbers))
    meaning_file(LEXICON, OFFICIAL).write_text(meaning_weights_written(weights, OFFICIAL_KINDS), encoding="utf-8")
    found = learnt_official(texts, features)
    for code in (*OFFICIAL_LANGUAGES, ANY):
        path = weights_file(LEXICON, code, OFFICIAL)
        path.write_text(official_weights_written(official_weights(code, found)), encoding="utf-8")
    sys.stdout.writelines(f"{row}\n" for row in rows)
    return official_card(rows)


def _trained(texts: Sequence[LabelledText], examples: Sequence[Example]) -> Trained:
    fits = {head: learnt(texts, examples, head) for head in HEADS}
    return Trained(fits, _judged_all(texts, examples, HEADS), texts)


def _judged_all(
    texts: Sequence[LabelledText], examples: Sequence[Example], heads: Sequence[Head]
) -> dict[tuple[str, Head], Judged]:
    judged: dict[tuple[str, Head], Judged] = {}
    for head in heads:
        log_odds = held_out(texts, examples, head)
        judged |= {(code, head): _judged(code, head, texts, log_odds) for code in {text.language for text in texts}}
    return judged


def _ablations(examples: Sequence[Example]) -> Mapping[str, Sequence[Example]]:
    return {
        "signs of the lexicon only": without(examples, lambda name: name.startswith(SIGN)),
        "words, pairs and pieces only": without(examples, lambda name: not name.startswith(SIGN)),
        "without pieces": without(examples, lambda name: not name.startswith(PIECE)),
    }


def _judged(code: str, head: Head, texts: Sequence[LabelledText], odds: Floats) -> Judged:
    told_of = [
        text.language == code and label_of(text, head) is not None and share_of(text, head) > 0 for text in texts
    ]
    places = [place for place, is_told in enumerate(told_of) if is_told]
    labels = np.array([float(bool(label_of(texts[place], head))) for place in places])
    line = line_of(odds[places], labels)
    told = [texts[place] for place in places]
    own = np.array([text.language == code for text in texts])
    return Judged(odds[places] * line.slope + line.shift, labels, line, told, odds[own] * line.slope + line.shift)


def _rows(what: str, trained: Trained) -> list[Row]:
    return [
        Row(f"{head.replace('_', ' ')}{what}", code, figures_of(part.log_odds, part.labels, JUDGED_PERMILLE))
        for (code, head), part in sorted(trained.judged.items(), key=lambda item: (item[0][1], item[0][0]))
    ]


def _rows_of_context(trained: Trained) -> list[Row]:
    """What the second head adds: the posts of a burst, by their labels in context, read by the first head instead."""
    found = []
    for code in LANGUAGES:
        labels = trained.judged[code, "in_context"].labels
        figures = figures_of(trained.judged[code, "alone"].everywhere, labels, JUDGED_PERMILLE)
        found.append(Row("in context, by the weights of alone", code, figures))
    return found


def _weights(code: str, trained: Trained) -> Weights:
    lines = {head: trained.judged[code, head].line for head in HEADS}
    bases = {head: trained.fits[head].bases[code] * line.slope + line.shift for head, line in lines.items()}
    priors = {head: _prior(trained.judged[code, head].labels) for head in HEADS}
    everyday = _everyday(trained.judged[code, "alone"].labels)
    of_features = {head: _of_features(code, trained.fits[head], lines[head]) for head in HEADS}
    return Weights(
        base=round(bases["alone"] * CENTINATS) + everyday,
        base_in_context=round(bases["in_context"] * CENTINATS),
        prior=priors["alone"] + everyday,
        prior_in_context=priors["in_context"],
        threshold_permille=THRESHOLD_PERMILLE,
        stretch=STRETCH,
        alone=of_features["alone"],
        in_context=of_features["in_context"],
    )


def _of_features(code: str, found: Fit, line: Line) -> dict[str, int]:
    weights = {name: round(found.weight(code, name) * line.slope * CENTINATS) for name in found.features(code)}
    return {name: bounded(weight) for name, weight in weights.items() if abs(weight) > SMALL_CNAT}


def _prior(labels: Floats) -> int:
    """Log odds of a fault among texts that can be told, in centi-nats."""
    return round(CENTINATS * float(np.log(labels.sum() / (len(labels) - labels.sum()))))


def _everyday(labels: Floats) -> int:
    """What takes the odds among training texts to those of an ordinary day, in centi-nats."""
    return round(CENTINATS * float(np.log(EVERYDAY_SHARE / (1.0 - EVERYDAY_SHARE)))) - _prior(labels)


def _say_kinds(code: str, judged: Judged) -> None:
    kinds = right_by_kind(judged.texts, judged.log_odds, JUDGED_PERMILLE)
    told = ", ".join(f"{group} {right}/{total}" for group, (right, total) in kinds.items())
    sys.stdout.write(f"{code}, threshold {JUDGED_PERMILLE}: {told}\n")


if __name__ == "__main__":
    main()

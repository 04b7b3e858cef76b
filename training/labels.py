"""`python -m training.labels`: make the weights of what a text talks of, and of which services it says fail.

Each label is learnt by itself, by logistic regression over the features of `ingest.text.told.labels`; all are judged on
texts of writers who were held out, and a line for each label makes their log odds right. Bars are set there, too, at
what those need who read a label: a topic that reaches its precision in no language is left to lists of words.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from pipeline.adapters.reference.language import SERVICES, TOPICS, weights_file
from pipeline.ingest.text.told.labels import features_of_words, signs_of_text
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.learnt.label_weights import (
    NEVER,
    SERVICES_LEARNT,
    TOPICS_LEARNT,
    LabelWeights,
    label_weights_written,
)
from training.examples import STRETCH
from training.fitting import ALL, CENTINATS, Design, Example, Floats, bounded, design_of, minimum, size_of
from training.joining import LEXICON, text_rules
from training.measuring import QUARTERS, Line, fold_of, line_of
from training.texts import LANGUAGES, UNKNOWN, LabelledText, read_texts

TOPIC_LANGUAGES: Final = ("de", "en", "fr")
"""Of Dutch there are too few texts to say how right a topic is: lists of words tell them."""

TOPIC_SIZES: Final = {"word": 1.15, "pair": 1.2, "sign": 0.8}
SERVICE_SIZES: Final = {"word": 2.0, "pair": 1.4, "sign": 1.4}
"""How large the values of each kind of feature are taken, chosen on held-out texts: services are learnt of fewer texts
with more of each, so what is learnt may be larger."""

SMALL_CNAT: Final = 5
"""Weights up to this, in centi-nats, are left out."""

WRITTEN: Final = {"phone_suspected": "device"}
"""What writers called a topic of the program."""

STAFF_IS_MEANT: Final = {
    ("de", 11), ("de", 15), ("de", 16), ("de", 26), ("de", 27),
    ("en", 2), ("en", 10), ("en", 12), ("en", 13), ("en", 14), ("en", 15), ("en", 18), ("en", 19), ("en", 20),
    ("en", 23), ("en", 25),
}  # fmt: skip
"""Writers who took "professionals" for the staff, not for customers who live by their line: of this topic
their texts teach nothing, and measure nothing."""

PRECISION_LEAST: Final = {
    **dict.fromkeys(TOPICS_LEARNT, 0.5),
    **dict.fromkeys(("compensation", "leaving", "prices", "back"), 0.6),
    "planned": 0.7,
    "professionals": 0.4,
}
"""What a topic's bar must reach on texts of unseen writers. By the second row people are handed over, or an end is
believed sooner; what is planned lowers the weight of a report; a business is answered sooner, which costs little where
it is none, and lists are righter of no more; the others are shares of talk."""

RECALL_LEAST: Final = 0.15
"""A topic of which less is found is left to lists."""

_NO_LIST: Final = frozenset({"back", "general", "planned"})
"""Topics of which there is no list, or one of another kind: see decision 224."""

SERVICE_PERMILLE: Final = 450
"""From this probability on a service is told: so nine of ten that are told are right."""

BARS: Final = tuple(range(100, 960, 10))


class LabelSet(NamedTuple):
    """Texts to learn labels from.

    Attributes:
        texts: What was written.
        examples: The same as features.
        labels: Names, in order of the columns of `truth`.
        truth: A row for each text, 1 where it has a label.
        counts: The same, 0 where nobody can tell whether it has, else 1.
    """

    texts: Sequence[LabelledText]
    examples: Sequence[Example]
    labels: Sequence[str]
    truth: Floats
    counts: Floats


class LabelFit(NamedTuple):
    """What was learnt.

    Attributes:
        design: Where each feature stands.
        weights: In nats, a row for each column of the design, a column for each label.
        lines: By label, what makes log odds right.
        chances: Probability of each label of each text, by weights that have not seen its writer.
    """

    design: Design
    weights: Floats
    lines: Sequence[Line]
    chances: Floats


class Told(NamedTuple):
    """How right a label is told."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def topic_labels(text: LabelledText) -> frozenset[str]:
    """Labels of a text as the program names topics; a rumour may be a flag or a topic."""
    return frozenset(WRITTEN.get(name, name) for name in text.topics | text.flags)


def label_example(text: LabelledText, rules: TextRules, *, talks: bool) -> Example:
    """A text as the features that INGEST will find in it, by the same code.

    Args:
        text: What was written.
        rules: Fold the text and find the lexicon's rows.
        talks: Let what the lists find be signs, too.
    """
    folded, reading = rules.read(text.text, text.language)
    names = features_of_words(folded.tokens)
    share = min(1.0, (STRETCH / max(sum(" " not in name for name in names), 1)) ** 0.5)
    talked = rules.topics(text.text, lang=text.language) if talks else ()
    signs = signs_of_text(folded, reading, talked)
    return Example(text.language, dict.fromkeys(sorted(names), share) | dict.fromkeys(sorted(signs), 1.0))


def topic_set(texts: Sequence[LabelledText], rules: TextRules) -> LabelSet:
    """All texts with their topics."""
    truth = [[float(label in topic_labels(text)) for label in TOPICS_LEARNT] for text in texts]
    examples = [label_example(text, rules, talks=True) for text in texts]
    counts = np.ones((len(texts), len(TOPICS_LEARNT)))
    staff = [(text.language, text.part // 10) in STAFF_IS_MEANT for text in texts]
    counts[np.array(staff), TOPICS_LEARNT.index("professionals")] = 0.0
    return LabelSet(texts, examples, TOPICS_LEARNT, np.array(truth), counts)


def service_set(texts: Sequence[LabelledText], rules: TextRules) -> LabelSet:
    """Texts that report a fault, alone or in context, with the services that they say fail."""
    kept = [
        text
        for text in texts
        if (text.fault or text.in_context) and "all" not in text.services and text.services - {"emergency"}
    ]
    truth = [[float(label in text.services) for label in SERVICES_LEARNT] for text in kept]
    examples = [label_example(text, rules, talks=False) for text in kept]
    return LabelSet(kept, examples, SERVICES_LEARNT, np.array(truth), np.ones((len(kept), len(SERVICES_LEARNT))))


def learnt_labels(found: LabelSet, sizes: Mapping[str, float]) -> LabelFit:
    """Learn all labels, and judge each text by weights that have not seen its writer.

    Args:
        found: The texts.
        sizes: How large the values of each kind of feature are taken.
    """
    design = design_of(found.examples, sizes)
    folds = np.array([fold_of(text) % QUARTERS for text in found.texts])
    log_odds = np.zeros(found.truth.shape)
    for fold in sorted(set(folds.tolist())):
        seen = folds != fold
        log_odds[~seen] = design.matrix[~seen] @ _fitted(design, found, seen)
    lines = []
    for place in range(len(found.labels)):
        known = found.counts[:, place] > 0
        lines.append(line_of(log_odds[known, place], found.truth[known, place]))
    right = np.column_stack([log_odds[:, place] * line.slope + line.shift for place, line in enumerate(lines)])
    weights = _fitted(design, found, np.ones(len(folds), dtype=bool))
    return LabelFit(design, weights, lines, 1.0 / (1.0 + np.exp(-right)))


def _fitted(design: Design, found: LabelSet, seen: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> Floats:
    matrix, truth, shares = design.matrix[seen], found.truth[seen], found.counts[seen]
    kinds = range(truth.shape[1])
    return np.column_stack([minimum(matrix, truth[:, kind], shares[:, kind], design.columns) for kind in kinds])


def told_from(chances: Floats, truth: Floats, bar_permille: int) -> Told:
    """How right a label is told from a bar on."""
    flagged = chances * 1_000 >= bar_permille
    right = float((flagged & (truth > 0)).sum())
    return Told(right / max(int(flagged.sum()), 1), right / max(float(truth.sum()), 1.0))


def bar_of(label: str, chances: Floats, truth: Floats) -> int:
    """The bar at which F1 is best among those that reach the precision asked for; `NEVER` if too little is found."""
    tried = [(told_from(chances, truth, bar), bar) for bar in BARS]
    good = [
        (told.f1, bar)
        for told, bar in tried
        if told.precision >= PRECISION_LEAST[label] and told.recall >= RECALL_LEAST
    ]
    return max(good)[1] if good else NEVER


def label_weights(
    code: str, found: LabelSet, fit: LabelFit, bars: Sequence[int], sizes: Mapping[str, float]
) -> LabelWeights:
    """The weights of a language as they are shipped.

    Args:
        code: The language.
        found: What was learnt from.
        fit: What was learnt.
        bars: By label.
        sizes: As for `learnt_labels`.
    """
    of: dict[str, Floats] = {}
    slopes = np.array([line.slope for line in fit.lines])
    for (language, name), place in fit.design.columns.items():
        if language in (code, ALL) and name:
            size = size_of(name, sizes) * CENTINATS
            of[name] = of.get(name, np.zeros(len(found.labels))) + fit.weights[place] * slopes * size
    rows = {}
    for name, weights in of.items():
        row = tuple(0 if abs(weight) <= SMALL_CNAT else bounded(round(float(weight))) for weight in weights)
        if any(row):
            rows[name] = row
    base = fit.weights[fit.design.columns[code, ""]] * slopes + np.array([line.shift for line in fit.lines])
    bases = tuple(round(float(nats) * CENTINATS) for nats in base)
    return LabelWeights(tuple(found.labels), STRETCH, bases, tuple(bars), rows)


_HEAD: Final = """# Weights: what a text talks of, and which services it says fail

`topics.LANGUAGE.tsv` and `services.LANGUAGE.tsv` are made by `python -m training.labels`; do not edit them by hand.
docs/text.md explains them.

* **Questions**: which of ten things does this text talk of? Which of six services does it say fail, if it reports a
  fault?
* **Method**: logistic regression for each label by itself, over words, neighbours, rows of the lexicon and, for
  topics, what its lists of words find; penalty on squares, all languages at once with a part that they share; a line
  on held-out texts; whole centi-nats. A label is told from its bar on.
* **Data**: the texts of training/texts (37,700, of which those in `held_out` are not learnt), columns services, flags
  and topics. Of services, those that report a fault. Writers who took "professionals" for the operator's staff are
  left out there.
* **Licence**: Apache-2.0, weights and texts. **Not for**: judging people, other trades.
* **Known flaw**: labels are incomplete, and tell what is so as well as what is said, so precision is higher and
  recall lower than these figures say to a reader. Bars were set on the same held-out texts.

Each text judged by weights that have not seen its writer; beside it what lists of words found, where there are any.

| topic | language | texts | lists: precision | recall | F1 | bar, permille | weights: precision | recall | F1 |
|---|---|---|---|---|---|---|---|---|---|
"""

_SERVICES_HEAD: Final = """
| service | language | faults that name one | told | right when told |
|---|---|---|---|---|
"""


def write_labels(rules: TextRules) -> None:
    """Train, measure and write both, and their card.

    Args:
        rules: The lexicon without weights.
    """
    texts = [text for code in LANGUAGES for text in read_texts(code)]
    topics = list(_write_topics(topic_set(texts, rules), rules))
    services = list(_write_services(service_set(texts, rules)))
    card = [_HEAD, *(f"{row}\n" for row in topics), _SERVICES_HEAD, *(f"{row}\n" for row in services)]
    (LEXICON / "TOLD.md").write_text("".join(card), encoding="utf-8")
    sys.stdout.writelines(f"{row}\n" for row in (*topics, *services))


def _write_topics(found: LabelSet, rules: TextRules) -> Iterator[str]:
    fit = learnt_labels(found, TOPIC_SIZES)
    listed = [rules.topics(text.text, lang=text.language) for text in found.texts]
    for code in TOPIC_LANGUAGES:
        spoken = np.array([text.language == code for text in found.texts])
        bars = []
        for place, label in enumerate(found.labels):
            own = spoken & (found.counts[:, place] > 0)
            chances, truth = fit.chances[own, place], found.truth[own, place]
            bars.append(bar_of(label, chances, truth))
            names = {label, "claim"} if label == "rumour" else {label}
            lists = np.array([float(bool(names & {t.partition(":")[0] for t in told})) for told in listed])[own]
            before, told = told_from(lists, truth, 1_000), told_from(chances, truth, bars[-1])
            now = "- | - | -" if bars[-1] == NEVER else f"{told.precision:.2f} | {told.recall:.2f} | {told.f1:.2f}"
            lists_said = (
                "- | - | -" if label in _NO_LIST else f"{before.precision:.2f} | {before.recall:.2f} | {before.f1:.2f}"
            )
            yield f"| {label} | {code} | {int(truth.sum())} | {lists_said} | {bars[-1]} | {now} |"
        _write(TOPICS, code, label_weights(code, found, fit, bars, TOPIC_SIZES))


def _write_services(found: LabelSet) -> Iterator[str]:
    fit = learnt_labels(found, SERVICE_SIZES)
    bars = [SERVICE_PERMILLE] * len(found.labels)
    for code in LANGUAGES:
        own = [
            place
            for place, text in enumerate(found.texts)
            if text.language == code and text.fault and text.services - {UNKNOWN}
        ]
        best = fit.chances[own].argmax(axis=1)
        told = fit.chances[own].max(axis=1) * 1_000 >= SERVICE_PERMILLE
        right = [
            _is_right(SERVICES_LEARNT[kind], found.texts[place].services) for kind, place in zip(best, own, strict=True)
        ]
        share = float((told & np.array(right)).sum()) / max(int(told.sum()), 1)
        yield f"| all | {code} | {len(own)} | {told.mean():.3f} | {share:.3f} |"
        _write(SERVICES, code, label_weights(code, found, fit, bars, SERVICE_SIZES))


def _is_right(service: str, services: frozenset[str]) -> bool:
    mobile = {"mobile_voice", "mobile_data"}
    return service in services or (service in mobile and bool(mobile & services))


def _write(what: str, code: str, weights: LabelWeights) -> None:
    weights_file(LEXICON, code, what).write_text(label_weights_written(weights), encoding="utf-8")


if __name__ == "__main__":
    write_labels(text_rules())

"""Leads: weights of words by which a text that names nobody is read for a claim, learnt from all texts.

Claims against what customers write on any other matter. Texts that were written to resemble claims count little, since
to tell those apart is the next judge's work.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from pipeline.ingest.text.alarm.leads import BAR_CNAT, leads_of
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.learnt.alarm_weights import UNTRAINED_ALARM, AlarmWeights
from training.fitting import CENTINATS, Floats, bounded, minimum

TEXTS_MIN: Final = 4
"""A lead of fewer texts says nothing that holds for another."""

ALIKE_SHARE: Final = 0.15
OTHER_SHARE: Final = 0.5
"""How much a text counts that was written to resemble a claim, and one about something else; a claim counts 1."""

SMALL_CNAT: Final = 5
"""Weights up to this are left out: most of them, and they open nothing."""


class LeadText(NamedTuple):
    """A text as leads see it.

    Attributes:
        language: Its language.
        alike: It was written for the question.
        claims: It is a claim.
        leads: What of its words may have a weight.
    """

    language: str
    alike: bool
    claims: bool
    leads: frozenset[str]


class LearntLeads(NamedTuple):
    """Weights of a language, in centi-nats, and whether each text leads by weights that have not seen its writer."""

    weights: Mapping[str, AlarmWeights]
    led: Sequence[bool]


def lead_text(text: str, language: str, *, alike: bool, claims: bool, rules: TextRules) -> LeadText:
    """A text as leads see it.

    Args:
        text: As written.
        language: Its language.
        alike: It was written for the question.
        claims: It is a claim.
        rules: Fold the text.
    """
    folded, _ = rules.read(text, language)
    found = Counter(lead for word in set(folded.words.split()) for lead in leads_of(word))
    return LeadText(language, alike, claims, frozenset(found))


def learnt_leads(texts: Sequence[LeadText], folds: Sequence[int]) -> LearntLeads:
    """Learn weights, and ask those that have not seen a text's fold.

    Args:
        texts: All texts.
        folds: The fold of each.
    """
    columns, matrix = _design(texts)
    labels = np.array([float(text.claims) for text in texts])
    shares = np.array([1.0 if text.claims else ALIKE_SHARE if text.alike else OTHER_SHARE for text in texts])
    places, sums = np.asarray(folds), np.zeros(len(texts))
    for fold in sorted({*places[labels > 0].tolist()}):
        seen = places != fold
        sums[~seen] = matrix[~seen] @ minimum(matrix[seen], labels[seen], shares[seen], columns)
    weights = _rounded(columns, minimum(matrix, labels, shares, columns))
    return LearntLeads(weights, (sums * CENTINATS >= BAR_CNAT).tolist())


def _design(texts: Sequence[LeadText]) -> tuple[dict[tuple[str, str], int], csr_matrix]:
    counts = Counter((text.language, lead) for text in texts for lead in text.leads)
    counts.update({(text.language, ""): TEXTS_MIN for text in texts})
    columns = {key: at for at, key in enumerate(sorted(key for key, count in counts.items() if count >= TEXTS_MIN))}
    rows, places = [], []
    for row, text in enumerate(texts):
        known = [columns.get((text.language, lead)) for lead in (*text.leads, "")]
        places += [place for place in known if place is not None]
        rows += [row for place in known if place is not None]
    return columns, csr_matrix((np.ones(len(rows)), (rows, places)), shape=(len(texts), len(columns)))


def _rounded(columns: Mapping[tuple[str, str], int], found: Floats) -> dict[str, AlarmWeights]:
    of: dict[str, dict[str, int]] = {}
    for (language, lead), place in columns.items():
        of.setdefault(language, {})[lead] = bounded(round(float(found[place]) * CENTINATS))
    return {language: _weights(leads.pop(""), leads) for language, leads in of.items()}


def _weights(base: int, leads: Mapping[str, int]) -> AlarmWeights:
    heavy = {lead: weight for lead, weight in leads.items() if abs(weight) > SMALL_CNAT}
    plain = UNTRAINED_ALARM
    return AlarmWeights(plain.base, plain.sure_permille, plain.doubtful_permille, {}, base, heavy)

"""When is a suspicion a fact? When a second kind of witness speaks, or one speaks strongly enough.

Kinds, not topics, are counted: the call centre's figures and the tickets are
the same people, and a thousand reposts are one voice. So are a region and its
nation, or an element and its area: of readings that hold each other only the
smallest places count, and one figure in one place is one witness, however sure.

A witness counts by its own weight: of two who are unsure one is not made sure by the
other, since whatever opened the incident makes everybody look. People count as what exceeds
the usual, and readings by the evidence that the detector has accumulated.
"""

from itertools import combinations
from typing import Final

from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.evidence.testimony import CARE, NETWORK, PUBLIC
from pipeline.correlate.parts import Dossier, SeriesEvidence, Witness
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.vocabulary import DecisionReason

_MILLI: Final = 1_000


def verdict(dossier: Dossier, config: ConfirmConfig) -> DecisionReason | None:
    """Why the evidence suffices, or None if it does not yet.

    Args:
        dossier: With the pane's evidence absorbed.
        config: The bars.
    """
    if _two_kinds(dossier, config):
        return DecisionReason.CORROBORATED
    if _strong_network(dossier, config) or _many_customers(dossier, config) or _many_in_public(dossier, config):
        return DecisionReason.STRONG_SINGLE_SOURCE
    return None


def is_official_word(text: str, config: ConfirmConfig) -> bool:
    """Does an operator's own post speak of a fault? Told by stems of words, in three languages.

    >>> is_official_word("Aktuell kommt es zu einer Störung im Netz.", ConfirmConfig())
    True
    """
    folded = text.casefold()
    return any(stem in folded for stem in config.official_words)


def _two_kinds(dossier: Dossier, config: ConfirmConfig) -> bool:
    """Did two kinds of witness speak within a time of each other, and each with weight?"""
    apart_ms = config.corroboration_minutes * MINUTE_MS
    return any(
        _apart_ms(dossier.witnesses[kind], dossier.witnesses[other]) <= apart_ms
        and _carry_weight(kind, other, dossier, config)
        for kind, other in combinations(sorted(dossier.witnesses), 2)
    )


def _carry_weight(kind: str, other: str, dossier: Dossier, config: ConfirmConfig) -> bool:
    """Does each of two kinds of witness count by itself?"""
    if NETWORK not in (kind, other):
        many = all(_excess(dossier.witnesses[name]) >= config.people_alone_min for name in (kind, other))
        return many and _is_share_moved(dossier, config)
    measured = {series.kind for series in dossier.series.values() if _is_measured_well(series, config)}
    people = other if kind == NETWORK else kind
    return NETWORK in measured and (people in measured or _excess(dossier.witnesses[people]) >= config.people_min)


def _apart_ms(witness: Witness, other: Witness) -> int:
    return max(witness.first_at, other.first_at) - min(witness.last_at, other.last_at)


def _is_measured_well(series: SeriesEvidence, config: ConfirmConfig) -> bool:
    """Is it a series of telemetry with much evidence, which lasts, and which is known long enough?"""
    return (
        series.source == "telemetry"
        and series.evidence_milli >= config.telemetry_surprise * _MILLI
        and series.last_at - series.first_at >= config.telemetry_seconds * _MILLI
        and series.learnt_hours >= config.learnt_hours
    )


def _strong_network(dossier: Dossier, config: ConfirmConfig) -> bool:
    """Do two places, or two figures, show it strongly for a while?"""
    strong = [
        series for series in dossier.series.values() if series.kind == NETWORK and _is_measured_well(series, config)
    ]
    if len({series.measure for series in strong}) >= 2:
        return True
    return len(leaves_of({series.area for series in strong})) >= config.telemetry_areas


def _many_customers(dossier: Dossier, config: ConfirmConfig) -> bool:
    """Do many customers complain over a while, and not only because all customers have more to say?"""
    said = dossier.witnesses.get(CARE)
    if said is None or not _sustained(said, config.tickets_people, config.tickets_minutes):
        return False
    return _is_share_moved(dossier, config)


def _is_share_moved(dossier: Dossier, config: ConfirmConfig) -> bool:
    """Do customers complain more than they have other things to say?"""
    return _growth(dossier, "complaints") >= config.tickets_share_times * max(1.0, _growth(dossier, "contacts"))


def _growth(dossier: Dossier, measure: str) -> float:
    """How many times as many tickets of a kind as usual there were, where most came from; 0 without any."""
    grown = [
        (series.records, series.records * _MILLI / max(1, series.usual_milli))
        for series in dossier.series.values()
        if series.source == "tickets" and series.measure == measure and not series.service
    ]
    return max(grown, default=(0, 0.0))[1]


def _many_in_public(dossier: Dossier, config: ConfirmConfig) -> bool:
    said = dossier.witnesses.get(PUBLIC)
    if said is None:
        return False
    placed = [area for area in leaves_of(dossier.areas) if "/" in area]
    if len(placed) >= config.posts_areas and _sustained(said, config.posts_people, config.posts_minutes):
        return True
    return _sustained(said, config.unplaced_people, config.unplaced_minutes)


def _sustained(said: Witness, people: int, minutes: int) -> bool:
    return _excess(said) >= people and said.last_at - said.first_at >= minutes * MINUTE_MS


def _excess(said: Witness) -> float:
    """How many people more than usual spoke."""
    return said.excess_milli / _MILLI

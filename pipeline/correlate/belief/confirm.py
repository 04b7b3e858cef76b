"""When is a suspicion a fact? When a second kind of witness speaks, or one speaks strongly enough.

Kinds, not topics, are counted: the call centre's figures and the tickets are
the same people, and a thousand reposts are one voice. So are a region and its
nation, or an element and its area: of readings that hold each other only the
smallest places count, and one figure in one place is one witness, however sure.
"""

from itertools import combinations

from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.evidence.testimony import CARE, NETWORK, PUBLIC
from pipeline.correlate.parts import Dossier, Witness
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.vocabulary import DecisionReason


def verdict(dossier: Dossier, config: ConfirmConfig) -> DecisionReason | None:
    """Why the evidence suffices, or None if it does not yet.

    Args:
        dossier: With the pane's evidence absorbed.
        config: The bars.
    """
    if _two_kinds(dossier, config.corroboration_minutes * MINUTE_MS):
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


def _two_kinds(dossier: Dossier, apart_ms: int) -> bool:
    """Did two kinds of witness speak within a time of each other?"""
    said = [dossier.witnesses[kind] for kind in sorted(dossier.witnesses)]
    return any(
        max(witness.first_at, other.first_at) - min(witness.last_at, other.last_at) <= apart_ms
        for witness, other in combinations(said, 2)
    )


def _strong_network(dossier: Dossier, config: ConfirmConfig) -> bool:
    """Do two places, or two figures, show it strongly for a while, by series that were learnt for some days?"""
    strong = [
        series
        for series in dossier.series.values()
        if series.kind == NETWORK
        and series.surprise_milli >= config.telemetry_surprise * 1_000
        and series.last_at - series.first_at >= config.telemetry_seconds * 1_000
        and series.learnt_hours >= config.learnt_hours
    ]
    if len({series.measure for series in strong}) >= 2:
        return True
    return len(leaves_of({series.area for series in strong})) >= config.telemetry_areas


def _many_customers(dossier: Dossier, config: ConfirmConfig) -> bool:
    said = dossier.witnesses.get(CARE)
    return said is not None and _sustained(said, config.tickets_people, config.tickets_minutes)


def _many_in_public(dossier: Dossier, config: ConfirmConfig) -> bool:
    said = dossier.witnesses.get(PUBLIC)
    if said is None:
        return False
    placed = [area for area in leaves_of(dossier.areas) if "/" in area]
    if len(placed) >= config.posts_areas and _sustained(said, config.posts_people, config.posts_minutes):
        return True
    return _sustained(said, config.unplaced_people, config.unplaced_minutes)


def _sustained(said: Witness, people: int, minutes: int) -> bool:
    return said.people >= people and said.last_at - said.first_at >= minutes * MINUTE_MS

"""When is a suspicion a fact? When a second kind of witness speaks, or one speaks strongly enough.

Kinds, not topics, are counted: the call centre's figures and the tickets are
the same people, and a thousand reposts are one voice. So are a region and its
nation, or an element and its area: of readings that hold each other only the
smallest places count, and one figure in one place is one witness, however sure.
"""

from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.evidence.testimony import CARE, NETWORK, PUBLIC
from pipeline.correlate.state import OpenIncident, Voices
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.vocabulary import DecisionReason


def verdict(incident: OpenIncident, config: ConfirmConfig) -> DecisionReason | None:
    """Why the evidence suffices, or None if it does not yet.

    Args:
        incident: With the pane's evidence absorbed.
        config: The bars.
    """
    if _two_kinds(incident, config.corroboration_minutes * MINUTE_MS):
        return DecisionReason.CORROBORATED
    if _strong_network(incident, config) or _many_customers(incident, config) or _many_in_public(incident, config):
        return DecisionReason.STRONG_SINGLE_SOURCE
    return None


def is_official_word(text: str, config: ConfirmConfig) -> bool:
    """Does an operator's own post speak of a fault? Plain: by stems, in three languages.

    >>> is_official_word("Aktuell kommt es zu einer Störung im Netz.", ConfirmConfig())
    True
    """
    folded = text.casefold()
    return any(stem in folded for stem in config.official_words)


def _two_kinds(incident: OpenIncident, apart_ms: int) -> bool:
    said = [incident.voices[kind] for kind in sorted(incident.voices)]
    return any(
        max(one.first_at, other.first_at) - min(one.last_at, other.last_at) <= apart_ms
        for number, one in enumerate(said)
        for other in said[number + 1 :]
    )


def _strong_network(incident: OpenIncident, config: ConfirmConfig) -> bool:
    """Do two places, or two figures, show it strongly for a while, by series that were learnt for some days?"""
    strong = [
        one
        for one in incident.evidence.values()
        if one.kind == NETWORK
        and one.surprise_milli >= config.telemetry_surprise * 1_000
        and one.last_at - one.first_at >= config.telemetry_seconds * 1_000
        and one.learnt_hours >= config.learnt_hours
    ]
    if len({one.measure for one in strong}) >= 2:
        return True
    return len(leaves_of({one.area for one in strong})) >= config.telemetry_areas


def _many_customers(incident: OpenIncident, config: ConfirmConfig) -> bool:
    said = incident.voices.get(CARE)
    return said is not None and _sustained(said, config.tickets_people, config.tickets_minutes)


def _many_in_public(incident: OpenIncident, config: ConfirmConfig) -> bool:
    said = incident.voices.get(PUBLIC)
    if said is None:
        return False
    placed = [area for area in leaves_of(incident.areas) if "/" in area]
    if len(placed) >= config.posts_areas and _sustained(said, config.posts_people, config.posts_minutes):
        return True
    return _sustained(said, config.unplaced_people, config.unplaced_minutes)


def _sustained(said: Voices, people: int, minutes: int) -> bool:
    return said.people >= people and said.last_at - said.first_at >= minutes * MINUTE_MS

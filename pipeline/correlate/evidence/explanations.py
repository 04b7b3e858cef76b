"""What else would explain what is seen, how likely that is, and what would be believed had a source said nothing.

A place has an account of its own, in which every explanation has a probability. An incident has one number for an
outage; what is left of it is shared out as the account of its likeliest place has it. That figures lie is asked of all
places together, as each further one that agrees speaks against it.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import structs

from pipeline.records.inner.weighings import RIVAL_MIN_PPM, Weighing
from pipeline.records.published.evidence_card import WitnessSource
from pipeline.records.vocabulary import PPM

PROBE: Final = "probe"
NORMAL: Final = "normal"

GROUP_OF: Final[Mapping[str, str]] = {"telemetry": "network", "tickets": "care", "calls": "care", "mentions": "public"}
"""The sources whose words the account weighs, and the group of witnesses to which each belongs."""

BEFORE_MILLI: Final = 9_000
"""An account begins so far below even odds, thousandths of a natural log: an outage is as rare as that."""

_OTHER: Final = {"tickets": "calls", "calls": "tickets"}


def rivals_of(likeliest: Weighing, outage: float, lie: float | None) -> dict[str, int]:
    """Probability of each other explanation of an incident, in millionths; empty if its place tells none.

    Args:
        likeliest: The one of its places and services where an outage is likeliest.
        outage: Probability of an outage, as it is told, 0 to 1.
        lie: That figures of all its places lie, against the rest that is no outage, 0 to 1; None as that place has it.

    Returns:
        The likeliest first; those of less than one in a million are left out.
    """
    known = likeliest.rivals_ppm
    if not known:
        return {}
    if lie is not None:
        others = {name: ppm for name, ppm in known.items() if name != PROBE} or {NORMAL: 1}
        whole = sum(others.values())
        parts = {name: (1.0 - lie) * ppm / whole for name, ppm in others.items()} | {PROBE: lie}
    else:
        whole = sum(known.values())
        parts = {name: ppm / whole for name, ppm in known.items()}
    shares = {name: round(PPM * (1.0 - outage) * part) for name, part in parts.items()}
    ordered = sorted(shares, key=lambda name: (-shares[name], name))
    return {name: shares[name] for name in ordered if shares[name]}


def alone_of(weighings: Iterable[Weighing]) -> dict[str, int]:
    """What tickets and calls would have added, each without the other, where both together added most."""
    return max(weighings, key=_loudness).alone_milli


def _loudness(known: Weighing) -> tuple[int, str, str, str]:
    return known.added_milli.get("care", 0), known.operator, known.area, known.service


def by_source(added_milli: Mapping[str, int], alone_milli: Mapping[str, int]) -> dict[WitnessSource, int]:
    """What each source added to the log-odds, in thousandths; together what the groups added.

    Tickets and calls are of the same people and count once, by their mean: each is told by half of what it adds alone
    and half of what it adds to the other (L. S. Shapley, 1953).

    Args:
        added_milli: By group.
        alone_milli: What `tickets` and `calls` would have added, each without the other.

    >>> by_source({"network": 9_000, "care": 3_000, "public": 10}, {"tickets": 5_000, "calls": -1_000})
    {'telemetry': 9000, 'tickets': 4500, 'calls': -1500, 'mentions': 10}
    >>> by_source({"care": 3_000}, {"tickets": 3_000, "calls": 0})
    {'telemetry': 0, 'tickets': 3000, 'calls': 0, 'mentions': 0}
    """
    care, tickets = added_milli.get("care", 0), alone_milli.get("tickets", added_milli.get("care", 0))
    calls = (care - tickets + alone_milli.get("calls", 0)) // 2
    return {
        "telemetry": added_milli.get("network", 0),
        "tickets": care - calls,
        "calls": calls,
        "mentions": added_milli.get("public", 0),
    }


def unheard(known: Weighing, source: str) -> Weighing:
    """What would be believed of a place had a source said nothing there, as far as sums of log-odds tell.

    Without figures neither an outage nor a lying probe was shown; without people no outage. What else people's words
    would have explained stays as it is. An account forgets: of what was said in hours more was lost than is believed
    now, and with one source silent that of the others would have counted in its place.

    Args:
        known: What is believed with it.
        source: One of `GROUP_OF`, or one of its groups.
    """
    group = GROUP_OF.get(source, source)
    left = known.alone_milli.get(_OTHER[source], 0) if source in _OTHER else 0
    milli = known.added_milli.get(group, 0) - left
    said = max(min(0, milli), milli - _lost_milli(known)) / 1_000
    disturbed = math.exp(known.disturbed_milli / 1_000)
    outage = (1.0 + disturbed) / (1.0 + math.exp(-known.odds_milli / 1_000))
    probe = max(0.0, disturbed - outage)
    outage *= math.exp(-said)
    if group == "network":
        probe *= math.exp(-said)
    alone = {name: milli for name, milli in known.alone_milli.items() if group != "care" or name == _OTHER.get(source)}
    return structs.replace(
        known,
        odds_milli=_milli(outage / (1.0 + probe)),
        disturbed_milli=_milli(outage + probe),
        added_milli={**known.added_milli, group: left},
        alone_milli=alone,
    )


def _lost_milli(known: Weighing) -> int:
    """How much more was said of a place than its account believes against all being well, thousandths, 0 or more."""
    well = max(RIVAL_MIN_PPM, known.rivals_ppm.get(NORMAL, RIVAL_MIN_PPM))
    outage = PPM / (1.0 + math.exp(-known.odds_milli / 1_000))
    believed = max(known.odds_milli, _milli(outage / well))
    return max(0, sum(known.added_milli.values()) - BEFORE_MILLI - believed)


def _milli(odds: float) -> int:
    return round(1_000 * math.log(max(1e-12, odds)))

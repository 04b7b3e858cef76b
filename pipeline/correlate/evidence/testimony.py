"""Testimony: all that one anomaly says, asked once when it is heard.

Complaints and network readings carry an incident. General talk (`activity`,
`reactions`, `contacts`) only accompanies it: a football sponsor is talked about
without any outage, so talk neither opens an incident nor keeps one alive.

Every later step reads these answers and asks the anomaly nothing, so an
anomaly cannot be a witness to one rule and none to another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipeline.correlate.evidence.footprint import FAMILIES, Footprint, is_beyond_tv
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.clocks import SOURCES
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.vocabulary import PPM
from pipeline.reference.metrics import Metrics, Role

ACCOMPANYING: Final = frozenset({"activity", "reactions", "contacts"})
"""Measures that say how much is said, not that anything is down."""

NETWORK, CARE, PUBLIC, RESOURCE = "network", "care", "public", "resource"
"""Kinds of witness: the network itself, people who turn to the operator, people who speak in public; and a
resource, which is no witness: it only supports."""

_KINDS: Final = {Role.SERVICE: NETWORK, Role.RESOURCE: RESOURCE, Role.DEMAND: CARE, Role.AFTERMATH: CARE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What one anomaly says.

    Attributes:
        anomaly: The anomaly itself: times, values, examples.
        key: Name of its series within an incident; the scope does not matter there.
        kind: Kind of witness: `network`, `care`, `public` or `resource`.
        carries: True if it may open an incident and keep it alive.
        testifies: True if it counts as a witness. Calls that surge do, though they carry nothing: bills and
            prices raise them as well, so they confirm only what something else has opened.
        at_home: False if people speak of a region in which the operator has no customers.
        share_ppm: Share of users that a ratio shows to be hit, in millionths; 0 if it shows none.
        footprint: What decides where it belongs.
        order: Key of the one order in which the testimonies of a pane are worked.
    """

    anomaly: Anomaly
    key: str
    kind: str
    carries: bool
    testifies: bool
    at_home: bool
    share_ppm: int
    footprint: Footprint
    order: tuple[object, ...]


def testimonies_of(anomalies: Iterable[Anomaly], reference: CorrelateReference) -> list[Testimony]:
    """The testimonies of a pane: of all anomalies that speak of trouble, in the one order of work."""
    heard = [_testimony(anomaly, reference) for anomaly in anomalies if speaks_of_trouble(anomaly, reference.metrics)]
    return sorted(heard, key=lambda testimony: testimony.order)


def _testimony(anomaly: Anomaly, reference: CorrelateReference) -> Testimony:
    if anomaly.source == "telemetry":
        role = reference.metrics.of(anomaly.measure, anomaly.unit).role
        kind, carries, at_home = _KINDS[role], role is Role.SERVICE, True
        testifies = carries or role is Role.DEMAND
    else:
        kind, carries = kind_of_people(anomaly.source), anomaly.measure not in ACCOMPANYING
        testifies, at_home = carries, reference.serves(anomaly.operator, anomaly.area)
    return Testimony(
        anomaly=anomaly,
        key=series_key(anomaly),
        kind=kind,
        carries=carries,
        testifies=testifies,
        at_home=at_home,
        share_ppm=share_affected_ppm(anomaly),
        footprint=_footprint(anomaly, network=kind == NETWORK),
        order=_order(anomaly),
    )


def _footprint(anomaly: Anomaly, *, network: bool) -> Footprint:
    return Footprint(
        operator=anomaly.operator,
        area=anomaly.area,
        family=FAMILIES.get(anomaly.service, "") if network else "",
        service=anomaly.service if network else "",
        named="" if anomaly.source == "telemetry" else anomaly.service,
        channel=anomaly.item if anomaly.service == "tv" else "",
        beyond_tv=is_beyond_tv(anomaly.service, anomaly.item, network=network),
    )


def _order(anomaly: Anomaly) -> tuple[object, ...]:
    """By source, series and step; whatever the order of arrival."""
    source = SOURCES.index(anomaly.source) if anomaly.source in SOURCES else len(SOURCES)
    series = (anomaly.operator, anomaly.scope_area, anomaly.area, anomaly.element, anomaly.service, anomaly.item)
    rest = (anomaly.measure, anomaly.unit, int(anomaly.ended_at), anomaly.step_ms, anomaly.direction)
    return (source, *series, *rest, -anomaly.surprise, anomaly.observed, anomaly.records, anomaly.detector)


def series_key(anomaly: Anomaly) -> str:
    """Name of an anomaly's series within an incident; the scope does not matter there."""
    where = (anomaly.source, anomaly.operator, anomaly.area, anomaly.element)
    return "|".join((*where, anomaly.service, anomaly.item, anomaly.measure, anomaly.unit))


def kind_of_people(source: str) -> str:
    """Which kind of witness people are: those who turn to the operator, or who speak in public.

    >>> kind_of_people("tickets"), kind_of_people("mentions")
    ('care', 'public')
    """
    return CARE if source == "tickets" else PUBLIC


def speaks_of_trouble(anomaly: Anomaly, metrics: Metrics) -> bool:
    """Is the deviation to the bad side, and large enough to matter?

    Fewer complaints are no trouble, nor is a success ratio above its usual, nor a
    delay a tenth longer, however surprising.
    """
    if anomaly.source != "telemetry":
        return anomaly.direction == "surge"
    return metrics.is_trouble(anomaly.measure, anomaly.unit, anomaly.observed, anomaly.expected)


def share_affected_ppm(anomaly: Anomaly) -> int:
    """Which share of the users a ratio shows to be hit, in millionths; 0 if it shows none.

    A success ratio that falls from 0.99 to 0.33 leaves two thirds without.
    """
    if anomaly.unit != "ratio":
        return 0
    if anomaly.direction == "drop" and anomaly.expected > 0:
        part = (anomaly.expected - anomaly.observed) / anomaly.expected
    elif anomaly.direction == "surge" and anomaly.expected < 1:
        part = (anomaly.observed - anomaly.expected) / (1 - anomaly.expected)
    else:
        return 0
    return min(PPM, max(0, round(part * PPM)))

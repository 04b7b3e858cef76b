"""Testimony: what one anomaly says, asked once when it is heard.

Complaints and network readings carry an incident. General talk (`activity`,
`reactions`, `contacts`) only accompanies it: a football sponsor is talked about
without any outage, so talk neither opens an incident nor keeps one alive.
"""

from typing import Final

from pipeline.correlate.reference import CorrelateReference
from pipeline.records.clocks import SOURCES
from pipeline.records.inner.anomalies import Anomaly
from pipeline.reference.metrics import Metrics, Role

ACCOMPANYING: Final = frozenset({"activity", "reactions", "contacts"})
"""Measures that say how much is said, not that anything is down."""


NETWORK, CARE, PUBLIC, RESOURCE = "network", "care", "public", "resource"
"""Kinds of witness; a resource is none, it only supports."""


_PPM: Final = 1_000_000


def order_of(anomaly: Anomaly) -> tuple[object, ...]:
    """The one order in which the anomalies of a pane are worked, whatever the order of arrival."""
    source = SOURCES.index(anomaly.source) if anomaly.source in SOURCES else len(SOURCES)
    series = (anomaly.operator, anomaly.scope_area, anomaly.area, anomaly.element, anomaly.service, anomaly.item)
    rest = (anomaly.measure, anomaly.unit, int(anomaly.ended_at), anomaly.step_ms, anomaly.direction)
    return (source, *series, *rest, -anomaly.surprise, anomaly.observed, anomaly.records, anomaly.detector)


def series_key(anomaly: Anomaly) -> str:
    """Name of a series within an incident; the scope does not matter here."""
    where = (anomaly.source, anomaly.operator, anomaly.area, anomaly.element)
    return "|".join((*where, anomaly.service, anomaly.item, anomaly.measure, anomaly.unit))


def kind_of_people(source: str) -> str:
    """Which kind of witness people are: those who turn to the operator, or who speak in public.

    >>> kind_of_people("tickets"), kind_of_people("mentions")
    ('care', 'public')
    """
    return CARE if source == "tickets" else PUBLIC


def kind_of(anomaly: Anomaly, metrics: Metrics) -> str:
    """Which kind of witness: the network itself, people to the operator, people in public; or a resource.

    The call centre's figures count with the tickets: the same callers make both.
    """
    if anomaly.source != "telemetry":
        return kind_of_people(anomaly.source)
    return _KINDS[metrics.of(anomaly.measure, anomaly.unit).role]


_KINDS: Final = {Role.SERVICE: NETWORK, Role.RESOURCE: RESOURCE, Role.DEMAND: CARE, Role.AFTERMATH: CARE}


def speaks_of_trouble(anomaly: Anomaly, metrics: Metrics) -> bool:
    """Is the deviation to the bad side, and large enough to matter?

    Fewer complaints are no trouble, nor is a success ratio above its usual, nor a
    delay a tenth longer, however surprising.
    """
    if anomaly.source != "telemetry":
        return anomaly.direction == "surge"
    return metrics.is_trouble(anomaly.measure, anomaly.unit, anomaly.observed, anomaly.expected)


def is_at_home(anomaly: Anomaly, reference: CorrelateReference) -> bool:
    """Do people speak of a region in which the operator has customers? What they say counts for the nation anyway."""
    return anomaly.source == "telemetry" or reference.serves(anomaly.operator, anomaly.area)


def carries(anomaly: Anomaly, metrics: Metrics) -> bool:
    """May this anomaly open an incident and keep it alive?"""
    if anomaly.source != "telemetry":
        return anomaly.measure not in ACCOMPANYING
    return metrics.of(anomaly.measure, anomaly.unit).role is Role.SERVICE


def testifies(anomaly: Anomaly, metrics: Metrics) -> bool:
    """Is this anomaly a witness?

    Calls that surge are: not for an incident of their own, since bills and prices
    raise them as well, but for one that something else has opened.
    """
    if carries(anomaly, metrics):
        return True
    return anomaly.source == "telemetry" and metrics.of(anomaly.measure, anomaly.unit).role is Role.DEMAND


def share_affected_ppm(anomaly: Anomaly) -> int:
    """Which part of the users a ratio shows to be hit; 0 if it shows none.

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
    return min(_PPM, max(0, round(part * _PPM)))

"""Footprints: the few facts of an anomaly or a claim that decide to which outage it belongs.

Complaints know the operator and the place but seldom the service ("everything
is dead"), so only network readings may set two services apart.
"""

from dataclasses import dataclass
from typing import Final

from pipeline.correlate.evidence.testimony import NETWORK, kind_of
from pipeline.correlate.state import Evidence
from pipeline.records.inner.anomalies import Anomaly
from pipeline.reference.metrics import Metrics

FAMILIES: Final = {
    "mobile_voice": "mobile",
    "mobile_data": "mobile",
    "sms": "mobile",
    "fixed_voice": "fixed",
    "broadband": "fixed",
    "tv": "fixed",
}
"""Services that fall together; an emergency call goes over either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What decides where an anomaly or a claim belongs.

    Attributes:
        operator: '' if a claim names none.
        family: `mobile` or `fixed` if a network reading says so, else ''.
        channel: TV channel, or ''.
        beyond_tv: It speaks of more than channels: another service, or all of TV by a network reading.
    """

    operator: str
    area: str
    family: str = ""
    channel: str = ""
    beyond_tv: bool = False


def footprint_of(anomaly: Anomaly, metrics: Metrics) -> Footprint:
    """The footprint of an anomaly."""
    network = kind_of(anomaly, metrics) == NETWORK
    return Footprint(
        operator=anomaly.operator,
        area=anomaly.area,
        family=FAMILIES.get(anomaly.service, "") if network else "",
        channel=anomaly.item if anomaly.service == "tv" else "",
        beyond_tv=is_beyond_tv(anomaly, network=network),
    )


def is_beyond_tv(one: Anomaly | Evidence, *, network: bool) -> bool:
    """Complaints that name no service may be about a channel; those that name another are not."""
    return not one.item if network else one.service not in ("", "tv")

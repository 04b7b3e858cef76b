"""What the stand sends: records in which nothing is wrong, and one for each reason for which a record is refused."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from pipeline.adapters.codecs.cloudevents import STRUCTURED_JSON
from pipeline.records.clocks import Instant, format_instant
from pipeline.records.errors import Reason
from pipeline.records.limits import RECORD_BYTES_MAX

OPERATORS: Final = ("netcologne", "telekom", "vodafone-de")
AREA: Final = "DE/NW/koeln"
DAY_SECONDS: Final = 86_400
LATE_SECONDS: Final = 7_200


class Sent(NamedTuple):
    """One record on its way.

    Attributes:
        topic: Noun of a raw topic.
        value: Its bytes.
        headers: Its headers.
    """

    topic: str
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


def time_text(now: float) -> str:
    """A time as senders write it, from seconds since 1970."""
    return format_instant(Instant(int(now * 1_000)))


def reading(now: float, **other: Any) -> dict[str, Any]:
    """A reading in which nothing is wrong.

    Args:
        now: Its time, seconds since 1970.
        other: Fields that differ.
    """
    fields = {"operator": OPERATORS[0], "observed_at": time_text(now), "area": AREA}
    return {**fields, "metric": "attach_success_ratio", "value": 0.99, "unit": "ratio", **other}


def calm_ticket(now: float, ticket_id: str, **other: Any) -> dict[str, Any]:
    """A ticket that complains of no outage."""
    fields = {"ticket_id": ticket_id, "operator": OPERATORS[2], "opened_at": time_text(now), "area": AREA}
    return {**fields, "text": "Ich habe eine Frage zu meiner Rechnung.", "lang": "de", **other}


def calm_post(now: float, post_id: str) -> dict[str, Any]:
    """A post that complains of no outage."""
    fields = {"post_id": post_id, "platform": "mastodon", "posted_at": time_text(now), "lang": "de"}
    return {**fields, "operator": OPERATORS[2], "area": AREA, "text": "Schönes Wetter heute am Rhein."}


def emergency_ticket(now: float, operator: str) -> dict[str, Any]:
    """Somebody who cannot reach 112."""
    words = "Der Notruf 112 ist nicht erreichbar, ich komme nicht durch."
    return calm_ticket(now, f"drill-{now:.3f}", operator=operator, service="emergency", text=words)


def order(now: float, kind: str, operator: str = OPERATORS[0], **other: Any) -> dict[str, Any]:
    """An order about the incident of an emergency ticket.

    Args:
        now: Its time, seconds since 1970.
        kind: What is ordered.
        operator: Whose incident.
        other: Fields that differ.
    """
    target = {"command_id": f"drill-{now:.3f}", "market": "DE", "target": f"{operator}@{AREA}"}
    return {**target, "kind": kind, "by": "drill", "reason": "a drill", **other}


def _reading(now: float, **other: Any) -> Sent:
    return Sent("telemetry", json.dumps(reading(now, **other)).encode())


REFUSED: Final[Mapping[Reason, Callable[[float], Sent]]] = {
    Reason.EMPTY_RECORD: lambda _: Sent("telemetry", b""),
    Reason.TOO_LARGE: lambda _: Sent("telemetry", b" " * (RECORD_BYTES_MAX + 1)),
    Reason.MALFORMED_JSON: lambda _: Sent("telemetry", b"{"),
    Reason.MALFORMED_EVENT: lambda _: Sent("telemetry", b"{}", (("content-type", STRUCTURED_JSON),)),
    Reason.SCHEMA_MISMATCH: lambda _: Sent("telemetry", b"{}"),
    Reason.BAD_TIME: lambda now: _reading(now, observed_at="2025-02-30T09:00:00Z"),
    Reason.FUTURE_TIMESTAMP: lambda now: _reading(now, observed_at=time_text(now + DAY_SECONDS)),
    Reason.STALE: lambda now: _reading(now - 2 * DAY_SECONDS),
    Reason.LATE: lambda now: _reading(now - LATE_SECONDS),
    Reason.OUT_OF_RANGE: lambda now: _reading(now, value=9_100_000_000.0),
    Reason.UNKNOWN_OPERATOR: lambda now: _reading(now, operator="nobody"),
    Reason.UNKNOWN_AREA: lambda now: _reading(now, area="DE/NW/atlantis"),
    Reason.UNKNOWN_UNIT: lambda now: _reading(now, unit="horse lengths"),
    Reason.UNKNOWN_SERVICE: lambda now: _reading(now, service="fax"),
    Reason.UNKNOWN_COMMAND: lambda now: Sent("commands", json.dumps(order(now, "reboot")).encode()),
    Reason.UNKNOWN_MARKET: lambda now: Sent("commands", json.dumps(order(now, "acknowledge", market="XX")).encode()),
}
"""A record for each reason, from the seconds since 1970; `late_partial` has none: no sender can cause it."""

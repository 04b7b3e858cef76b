"""Telemetry: one reading of one measured value.

The call centre's figures are telemetry too, with the metrics that
`CARE_METRICS` names. Several readings of a pane are added up, so a reading
says how many attempts it stands for.
"""

from typing import Annotated, Final

import msgspec

from pipeline.records.limits import Area, Name, Time
from pipeline.records.units import WireUnit
from pipeline.records.vocabulary import Service

CARE_METRICS: Final = frozenset(
    {
        "calls_offered",
        "calls_answered",
        "calls_abandoned",
        "calls_waiting",
        "longest_wait_seconds",
        "avg_speed_of_answer_seconds",
        "abandonment_ratio",
        "service_level_ratio",
        "csat_score",
    }
)
"""Names of the call centre's figures."""


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One value of one metric.

    Attributes:
        operator: Operator id of the reference.
        observed_at: Event time, RFC 3339.
        metric: Name of the figure, such as `attach_success_ratio`.
        value: In `unit`; finite, within the metric's range, and at most 2^53 steps of its canonical unit.
        area: Path of the place tree; or `element`, which the reference maps to one.
        attempts: How many attempts a ratio stands for.
        vendor: Vendor whose feed it is, where an operator has several.
        interval_seconds: How often the feed reports, where it says so.
        queue: Queue of the call centre.
    """

    operator: Name
    observed_at: Time
    metric: Name
    value: float
    unit: WireUnit
    area: Area | None = None
    element: Name | None = None
    service: Service | None = None
    item: Name | None = None
    attempts: Annotated[int, msgspec.Meta(ge=1, le=2**31)] = 1
    vendor: Name | None = None
    interval_seconds: Annotated[int, msgspec.Meta(ge=1, le=86_400)] | None = None
    queue: Name | None = None
    market: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] | None = None

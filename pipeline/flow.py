"""The map: topics and stages, in the order in which records travel.

    telemetry, tickets -+
    mentions, commands -+-> ingest --> signals --> detect --> anomalies --> correlate, respond --> incidents,
                                                                      notices, failovers, followups
    any stage may also write: decisions (why, or why not), quarantine (what could not be used)

The live run and the replay both read this file; a topic or a stage that is not
here does not exist.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pipeline.correlate.apply import apply as correlate
from pipeline.detect.apply import apply as detect
from pipeline.ingest.apply import Lane
from pipeline.records.clocks import SOURCES
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import Envelope
from pipeline.records.published.decisions import Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.published.quarantine import Quarantined
from pipeline.records.step import Step
from pipeline.respond.apply import apply as respond

TOPICS: Final[Mapping[str, type | None]] = {
    "telemetry": None,
    "tickets": None,
    "mentions": None,
    "commands": None,
    "signals": Envelope,
    "anomalies": Sealed,
    "incidents": Incident,
    "notices": Notice,
    "failovers": Failover,
    "followups": Followup,
    "decisions": Decision,
    "quarantine": Quarantined,
}
"""Topic to the record type that we write to it; nobody but others writes to a raw one."""

RESULTS: Final = ("incidents", "notices", "failovers", "followups", "decisions", "quarantine")
"""What others consume."""


@dataclass(frozen=True, slots=True)
class Batched:
    """A stage that takes raw records a batch at a time."""

    sources: tuple[str, ...]
    lane: type[Lane]
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A stage that takes one record at a time and keeps state; each partition is worked in order."""

    name: Literal["detect", "correlate"]
    source: str
    apply: Callable[..., Step]
    to: tuple[str, ...]


def correlate_and_respond(state: Any, sealed: Sealed, config: Any, reference: Any, respond_config: Any) -> Step:
    """CORRELATE, and in the same step what must follow from each change of an incident.

    Args:
        state: Of CORRELATE; changes in place.
        sealed: The record to take in.
        config: `pipeline.correlate.config.CorrelateConfig`.
        reference: `pipeline.correlate.reference.CorrelateReference`.
        respond_config: `pipeline.respond.config.RespondConfig`.

    Returns:
        Each changed incident, followed by what it calls for.
    """
    step = correlate(state, sealed, config, reference)
    outputs: list[object] = []
    for output in step.outputs:
        if isinstance(output, Change):
            outputs.append(output.after)
            outputs.extend(respond(output, respond_config))
        else:
            outputs.append(output)
    return Step(tuple(outputs), step.changed, step.judged)


FLOW: Final = (
    Batched(SOURCES, Lane, to=("signals", "quarantine")),
    Keyed("detect", "signals", detect, to=("anomalies", "decisions", "quarantine")),
    Keyed(
        "correlate",
        "anomalies",
        correlate_and_respond,
        to=("incidents", "notices", "failovers", "followups", "decisions", "quarantine"),
    ),
)
"""The whole pipeline on one screen."""

"""The map: topics and stages, in the order in which records travel.

    telemetry, tickets -+
    mentions, commands -+-> ingest --> signals --> detect --> anomalies --> correlate, respond --> incidents,
                                                                      notices, failovers, followups
    any stage may also write: decisions (why, or why not), quarantine (what could not be used)

This file is what runs. Topics are made from it, the Kafka shells and the replay
are driven by it, records get their key, id and time from it, and the folder of a
run has one file for each row of its outputs. A topic or a stage that is not here
does not exist; a new output topic is one row here, one record type, one schema.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from pipeline.casework import CaseworkState
from pipeline.casework import apply as casework
from pipeline.casework import slot_type as casework_slot
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.reference import CorrelateReference
from pipeline.detect.apply import apply as detect
from pipeline.detect.config import DetectConfig
from pipeline.detect.known.reference import DetectReference
from pipeline.detect.state import DetectState
from pipeline.detect.state import slot_type as detect_slot
from pipeline.ingest.apply import Lane
from pipeline.kinds import AnyKeyed, Batched, Keyed, Order, Stage, Topic, Use, naming
from pipeline.records.effects import Effects
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.signals import Envelope
from pipeline.records.published.decisions import Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.published.quarantine import Quarantined
from pipeline.records.raw.commands import Command
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket
from pipeline.respond.config import RespondRules

_MIB: Final = 1024 * 1024
_RAW_BYTES_MAX: Final = 2 * _MIB
"""Above the 1 MB that INGEST takes, so that a record which is too large is quarantined and not lost at the door."""


def _raw(noun: str, record: type[msgspec.Struct], holds: str, key: str, retention_days: int = 7) -> Topic:
    return Topic(
        noun=noun,
        use=Use.INPUT,
        record=record,
        holds=holds,
        partitions="lanes",
        key=key,
        retention_days=retention_days,
        bytes_max=_RAW_BYTES_MAX,
    )


TELEMETRY: Final = _raw("telemetry", Reading, "One value of one metric.", "network element or area")
TICKETS: Final = _raw("tickets", Ticket, "One complaint to an operator.", "ticket id")
MENTIONS: Final = _raw("mentions", Mention, "One public post, or a later count of reactions.", "post id")
COMMANDS: Final = _raw("commands", Command, "What a person or a system tells Tocsin.", "target id", retention_days=90)

SIGNALS: Final = Topic(
    noun="signals",
    use=Use.INTERNAL,
    record=Envelope,
    holds="Partial sums per series and pane, and clocks.",
    partitions="signals",
    key="lane; the partition is chosen by the scope",
    named=naming(
        Envelope,
        key=lambda envelope: f"lane-{envelope.lane}",
        time_ms=lambda envelope: max(envelope.clocks.values(), default=0),
    ),
    retention_days=14,
    bytes_max=_RAW_BYTES_MAX,
)
ANOMALIES: Final = Topic(
    noun="anomalies",
    use=Use.INTERNAL,
    record=Sealed,
    holds="Panes of a market that stand out, and how far time is sealed.",
    partitions="anomalies",
    key="market",
    named=naming(Sealed, key=lambda sealed: sealed.market, time_ms=lambda sealed: sealed.sealed_to),
    retention_days=14,
    bytes_max=_RAW_BYTES_MAX,
)
INCIDENTS: Final = Topic(
    noun="incidents",
    use=Use.OUTPUT,
    record=Incident,
    holds="An incident's full current state.",
    partitions="incidents",
    key="incident id",
    order=Order.HISTORY,
    named=naming(
        Incident,
        key=lambda incident: incident.incident_id,
        id=lambda incident: f"{incident.incident_id}-{incident.revision}",
        time_ms=lambda incident: incident.updated_at,
        headers=lambda incident: (
            ("revision", str(incident.revision).encode()),
            ("state", incident.state.encode()),
        ),
    ),
    retention_days=90,
    is_compacted=True,
)
NOTICES: Final = Topic(
    noun="notices",
    use=Use.OUTPUT,
    record=Notice,
    holds="A message drafted for people.",
    partitions="others",
    key="incident id",
    order=Order.HISTORY,
    named=naming(
        Notice,
        key=lambda notice: notice.incident_id,
        id=lambda notice: f"{notice.notice_id}-{notice.notice_revision}",
        time_ms=lambda notice: notice.changed_at or notice.drafted_at,
    ),
    retention_days=90,
)
FAILOVERS: Final = Topic(
    noun="failovers",
    use=Use.OUTPUT,
    record=Failover,
    holds="Desired state of a backup.",
    partitions="others",
    key="target",
    order=Order.HISTORY,
    named=naming(
        Failover,
        key=lambda failover: failover.target,
        id=lambda failover: f"{failover.failover_id}-{failover.revision}",
        time_ms=lambda failover: failover.decided_at,
    ),
    is_compacted=True,
)
FOLLOWUPS: Final = Topic(
    noun="followups",
    use=Use.OUTPUT,
    record=Followup,
    holds="What must still happen after an outage.",
    partitions="others",
    key="incident id",
    order=Order.HISTORY,
    named=naming(
        Followup,
        key=lambda followup: followup.incident_id,
        id=lambda followup: f"{followup.followup_id}-{followup.revision}",
        time_ms=lambda followup: followup.created_at,
    ),
    retention_days=90,
)
DECISIONS: Final = Topic(
    noun="decisions",
    use=Use.OUTPUT,
    record=Decision,
    holds="What was opened, changed, sent and suppressed, and why.",
    partitions="others",
    key="incident or series",
    named=naming(
        Decision,
        key=lambda decision: decision.subject,
        id=lambda decision: decision.decision_id,
        time_ms=lambda decision: decision.at,
    ),
    retention_days=30,
)
QUARANTINE: Final = Topic(
    noun="quarantine",
    use=Use.OUTPUT,
    record=Quarantined,
    holds="An unusable record, as much of it as privacy.quarantine keeps, and why.",
    partitions="others",
    key="key of the source",
    retention_days=30,
    bytes_max=2 * _RAW_BYTES_MAX,
)

TOPICS: Final[tuple[Topic, ...]] = (
    *(TELEMETRY, TICKETS, MENTIONS, COMMANDS),
    *(SIGNALS, ANOMALIES),
    *(INCIDENTS, NOTICES, FAILOVERS, FOLLOWUPS, DECISIONS, QUARANTINE),
)
"""All topics, in the order in which records travel."""

BY_NOUN: Final[Mapping[str, Topic]] = {topic.noun: topic for topic in TOPICS}
"""Noun to topic."""

BY_RECORD: Final[Mapping[type, Topic]] = {topic.record: topic for topic in TOPICS}
"""Record type to the topic that holds it."""

RESULTS: Final = tuple(topic for topic in TOPICS if topic.use is Use.OUTPUT)
"""What others consume, and what a run's folder holds."""

RESULT_NOUNS: Final = tuple(topic.noun for topic in RESULTS)
"""Their nouns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectRules:
    """What DETECT knows beforehand.

    Attributes:
        config: Settings.
        market_of: Operator to market.
        known: What figures of telemetry mean, calendars, opening hours.
    """

    config: DetectConfig
    market_of: Mapping[str, str]
    known: DetectReference


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelateRules:
    """What CORRELATE and RESPOND know beforehand.

    Attributes:
        config: Settings of CORRELATE.
        reference: Operators, places, metrics.
        respond: Settings of RESPOND, and the sentences it says.
    """

    config: CorrelateConfig
    reference: CorrelateReference
    respond: RespondRules


def judge_envelope(state: DetectState, envelope: Envelope, rules: DetectRules) -> Effects:
    """DETECT: take an envelope in, judge what it completes; see `pipeline.detect.apply`.

    Args:
        state: Changes in place.
        envelope: A record of `signals`.
        rules: The stage's settings, and which market an operator is of.
    """
    return detect(state, envelope, rules.config, rules.market_of, known=rules.known)


def correlate_and_respond(state: CaseworkState, sealed: Sealed, rules: CorrelateRules) -> Effects:
    """CORRELATE, and in the same step what must follow from each change of an incident.

    Args:
        state: State of both; changes in place.
        sealed: The record to take in.
        rules: Rules of both.

    Returns:
        Each changed incident, followed by what it calls for.
    """
    return casework(state, sealed, (rules.config, rules.reference), rules.respond)


INGEST: Final = Batched(
    name="ingest",
    does="Validate raw records, understand and place them, and add them up.",
    reads=(TELEMETRY, TICKETS, MENTIONS, COMMANDS),
    lane=Lane,
    to=(SIGNALS, QUARANTINE),
)
DETECT: Final = Keyed(
    name="detect",
    does="Seal panes and judge each series against what was expected.",
    reads=(SIGNALS,),
    record=Envelope,
    beginning=DetectState,
    restored=DetectState.restored,
    slot=detect_slot,
    apply=judge_envelope,
    holds_back=True,
    to=(ANOMALIES, DECISIONS, QUARANTINE),
)
CORRELATE: Final = Keyed(
    name="correlate",
    does="Make incidents of anomalies, and what must follow from them.",
    reads=(ANOMALIES,),
    record=Sealed,
    beginning=CaseworkState,
    restored=CaseworkState.restored,
    slot=casework_slot,
    apply=correlate_and_respond,
    holds_back=False,
    to=(INCIDENTS, NOTICES, FAILOVERS, FOLLOWUPS, DECISIONS, QUARANTINE),
)

KEYED: Final[tuple[AnyKeyed, ...]] = (DETECT, CORRELATE)
"""The stages that keep state."""

FLOW: Final[tuple[Stage, ...]] = (INGEST, *KEYED)
"""The whole pipeline, in the order in which records travel."""

"""Every metric of Tocsin in one table: its name, its kind, its labels, and what it says.

Nothing is counted that is not listed here, and docs/metrics.md is written from this table.
Labels are from closed lists: never an area, an incident or a person. Two lists are open, and bounded
where they are counted: metrics of refused readings, and feeds, of which the first hundred have names of their own.
Moments are exported as they are; `time() - x` in a query makes an age of them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PREFIX: Final = "tocsin_"

SECONDS_SHORT: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
SECONDS_LONG: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3_600.0)

ON_TIME_SECONDS: Final = 30.0
"""The objective: 99 % of events are in a batch at most so long after Kafka took them."""


class MetricKind(StrEnum):
    """What Prometheus may do with a metric."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One metric.

    Attributes:
        name: Whole name, as Prometheus shows it.
        kind: Counter, gauge or histogram.
        says: What it says, in a sentence.
        labels: Names of its labels.
        buckets: Upper bounds of a histogram, in seconds.
    """

    name: str
    kind: MetricKind
    says: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


def _counter(name: str, says: str, *labels: str) -> Definition:
    return Definition(name=f"{PREFIX}{name}_total", kind=MetricKind.COUNTER, says=says, labels=labels)


def _gauge(name: str, says: str, *labels: str) -> Definition:
    return Definition(name=PREFIX + name, kind=MetricKind.GAUGE, says=says, labels=labels)


def _histogram(name: str, buckets: tuple[float, ...], says: str, *labels: str) -> Definition:
    return Definition(name=PREFIX + name, kind=MetricKind.HISTOGRAM, says=says, labels=labels, buckets=buckets)


BUILD_INFO: Final = _gauge(
    "build_info", "Always 1: which program runs, and as which stage.", "stage", "version", "python"
)
HEARTBEAT: Final = _gauge("heartbeat_timestamp_seconds", "When the stage's loop last came round.", "stage")
EXITS: Final = _counter(
    "process_exits", "Ends of this process before the present start, by the word it left with.", "stage", "word"
)

READ: Final = _counter("records_read", "Records read, heartbeats among them.", "stage", "topic")
CONSUMED: Final = _counter("events_consumed", "Real records worked on, used or refused; no heartbeats.", "source")
USED: Final = _counter("events_used", "Real records that count for something.", "source")
ON_TIME: Final = _counter(
    "events_on_time", f"Real records worked on within {ON_TIME_SECONDS:.0f} s of their Kafka timestamp.", "source"
)
QUARANTINED: Final = _counter(
    "events_quarantined", "Records that could not be used and went to quarantine.", "stage", "source", "reason"
)
READINGS_QUARANTINED: Final = _counter(
    "readings_quarantined", "Readings of telemetry that could not be used, by the metric they name.", "metric", "reason"
)
HEARTBEATS_READ: Final = _counter("heartbeats_read", "Heartbeats read from raw topics.", "source")
HEARTBEATS_SENT: Final = _counter("heartbeats_sent", "Heartbeats appended to quiet raw partitions.", "source")
WATERMARK: Final = _gauge(
    "watermark_timestamp_seconds", "Least clock of the source's lanes in this process; event time.", "source"
)
LAST_EVENT: Final = _gauge(
    "last_event_timestamp_seconds", "Kafka timestamp of the latest real record read; no heartbeats.", "source"
)

CORRECTIONS_IN_FORCE: Final = _gauge(
    "corrections_in_force",
    "1 where texts are read by weights that the operator's own posts have corrected, 0 where what was learnt is too"
    " little or has become wrong; absent of a language in which nothing was learnt.",
    "language",
)
CORRECTIONS_UNTIL: Final = _gauge(
    "corrections_until_timestamp_seconds", "Beginning of the last day whose posts were learnt.", "language"
)
CORRECTIONS_FROZEN: Final = _gauge(
    "corrections_frozen", "1 where nothing more is learnt, by `reference.learnt_frozen`.", "language"
)

FEED_EVENTS: Final = _counter(
    "feed_events", "Real records of an operator's feed by outcome: used or refused.", "source", "operator", "outcome"
)
FEED_USED: Final = _gauge(
    "feed_last_used_timestamp_seconds", "When a record of the feed was last used; wall time.", "source", "operator"
)
FEED_HEARD: Final = _gauge(
    "feed_last_heard_timestamp_seconds",
    "When a record of the feed last came, used or refused; wall time.",
    "source",
    "operator",
)
FEEDS_SILENT: Final = _gauge(
    "feeds_silent", "Feeds whose pause DETECT calls silence: neither an outage nor an all-clear.", "source"
)

COMMITTED: Final = _counter("messages_committed", "Records published in committed transactions.", "stage", "topic")
COMMIT_SECONDS: Final = _histogram("transaction_seconds", SECONDS_SHORT, "Length of a committed transaction.", "stage")
ABORTED: Final = _counter("transactions_aborted", "Transactions that failed; the process leaves after one.", "stage")
BEGUN: Final = _gauge(
    "transaction_begun_timestamp_seconds", "Begin of the oldest transaction that is open now; 0 if none is.", "stage"
)
LAST_COMMIT: Final = _gauge("last_commit_timestamp_seconds", "When a transaction was last committed.", "stage")
LAG: Final = _gauge("consumer_lag_messages", "Messages that wait to be worked on.", "topic", "partition")
ASSIGNED: Final = _gauge("consumer_assigned_partitions", "Lanes or input partitions that this process owns.", "stage")
PAUSED: Final = _gauge("consumer_paused_partitions", "Raw partitions that wait for the least clock of all.")
REBALANCES: Final = _counter("rebalances", "Rebalances that ended.", "stage")

STATE_ENTRIES: Final = _gauge("state_loaded_entries", "Slots of state that the last take-over loaded.", "stage")
STATE_WRITTEN: Final = _counter("state_written_bytes", "Bytes of state written to the state topic.", "stage")
SNAPSHOT_BYTES: Final = _gauge("state_snapshot_bytes", "Size of the snapshot that was written last.", "stage")
RECOVERY_SECONDS: Final = _histogram(
    "state_recovery_seconds", SECONDS_LONG, "Time to load the state of one input partition.", "stage"
)

LATENCY: Final = _histogram(
    "event_e2e_latency_seconds",
    SECONDS_LONG,
    "Wall time of a commit, less the event time of the oldest result in it.",
    "stage",
)
LAST_RESULT: Final = _gauge(
    "last_result_timestamp_seconds",
    "Event time of the latest result that was committed: of INGEST its greatest clock, of DETECT how far it sealed.",
    "stage",
)
ANOMALIES: Final = _counter("anomalies", "Steps of series that stood out.", "source", "detector")
INCIDENT_MOVES: Final = _counter(
    "incident_moves", "Incidents that entered a state; `suspected` is their opening.", "market", "state"
)
REOPENED: Final = _counter("incidents_reopened", "Incidents that came back after they were resolved.", "market")
PEAKS: Final = _counter(
    "incident_peaks", "Incidents whose worst severity so far rose to this one.", "market", "severity"
)
INCIDENTS_OPEN: Final = _gauge(
    "incidents_open",
    "Incidents that are not over, by state and worst severity so far; no exercises.",
    "state",
    "severity",
)
EMERGENCIES: Final = _gauge(
    "emergency_incidents_open",
    "Open incidents with a claim that emergency calls fail, and whether a person took note; no exercises.",
    "acknowledged",
)
DETECTION_DELAY: Final = _histogram(
    "incident_detection_delay_seconds", SECONDS_LONG, "Opening of an incident, less its estimated start; event time."
)
EMIT_DELAY: Final = _histogram(
    "incident_emit_delay_seconds", SECONDS_LONG, "Wall time at which a revision was committed, less its event time."
)

NOTICE_MOVES: Final = _counter(
    "notice_moves", "Notices that entered a state; `draft` is their making.", "kind", "state"
)
NOTICES_OPEN: Final = _gauge("notices_open", "Notices that can still change, by state; no exercises.", "kind", "state")
DRAFT_OLDEST: Final = _gauge(
    "draft_oldest_timestamp_seconds", "Event time of the oldest draft that waits for a person; absent if none.", "kind"
)
DRAFT_DUE: Final = _gauge(
    "draft_due_timestamp_seconds",
    "Event time at which the first draft that waits is due by the communication clock; absent if none.",
    "kind",
)
REPORT_DUE: Final = _gauge(
    "report_due_timestamp_seconds",
    "Event time at which a regulator's first open report is due; absent if none.",
    "profile",
)
REPLIES: Final = _gauge(
    "replies",
    "Complaints of open incidents that ask for an answer, by what became of them: `waiting`, of these `overdue`,"
    " `answered`, `handed_over` to a person, `displaced` by others; no exercises.",
    "outcome",
)
REPLY_OLDEST: Final = _gauge(
    "reply_oldest_timestamp_seconds",
    "Event time of the oldest complaint that waits for its answer, by why it goes before others; absent if none.",
    "priority",
)

CATALOGUE: Final[tuple[tuple[str, tuple[Definition, ...]], ...]] = (
    ("The process", (BUILD_INFO, HEARTBEAT, EXITS)),
    (
        "What comes in",
        (
            *(READ, CONSUMED, USED, ON_TIME, QUARANTINED, READINGS_QUARANTINED),
            *(HEARTBEATS_READ, HEARTBEATS_SENT, WATERMARK, LAST_EVENT),
        ),
    ),
    ("What posts have taught", (CORRECTIONS_IN_FORCE, CORRECTIONS_UNTIL, CORRECTIONS_FROZEN)),
    ("Feeds: one operator's part of a source", (FEED_EVENTS, FEED_USED, FEED_HEARD, FEEDS_SILENT)),
    (
        "Kafka",
        (COMMITTED, COMMIT_SECONDS, ABORTED, BEGUN, LAST_COMMIT, LAG, ASSIGNED, PAUSED, REBALANCES),
    ),
    ("State", (STATE_ENTRIES, STATE_WRITTEN, SNAPSHOT_BYTES, RECOVERY_SECONDS)),
    (
        "Incidents",
        (
            *(LATENCY, LAST_RESULT, ANOMALIES, INCIDENT_MOVES, REOPENED, PEAKS, INCIDENTS_OPEN, EMERGENCIES),
            *(DETECTION_DELAY, EMIT_DELAY),
        ),
    ),
    (
        "Drafts and clocks",
        (NOTICE_MOVES, NOTICES_OPEN, DRAFT_OLDEST, DRAFT_DUE, REPORT_DUE, REPLIES, REPLY_OLDEST),
    ),
)
"""All metrics, by what they are about."""

DEFINITIONS: Final = tuple(definition for _, group in CATALOGUE for definition in group)

"""The list: each page of the runbooks, the fault behind it, and how it is caused - or why not on one machine.

A test compares it with the alerts, with the words of an exit, with the reasons of quarantine and with the runbooks.
"""

from typing import Final, NamedTuple

from pipeline.adapters.kafka.leaving import Word
from pipeline.adapters.local.stand.records import OPERATORS
from pipeline.adapters.observing.metrics.exits import KILLED
from pipeline.records.errors import ConfigError, Reason


class Paused(NamedTuple):
    """A program stands still, and then goes on.

    Attributes:
        program: `kafka` or a stage.
        minutes_min: It stands still for so long at least, in minutes of the alerts, and then at least 45 s.
    """

    program: str
    minutes_min: float = 0.0


class Killed(NamedTuple):
    """A stage is killed as often as it starts.

    Attributes:
        program: A stage.
        without_kafka: Kafka stands still meanwhile.
    """

    program: str
    without_kafka: bool = False


class Wished(NamedTuple):
    """The feed leaves an operator out or sends it late.

    Attributes:
        how: `muted` or `late`.
        operator: Whom.
    """

    how: str
    operator: str


class Refused(NamedTuple):
    """Records that will be refused, three a second.

    Attributes:
        reason: Word for which they are refused.
    """

    reason: Reason


class Claimed(NamedTuple):
    """Somebody cannot reach 112.

    Attributes:
        operator: Whose customer; each fault has its own, since what was dismissed opens nothing anew for a while.
        order: Kind of an order that follows; none if empty.
        ends_with: Kind of the order that ends it.
    """

    operator: str
    order: str
    ends_with: str


Act = Paused | Killed | Wished | Refused | Claimed


class Fault(NamedTuple):
    """One page of the runbooks.

    Attributes:
        page: Folder and name of the page.
        says: What is done to cause it, or why it cannot be caused here.
        alert: The alert that tells it; empty if it is not caused.
        labels: Labels that the alert has then.
        act: How it is caused; None if it is not.
    """

    page: str
    says: str
    alert: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    act: Act | None = None

    @property
    def name(self) -> str:
        """How one calls it."""
        return self.page.partition("/")[2]


_ENDS_ALL = "a process that leaves so is not started again, and the stand ends with it; tests/kafka/{} causes it"
_OURS = "would be a mistake of our own program; tests/kafka/{} injects it"


def _alert(name: str, says: str, act: Act | None = None, **labels: str) -> Fault:
    return Fault(f"alerts/{name}", says, name if act else "", tuple(labels.items()), act)


def _exit(word: Word, says: str) -> Fault:
    return Fault(f"exits/{word}", says)


def _refused(reason: Reason) -> Fault:
    source = "commands" if reason in _OF_COMMANDS else "telemetry"
    says = f"sends records to {source} that are refused as {reason}, three a second"
    return Fault(f"quarantine/{reason}", says, "TocsinQuarantineRatio", (("source", source),), Refused(reason))


_OF_COMMANDS = (Reason.UNKNOWN_COMMAND, Reason.UNKNOWN_MARKET)

FAULTS: Final = (
    _alert("TocsinStageDown", "DETECT stands still and answers no scrape", Paused("detect"), sign="process"),
    _alert("TocsinStageStuck", "a loop that stands still answers no scrape either, so TocsinStageDown tells it first"),
    _alert("TocsinWatermarkOld", "Kafka stands still, and clocks with it", Paused("kafka"), sign="source"),
    _alert("TocsinLagGrows", "needs more records than one machine can send while it works on them, for a while"),
    _alert("TocsinRestarts", "CORRELATE is killed as often as it starts", Killed("correlate")),
    _alert("TocsinBrokerGone", "Kafka stands still", Paused("kafka"), sign="commits"),
    _alert("TocsinStateDisk", "needs 50 GB of state within a day"),
    _alert("TocsinFeedDead", "one operator sends no telemetry", Wished("muted", OPERATORS[0]), operator=OPERATORS[0]),
    _alert(
        "TocsinFeedRefused", "one operator's telemetry is late", Wished("late", OPERATORS[1]), operator=OPERATORS[1]
    ),
    _alert("TocsinFeedSilent", "DETECT learns for days how often a feed speaks before it calls one silent"),
    _alert("TocsinQuarantineRatio", "a sender becomes unknown", Refused(Reason.UNKNOWN_OPERATOR), source="telemetry"),
    _alert("TocsinFutureClocks", "a sender's clock is ahead", Refused(Reason.FUTURE_TIMESTAMP), source="telemetry"),
    _alert("TocsinLatePartials", "lanes, clocks or topics would have to be changed by hand; no sender can cause it"),
    _alert("TocsinQuarantineBudgetBurn", "a sender's units change", Refused(Reason.UNKNOWN_UNIT), sign="1h"),
    _alert("TocsinLatencyBudgetBurn", "INGEST stands still for ten minutes, and records wait", Paused("ingest", 10.0)),
    _alert("TocsinTellingBudgetBurn", "needs twenty changes of incidents, a minute late each"),
    _alert(
        "TocsinCriticalIncident", "112 fails, and a person confirms it", Claimed(OPERATORS[1], "confirm", "dismiss")
    ),
    _alert(
        "TocsinEmergencyUnacknowledged", "112 fails, and nobody takes note", Claimed(OPERATORS[2], "", "acknowledge")
    ),
    _alert(
        "TocsinDraftWaits",
        "112 fails, a person confirms it, and drafts lie about",
        Claimed(OPERATORS[0], "confirm", "dismiss"),
    ),
    _alert("TocsinDraftOverdue", "the communication clock counts in hours"),
    _alert("TocsinRepliesOverdue", "the clock of replies counts an hour"),
    _alert("TocsinReportDue", "the regulators' clocks count in hours"),
    Fault(
        f"exits/{Word.CONNECTION}",
        "DETECT is killed and finds no Kafka when it starts again",
        "TocsinBrokerGone",
        (("sign", "exits"), ("stage", "detect")),
        Killed("detect", without_kafka=True),
    ),
    Fault(
        f"exits/{KILLED}",
        "DETECT is killed as often as it starts",
        "TocsinRestarts",
        (("word", KILLED), ("stage", "detect")),
        Killed("detect"),
    ),
    _exit(Word.FENCED, "needs two processes that hold one another for dead; tests/kafka/test_fencing.py causes it"),
    _exit(Word.LANE_MISSING, "would be a mistake of ours or of the group protocol; nothing from outside causes it"),
    _exit(Word.LANE_SPLIT, "needs another program in INGEST's consumer group"),
    _exit(Word.LISTENER, _OURS.format("test_failures.py")),
    _exit(Word.LOGIN, "the stand's Kafka has no users; tests/kafka/test_login.py causes it"),
    _exit(Word.LOAD_DEADLINE, "needs a state that takes minutes to load; tests/kafka/test_failures.py causes it"),
    _exit(Word.OFFSET_MISSING, _ENDS_ALL.format("test_failures.py")),
    _exit(Word.OFFSET_OUTSIDE_LOG, _ENDS_ALL.format("test_failures.py")),
    _exit(Word.OUT_OF_TURN, "would be a mistake of Kafka or of its client; nothing from outside causes it"),
    _exit(Word.PARTITIONS_CHANGED, _ENDS_ALL.format("test_layout.py")),
    _exit(Word.RECORD_LOST, _OURS.format("test_failures.py")),
    _exit(Word.REBUILD_REFUSED, _ENDS_ALL.format("test_failures.py")),
    _exit(Word.RIGHTS, "the stand's Kafka has no users; tests/kafka/test_rights.py causes it"),
    _exit(Word.SETTINGS, _ENDS_ALL.format("test_failures.py")),
    _exit(Word.STALLED, "needs a record on which the work never ends, and all work has a limit"),
    _exit(Word.STATE_BROKEN, "a process that leaves so is not started again, and the stand ends with it"),
    _exit(Word.STATE_MISSING, _ENDS_ALL.format("test_failures.py")),
    _exit(Word.STOP_DEADLINE, "needs a stop that hangs, and Kafka to blame for it"),
    _exit(Word.UNEXPECTED, "would be a mistake of ours that nobody thought of"),
    *(
        _refused(reason)
        for reason in Reason
        if reason not in (Reason.UNKNOWN_SERVICE, Reason.FUTURE_TIMESTAMP, Reason.LATE_PARTIAL)
    ),
    _refused(Reason.UNKNOWN_SERVICE),
    Fault(
        f"quarantine/{Reason.FUTURE_TIMESTAMP}",
        "sends records stamped a day ahead, three a second",
        "TocsinFutureClocks",
        (("source", "telemetry"),),
        Refused(Reason.FUTURE_TIMESTAMP),
    ),
    Fault(f"quarantine/{Reason.LATE_PARTIAL}", "see alerts/TocsinLatePartials: no sender can cause it"),
)
"""Every page of the runbooks, once."""


def find_fault(name: str) -> Fault:
    """The fault of a page.

    Args:
        name: With or without its folder.

    Raises:
        ConfigError: If there is none, or it cannot be caused here.
    """
    for fault in FAULTS:
        if name in (fault.name, fault.page):
            if fault.act is None:
                raise ConfigError(f"{fault.page}: cannot be caused here: {fault.says}")
            return fault
    raise ConfigError(f"{name}: no such fault: `tocsin drill --list` names them")

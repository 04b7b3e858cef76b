"""What CORRELATE remembers: per market how far time is known, and its incidents.

Everything here is data that a codec can write and read again; times are plain
integers of milliseconds, published parts keep their types. Parts are frozen and
replaced, so that a rule can work on a copy of an incident and a failure leaves
the incident as it was.
"""

from collections.abc import Mapping
from typing import Self

import msgspec

from pipeline.records.errors import StateError
from pipeline.records.inner.anomalies import SealedPane
from pipeline.records.inner.examples import Example
from pipeline.records.inner.signals import EmergencyClaim, OfficialPost
from pipeline.records.published.incident_parts import EtaEstimate, Maintenance, ResolutionPoint, Silence, StateChange
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import IncidentState, Severity


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one series has said for an incident so far.

    Attributes:
        started_at: When the deviation began, by the detector.
        found_at: End of the pane that showed it first.
        first_at: Start of the first step that stood out.
        last_at: End of the last.
        panes: Steps that stood out.
        observed: Of the most surprising step, in millionths.
        expected: Likewise.
        surprise_milli: -log10 p of it, in thousandths.
        records: Sum over the steps.
        people_peak: Most people in one step.
        kind: Of witness, as `evidence.kind_of` says.
        learnt_hours: How long the detector had listened to the series.
    """

    operator: str
    area: str
    element: str = ""
    service: str = ""
    item: str = ""
    source: str
    measure: str
    unit: str = "count"
    started_at: int
    found_at: int
    first_at: int
    last_at: int
    panes: int = 0
    observed: int = 0
    expected: int = 0
    surprise_milli: int = 0
    records: int = 0
    people_peak: int = 0
    kind: str = ""
    learnt_hours: int = 0
    examples: list[Example] = []


class AreaSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An area of an incident.

    Attributes:
        since: First evidence from there.
        last_at: End of its latest.
        back_at: When it was found well again; 0 if not yet.
        share_ppm: Greatest share affected that a ratio has shown; 0 if none did.
    """

    since: int
    last_at: int
    back_at: int = 0
    share_ppm: int = 0


class Voices(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one kind of source (network, care, public) has said, whole steps added up.

    Attributes:
        records: Tickets, posts or readings, each place counted once.
        people: Likewise; who speaks in two steps counts twice, so this is an upper bound.
        first_at: Start of the first step.
        last_at: End of the last.
        surprise_milli: Greatest.
    """

    records: int = 0
    people: int = 0
    first_at: int
    last_at: int
    surprise_milli: int = 0


class EmergencyState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Claims that people cannot call for help."""

    first_at: int
    last_at: int
    claims: int = 0
    people: list[int] = []
    tickets: int = 0
    numbers: list[str] = []


class OpenIncident(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An incident while it can still change.

    Attributes:
        anchor: Operator that its id is made of; '' if only an emergency claim without one opened it.
        state_since: When it entered its state.
        evidence: By series key.
        voices: By kind of source: `network`, `care`, `public`.
        found: First evidence and the pane that showed it, by raw source.
        quiet_from: Quiet is counted from here: last evidence, or the end of a blindness.
        blind_from: Since when a feed that it needs is silent; 0 = it sees.
        relapses: How often evidence came back while it was quiet: each makes the next quiet longer.
        settled: Decision reason that confirmed it; '' while suspected.
        activity: Actions and their expectation, in thousandths, by source and measure.
        care: Call-centre figures by measure: value in thousandths, time.
        waiting: Something of less weight changed, and waits for its turn to be published.
        retry_at: A rule raised; its timers are not looked at before.
        major: Fingerprint of what is published at once.
        minor: Fingerprint of what is published now and then.
        published: Latest revision.
    """

    incident_id: str
    market: str
    anchor: str = ""
    opened_at: int
    state: IncidentState = IncidentState.SUSPECTED
    state_since: int
    history: list[StateChange] = []
    history_omitted: int = 0
    evidence: dict[str, Evidence] = {}
    evidence_dropped: int = 0
    areas: dict[str, AreaSeen] = {}
    areas_dropped: int = 0
    operators: dict[str, int] = {}
    services: list[str] = []
    symptoms: dict[str, int] = {}
    voices: dict[str, Voices] = {}
    found: dict[str, list[int]] = {}
    step_ms_max: int = 10_000
    last_evidence_at: int
    quiet_from: int
    blind_from: int = 0
    settled: str = ""
    emergency: EmergencyState | None = None
    severity: Severity = Severity.WARNING
    severity_peak: Severity = Severity.WARNING
    confirmed_at: int = 0
    resolved_at: int = 0
    reopened: int = 0
    relapses: int = 0
    eta: EtaEstimate | None = None
    eta_history: list[EtaEstimate] = []
    eta_omitted: int = 0
    curve: list[ResolutionPoint] = []
    curve_omitted: int = 0
    team: str = ""
    acknowledged_at: int = 0
    acknowledged_by: str = ""
    silence: Silence | None = None
    maintenance: Maintenance | None = None
    exercise: bool = False
    by_person: bool = False
    merged_into: str = ""
    merged_from: list[str] = []
    split_from: str = ""
    split_into: list[str] = []
    related: list[str] = []
    official_ids: list[str] = []
    official_first: int = 0
    official_last: int = 0
    official_count: int = 0
    reactions: int = 0
    activity: dict[str, list[int]] = {}
    care: dict[str, list[int]] = {}
    silent: list[str] = []
    waiting: bool = False
    retry_at: int = 0
    revision: int = 0
    published_at: int = 0
    major: str = ""
    minor: str = ""
    published: Incident | None = None

    def copy(self) -> "OpenIncident":
        """One of its own: containers are copied, their frozen parts are shared."""
        own: dict[str, object] = {}
        for name in self.__struct_fields__:
            value = getattr(self, name)
            own[name] = value.copy() if isinstance(value, dict | list) else value
        return OpenIncident(**own)  # type: ignore[arg-type]


class Window(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A standing silence or a maintenance window: always with an owner and an end."""

    kind: str
    window_id: str
    incident_id: str = ""
    operator: str = ""
    area: str = ""
    service: str = ""
    starts_at: int
    until: int
    by: str
    reason: str = ""
    exercise: bool = False


class SilentSince(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A feed that stopped."""

    operator: str
    area: str
    source: str
    measure: str = ""
    since: int


class Ghost(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person dismissed: the same evidence opens nothing until its end."""

    incident_id: str
    operators: list[str]
    services: list[str]
    areas: list[str]
    until: int
    told: bool = False


class MarketState(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One market.

    Attributes:
        sealed_to: By partition of `signals`: how far DETECT has sealed time.
        pending: By pane end: what waits for the slowest partition.
        worked_to: All pane ends up to here are worked.
        commands: Ids that were obeyed, the oldest first.
    """

    market: str
    epoch: int = -1
    partitions: int = 0
    sealed_to: dict[int, int] = {}
    pending: dict[int, list[SealedPane]] = {}
    worked_to: int = -1
    incidents: list[OpenIncident] = []
    windows: list[Window] = []
    silent: list[SilentSince] = []
    claims: list[EmergencyClaim] = []
    officials: list[OfficialPost] = []
    commands: dict[str, int] = {}
    ghosts: list[Ghost] = []


class CorrelateState:
    """State of one input partition of CORRELATE: its markets.

    Attributes:
        partition: Of `anomalies`.
        slots: By market.
    """

    def __init__(self, partition: int, slots: dict[str, MarketState] | None = None) -> None:
        self.partition = partition
        self.slots: dict[str, MarketState] = dict(slots or {})

    @classmethod
    def restored(cls, partition: int, slots: Mapping[str, msgspec.Struct]) -> Self:
        """The state of a partition from its saved slots.

        Raises:
            StateError: If a slot is none of this stage's.
        """
        kept: dict[str, MarketState] = {}
        for name, slot in slots.items():
            if not isinstance(slot, MarketState):
                raise StateError(f"partition {partition}: slot {name} holds {type(slot).__name__}: rebuild the state")
            kept[name] = slot
        return cls(partition, kept)

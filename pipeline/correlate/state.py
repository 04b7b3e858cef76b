"""What CORRELATE remembers: per market how far time is known, what was heard, and the open incidents.

Everything here is data that a codec can write and read again. An incident has
no field without a part but one, so a snapshot of another layout lacks what is
required here and is refused (`StateError`), never read as something else.
"""

from collections.abc import Mapping
from typing import Self

import msgspec

from pipeline.correlate.parts import (
    Course,
    Cover,
    Dossier,
    Figures,
    Forecast,
    Handling,
    HeldSeverity,
    Identity,
    OfficialWords,
    Publication,
    Recovery,
    Relations,
    Sight,
)
from pipeline.records.errors import StateError
from pipeline.records.inner.anomalies import SealedPane
from pipeline.records.inner.signals import EmergencyClaim, OfficialPost
from pipeline.records.inner.weighings import Weighing
from pipeline.records.vocabulary import IncidentState


class OpenIncident(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An incident while it can still change; each part says which file writes it.

    Attributes:
        identity: Which incident this is.
        dossier: All its evidence.
        course: Its way through the table of states.
        recovery: How much is back.
        cover: Windows that cover it now.
        relations: Other incidents that it has to do with.
        severity: How bad it is taken to be.
        forecast: When it is thought to end.
        sight: Whether the feeds that spoke for it still speak.
        officials: What the operator itself has said.
        figures: Figures that ride along.
        handling: What people have done about it.
        publication: What was told last.
        retry_at: A rule raised, so its timers are not looked at before this time, ms. Written by `pane.py`.
    """

    identity: Identity
    dossier: Dossier
    course: Course
    recovery: Recovery = msgspec.field(default_factory=Recovery)
    cover: Cover = msgspec.field(default_factory=Cover)
    relations: Relations = msgspec.field(default_factory=Relations)
    severity: HeldSeverity = msgspec.field(default_factory=HeldSeverity)
    forecast: Forecast = msgspec.field(default_factory=Forecast)
    sight: Sight = msgspec.field(default_factory=Sight)
    officials: OfficialWords = msgspec.field(default_factory=OfficialWords)
    figures: Figures = msgspec.field(default_factory=Figures)
    handling: Handling = msgspec.field(default_factory=Handling)
    publication: Publication = msgspec.field(default_factory=Publication)
    retry_at: int = 0

    @property
    def incident_id(self) -> str:
        """Its name, which never changes."""
        return self.identity.incident_id

    @property
    def state(self) -> IncidentState:
        """Its state by the table."""
        return self.course.state

    def copy(self) -> "OpenIncident":
        """An incident of one's own, part by part: a rule that fails leaves the original as it was."""
        return OpenIncident(
            identity=self.identity,
            dossier=self.dossier.copy(),
            course=self.course.copy(),
            recovery=self.recovery.copy(),
            cover=self.cover.copy(),
            relations=self.relations.copy(),
            severity=self.severity.copy(),
            forecast=self.forecast.copy(),
            sight=self.sight.copy(),
            officials=self.officials.copy(),
            figures=self.figures.copy(),
            handling=self.handling.copy(),
            publication=self.publication.copy(),
            retry_at=self.retry_at,
        )


class OrderedWindow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A silence or a maintenance window that somebody ordered: it always has an owner and an end.

    Attributes:
        kind: `silence` or `maintenance`.
        window_id: Id of the command that ordered it.
        incident_id: The one incident that it covers; '' if it covers by operator.
        operator: Whose incidents it covers; '' if it covers one incident.
        area: Only incidents within this area; '' = everywhere.
        service: Only incidents of this service; '' = of any.
        starts_at: From when on, ms.
        until: Its end, ms, not included.
        by: Who ordered it.
        reason: Why it was ordered, in the words of who ordered it.
        exercise: True if it belongs to an exercise.
        recurrence: Rule by which it comes again; '' if it does not. Then start and end are those of the present or
            next time.
        time_zone: Zone of the clock that the rule goes by.
        first_at: Start of its first time, ms; 0 if it does not come again.
        usual: True if levels are taken for usual once it is over.
    """

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
    recurrence: str = ""
    time_zone: str = ""
    first_at: int = 0
    usual: bool = False


class SilentSince(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A feed that stopped.

    Attributes:
        operator: Whose feed it is.
        area: Area of the scope whose feed it is.
        source: Raw topic.
        measure: The one measure that stopped; '' = all of the source.
        since: Last time that the feed said anything, ms.
    """

    operator: str
    area: str
    source: str
    measure: str = ""
    since: int


class Dismissal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person dismissed: the same evidence opens no incident until its end.

    Attributes:
        incident_id: The incident that was dismissed.
        operators: Its operators, sorted.
        services: Its services, sorted.
        areas: Its areas, sorted.
        until: Its end, ms, not included.
    """

    incident_id: str
    operators: list[str]
    services: list[str]
    areas: list[str]
    until: int


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Claims that help cannot be called which make no alarm: a person is asked whether it is so.

    Attributes:
        question_id: Its name, and that of the incident that `confirm` opens.
        anchor: Operator that its id is made of; '' if the first claim names none.
        opened_at: End of the pane that opened it, ms.
        people: How many claims there were, each writer and each copied text counted once.
        asked: What that number was when a person was asked last.
        claims: The latest of them; bounded.
        voices: Writers and texts by which a repeat is known, the latest; bounded.
    """

    question_id: str
    anchor: str = ""
    opened_at: int
    people: int
    asked: int = 0
    claims: list[EmergencyClaim]
    voices: list[str]


class DeniedClaims(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whose claims a person has dismissed: the same people and texts are not asked about again until its end.

    Attributes:
        question_id: The question or incident that was dismissed.
        voices: Writers and texts; bounded.
        until: Its end, ms, not included.
    """

    question_id: str
    voices: list[str]
    until: int


class Loudness(msgspec.Struct, frozen=True, kw_only=True):
    """How many complain of an operator in public in its nation, of late: older minutes count less.

    Attributes:
        complaints_milli: Posts that complain, thousandths of one, 0 or more.
        usual_milli: What is usual of the same minutes, likewise.
        lines_milli: Posts of these that name a service of the line, likewise: nobody roams with it.
        at: End of the last pane that is in it, ms.
        shared_at: End of the last pane in which others were complained of alike, ms; 0 for none: `rivals/shared.py`.
    """

    complaints_milli: int
    usual_milli: int
    at: int
    lines_milli: int = 0
    shared_at: int = 0


class MarketState(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One market.

    Attributes:
        market: Its name.
        epoch: Epoch of the log; a new one starts partitions and clocks anew. -1 before the first record.
        partitions: Number of partitions of `signals` in that epoch.
        sealed_to: How far DETECT has sealed time, ms, by partition of `signals`.
        pending: What waits for the slowest partition, by pane end in ms.
        worked_to: All pane ends up to here are worked, ms.
        incidents: Those that are not final, in order of opening; bounded.
        windows: Silences and maintenance windows that are not over; bounded.
        silent: Feeds that are silent; bounded.
        claims: Emergency claims of the last half hour; bounded.
        questions: Claims that wait for a person's word without an incident, the oldest first; bounded.
        denied: Whose claims people dismissed lately; bounded.
        officials: The latest posts of operators; bounded.
        commands: Ids that were obeyed with their time in ms, the oldest first; bounded.
        dismissals: What people dismissed lately; bounded.
        weighings: What DETECT believes of places that are hot, by operator, area and service; bounded.
        measured: Operators to the smallest places in which their figures are measured, and of which services; bounded.
        loudness: Operators to how many complain in public of each while it has anomalies.
        told: Series to when it was told last that nothing follows from it, ms; bounded.
        standing: Series of `told` to the last pane in which it stood out and nothing followed, ms.
    """

    market: str
    epoch: int = -1
    partitions: int = 0
    sealed_to: dict[int, int] = {}
    pending: dict[int, list[SealedPane]] = {}
    worked_to: int = -1
    incidents: list[OpenIncident] = []
    windows: list[OrderedWindow] = []
    silent: list[SilentSince] = []
    claims: list[EmergencyClaim] = []
    questions: list[OpenQuestion] = []
    denied: list[DeniedClaims] = []
    officials: list[OfficialPost] = []
    commands: dict[str, int] = {}
    dismissals: list[Dismissal] = []
    weighings: dict[str, Weighing] = {}
    measured: dict[str, dict[str, list[str]]] = {}
    loudness: dict[str, Loudness] = {}
    told: dict[str, int] = {}
    standing: dict[str, int] = {}

    @property
    def real_incidents(self) -> list[OpenIncident]:
        """Those that are no exercise: what is heard, measured and ordered of the world is about them alone."""
        return [incident for incident in self.incidents if not incident.identity.exercise]


class CorrelateState:
    """State of one input partition of CORRELATE: its markets.

    Attributes:
        partition: Partition of `anomalies`.
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

"""A small world and a way to tell stories in it: minutes since nine o'clock, and what DETECT saw."""

from collections.abc import Iterable, Sequence
from math import hypot, log
from typing import Any, Final

import msgspec

from pipeline.correlate.apply import apply
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.testimony import testimonies_of
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import CorrelateState, MarketState
from pipeline.records.clocks import MINUTE_MS, PANE_MS, Instant, format_instant
from pipeline.records.fixed_point import Exact
from pipeline.records.inner.anomalies import Activity, Anomaly, FeedSilence, Sealed, SealedPane
from pipeline.records.inner.changes import Change
from pipeline.records.inner.examples import Example
from pipeline.records.inner.figures import FIGURE_MS, FollowedFigure
from pipeline.records.inner.signals import EmergencyClaim, OfficialPost, PlacedCommand
from pipeline.records.inner.talk import TalkSum, WholeComplaint
from pipeline.records.inner.weighings import Weighing
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incidents import Incident
from pipeline.records.raw.commands import Command
from pipeline.records.series import region_of
from pipeline.reference.operators import Market, Operator, Operators
from tests.correlate.accounts import cooled, weighings_of
from tests.correlate.accounts import name_of as place_of
from tests.wording.shipped import WORDING

NINE = 1_739_347_200_000
"""2025-02-12T08:00:00Z: nine o'clock in Cologne."""

_PLACES = {
    "DE": ("Deutschland", 50.0, 10.0),
    "DE/NW": ("Nordrhein-Westfalen", 51.5, 7.5),
    "DE/NW/koeln": ("Köln", 50.94, 6.96),
    "DE/NW/bonn": ("Bonn", 50.73, 7.1),
    "DE/NW/duesseldorf": ("Düsseldorf", 51.22, 6.78),
    "DE/NW/leverkusen": ("Leverkusen", 51.03, 6.98),
    "DE/NW/aachen": ("Aachen", 50.78, 6.08),
    "DE/NW/bielefeld": ("Bielefeld", 52.02, 8.53),
    "DE/HH": ("Hamburg", 53.55, 10.0),
    "DE/HH/hamburg": ("Hamburg", 53.55, 10.0),
    "DE/BY": ("Bayern", 48.8, 11.4),
    "DE/BY/muenchen": ("München", 48.14, 11.58),
    "DE/BE": ("Berlin", 52.52, 13.4),
    "DE/BE/berlin": ("Berlin", 52.52, 13.4),
}
CITIES = ("DE/NW/koeln", "DE/NW/bonn", "DE/NW/duesseldorf", "DE/NW/leverkusen", "DE/NW/aachen")


def distance_km(one: str, other: str) -> float | None:
    """Flat-earth distance, good enough for five cities."""
    if one not in _PLACES or other not in _PLACES:
        return None
    (_, lat, lon), (_, other_lat, other_lon) = _PLACES[one], _PLACES[other]
    return hypot((lat - other_lat) * 111.2, (lon - other_lon) * 70.0)


def name_of(area: str) -> str:
    """Name for people."""
    return _PLACES[area][0] if area in _PLACES else area.rpartition("/")[2]


def _operator(name: str, **more: Any) -> Operator:
    return Operator(id=name, name=name.capitalize(), market="DE", services=("broadband", "mobile_voice"), **more)


OPERATORS = Operators.from_rows(
    [
        _operator(
            "netcologne",
            customers={
                "DE/NW/koeln": 250_000,
                "DE/NW/bonn": 80_000,
                "DE/NW/duesseldorf": 60_000,
                "DE/NW/leverkusen": 40_000,
                "DE/NW/aachen": 40_000,
            },
            teams={"technical": "noc", "planned": "change-management"},
        ),
        _operator(
            "alpha",
            customers={
                "DE/NW/koeln": 900_000,
                "DE/HH/hamburg": 300_000,
                "DE/BY/muenchen": 300_000,
                "DE/BE/berlin": 9_000,
            },
        ),
        _operator("beta", hosted_on="alpha"),
        _operator("gamma", roams_on="alpha"),
    ],
    [
        Market(
            id="DE",
            name="Germany",
            languages=("de",),
            time_zone="Europe/Berlin",
            currency="EUR",
            emergency_numbers=("112", "110"),
            holidays="DE",
        )
    ],
)
REFERENCE = CorrelateReference(operators=OPERATORS, distance_km=distance_km, name_of=name_of, wording=WORDING)


def at(minute: float) -> int:
    """Milliseconds of a minute after nine."""
    return NINE + round(minute * 60_000)


def end_of(minute: float) -> Instant:
    """End of the pane that holds a minute."""
    moment = at(minute)
    return Instant(moment - moment % PANE_MS + PANE_MS)


def anomaly(minute: float, area: str = "DE/NW/koeln", source: str = "mentions", **more: Any) -> Anomaly:
    """A pane that stands out; complaints unless a metric is named."""
    end = end_of(minute)
    measure = more.pop("measure", "attach_success_ratio" if source == "telemetry" else "complaints")
    drop = source == "telemetry"
    facts: dict[str, Any] = {
        "operator": "netcologne",
        "scope_area": region_of(area),
        "area": area,
        "source": source,
        "measure": measure,
        "unit": "ratio" if drop else "count",
        "ended_at": end,
        "step_ms": PANE_MS,
        "started_at": Instant(end - PANE_MS),
        "direction": "drop" if drop else "surge",
        "observed": 0.2 if drop else 5.0,
        "expected": 0.99 if drop else 0.1,
        "surprise": 7.0 if drop else 5.0,
        "evidence": 7.0 * log(10) if drop else 0.0,
        "learnt_hours": 168,
        "detector": "test",
        "records": 1 if drop else 5,
        "people": 0 if drop else 5,
    }
    return Anomaly(**{**facts, **more})


def talk(minute: float, people: int = 5, **more: Any) -> Anomaly:
    """Posts that complain."""
    example = Example(100, people, Instant(at(minute)), "alles tot", "no_internet", "de")
    return anomaly(minute, records=people, people=people, examples=[example], **more)


def claim(
    minute: float, person: int, source: str = "mentions", operator: str = "netcologne", **more: Any
) -> EmergencyClaim:
    """Somebody says that 112 is dead."""
    facts: dict[str, Any] = {
        "market": "DE",
        "operator": operator,
        "area": "DE/NW/koeln",
        "source": source,
        "at": Instant(at(minute)),
        "id_hash": person * 1_000 + round(minute),
        "person": person,
        "numbers": ["112"],
        "example": "112 geht nicht",
    }
    return EmergencyClaim(**{**facts, **more})


def command(minute: float, kind: str, target: str, **more: Any) -> PlacedCommand:
    """An order; its id is made of what it says."""
    name = more.pop("command_id", f"{kind}-{target}-{minute}")
    order = Command(command_id=name, market="DE", target=target, kind=kind, by="ina", **more)  # type: ignore[arg-type]
    return PlacedCommand(at=Instant(at(minute)), command=order)


def time_text(minute: float) -> str:
    """A minute as commands write it."""
    return format_instant(at(minute))


def official(minute: float, text: str = "Aktuell gibt es eine Störung.", **facts: Any) -> OfficialPost:
    """The operator speaks, and admits an outage to everybody."""
    known: dict[str, Any] = {"operator": "netcologne", "kind": "outage"}
    post = {"at": Instant(at(minute)), "post_id": f"o{minute}", "platform": "x", "text": text}
    return OfficialPost(**{**known, **post, **facts})


def _to_wire(value: Any) -> Any:
    if isinstance(value, Instant | Exact):
        return int(value)
    raise NotImplementedError(type(value).__name__)


def _from_wire(kind: type, value: Any) -> Any:
    return kind(value)


def reborn(state: CorrelateState) -> CorrelateState:
    """The same state, written down and read again, as after a crash."""
    slots = {}
    for name, market in state.slots.items():
        data = msgspec.msgpack.encode(market, enc_hook=_to_wire)
        slots[name] = msgspec.msgpack.decode(data, type=MarketState, dec_hook=_from_wire)
    return CorrelateState(state.partition, slots)


def record_bytes(record: object) -> bytes:
    """A record's bytes, checked against its own type."""
    data = msgspec.json.encode(record, enc_hook=_to_wire, order="sorted")
    if isinstance(record, Incident | Decision):
        msgspec.json.decode(data, type=type(record), dec_hook=_from_wire)
    return data


class Story:
    """Feeds one partition minute by minute and keeps what came out.

    A place is weighed in each pane in which an anomaly comes from it (`accounts.weighings_of`). Once nothing is told of
    it any more it has cooled: in the next pane of the story, or after a minute if that is further than `HOT_MINUTES`.
    """

    HOT_MINUTES: Final = 5

    def __init__(self, config: CorrelateConfig | None = None, reference: CorrelateReference = REFERENCE) -> None:
        self.state = CorrelateState(0)
        self.config = config or CorrelateConfig()
        self.reference = reference
        self.outputs: list[object] = []
        self._hot: dict[tuple[str, str, str], Weighing] = {}
        self._told_to = 0

    def tell(self, minute: float, *things: object) -> "Story":
        """What DETECT saw in the pane of a minute; time is sealed to its end."""
        end = end_of(minute)
        if end > self._told_to + self.HOT_MINUTES * MINUTE_MS:
            self._cool()
        pane = pane_with(end, things, self._hot.values())
        now = {place_of(known): known for known in pane.weighings}
        pane.weighings.extend(cooled(known, end) for place, known in self._hot.items() if place not in now)
        self.seal(end, [pane])
        self._hot, self._told_to = now, end
        return self

    def until(self, minute: float) -> "Story":
        """Let time pass without content; whatever was hot cools."""
        if end_of(minute) > self._told_to + MINUTE_MS:
            self._cool()
        self.seal(end_of(minute), [])
        return self

    def _cool(self) -> None:
        """A minute later nothing is left of any suspicion."""
        if self._hot:
            end = self._told_to + MINUTE_MS
            self.seal(end, [pane_with(end, [cooled(known, end) for known in self._hot.values()])])
        self._hot = {}

    def seal(self, sealed_to: int, panes: Sequence[SealedPane]) -> None:
        """One record of the only partition; the state is written and read again each time."""
        sealed = Sealed(
            market="DE", epoch=1, partition=0, partitions=1, sealed_to=Instant(sealed_to), panes=list(panes)
        )
        step = apply(self.state, sealed, self.config, self.reference)
        self.outputs += step.outputs
        for record in step.outputs:
            record_bytes(record.after if isinstance(record, Change) else record)
        self.state = reborn(self.state)

    @property
    def incidents(self) -> dict[str, Incident]:
        """Latest revision of each incident."""
        return {change.after.incident_id: change.after for change in self.changes}

    def only(self) -> Incident:
        """The one incident of the story."""
        assert len(self.incidents) == 1, [f"{i.state} {[a.area for a in i.areas]}" for i in self.incidents.values()]
        return next(iter(self.incidents.values()))

    @property
    def changes(self) -> list[Change]:
        """All revisions."""
        return [output for output in self.outputs if isinstance(output, Change)]

    @property
    def decisions(self) -> list[Decision]:
        """All decisions."""
        return [output for output in self.outputs if isinstance(output, Decision)]

    def why(self, kind: str) -> list[str]:
        """Reasons of the decisions of a kind."""
        return [decision.reason.value for decision in self.decisions if decision.kind.value == kind]


def figure(minute: float, steps: int, measure: str = "calls_waiting", count: int = 1, **more: Any) -> FollowedFigure:
    """A followed figure of the five minutes that end with a minute's pane, in steps of its unit."""
    fields = {"operator": "netcologne", "area": "DE", "source": "telemetry"} | more
    ended_at = int(end_of(minute)) // FIGURE_MS * FIGURE_MS
    return FollowedFigure(measure=measure, ended_at=Instant(ended_at), count=Exact(count), total=Exact(steps), **fields)


def complained(minute: float, person: int, **more: Any) -> WholeComplaint:
    """A post that rides whole, since somebody waits for an answer."""
    fields: dict[str, Any] = {
        "operator": "netcologne",
        "area": "DE/NW/koeln",
        "source": "mentions",
        "intake": "x",
    } | more
    number = person * 1_000 + round(minute)
    return WholeComplaint(at=Instant(at(minute)), id_hash=number, person=person, lang="de", text="nix geht", **fields)


_LISTS: Final[dict[Any, str]] = {
    Anomaly: "anomalies",
    FeedSilence: "silences",
    Activity: "activity",
    OfficialPost: "officials",
    EmergencyClaim: "claims",
    PlacedCommand: "commands",
    Weighing: "weighings",
    FollowedFigure: "figures",
    WholeComplaint: "complaints",
    TalkSum: "talk",
}


def pane_with(end: int, things: Iterable[object], before: Iterable[Weighing] = ()) -> SealedPane:
    """A sealed pane that holds these things, and what is believed of each place of which no weighing is among them.

    Args:
        end: End of the pane, ms.
        things: What DETECT found.
        before: What was hot before.
    """
    lists: dict[str, list[Any]] = {"weighings": []}
    for thing in things:
        lists.setdefault(_LISTS[type(thing)], []).append(thing)
    told = {(known.operator, known.area) for known in lists["weighings"]}
    believed = weighings_of(testimonies_of(lists.get("anomalies", []), REFERENCE), end, before)
    lists["weighings"] += [known for known in believed if (known.operator, known.area) not in told]
    return msgspec.structs.replace(SealedPane(end=Instant(end)), **lists)

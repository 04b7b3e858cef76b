"""What the tests of schemas share: the schema's verdict on a record, and the type's.

The type's verdict on a raw record is INGEST's own: decoded by the door and
taken by a lane whose reference knows every operator and area. So all rules
count that need no reference: times, limits, one of area and element.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin

import jsonschema_rs
import msgspec

from pipeline.adapters.codecs.raw import decode_batch
from pipeline.adapters.codecs.wire import decoder
from pipeline.ingest.apply import Lane
from pipeline.ingest.config import IngestConfig
from pipeline.ingest.rules import IngestRules
from pipeline.ingest.text.official.reading import OfficialReading
from pipeline.ingest.text.understood import Understood
from pipeline.records.clocks import parse_instant
from pipeline.records.errors import RecordError
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.signals import Envelope
from pipeline.records.published.decisions import Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.reference.metrics import Metric, Metrics, by_rule

SCHEMAS: Final = Path(__file__).parents[2] / "schemas"
RAW: Final = {"telemetry": "observed_at", "tickets": "opened_at", "mentions": "posted_at", "commands": None}
"""Raw topics, and which field is their event time."""
WRITTEN: Final[dict[str, type]] = {
    "signals": Envelope,
    "anomalies": Sealed,
    "incidents": Incident,
    "notices": Notice,
    "failovers": Failover,
    "followups": Followup,
    "decisions": Decision,
}
"""Topics that we write, and their record types; `quarantine` holds bytes of any kind."""
TOPICS: Final = (*RAW, *WRITTEN, "quarantine")
SOME_TIME_MS: Final = 1_739_350_800_000


def parts_of(hint: Any) -> Iterator[type[msgspec.Struct]]:
    """The record types that a field holds, behind tuples and options."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    elif get_origin(hint) is Annotated:
        yield from parts_of(get_args(hint)[0])
    else:
        for inner in get_args(hint):
            yield from parts_of(inner)


@cache
def schema(name: str, folder: Path = SCHEMAS) -> Any:
    """One schema file, parsed."""
    return json.loads((folder / f"{name}.v1.json").read_text())


@cache
def validator(topic: str, folder: Path = SCHEMAS) -> jsonschema_rs.Draft202012Validator:
    """The validator of a topic, with the files that it refers to."""
    files = sorted(folder.glob("*.v1.json"))
    registry = jsonschema_rs.Registry([(f"json-schema:///{file.name}", json.loads(file.read_text())) for file in files])
    return jsonschema_rs.Draft202012Validator(schema(topic, folder), registry=registry, validate_formats=True)


def schema_errors(topic: str, record: object, folder: Path = SCHEMAS) -> list[tuple[str, str]]:
    """Keyword and path of each objection of the schema; empty if it accepts."""
    return [
        (str(error.schema_path[-1]), "/" + "/".join(map(str, error.instance_path)))
        for error in validator(topic, folder).iter_errors(record)
    ]


def type_error(topic: str, record: object) -> str | None:
    """What the type objects to, or None if it accepts."""
    value = msgspec.json.encode(record)
    if topic in RAW:
        return _lane_error(topic, record, value)
    try:
        _decoder(topic).decode(value)
    except (msgspec.MsgspecError, NotImplementedError) as error:  # the second from the hook of our newtypes
        return str(error)
    return None


@cache
def _decoder(topic: str) -> msgspec.json.Decoder[Any]:
    return decoder(WRITTEN[topic])


class _Record(msgspec.Struct, frozen=True):
    """A raw record as Kafka would give it."""

    topic: str
    timestamp: int
    value: bytes
    partition: int = 0
    offset: int = 0
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes]] = ()


def _lane_error(topic: str, record: object, value: bytes) -> str | None:
    field = RAW[topic]
    time = record.get(field) if isinstance(record, dict) and field else None
    try:
        timestamp = parse_instant(time) if isinstance(time, str) else SOME_TIME_MS
    except RecordError:
        timestamp = SOME_TIME_MS
    lane = Lane(0, _open_rules(), {})
    lane.take(topic, [_Record(topic, timestamp, value)], None)
    refused = lane.close().quarantined
    return f"{refused[0].reason}: {refused[0].message}" if refused else None


class _EqualMarket(str):
    """A market that equals every other: whether an operator is of a market is the reference's question."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0


class _EveryOperator(Mapping[str, str]):
    """A reference that knows every operator, of whatever market is asked for."""

    def __getitem__(self, operator: str) -> str:
        return _EqualMarket("DE")

    def __iter__(self) -> Iterator[str]:
        return iter(("netcologne",))

    def __len__(self) -> int:
        return 1


class _EveryMarket:
    """A reference in which every market has operators."""

    def __contains__(self, market: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(("DE",))


class _OpenRules(IngestRules):
    """Rules whose reference refuses nothing."""

    @property
    def markets(self) -> Any:
        """Every market."""
        return _EveryMarket()


class _EveryValue(Metrics):
    """A reference in which every metric may have any value: a range is the reference's question."""

    def of(self, name: str, unit: str) -> Metric:
        """What a metric means by rule, without its range."""
        return msgspec.structs.replace(by_rule(name, unit), range=None)


class _EveryPlace:
    """A place tree that has every path."""

    def __contains__(self, area: object) -> bool:
        return True

    def by_postcode(self, market: str, postcode: str) -> str | None:  # noqa: ARG002 - the protocol's names
        return None

    def resolve(self, text: str, market: str | None = None) -> str | None:  # noqa: ARG002 - the protocol's names
        return None


_NOTHING: Final = Understood(
    relevant=False,
    probability_permille=0,
    in_context_permille=0,
    evidence_cnat=0,
    in_context_cnat=0,
    lang="de",
    service=None,
    item=None,
    symptom=None,
    emergency=False,
    area=None,
    operators=(),
)


class _NoReader:
    """Understands nothing, so that no text is refused or counted by its words."""

    def understand(self, text: str, **_hints: str | None) -> Understood:  # noqa: ARG002 - the protocol's name
        return _NOTHING

    def official(self, text: str, **_hints: object) -> OfficialReading:  # noqa: ARG002 - the protocol's name
        return OfficialReading("chatter")

    def topics(self, text: str, **_hints: str | None) -> tuple[str, ...]:  # noqa: ARG002 - the protocol's name
        return ()

    def mood(self, text: str, code: str) -> str | None:  # noqa: ARG002 - the protocol's names
        return None


@cache
def _open_rules() -> IngestRules:
    return _OpenRules(
        config=IngestConfig(lanes=1, signals_partitions=1),
        market_of=_EveryOperator(),
        places=_EveryPlace(),
        reader=_NoReader(),
        decode=decode_batch,
        metrics=_EveryValue(),
    )

"""What a recording holds: one JSON line a record, compressed, and lossless.

A manifest comes first and a trailer with count and checksum last, so that a
file that was cut off shows it. Keys, values and header values are bytes; each
says how it was written: as JSON, as text, as base64, or null.

A value stands in the line as JSON, verbatim, only if writing the parsed value
anew gives the same bytes: then no tool between (`zstdcat | jq -c`) can change
it unseen. Everything else (spaces, 1e5, a duplicate name, half a surrogate
pair) is kept as text. What a value means is none of this file's business.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
import orjson

from pipeline.records.clocks import INSTANT_MAX_MS, SOURCES
from pipeline.records.errors import TocsinError
from pipeline.records.raw.record import is_heartbeat

FORMAT_VERSION: Final = 1
SUFFIX: Final = ".jsonl.zst"
NESTING_MAX: Final = 100
"""A value nested deeper is kept as text: readers stop at 1,000 or so levels, each at its own."""

_BRACKETS_SUSPECT = 2 * NESTING_MAX
TIMESTAMP_TYPES: Final = ("create", "append")
"""By Kafka's number: 0 the producer's time, 1 the time at which the broker took the record."""


class RecordingError(TocsinError):
    """A recording cannot be used, or cannot be made; says which file and line, and what to do."""


class RecordedRecord(msgspec.Struct, frozen=True, gc=False):
    """One record, as Kafka holds it; fits `RawRecord`.

    Attributes:
        timestamp: Kafka timestamp in milliseconds.
        headers: Name and value; Kafka allows a null value, which is kept as None.
        timestamp_type: 0 producer's time, 1 broker's time.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None
    timestamp_type: int = 0


Natural = Annotated[int, msgspec.Meta(ge=0)]


class TopicInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is recorded of one topic.

    Attributes:
        partitions: How many the topic has.
        start: First offset that was read, by partition; empty if it was never in Kafka.
        end: Offset after the last one, by partition, as it stood when recording began.
    """

    partitions: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    start: dict[int, int] = {}
    end: dict[int, int] = {}


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """First line of every part: what the recording is.

    Attributes:
        created: When it was made, RFC 3339, as the maker says.
        tool: Who made it, such as `tocsin simulate netcologne-2025 --seed 1`.
        topics: By name, without any prefix the broker knew them by.
        has_heartbeats: The log tells its time itself; otherwise the replay adds
            a heartbeat at every pane end.
        order: Always `merged`: by Kafka timestamp, heartbeats first, then by source and partition.
        redaction: What was hashed or dropped, in words; None if nothing was.
        part: Number of this file, from 0.
        previous: Checksum of the part before this one.
    """

    tocsin_recording: Literal[1] = FORMAT_VERSION
    created: str
    tool: str
    order: Literal["merged"] = "merged"
    has_heartbeats: bool = False
    redaction: str | None = None
    part: Natural = 0
    previous: str | None = None
    topics: dict[str, TopicInfo]

    @property
    def lanes(self) -> int:
        """Partitions of the source that has the most.

        Raises:
            RecordingError: If no raw topic was recorded.
        """
        counts = [self.topics[name].partitions for name in SOURCES if name in self.topics]
        if not counts:
            raise RecordingError(f"recording by {self.tool}: holds no raw topic: record one of {', '.join(SOURCES)}")
        return max(counts)

    def absent(self, lane: int) -> dict[str, int]:
        """Clocks of the sources without a partition in a lane: nothing of them is waited for.

        Where heartbeats are added every lane of every source gets some, so none is absent.

        Args:
            lane: Number of the lane, from 0.
        """
        if not self.has_heartbeats:
            return {}
        counts = {name: self.topics[name].partitions if name in self.topics else 0 for name in SOURCES}
        return {name: INSTANT_MAX_MS for name, count in counts.items() if lane >= count}

    @property
    def is_even(self) -> bool:
        """Whether all sources have as many partitions."""
        return len({self.topics[name].partitions if name in self.topics else 0 for name in SOURCES}) == 1


class Trailer(msgspec.Struct, frozen=True, kw_only=True):
    """Last line of every part: what must have been read by then.

    Attributes:
        records: Number of records of this part.
        heartbeats: How many of them.
        sha256: Hash of this part's record lines, uncompressed.
        more: Another part follows.
    """

    end: Literal[True] = True
    records: Natural
    heartbeats: Natural
    sha256: str
    more: bool


def raw_topics(lanes: int) -> dict[str, TopicInfo]:
    """The `topics` of a manifest that holds all four raw topics.

    >>> [info.partitions for info in raw_topics(4).values()]
    [4, 4, 4, 4]
    """
    return {name: TopicInfo(partitions=lanes) for name in SOURCES}


def source_rank(topic: str) -> tuple[int, str]:
    """Where a topic stands among records of one timestamp: raw topics in their order, then the rest by name.

    >>> sorted(["incidents", "commands", "telemetry"], key=source_rank)
    ['telemetry', 'commands', 'incidents']
    """
    return (SOURCES.index(topic), "") if topic in SOURCES else (len(SOURCES), topic)


def stamp_of(record: RecordedRecord) -> int:
    """When a record's turn comes: by Kafka timestamp, and of one timestamp the heartbeats first.

    A heartbeat at a pane's end closes the pane, a record with that timestamp
    belongs to the next one: so heartbeats go first in every partition, not in their own only.

    Returns:
        Twice the timestamp, and one more if it is no heartbeat.
    """
    return 2 * record.timestamp + (1 if record.value or not is_heartbeat(record) else 0)


# --- writing ---------------------------------------------------------------------------------------------------------


def value_part(value: bytes | None) -> bytes:
    """A value as it stands in its line, with its encoding.

    >>> value_part(b'{"a":1}'), value_part(b"[1 ]")
    (b'{"a":1},"value_enc":"json"', b'"[1 ]","value_enc":"utf8"')
    """
    if value is None:
        return b'null,"value_enc":"null"'
    try:
        parsed = orjson.loads(value)
        if orjson.dumps(parsed) == value and not _too_deep(value, parsed):
            return value + b',"value_enc":"json"'
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        pass
    text, encoding = _text_of(value)
    return b'%b,"value_enc":"%b"' % (text, encoding)


def key_part(key: bytes | None) -> bytes:
    """A key as it stands in its line, with its encoding."""
    if key is None:
        return b'null,"key_enc":"null"'
    text, encoding = _text_of(key)
    return b'%b,"key_enc":"%b"' % (text, encoding)


def headers_part(headers: tuple[tuple[str, bytes], ...]) -> bytes:
    """Headers as they stand in their line: name, value, encoding."""
    parts = []
    for name, value in headers:
        text, encoding = (b"null", b"null") if value is None else _text_of(value)
        parts.append(b'[%b,%b,"%b"]' % (orjson.dumps(name), text, encoding))
    return b"[%b]" % b",".join(parts)


def _text_of(data: bytes) -> tuple[bytes, bytes]:
    try:
        return orjson.dumps(data.decode()), b"utf8"
    except UnicodeDecodeError:
        return b'"%b"' % base64.b64encode(data), b"base64"


def _too_deep(value: bytes, parsed: Any) -> bool:
    if value.count(b"[") + value.count(b"{") <= _BRACKETS_SUSPECT:
        return False
    level = [parsed]
    for _ in range(NESTING_MAX):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


def _inside(outer: Any) -> list[Any]:
    if isinstance(outer, dict):
        return list(outer.values())
    return outer if isinstance(outer, list) else []


# --- reading ---------------------------------------------------------------------------------------------------------

_Encoding = Literal["json", "utf8", "base64", "null"]


class Line(msgspec.Struct, gc=False):
    """A line as it is parsed; `record_of` makes the record."""

    topic: str
    partition: Natural
    offset: Natural
    timestamp: int
    key: str | None
    key_enc: _Encoding
    value: msgspec.Raw
    value_enc: _Encoding
    headers: tuple[tuple[str, str | None, _Encoding], ...]
    ts_type: Literal["create", "append"] = "create"


line_decoder: Final = msgspec.json.Decoder(Line)
_text_decoder = msgspec.json.Decoder(str)


def record_of(line: Line, topics: Mapping[str, str]) -> RecordedRecord:
    """The record that a line holds.

    Args:
        line: As parsed.
        topics: Names of the recorded topics, each to itself: records share the name.

    Raises:
        ValueError: If an encoding is not what the line holds.
        KeyError: If the topic is not in the manifest.
    """
    key = line.key
    return RecordedRecord(
        topics[line.topic],
        line.partition,
        line.offset,
        line.timestamp,
        key.encode() if key is not None and line.key_enc == "utf8" else _bytes_of(key, line.key_enc),
        tuple([(name, _bytes_of(text, encoding)) for name, text, encoding in line.headers]) if line.headers else (),  # type: ignore[misc]  # a null header value stays None, see RecordedRecord
        bytes(line.value) if line.value_enc == "json" else _VALUES[line.value_enc](line.value),
        0 if line.ts_type == "create" else 1,
    )


def _bytes_of(text: str | None, encoding: str) -> bytes | None:
    if encoding == "null" or text is None:
        if encoding == "null" and text is None:
            return None
    elif encoding == "utf8":
        return text.encode()
    elif encoding == "base64":
        return _from_base64(text)
    raise ValueError(f"{text!r} cannot be of encoding {encoding}")


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"base64: {error}") from None


def _null(raw: msgspec.Raw) -> bytes | None:
    if bytes(raw) != b"null":
        raise ValueError("value has encoding null, but is not null")
    return None


_VALUES: Final[Mapping[str, Callable[[msgspec.Raw], bytes | None]]] = {
    "utf8": lambda raw: _text_decoder.decode(raw).encode(),
    "base64": lambda raw: _from_base64(_text_decoder.decode(raw)),
    "null": _null,
}

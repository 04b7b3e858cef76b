"""A recording that may be handed on: people become hashes, and what they wrote is dropped or masked.

The same key gives the same hashes, so a replay of the result still counts
people, repeats and replies. Codes of the reference (operators, areas, channels)
stay and a postcode becomes its area; codes that a sender chooses are hashed, since they may hold a name. Only what
INGEST's types know is kept: a field that we do not know may hold a name, and so may a header. A record that cannot
be decoded cannot be redacted either; a stand-in takes its place that is
refused for the same reason, so that counts and order stay.

Who drops the texts keeps the numbers and loses their meaning: INGEST takes a
ticket without text for a complaint, and a post without text says nothing. To
replay, keep the texts masked.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from pipeline.adapters.codecs.cloudevents import STRUCTURED_JSON
from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.recordings.format import Manifest, RecordedRecord
from pipeline.adapters.recordings.keeping import KeepText
from pipeline.adapters.recordings.passing import batches_of, decoded
from pipeline.adapters.recordings.progress import OnProgress, ignore
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import Written, write_recording
from pipeline.ingest.text.masking import masked
from pipeline.records.clocks import SOURCES
from pipeline.records.errors import ConfigError, Reason, RecordError
from pipeline.records.ids import keyed_hash
from pipeline.records.limits import RECORD_BYTES_MAX
from pipeline.records.raw.people import INCIDENT_ID, PERSONS, RECORD_IDS, TIME_SIGNS, TIMES, WORDS, names_nobody
from pipeline.records.raw.record import HEARTBEAT_HEADERS, Heartbeat

GONE: Final = "(redacted)"
"""Stands for words that a record must have: a silence without a reason would be refused."""

SEGMENTS: Final = frozenset({"consumer", "business", "wholesale"})
"""Customer segments that are kept; another word may be a customer's name."""

_NEEDED: Final = frozenset({"reason", "note"})
_CODES: Final = ("area", "element", "operator", "target")
"""A key that repeats one of these names nobody, and stays."""

_NO_TIME: Final = "(redacted, was no time)"
"""Stands for words in the place of a time; it is refused for the same reason."""

_STAND_INS: Final[dict[Reason, bytes]] = {
    Reason.EMPTY_RECORD: b"",
    Reason.TOO_LARGE: b" " * (RECORD_BYTES_MAX + 1),
    Reason.MALFORMED_JSON: b"{",
    Reason.MALFORMED_EVENT: b"{}",
    Reason.UNKNOWN_SERVICE: b'{"service":0}',
    Reason.UNKNOWN_UNIT: b'{"unit":0}',
    Reason.UNKNOWN_COMMAND: b'{"kind":0}',
    Reason.OUT_OF_RANGE: b'{"value":1e999}',
}
_STAND_IN: Final = b"{}"
"""Stands for everything else that does not fit its type."""


class PlaceTree(Protocol):
    """The places that stay as they are."""

    def __contains__(self, area: object) -> bool:
        """Is this the path of a known area?"""
        ...

    def by_postcode(self, market: str, code: str, /) -> str | None:
        """Area of a postcode, if known."""
        ...


class _NoPlaces:
    def __contains__(self, area: object) -> bool:
        return False

    def by_postcode(self, _market: str, _code: str, /) -> str | None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Codes of the reference: they name nobody and stay; what is not here is hashed, the same for the same.

    Attributes:
        market_of: Operator id to market.
        places: The place tree; a postcode becomes the area that it stands for.
        items: Ids of TV channels.
    """

    market_of: Mapping[str, str] = field(default_factory=dict)
    places: PlaceTree = field(default_factory=_NoPlaces)
    items: Container[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """How to redact.

    Attributes:
        key: Secret of the hashes, 16 to 64 bytes; who has it can find an author whom he knows.
        keep_text: `none` drops all words; `masked` keeps them without handles, links, addresses and long
            numbers, at most 240 characters. A name in a sentence stays.
        known: Codes that stay.
    """

    key: bytes
    keep_text: KeepText = KeepText.NONE
    known: Known = field(default_factory=Known)

    def __post_init__(self) -> None:
        if not 16 <= len(self.key) <= 64:
            raise ConfigError("privacy.hash_key: must have 16 to 64 bytes; make one with: openssl rand -hex 24")

    def words(self) -> str:
        """What is done, for the manifest; the same key has the same mark."""
        texts = "texts dropped" if self.keep_text is KeepText.NONE else "texts masked"
        mark = keyed_hash(self.key, "mark of the key") & 0xFFFFFF
        return f"people and ids hashed (key {mark:06x}), {texts}, headers and unknown fields dropped"

    def hashed(self, *parts: str) -> str:
        """The hash that stands for an id within its namespace."""
        return f"{keyed_hash(self.key, chr(0x1F).join(parts)):013x}"


@dataclass(slots=True)
class Redacted:
    """What was redacted.

    Attributes:
        written: The new recording.
        replaced: Records that could not be decoded and are stand-ins now, by reason.
        left_out: Records of topics that are no raw topics.
    """

    written: Written
    replaced: dict[Reason, int]
    left_out: int


def redact_recording(path: Path, out: Path, redaction: Redaction, progress: OnProgress = ignore) -> Redacted:
    """Write a recording anew without people and their words; in flat memory.

    Args:
        path: Path of a recording.
        out: The new one, ends in `.jsonl.zst`; one file, whatever the parts of the first.
        redaction: What is removed and what is replaced.
        progress: Told after each batch of records.

    Returns:
        What was done. Results (incidents and their like), if they were recorded too, are left out:
        they quote people.

    Raises:
        ConfigError: If it is redacted already: hashes of hashes would agree with nothing.
        RecordingError: As reading and writing.
    """
    recording = open_recording(path)
    if recording.manifest.redaction is not None:
        raise ConfigError(f"{path}: is redacted already ({recording.manifest.redaction}): redact the original")
    contents = recording.verify()
    replaced: dict[Reason, int] = {}
    seen = [0]

    def records() -> Iterator[RecordedRecord]:
        for batch in batches_of(recording, contents, progress):
            seen[0] += len(batch)
            yield from redact_records(batch, redaction, replaced)

    written = write_recording(out, _manifest(recording.manifest, redaction), records())
    return Redacted(written=written, replaced=dict(sorted(replaced.items())), left_out=seen[0] - written.records)


def _manifest(before: Manifest, redaction: Redaction) -> Manifest:
    topics = {name: info for name, info in before.topics.items() if name in SOURCES}
    return msgspec.structs.replace(before, redaction=redaction.words(), topics=topics)


def redact_records(
    records: Iterable[RecordedRecord], redaction: Redaction, replaced: dict[Reason, int]
) -> Iterator[RecordedRecord]:
    """Redact some records, in order; those of other than raw topics are left out.

    Args:
        records: As recorded.
        redaction: What is removed and what is replaced.
        replaced: Counts stand-ins by reason.

    Yields:
        Topic, partition, offset and timestamp as they were.
    """
    for record, outcome in decoded([record for record in records if record.topic in SOURCES]):
        yield _redacted(record, outcome, redaction, replaced)


def _redacted(
    record: RecordedRecord, outcome: object, redaction: Redaction, replaced: dict[Reason, int]
) -> RecordedRecord:
    headers: tuple[tuple[str, bytes], ...] = ()
    value: bytes | None
    fields: dict[str, Any] = {}
    if isinstance(outcome, RecordError):
        reason = outcome.reason
        replaced[reason] = replaced.get(reason, 0) + 1
        value = _STAND_INS.get(reason, _STAND_IN)
        headers = (("content-type", STRUCTURED_JSON),) if reason is Reason.MALFORMED_EVENT else ()
    elif isinstance(outcome, Heartbeat):
        value, headers = record.value, HEARTBEAT_HEADERS
    else:
        fields = _without_people(_said(outcome), redaction)
        value = encode(fields)
    key = None if record.key is None else _key(record.key, fields, redaction)
    return msgspec.structs.replace(record, key=key, headers=headers, value=value)


def _said(outcome: object) -> dict[str, Any]:
    """Fields of a record that it did not leave at their defaults."""
    kind: Any = type(outcome)
    defaults = _defaults_of(kind)
    fields: dict[str, Any] = msgspec.to_builtins(outcome)
    return {name: value for name, value in fields.items() if name not in defaults or value != defaults[name]}


@cache
def _defaults_of(kind: type) -> dict[str, Any]:
    fields = msgspec.structs.fields(kind)
    return {field.name: field.default for field in fields if field.default is not msgspec.NODEFAULT}


def _without_people(fields: dict[str, Any], redaction: Redaction) -> dict[str, Any]:
    said = _without_free_codes(fields, redaction)
    for kind, names in (("person", PERSONS), ("record", RECORD_IDS)):
        for name, within in names.items():
            if name in said:
                said[name] = redaction.hashed(kind, str(fields.get(within)), said[name])
    shown: Callable[[str], str] = masked if redaction.keep_text is KeepText.MASKED else lambda _: ""
    for name in WORDS:
        if name in said:
            said[name] = shown(said[name]) or (GONE if name in _NEEDED else "")
    return {name: value for name, value in said.items() if value != "" or name not in WORDS}


def _without_postcode(fields: dict[str, Any], known: Known) -> dict[str, Any]:
    """A postcode becomes the area that it stands for; where the record says its area, or nobody knows it, it goes."""
    said = {name: value for name, value in fields.items() if name != "postcode"}
    if "postcode" in fields and "area" not in said:
        market = said.get("market") or known.market_of.get(said["operator"], "")
        if area := known.places.by_postcode(market, fields["postcode"]):
            said["area"] = area
    return said


def _without_free_codes(fields: dict[str, Any], redaction: Redaction) -> dict[str, Any]:
    """Codes that the sender chose: those of the reference stay, a postcode becomes an area, all others are hashed."""
    known, said = redaction.known, _without_postcode(fields, redaction.known)
    stays: dict[str, Callable[[str], bool]] = {
        "operator": known.market_of.__contains__,
        "area": known.places.__contains__,
        "target": lambda target: names_nobody(target, known.market_of, known.places),
        "segment": SEGMENTS.__contains__,
        "symptom": lambda _: False,
        "team": lambda _: False,
    }
    if "metric" not in said:  # what a collector measures is no complaint of anybody
        stays["item"] = known.items.__contains__
    for name, is_known in stays.items():
        if name in said and not is_known(said[name]):
            said[name] = redaction.hashed("code", said[name])
    said |= {name: _NO_TIME for name in TIMES if name in said and not TIME_SIGNS.match(said[name])}
    if "incidents" in said:
        names = said["incidents"]
        said["incidents"] = [name if INCIDENT_ID.match(name) else redaction.hashed("code", name) for name in names]
    return said


def _key(key: bytes, fields: dict[str, Any], redaction: Redaction) -> bytes:
    """A key names an area or a person: it stays if the record says the same as a code, and is hashed otherwise."""
    text = key.decode("utf-8", "backslashreplace")
    known = any(fields.get(name) == text for name in _CODES)
    return key if known else redaction.hashed("key", text).encode()

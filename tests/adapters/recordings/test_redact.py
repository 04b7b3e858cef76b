"""A redacted recording names nobody, quotes nobody, and is otherwise the same."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec
import orjson
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.recordings.care.redacting import GONE, Known, Redacted, Redaction, redact_recording
from pipeline.adapters.recordings.care.validating import validate_recording
from pipeline.adapters.recordings.format import Manifest, RecordedRecord, TopicInfo, raw_topics
from pipeline.adapters.recordings.keeping import KeepText
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import write_recording
from pipeline.records.errors import ConfigError, Reason
from pipeline.records.raw.record import HEARTBEAT_HEADERS

KEY: Final = b"a key of the test, 32 bytes long"
BEGAN: Final = 1_739_350_800_000
AT: Final = "2025-02-12T09:00:00Z"
TOLD: Final = "Zeta-"
"""Every personal word of these tests begins so: none may be found afterwards."""


class Towns(set[object]):
    """A place tree of a few towns."""

    def by_postcode(self, market: str, code: str, /) -> str | None:
        return "DE/NW/koeln" if (market, code) == ("DE", "50667") else None


KNOWN: Final = Known(
    market_of={"netcologne": "DE"}, places=Towns({"DE/NW", "DE/NW/koeln"}), items=frozenset({"das-erste"})
)

personal = st.text("abcdefgh ÄöÜ@.:/", min_size=4, max_size=30).map(lambda text: TOLD + text)
people = st.sampled_from([f"{TOLD}person{n}" for n in range(4)])
posts = st.fixed_dictionaries(
    {"post_id": people, "platform": st.just("x"), "posted_at": st.just(AT), "text": personal},
    optional={"author": people, "place": personal, "in_reply_to": people, "repost_of": people, "avatar": personal},
)
tickets = st.fixed_dictionaries(
    {"ticket_id": people, "operator": st.just("netcologne"), "opened_at": st.just(AT)},
    optional={
        **{"customer": people, "text": personal, "place": personal, "phone_number": personal},
        **{"item": people, "segment": people, "symptom": people, "postcode": st.just(TOLD + "50667")},
    },
)
commands = st.fixed_dictionaries(
    {
        "command_id": people,
        "market": st.just("DE"),
        "target": st.one_of(st.just("netcologne@DE/NW"), people),
        "team": people,
        "incidents": st.lists(people, max_size=2),
        "kind": st.just("silence"),
        "by": people,
        "until": st.just(AT),
        "reason": personal,
    }
)
broken = st.one_of(
    personal.map(str.encode),
    st.fixed_dictionaries({"post_id": personal, "platform": personal}).map(encode),
    st.fixed_dictionaries({"service": personal, "unit": personal, "kind": personal, "value": personal}).map(encode),
)
said = st.one_of(
    posts.map(lambda fields: ("mentions", encode(fields))),
    tickets.map(lambda fields: ("tickets", encode(fields))),
    commands.map(lambda fields: ("commands", encode(fields))),
    st.tuples(st.sampled_from(["telemetry", "tickets", "mentions", "commands"]), broken),
)


def record(number: int, topic: str, value: bytes, key: bytes | None = None) -> RecordedRecord:
    headers = (("ce_id", key or b""), ("ce_subject", f"{TOLD}header".encode())) if key else ()
    return RecordedRecord(topic, number % 2, number // 2, BEGAN + number * 1_000, key, headers, value)


def recording(folder: Path, records: list[RecordedRecord], topics: dict[str, TopicInfo] | None = None) -> Path:
    path = folder / "given.jsonl.zst"
    path.unlink(missing_ok=True)
    write_recording(path, Manifest(created=AT, tool="test", topics=topics or raw_topics(2)), records)
    return path


def redacted(folder: Path, path: Path, keep: KeepText = KeepText.NONE, key: bytes = KEY) -> tuple[Path, Redacted]:
    out = folder / "redacted.jsonl.zst"
    out.unlink(missing_ok=True)
    return out, redact_recording(path, out, Redaction(key=key, keep_text=keep, known=KNOWN))


def fields_of(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(one.value or b"{}") for one in open_recording(path).records()]


@settings(max_examples=60)
@given(given_records=st.lists(said, max_size=12), keyed=st.booleans())
def test_nothing_personal_is_left_and_all_else_is_as_it_was(
    given_records: list[tuple[str, bytes]], keyed: bool
) -> None:
    key = f"{TOLD}key".encode() if keyed else None
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = recording(folder, [record(n, topic, value, key) for n, (topic, value) in enumerate(given_records)])
        out, _ = redacted(folder, path)
        before, after = list(open_recording(path).records()), list(open_recording(out).records())
        plain = zstandard.ZstdDecompressor().stream_reader(out.read_bytes()).read()
        assert TOLD.encode() not in plain
        assert [(r.topic, r.partition, r.offset, r.timestamp) for r in after] == [
            (r.topic, r.partition, r.offset, r.timestamp) for r in before
        ]
        were, are = validate_recording(path).refused, validate_recording(out).refused
        assert {kind: one.count for kind, one in are.items()} == {kind: one.count for kind, one in were.items()}


def test_the_same_person_is_the_same_hash_and_another_key_gives_another(tmp_path: Path) -> None:
    post = {"platform": "x", "posted_at": AT, "text": "weg"}
    ids = [("p1", "anna", None), ("p2", "anna", None), ("p3", "berta", "p1")]
    values = [post | {"post_id": p, "author": a} | ({"repost_of": r} if r else {}) for p, a, r in ids]
    path = recording(tmp_path, [record(n, "mentions", encode(value)) for n, value in enumerate(values)])
    one, two, three = fields_of(redacted(tmp_path, path)[0])
    assert one["author"] == two["author"] != three["author"]
    assert three["repost_of"] == one["post_id"] != two["post_id"]
    other = fields_of(redacted(tmp_path, path, key=b"another key, also long enough")[0])
    assert other[0]["author"] != one["author"]


def test_masked_keeps_what_is_said_without_handles_and_numbers(tmp_path: Path) -> None:
    text = "@netcologne alles tot seit 9 Uhr, ruft an: 0221 5550 1234, bitte"
    value = {"post_id": "p", "platform": "x", "posted_at": AT, "author": "a", "text": text, "place": "Köln-Nippes"}
    out, _ = redacted(tmp_path, recording(tmp_path, [record(0, "mentions", encode(value))]), KeepText.MASKED)
    kept = fields_of(out)[0]
    assert kept["text"] == "@… alles tot seit 9 Uhr, ruft an: …, bitte"
    assert kept["place"] == "Köln-Nippes"


def test_a_silence_still_has_a_reason(tmp_path: Path) -> None:
    order = {"command_id": "c", "market": "DE", "target": "t", "kind": "silence", "by": "me", "reason": "Anna is ill"}
    out, _ = redacted(tmp_path, recording(tmp_path, [record(0, "commands", encode(order))]))
    assert fields_of(out)[0]["reason"] == GONE


def test_readings_keep_all_that_their_type_knows(tmp_path: Path) -> None:
    reading = {
        **{"operator": "netcologne", "observed_at": AT, "metric": "latency_ms", "value": 14.25, "unit": "ms"},
        **{"area": "DE/NW/koeln", "attempts": 40, "vendor": "access", "interval_seconds": 60},
    }
    given_record = record(0, "telemetry", encode(reading | {"engineer": "Anna"}), b"DE/NW/koeln")
    out, _ = redacted(tmp_path, recording(tmp_path, [given_record]))
    assert fields_of(out) == [reading]
    assert next(open_recording(out).records()).key == b"DE/NW/koeln", "the key of an area names nobody"


@pytest.mark.parametrize(
    ("topic", "value", "headers", "reason"),
    [
        pytest.param("tickets", b"", (), Reason.EMPTY_RECORD, id="empty"),
        pytest.param("tickets", b"x" * 1_000_001, (), Reason.TOO_LARGE, id="too_large"),
        pytest.param("tickets", b"Anna", (), Reason.MALFORMED_JSON, id="malformed"),
        pytest.param("tickets", b'{"service":"Anna"}', (), Reason.UNKNOWN_SERVICE, id="service"),
        pytest.param("telemetry", b'{"unit":"Anna"}', (), Reason.UNKNOWN_UNIT, id="unit"),
        pytest.param("commands", b'{"kind":"Anna"}', (), Reason.UNKNOWN_COMMAND, id="command"),
        pytest.param("telemetry", b'{"value":1e999}', (), Reason.OUT_OF_RANGE, id="range"),
        pytest.param("mentions", b"[]", (), Reason.SCHEMA_MISMATCH, id="schema"),
        pytest.param(
            "mentions",
            b"Anna",
            (("content-type", b"application/cloudevents+json"),),
            Reason.MALFORMED_EVENT,
            id="event",
        ),
    ],
)
def test_what_cannot_be_read_is_replaced_by_what_is_refused_likewise(
    tmp_path: Path, topic: str, value: bytes, headers: tuple[tuple[str, bytes], ...], reason: Reason
) -> None:
    given_record = RecordedRecord(topic, 0, 0, BEGAN, None, headers, value)
    out, done = redacted(tmp_path, recording(tmp_path, [given_record]))
    assert done.replaced == {reason: 1}
    assert list(validate_recording(out).refused) == [(topic, reason)]


def test_heartbeats_stay_and_results_are_left_out(tmp_path: Path) -> None:
    beat = RecordedRecord("mentions", 0, 0, BEGAN, None, HEARTBEAT_HEADERS, b"")
    quote = RecordedRecord("incidents", 0, 0, BEGAN, b"k", (), b'{"text":"Anna"}')
    topics = raw_topics(1) | {"incidents": TopicInfo(partitions=1)}
    out, done = redacted(tmp_path, recording(tmp_path, [beat, quote], topics))
    assert list(open_recording(out).records()) == [beat]
    assert done.left_out == 1
    assert list(open_recording(out).manifest.topics) == list(raw_topics(1))


def test_the_manifest_tells_what_was_done_and_it_is_done_once(tmp_path: Path) -> None:
    path = recording(tmp_path, [])
    out, _ = redacted(tmp_path, path)
    words = open_recording(out).manifest.redaction
    assert words is not None
    assert "people and ids hashed" in words
    assert "texts dropped" in words
    with pytest.raises(ConfigError, match="redacted already"):
        redact_recording(out, tmp_path / "twice.jsonl.zst", Redaction(key=KEY))
    assert msgspec.structs.replace(open_recording(out).manifest, redaction=None) == open_recording(path).manifest


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ConfigError, match="16 to 64 bytes"):
        Redaction(key=b"short")


def redacted_fields(
    folder: Path, topic: str, fields: Mapping[str, object], key: bytes | None = None
) -> dict[str, object]:
    out, _ = redacted(folder, recording(folder, [record(0, topic, encode(fields), key)]))
    return fields_of(out)[0]


def test_codes_of_the_reference_stay_and_a_postcode_becomes_its_area(tmp_path: Path) -> None:
    ticket = {"ticket_id": "t", "operator": "netcologne", "opened_at": AT, "service": "tv", "item": "das-erste"}
    said = redacted_fields(tmp_path, "tickets", ticket | {"postcode": "50667", "segment": "business"})
    assert {name: said.get(name) for name in ("operator", "service", "item", "segment", "area", "postcode")} == {
        **{"operator": "netcologne", "service": "tv", "item": "das-erste", "segment": "business"},
        **{"area": "DE/NW/koeln", "postcode": None},
    }


def test_an_operator_that_nobody_knows_is_hashed_and_stays_unknown(tmp_path: Path) -> None:
    post = {"post_id": "p", "platform": "x", "posted_at": AT, "text": "", "operator": "Anna Meier"}
    said = redacted_fields(tmp_path, "mentions", post)
    assert said["operator"] not in {"Anna Meier", "netcologne"}


@pytest.mark.parametrize("target", ["0a1b2c3d4e5f60718293", "netcologne", "netcologne@DE/NW"])
def test_an_order_about_an_incident_or_an_operator_keeps_its_target_and_its_key(tmp_path: Path, target: str) -> None:
    order = {"command_id": "c", "market": "DE", "target": target, "kind": "acknowledge", "by": "me"}
    path = recording(tmp_path, [record(0, "commands", encode(order), target.encode())])
    out, _ = redacted(tmp_path, path)
    assert fields_of(out)[0]["target"] == target
    assert next(open_recording(out).records()).key == target.encode()


def test_a_key_that_repeats_a_target_with_a_name_in_it_is_hashed_as_well(tmp_path: Path) -> None:
    order = {"command_id": "c", "market": "DE", "target": "Anna", "kind": "acknowledge", "by": "me"}
    out, _ = redacted(tmp_path, recording(tmp_path, [record(0, "commands", encode(order), b"Anna")]))
    assert fields_of(out)[0]["target"] != "Anna"
    assert b"Anna" not in (next(open_recording(out).records()).key or b"")

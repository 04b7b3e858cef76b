"""What we write: headers to the letter, records that fit, refusals that lose nothing."""

import json
from typing import Any, Final

import msgspec
import pytest

from pipeline.adapters.codecs.outputs import message_of, refused_part, slimmed
from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.flow import QUARANTINE, TOPICS
from pipeline.kinds import Use
from pipeline.records.clocks import Instant
from pipeline.records.effects import Refused
from pipeline.records.errors import Reason, StateError
from pipeline.records.ids import content_id
from pipeline.records.published.incidents import Incident
from pipeline.records.published.quarantine import Quarantined, read_errors
from pipeline.records.vocabulary import PUBLISHED_BYTES_MAX
from tests.adapters.codecs.fullest import fullest
from tests.ingest.world import NOON, Raw
from tests.schemas.contracts import SCHEMAS, WRITTEN

ORIGIN: Final = "telemetry/1/3/77"
RECORDED_MS: Final = 1_739_358_000_123

EXPECTED: Final = {
    "signals": ("lane-{lane}", None, "clocks"),
    "anomalies": ("{market}", None, "sealed_to"),
    "incidents": ("{incident_id}", "{incident_id}-{revision}", "updated_at"),
    "notices": ("{incident_id}", "{notice_id}-{notice_revision}", "drafted_at"),
    "failovers": ("{target}", "{failover_id}-{revision}", "decided_at"),
    "followups": ("{incident_id}", "{followup_id}-{revision}", "created_at"),
    "decisions": ("{subject}", "{decision_id}", "at"),
}
"""Topic to key, id and time, in words of the record's own JSON; no id is a hash of the content."""


def example(topic: str) -> tuple[object, dict[str, Any]]:
    """A record that the schema accepts, as our type and as its JSON."""
    file = min((SCHEMAS / "examples" / topic / "accept").glob("*.json"))
    record: object = decoder(WRITTEN[topic]).decode(file.read_bytes())
    return record, json.loads(encode(record))


def refusal(**fields: Any) -> Quarantined:
    """A quarantined ticket."""
    facts: dict[str, Any] = {
        "reason": Reason.LATE,
        "stage": "ingest",
        "message": "too late by a day",
        "topic": "tickets",
        "partition": 3,
        "offset": 77,
        "timestamp": NOON,
    }
    return Quarantined(**(facts | fields))


@pytest.mark.parametrize("topic", WRITTEN)
def test_the_headers_of_a_record_are_exactly_these(topic: str) -> None:
    record, content = example(topic)
    key, name, time = EXPECTED[topic]
    message = message_of(record, "correlate", ORIGIN, RECORDED_MS)
    at = max(content["clocks"].values()) if topic == "signals" else content[time]
    assert message.value is not None
    expected = [
        ("content-type", "application/json"),
        ("ce_dataschema", f"urn:tocsin:schema:{topic}.v1.json"),
        ("ce_id", name.format(**content) if name else content_id(message.value.decode())),
        ("ce_recordedtime", "2025-02-12T11:00:00.123Z"),
        ("ce_source", "/tocsin/correlate"),
        ("ce_specversion", "1.0"),
        ("ce_subject", key.format(**content)),
        ("ce_time", at),
        ("ce_type", f"tocsin.{topic}.v1"),
    ]
    if topic == "incidents":
        expected += [("revision", str(content["revision"])), ("state", content["state"])]
    expected.append(("origin", ORIGIN))
    assert message.headers == tuple((header, text.encode()) for header, text in expected)
    assert message.topic == topic
    assert message.key == key.format(**content).encode()
    assert message.partition == (content["partition"] if topic == "signals" else None)
    assert json.loads(message.value) == content


def test_every_topic_of_the_map_that_we_write_names_its_records() -> None:
    written = {topic.noun for topic in TOPICS if topic.use is not Use.INPUT}
    assert {topic.noun for topic in TOPICS if topic.named} == written - {QUARANTINE.noun}


def test_only_origin_and_time_of_recording_differ_between_runs() -> None:
    record, _ = example("incidents")
    one = message_of(record, "correlate", ORIGIN, RECORDED_MS)
    other = message_of(record, "correlate", "telemetry/1/0/0", 0)
    assert (one.key, one.value) == (other.key, other.value)
    differ = {name for (name, mine), (_, theirs) in zip(one.headers, other.headers, strict=True) if mine != theirs}
    assert differ == {"origin", "ce_recordedtime"}


def test_a_record_that_belongs_to_no_topic_is_our_fault() -> None:
    with pytest.raises(StateError, match="detect put out a Refused"):
        message_of(Refused(Reason.LATE, "", 0), "detect", ORIGIN, 0)


@pytest.mark.parametrize("letter", ["e", "ü"])
def test_the_largest_incident_fits_and_what_was_left_out_is_counted(letter: str) -> None:
    incident: Incident = fullest(Incident, letter)
    assert len(encode(incident)) > 2 * PUBLISHED_BYTES_MAX
    small = slimmed(incident)
    assert len(encode(small)) <= PUBLISHED_BYTES_MAX
    assert slimmed(incident) == small
    assert counts(small) == counts(incident)
    assert small.evidence[0].examples == ()
    kept = set(Incident.__struct_fields__) - CUT
    assert {name: getattr(small, name) for name in kept} == {name: getattr(incident, name) for name in kept}
    message = message_of(incident, "correlate", ORIGIN, 0)
    assert message.value == encode(small)


CUT: Final = {
    *(name.removesuffix("_omitted") for name in Incident.__struct_fields__ if name.endswith("_omitted")),
    *(name for name in Incident.__struct_fields__ if name.endswith("_omitted")),
    *("links", "references"),
}
"""What may be cut, and its counts."""


def counts(record: msgspec.Struct) -> dict[str, object]:
    """How many entries each counted list has or had; of evidence also its examples, for those entries that are left."""
    found: dict[str, object] = {}
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if name.endswith("_omitted"):
            base = name.removesuffix("_omitted")
            found[base] = value + len(getattr(record, base) or ())
        elif isinstance(value, msgspec.Struct):
            found[name] = counts(value)
        elif name == "evidence":
            found["of each"] = counts(value[0])
    return found


def test_an_incident_that_fits_stays_as_it_is() -> None:
    record, content = example("incidents")
    value = message_of(record, "correlate", ORIGIN, 0).value
    assert value is not None
    assert json.loads(value) == content


def test_examples_go_before_any_entry_does() -> None:
    record, _ = example("incidents")
    assert isinstance(record, Incident)
    rich: Incident = fullest(Incident, "ü")
    moderate = msgspec.structs.replace(record, evidence=rich.evidence, state_history=rich.state_history)
    assert len(encode(moderate)) > PUBLISHED_BYTES_MAX
    small = slimmed(moderate)
    assert small.state_history == moderate.state_history
    assert len(small.evidence) == len(moderate.evidence)
    assert {(one.examples, one.examples_omitted) for one in small.evidence} == {
        ((), rich.evidence[0].examples_omitted + 3)
    }


def test_a_history_keeps_its_first_entry_and_its_latest() -> None:
    incident: Incident = fullest(Incident)
    steps = tuple(msgspec.structs.replace(one, at=Instant(n)) for n, one in enumerate(incident.state_history))
    small = slimmed(msgspec.structs.replace(incident, state_history=steps))
    assert len(small.state_history) > 1
    assert small.state_history[0] == steps[0]
    assert small.state_history[-1] == steps[-1]


def test_what_has_no_limit_stops_the_process() -> None:
    record, _ = example("incidents")
    assert isinstance(record, Incident)
    with pytest.raises(StateError, match="more than 65536 bytes"):
        slimmed(msgspec.structs.replace(record, team="x" * PUBLISHED_BYTES_MAX))


@pytest.mark.parametrize("value", [None, b"", b"\xff\x00{", b"x" * 100_000], ids=["none", "empty", "noise", "long"])
def test_a_quarantined_record_keeps_key_value_and_headers(value: bytes | None) -> None:
    theirs = (("content-type", b"\xff"), ("same", b"1"), ("same", b"2"), ("ce_type", b""))
    message = message_of(refusal(key=b"\x00k", value=value, headers=theirs), "ingest", ORIGIN, RECORDED_MS)
    assert (message.topic, message.key, message.value, message.partition) == ("quarantine", b"\x00k", value, None)
    assert message.headers[: len(theirs)] == theirs
    assert message.headers[len(theirs) :] == (
        ("tocsin.errors.topic", b"tickets"),
        ("tocsin.errors.partition", b"3"),
        ("tocsin.errors.offset", b"77"),
        ("tocsin.errors.timestamp", str(NOON).encode()),
        ("tocsin.errors.stage", b"ingest"),
        ("tocsin.errors.reason", b"late"),
        ("tocsin.errors.exception.message", b"too late by a day"),
    )


def test_a_quarantined_record_without_a_key_stays_without_one() -> None:
    assert message_of(refusal(), "ingest", ORIGIN, 0).key is None
    assert message_of(refusal(key=b""), "ingest", ORIGIN, 0).key == b""


def test_a_message_about_a_lone_surrogate_can_be_written_and_is_cut_at_its_limit() -> None:
    message = message_of(refusal(message="\ud800" + "x" * 5_000), "ingest", ORIGIN, 0)
    assert len(read_errors(message.headers)["exception.message"]) == 1_000


def test_a_refused_part_says_where_the_whole_lies() -> None:
    record, content = example("signals")
    whole = Raw("signals", NOON, b"...", partition=2, offset=9, key=b"lane-0")
    part = refused_part(Refused(Reason.LATE_PARTIAL, "its pane was sealed", record), "detect", whole)
    message = message_of(part, "detect", ORIGIN, 0)
    words = read_errors(message.headers)
    assert (words["topic"], words["partition"], words["offset"]) == ("signals", "2", "9")
    assert (words["stage"], words["reason"]) == ("detect", "late_partial")
    assert message.key == b"lane-0"
    assert json.loads(message.value or b"") == content

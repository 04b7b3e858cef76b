"""Our header mapper against the CloudEvents SDK, in both directions, and against malice."""

import json

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.codecs.cloudevents import binary_headers, unwrap
from pipeline.records.clocks import format_instant
from pipeline.records.errors import Reason, RecordError, StateError

DATA = {"incident_id": "0f", "revision": 3, "text": "Köln ist wieder da"}
VALUE = json.dumps(DATA, ensure_ascii=False).encode()
STRUCTURED = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
ENVELOPE = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}


def sdk_event(*, base64: bool = False) -> CloudEvent:
    attributes = {"id": "e1", "source": "/collector", "type": "telemetry", "datacontenttype": "application/json"}
    return CloudEvent(attributes=attributes, data=VALUE if base64 else DATA)


def read_or_refused(headers: list[tuple[str, bytes]], value: bytes) -> bool:
    try:
        return isinstance(unwrap(headers, value), bytes)
    except RecordError as error:
        return error.reason is Reason.MALFORMED_EVENT


def test_the_sdk_reads_every_attribute_that_we_write() -> None:
    headers = binary_headers(
        id="0f-3",
        source="/tocsin/correlate",
        type="tocsin.incident.v1",
        time_ms=1_739_347_200_250,
        subject="0f",
        dataschema="https://tocsin.example/schemas/incidents.v1.json",
        partitionkey="0f",
        extensions={"sequence": "0000000003", "causationid": "a1"},
    )
    event = from_binary(KafkaMessage(headers=dict(headers), key=b"0f", value=VALUE), JSONFormat())
    assert event.get_id() == "0f-3"
    assert event.get_source() == "/tocsin/correlate"
    assert event.get_type() == "tocsin.incident.v1"
    assert event.get_specversion() == "1.0"
    assert event.get_subject() == "0f"
    assert event.get_dataschema() == "https://tocsin.example/schemas/incidents.v1.json"
    assert event.get_datacontenttype() == "application/json"
    time = event.get_time()
    assert time is not None
    assert time.isoformat() == "2025-02-12T08:00:00.250000+00:00"
    assert event.get_extension("partitionkey") == "0f"
    assert event.get_extension("sequence") == "0000000003"
    assert event.get_data() == DATA


def test_we_write_the_headers_that_the_sdk_would() -> None:
    event = CloudEvent(
        attributes={
            "id": "e1",
            "source": "/tocsin",
            "type": "tocsin.notice.v1",
            "datacontenttype": "application/json",
            "subject": "0f",
            "causationid": "a1",
        },
        data=DATA,
    )
    sdk = to_binary(event, JSONFormat()).headers
    ours = dict(
        binary_headers(
            id="e1",
            source="/tocsin",
            type="tocsin.notice.v1",
            time_ms=0,
            subject="0f",
            extensions={"causationid": "a1"},
        )
    )
    assert ours.pop("ce_time") == format_instant(0).encode()
    sdk.pop("ce_time", None)  # the SDK writes the wall clock
    assert ours == sdk


def test_headers_come_in_one_order_whatever_the_order_of_extensions() -> None:
    one = binary_headers(id="1", source="/", type="t", time_ms=0, extensions={"a": "1", "b": "2"})
    two = binary_headers(id="1", source="/", type="t", time_ms=0, extensions={"b": "2", "a": "1"})
    assert one == two
    assert [name for name, _ in one[1:]] == sorted(name for name, _ in one[1:])


@pytest.mark.parametrize("name", ["Upper", "under_score", "", "x" * 21, "new\n"])
def test_an_extension_with_a_bad_name_is_our_fault(name: str) -> None:
    with pytest.raises(StateError, match="extension"):
        binary_headers(id="1", source="/", type="t", time_ms=0, extensions={name: "1"})


def test_binary_structured_and_bare_events_hold_the_same_data() -> None:
    binary = to_binary(sdk_event(), JSONFormat())
    structured = to_structured(sdk_event(), JSONFormat())
    in_base64 = to_structured(sdk_event(base64=True), JSONFormat())
    assert b"data_base64" in in_base64.value
    for message in (binary, structured, in_base64):
        assert json.loads(unwrap(list(message.headers.items()), message.value)) == DATA
    assert unwrap([], VALUE) == VALUE
    assert unwrap([("content-type", b"APPLICATION/CloudEvents+JSON")], structured.value) == json.dumps(DATA).encode()


def test_a_confluent_prefix_is_taken_off_in_every_mode() -> None:
    prefix = b"\x00\x00\x00\x00\x2a"
    structured = json.dumps(ENVELOPE | {"data": DATA}).encode()
    assert unwrap([("__value_schema_id", b"\x01" + b"g" * 16)], VALUE) == VALUE
    assert unwrap([], prefix + VALUE) == VALUE
    assert json.loads(unwrap(STRUCTURED, prefix + structured)) == DATA


def test_no_value_is_no_data() -> None:
    assert unwrap([("ce_type", b"tocsin.heartbeat.v1")], None) == b""
    assert unwrap(STRUCTURED, b"") == b""
    assert unwrap(STRUCTURED, json.dumps(ENVELOPE).encode()) == b""


@pytest.mark.parametrize(
    ("content_type", "value"),
    [
        pytest.param(b"application/cloudevents+json", b"{", id="cut_short"),
        pytest.param(b"application/cloudevents+json", b"[]", id="not_an_object"),
        pytest.param(b"application/cloudevents+json", b'{"data":{}}', id="no_attributes"),
        pytest.param(b"application/cloudevents+json", b"[" * 10_000, id="nested_without_end"),
        pytest.param(b"application/cloudevents+json", b'{"data":' + b"[" * 10_000 + b"]" * 10_000 + b"}", id="nested"),
        pytest.param(b"application/cloudevents+json", b"\xff\xfe", id="not_utf8"),
        pytest.param(
            b"application/cloudevents+json", json.dumps(ENVELOPE | {"specversion": "0.3"}).encode(), id="old_version"
        ),
        pytest.param(b"application/cloudevents+json", json.dumps(ENVELOPE | {"id": ""}).encode(), id="empty_id"),
        pytest.param(
            b"application/cloudevents+json",
            json.dumps(ENVELOPE | {"data": 1, "data_base64": "AA=="}).encode(),
            id="twice",
        ),
        pytest.param(
            b"application/cloudevents+json", json.dumps(ENVELOPE | {"data_base64": "A"}).encode(), id="bad_base64"
        ),
        pytest.param(
            b"application/cloudevents+json", json.dumps(ENVELOPE | {"data_base64": "ä"}).encode(), id="not_ascii_base64"
        ),
        pytest.param(b"application/cloudevents-batch+json", b"[]", id="batch_does_not_exist_on_kafka"),
        pytest.param(b"application/cloudevents+avro", b"\x01", id="another_format"),
    ],
)
def test_a_malformed_structured_event_is_refused_with_its_reason(content_type: bytes, value: bytes) -> None:
    with pytest.raises(RecordError) as refused:
        unwrap([("content-type", content_type)], value)
    assert refused.value.reason is Reason.MALFORMED_EVENT


@given(headers=st.lists(st.tuples(st.sampled_from(["content-type", "ce_type"]), st.binary())), value=st.binary())
def test_random_bytes_never_raise_anything_else(headers: list[tuple[str, bytes]], value: bytes) -> None:
    assert read_or_refused(headers, value)


@given(mutation=st.binary(max_size=3), at=st.integers(0, 200))
def test_a_structured_event_with_damaged_bytes_is_read_or_refused(mutation: bytes, at: int) -> None:
    whole = json.dumps(ENVELOPE | {"data": DATA}).encode()
    damaged = whole[:at] + mutation + whole[at + len(mutation) :]
    assert read_or_refused(STRUCTURED, damaged)

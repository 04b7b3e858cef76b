"""What comes in: how deep it may be nested, and which word says why it is refused."""

import json

import pytest

from pipeline.adapters.codecs.raw import NESTING_MAX, decode_batch
from pipeline.records.clocks import SOURCES
from pipeline.records.errors import Reason, RecordError
from pipeline.records.limits import RECORD_BYTES_MAX
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.record import HEARTBEAT, HEARTBEAT_HEADERS
from pipeline.records.raw.tickets import Ticket
from tests.ingest.world import NOON, Raw, command, post, reading, ticket

GOOD = {"telemetry": reading(), "tickets": ticket(), "mentions": post(), "commands": command()}
PADDING = b" " * (2 * NESTING_MAX)
"""Makes a record long enough to be looked through."""


def read(source: str, value: bytes | None, headers: tuple[tuple[str, bytes], ...] = ()) -> object:
    """Decode one record between two good ones, which must not suffer."""
    good = GOOD[source]
    before, outcome, after = decode_batch(source, [good, Raw(source, NOON, value, headers=headers), good])
    assert type(before) is type(after) is not RecordError
    return outcome


def reason(source: str, value: bytes | None, headers: tuple[tuple[str, bytes], ...] = ()) -> Reason:
    """Why it is refused."""
    outcome = read(source, value, headers)
    assert isinstance(outcome, RecordError), outcome
    return outcome.reason


def a_ticket(more: bytes = b"") -> bytes:
    """A good ticket with one more member."""
    value = GOOD["tickets"].value
    assert value is not None
    return value[:-1] + b"," + more + b"}"


def nested(levels: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    """A ticket with an unknown member; so many levels in all, its own one among them."""
    deep = opening * (levels - 1) + b"1" + closing * (levels - 1)
    return a_ticket(b'"x":' + deep)


@pytest.mark.parametrize("padding", [b"", PADDING], ids=["short", "long"])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"[[":', b"}"), (b'["{\\"[",', b"]")])
def test_nesting_is_read_up_to_its_limit_and_not_one_level_more(opening: bytes, closing: bytes, padding: bytes) -> None:
    assert isinstance(read("tickets", nested(NESTING_MAX, opening, closing) + padding), Ticket)
    assert reason("tickets", nested(NESTING_MAX + 1, opening, closing) + padding) is Reason.MALFORMED_JSON


@pytest.mark.parametrize(
    "text",
    [b"[" * 5_000, b"{[" * 5_000, b'\\"[' * 5_000, b"\\\\" + b"[" * 5_000, b"[]" * 3_000 + b"]" * 5_000],
    ids=["open", "mixed", "escaped_quotes", "escaped_backslash", "closed"],
)
def test_brackets_in_quotes_are_no_nesting(text: bytes) -> None:
    outcome = read("tickets", a_ticket(b'"x":"' + text + b'"'))
    assert isinstance(outcome, Ticket), outcome


def test_brackets_side_by_side_are_no_nesting() -> None:
    assert isinstance(read("tickets", a_ticket(b'"x":[' + b"[]," * 5_000 + b"[]]")), Ticket)


def test_brackets_after_quotes_that_end_in_a_backslash_count() -> None:
    deep = b'"y":"\\\\","x":' + b"[" * 5_000 + b"]" * 5_000
    assert reason("tickets", a_ticket(deep)) is Reason.MALFORMED_JSON


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("value", [b"[" * 100_000, b'{"x":' * 100_000, b'{"x":' + b"[" * 400_000 + b"]" * 400_000])
def test_no_depth_breaks_the_stack(source: str, value: bytes) -> None:
    assert reason(source, value) is Reason.MALFORMED_JSON


@pytest.mark.parametrize(
    ("source", "field", "value", "expected"),
    [
        ("telemetry", "service", "fax", Reason.UNKNOWN_SERVICE),
        ("tickets", "service", "fax", Reason.UNKNOWN_SERVICE),
        ("commands", "service", "fax", Reason.UNKNOWN_SERVICE),
        ("telemetry", "unit", "furlong", Reason.UNKNOWN_UNIT),
        ("commands", "kind", "explode", Reason.UNKNOWN_COMMAND),
        ("mentions", "kind", "explode", Reason.SCHEMA_MISMATCH),
        ("telemetry", "value", "9", Reason.SCHEMA_MISMATCH),
        ("telemetry", "value", None, Reason.SCHEMA_MISMATCH),
        ("telemetry", "attempts", 0, Reason.SCHEMA_MISMATCH),
        ("telemetry", "operator", "", Reason.SCHEMA_MISMATCH),
        ("tickets", "text_chars", 12, Reason.SCHEMA_MISMATCH),
        ("tickets", "ticket_id", 7, Reason.SCHEMA_MISMATCH),
        ("mentions", "official", "yes", Reason.SCHEMA_MISMATCH),
        ("commands", "incidents", ["x"] * 33, Reason.SCHEMA_MISMATCH),
    ],
)
def test_the_field_that_is_wrong_says_the_reason(source: str, field: str, value: object, expected: Reason) -> None:
    good = json.loads(GOOD[source].value or b"")
    assert reason(source, json.dumps(good | {field: value}).encode()) is expected
    if field in good:
        del good[field]
        assert field in {"text"} or reason(source, json.dumps(good).encode()) is Reason.SCHEMA_MISMATCH


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, Reason.EMPTY_RECORD),
        (b"", Reason.EMPTY_RECORD),
        (b"{", Reason.MALFORMED_JSON),
        (b'{"a": NaN}', Reason.MALFORMED_JSON),
        (b'{"operator": "\xed\xa0\x80"}', Reason.MALFORMED_JSON),
        (b'{"operator": "\\ud800"}', Reason.MALFORMED_JSON),
        (b"\xff\xfe{", Reason.MALFORMED_JSON),
        (b"null", Reason.SCHEMA_MISMATCH),
        (b"[]", Reason.SCHEMA_MISMATCH),
        (b"0", Reason.SCHEMA_MISMATCH),
        (b"{}", Reason.SCHEMA_MISMATCH),
        (b" " * (RECORD_BYTES_MAX + 1), Reason.TOO_LARGE),
        (b" " * RECORD_BYTES_MAX, Reason.MALFORMED_JSON),
    ],
    ids=range(13),
)
def test_what_is_no_record_at_all_says_so(source: str, value: bytes | None, expected: Reason) -> None:
    assert reason(source, value) is expected
    assert reason(source, value, (("other", b"1"),)) is expected


def test_a_number_beyond_all_floats_is_out_of_range_and_not_infinite() -> None:
    value = (GOOD["telemetry"].value or b"").replace(b"0.99", b"1e999")
    assert reason("telemetry", value) is Reason.OUT_OF_RANGE


@pytest.mark.parametrize("source", SOURCES)
def test_only_no_content_and_the_header_together_are_a_heartbeat(source: str) -> None:
    assert read(source, None, HEARTBEAT_HEADERS) is HEARTBEAT
    assert read(source, b"", (("a", b"b"), *HEARTBEAT_HEADERS)) is HEARTBEAT
    assert reason(source, b"", (("ce_type", b"tocsin.heartbeat.v2"),)) is Reason.EMPTY_RECORD
    assert read(source, GOOD[source].value, HEARTBEAT_HEADERS) is not HEARTBEAT


def test_a_structured_event_that_is_none_has_a_reason_of_its_own() -> None:
    headers = (("content-type", b"application/cloudevents+json"),)
    assert reason("tickets", b"{}", headers) is Reason.MALFORMED_EVENT
    event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "data": {"service": "fax"}}
    assert reason("tickets", json.dumps(event).encode(), headers) is Reason.UNKNOWN_SERVICE


PREFIX = b"\x00\x00\x00\x00\x2a"
"""Of a schema registry: a zero, and the number of a schema."""


@pytest.mark.parametrize("padding", [b"", PADDING], ids=["short", "long"])
@pytest.mark.parametrize("headers", [(), (("__value_schema_id", b"\x01" + bytes(16)),), (("x", None),)])
@pytest.mark.parametrize("source", SOURCES)
def test_a_schema_registrys_prefix_is_taken_off(
    source: str, headers: tuple[tuple[str, bytes], ...], padding: bytes
) -> None:
    value = GOOD[source].value
    assert value is not None
    assert read(source, PREFIX + value + padding, headers) == read(source, value)


@pytest.mark.parametrize("headers", [(), (("a", b"b"),)])
@pytest.mark.parametrize("value", [PREFIX, PREFIX[:2]])
def test_a_prefix_with_nothing_behind_it_is_an_empty_record(
    value: bytes, headers: tuple[tuple[str, bytes], ...]
) -> None:
    assert reason("tickets", value, headers) is Reason.EMPTY_RECORD


def test_what_is_not_json_behind_a_prefix_is_refused_for_that() -> None:
    assert reason("tickets", PREFIX + b"\x02\x04T1") is Reason.MALFORMED_JSON


@pytest.mark.parametrize(
    "headers", [(), (("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_source", b"/s"), ("ce_type", b"t"))]
)
@pytest.mark.parametrize(("source", "letter"), [("tickets", "x"), ("mentions", "é"), ("tickets", "[")])
def test_a_long_text_is_cut_and_marked_and_the_record_is_used(
    source: str, letter: str, headers: tuple[tuple[str, bytes], ...]
) -> None:
    for length, kept, mark in ((8_000, 8_000, None), (8_001, 8_000, 8_001), (16_000, 8_000, 16_000)):
        record = json.loads(GOOD[source].value or b"") | {"text": letter * length}
        outcome = read(source, json.dumps(record, ensure_ascii=False).encode(), headers)
        assert isinstance(outcome, Ticket | Mention)
        assert (len(outcome.text), outcome.text_chars) == (kept, mark)

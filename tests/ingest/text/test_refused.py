"""What quarantine keeps of a refused record: enough to repair it, and nothing of people unless the setting says so."""

import json
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.apply import Lane
from pipeline.ingest.config import IngestConfig
from pipeline.ingest.text.refused import MASKED_BYTES_MAX, QuarantineKeeps
from pipeline.records.published.quarantine import Quarantined
from tests.ingest.world import NOON, Raw, raw, rules

TOLD: Final = "zeta"
"""What is of people begins so in these tests."""

TICKET: Final = {
    **{"ticket_id": "zeta-1", "operator": "nobody", "opened_at": "2025-02-12T09:00:00Z", "customer": "zeta-c"},
    **{"service": "tv", "symptom": "zeta-s", "segment": "zeta-g", "postcode": "zeta50", "text": "rf me: @zeta"},
    **{"phone_number": "zeta", "place": "@zeta"},
}


def refused(record: Raw, keeps: QuarantineKeeps) -> Quarantined:
    lane = Lane(0, rules(IngestConfig(quarantine=keeps)), {})
    assert lane.take(record.topic, [record], None) == 1
    [kept] = lane.close().quarantined
    return kept


def everything(kept: Quarantined) -> bytes:
    return b"".join(
        (kept.message.encode(), kept.key or b"", kept.value or b"", *(content for _, content in kept.headers))
    )


def ticket(**changes: object) -> Raw:
    plain = raw("tickets", TICKET | changes, NOON)
    return Raw("tickets", NOON, plain.value, key=b"zeta-1", headers=(("ce_id", b"zeta"), ("ce_type", b"ticket")))


def test_masked_keeps_codes_and_times_and_nothing_of_people() -> None:
    kept = refused(ticket(), QuarantineKeeps.MASKED)
    assert TOLD.encode() not in everything(kept)
    said = json.loads(kept.value or b"")
    assert {name: said[name] for name in ("operator", "opened_at", "service", "text")} == {
        **{"operator": "nobody", "opened_at": "2025-02-12T09:00:00Z", "service": "tv", "text": "rf me: @…"},
    }
    assert "operator 'nobody' is not in the reference" in kept.message
    assert kept.headers == (("ce_type", b"ticket"),)


def test_a_masked_record_is_refused_for_the_same_reason_when_it_is_played_back() -> None:
    kept = refused(ticket(), QuarantineKeeps.MASKED)
    again = refused(Raw("tickets", NOON, kept.value), QuarantineKeeps.WHOLE)
    assert again.reason == kept.reason
    mended = json.loads(kept.value or b"") | {"operator": "netcologne"}
    lane = Lane(0, rules(), {})
    lane.take("tickets", [raw("tickets", mended, NOON)], None)
    assert lane.close().used == 1


def test_the_same_person_has_the_same_hash_in_every_refused_record() -> None:
    one, two, other = (
        json.loads(refused(ticket(ticket_id=name, customer=customer), QuarantineKeeps.MASKED).value or b"")
        for name, customer in (("a", "zeta-c"), ("b", "zeta-c"), ("c", "zeta-d"))
    )
    assert one["customer"] == two["customer"] != other["customer"]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"zeta said so", id="no_json"),
        pytest.param(b'{"service": "zeta zeta", "service": "tv"}', id="a_field_twice"),
        pytest.param(json.dumps(TICKET | {"service": "zeta" * 100}).encode(), id="a_long_code"),
        pytest.param(json.dumps(TICKET | {"x": "zeta" * MASKED_BYTES_MAX}).encode(), id="long"),
        pytest.param(b'{"service": "zeta' + b'"} zeta', id="json_and_more"),
        pytest.param(b'{"zeta": {"zeta": "zeta"}, "service": 0}', id="unknown_names"),
    ],
)
def test_what_cannot_be_told_apart_is_not_kept_in_clear(value: bytes) -> None:
    plain = Raw("tickets", NOON, value, key=b"zeta", headers=(("x", b"zeta"),))
    kept = refused(plain, QuarantineKeeps.MASKED)
    assert everything(kept).count(b"zeta") == (b'"zeta": {' in value), "a field's name is kept, its content is not"
    assert everything(refused(plain, QuarantineKeeps.WHOLE)).count(b"zeta") >= 3


@pytest.mark.parametrize("value", [b"zeta said so", json.dumps(TICKET).encode()])
def test_hash_only_keeps_length_and_hash(value: bytes) -> None:
    kept = refused(Raw("tickets", NOON, value, key=b"zeta-1"), QuarantineKeeps.HASH_ONLY)
    assert TOLD.encode() not in everything(kept)
    assert json.loads(kept.value or b"")["withheld"]["bytes"] == len(value)


def test_whole_keeps_every_byte() -> None:
    given_ticket = ticket()
    kept = refused(given_ticket, QuarantineKeeps.WHOLE)
    assert (kept.key, kept.value, kept.headers) == (given_ticket.key, given_ticket.value, given_ticket.headers)


def test_a_structured_event_is_masked_within_its_envelope() -> None:
    event = {"specversion": "1.0", "id": "zeta", "source": "/zeta", "type": "ticket", "subject": "zeta", "data": TICKET}
    record = Raw(
        *("tickets", NOON, json.dumps(event).encode()),
        headers=(("content-type", b"application/cloudevents+json"),),
    )
    kept = refused(record, QuarantineKeeps.MASKED)
    assert TOLD.encode() not in everything(kept)
    assert json.loads(kept.value or b"")["data"]["operator"] == "nobody"
    again = refused(Raw("tickets", NOON, kept.value, headers=kept.headers), QuarantineKeeps.WHOLE)
    assert again.reason == kept.reason


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*TICKET, "data"]), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*TICKET, "value", "target", "engagement", "incidents", "data"]), anything))
def test_any_object_is_masked_to_json_and_a_second_time_too(fields: dict[str, object]) -> None:
    record = raw("tickets", {**fields, "operator": 0}, NOON)
    kept = refused(record, QuarantineKeeps.MASKED)
    json.loads(kept.value or b"null")
    refused(Raw("tickets", NOON, kept.value), QuarantineKeeps.MASKED)

"""Types and schemas accept and refuse the same records; the few known exceptions have a test each."""

import json
from typing import Any, Final, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.records.clocks import SOURCES, parse_instant
from pipeline.records.errors import Reason, RecordError
from pipeline.records.published.quarantine import Quarantined, error_headers, read_errors
from pipeline.records.vocabulary import SERVICES, Service, Source, Stage
from tests.schemas.contracts import RAW, WRITTEN, schema, schema_errors, type_error, validator
from tests.schemas.strategies import damaged, good_times, records

PATIENT: Final = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("topic", [*RAW, *WRITTEN])
def test_what_the_schema_accepts_the_type_accepts_and_the_other_way_round(topic: str) -> None:
    verdicts = {True: 0, False: 0}

    @PATIENT
    @given(damaged(topic))
    def agree(record: Any) -> None:
        objections, words = schema_errors(topic, record), type_error(topic, record)
        assume(words is None or "must be after its start" not in words)  # two fields compared: no schema can
        assert (objections == []) == (words is None), f"schema: {objections}; type: {words}"
        verdicts[words is None] += 1

    agree()
    assert min(verdicts.values()) > 10, f"one side is hardly tried: {verdicts}"


@pytest.mark.parametrize("topic", [*WRITTEN])
def test_what_a_type_writes_its_schema_accepts(topic: str) -> None:
    reader: msgspec.json.Decoder[Any] = decoder(WRITTEN[topic])

    @PATIENT
    @given(records(topic))
    def written(record: Any) -> None:
        value = encode(reader.decode(json.dumps(record).encode()))
        assert schema_errors(topic, json.loads(value)) == []
        assert encode(reader.decode(value)) == value

    written()


_letters = st.sampled_from("0123456789TtZz:+-.W ,\nä")


@given(
    time=st.one_of(
        good_times,
        st.builds(
            lambda time, at, letter: time[:at] + letter + time[at + 1 :], good_times, st.integers(0, 35), _letters
        ),
        st.builds(lambda time, at, letter: time[:at] + letter + time[at:], good_times, st.integers(0, 35), _letters),
    )
)
def test_a_time_is_a_time_to_both(time: str) -> None:
    assume("1971" <= time[:4] <= "9997")
    try:
        parse_instant(time)
        read = True
    except RecordError:
        read = False
    objections = schema_errors("telemetry", _reading() | {"observed_at": time})
    assert (objections == []) == read, f"{time!r}: schema: {objections}"


@pytest.mark.parametrize(
    ("time", "accepted"),
    [
        pytest.param("1970-01-02T00:00:00Z", True, id="first_year"),
        pytest.param("9998-12-30T23:59:59Z", True, id="last_year"),
        pytest.param("1969-06-01T00:00:00Z", False, id="before"),
        pytest.param("9999-06-01T00:00:00Z", False, id="after"),
        pytest.param("0000-01-01T00:00:00Z", False, id="year_zero"),
        pytest.param("2025-02-29T00:00:00Z", False, id="no_leap_year"),
        pytest.param("2024-02-29T00:00:00Z", True, id="leap_year"),
        pytest.param("2016-12-31T23:59:60Z", False, id="leap_second"),
        pytest.param("2025-02-12T09:00:00", False, id="no_offset"),
        pytest.param("2025-02-12 09:00:00Z", False, id="a_space"),
        pytest.param("2025-02-12T09:00:00Z\n", False, id="a_line_end"),
        pytest.param("2025-02-12T09:00:00.1234567890123456789+01:00", False, id="too_long"),
    ],
)
def test_limits_of_time_are_the_same_for_both(time: str, accepted: bool) -> None:
    record = _reading() | {"observed_at": time}
    assert (schema_errors("telemetry", record) == []) == accepted
    assert (type_error("telemetry", record) is None) == accepted


def test_a_whole_number_with_a_point_is_whole_only_to_the_schema() -> None:
    record = _reading() | {"attempts": 1.0}
    assert schema_errors("telemetry", record) == []
    assert "Expected `int`, got `float`" in str(type_error("telemetry", record))


def test_closed_lists_that_are_written_twice_are_the_same() -> None:
    common = schema("common")["$defs"]
    assert set(common["service"]["enum"]) == set(get_args(Service)) == set(SERVICES)
    assert common["source"]["enum"] == list(get_args(Source)) == list(SOURCES)
    assert common["stage"]["enum"] == list(get_args(Stage))
    reasons = schema("quarantine")["properties"]["tocsin.errors.reason"]["enum"]
    assert reasons == [reason.value for reason in Reason]


_text = st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=1_500)
_place = st.integers(0, 2**63 - 1)


@given(
    reason=st.sampled_from(Reason),
    stage=st.sampled_from(get_args(Stage)),
    message=_text,
    partition=_place,
    offset=_place,
    timestamp=st.integers(-1, 2**63 - 1),
)
def test_headers_of_quarantine_are_as_their_schema_says(
    reason: Reason, stage: Stage, message: str, partition: int, offset: int, timestamp: int
) -> None:
    record = Quarantined(
        reason=reason,
        stage=stage,
        message=message,
        topic="tickets",
        partition=partition,
        offset=offset,
        timestamp=timestamp,
        value=b"\xff",
        headers=(("tocsin.errors.reason", b"an older one"),),
    )
    added = error_headers(record)
    assert validator("quarantine").is_valid({name: value.decode() for name, value in added})
    words = read_errors([*record.headers, *added])
    assert words["reason"] == reason
    assert words["exception.message"] == message[:1_000]


def test_headers_of_a_kafka_connector_are_understood() -> None:
    headers = [("__connect.errors.topic", b"tickets"), ("__connect.errors.exception.message", b"\xff"), ("other", b"1")]
    assert read_errors(headers) == {"topic": "tickets", "exception.message": "\N{REPLACEMENT CHARACTER}"}


def _reading() -> dict[str, Any]:
    return {
        "operator": "netcologne",
        "observed_at": "2025-02-12T09:00:00Z",
        "metric": "attach_success_ratio",
        "value": 0.98,
        "unit": "ratio",
        "area": "DE/NW/koeln",
    }

"""A recording is checked by the decoders of INGEST: what they refuse is named by place and reason."""

from pathlib import Path

from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.recordings.care.validating import EXAMPLES_MAX, Validation, validate_recording
from pipeline.adapters.recordings.format import Manifest, RecordedRecord, TopicInfo, raw_topics
from pipeline.adapters.recordings.writer import write_recording
from pipeline.records.errors import Reason
from pipeline.records.raw.record import HEARTBEAT_HEADERS

BEGAN = 1_739_350_800_000
TICKET = {"ticket_id": "t", "operator": "netcologne", "opened_at": "2025-02-12T09:00:00Z"}


def ticket(offset: int, value: bytes) -> RecordedRecord:
    return RecordedRecord("tickets", 0, offset, BEGAN + offset, None, (), value)


def validated(folder: Path, records: list[RecordedRecord], topics: dict[str, TopicInfo] | None = None) -> Validation:
    path = folder / "given.jsonl.zst"
    write_recording(path, Manifest(created="now", tool="test", topics=topics or raw_topics(1)), records)
    return validate_recording(path)


def test_a_good_recording_is_refused_nothing(tmp_path: Path) -> None:
    beat = RecordedRecord("tickets", 0, 0, BEGAN, None, HEARTBEAT_HEADERS, b"")
    found = validated(tmp_path, [beat, ticket(1, encode(TICKET))])
    assert (found.records, found.refusals) == (2, 0)


def test_each_reason_is_counted_with_the_places_of_the_first(tmp_path: Path) -> None:
    values = [encode(TICKET | {"service": "fax"})] * (EXAMPLES_MAX + 2) + [
        b"{",
        encode(TICKET | {"opened_at": "9" * 20}),
    ]
    found = validated(tmp_path, [ticket(offset, value) for offset, value in enumerate(values)])
    fax = found.refused["tickets", Reason.UNKNOWN_SERVICE]
    assert fax.count == EXAMPLES_MAX + 2
    assert [one.offset for one in fax.examples] == list(range(EXAMPLES_MAX))
    assert "fax" in fax.examples[0].message
    assert {reason for _, reason in found.refused} == {
        Reason.UNKNOWN_SERVICE,
        Reason.MALFORMED_JSON,
        Reason.BAD_TIME,
    }
    assert found.refusals == len(values)


def test_results_in_a_recording_are_not_judged(tmp_path: Path) -> None:
    topics = raw_topics(1) | {"incidents": TopicInfo(partitions=1)}
    result = RecordedRecord("incidents", 0, 0, BEGAN, None, (), b"{")
    found = validated(tmp_path, [result], topics)
    assert (found.records, found.other, found.refusals) == (0, 1, 0)

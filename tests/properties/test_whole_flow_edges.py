"""The edges of what a log can hold: null headers, impossible times, 1970, long pauses, backlog."""

import pytest

from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.runs.folder import line_of
from pipeline.records.clocks import INSTANT_MAX_MS
from pipeline.records.raw.record import HEARTBEAT_HEADERS
from tests.flows import MINUTE_MS, arrived, morning
from tests.ingest.world import NOON, command, reading
from tests.properties.test_whole_flow_noise import LANES, Log, Told, honest, mixed

EARLIEST_BAD, LATEST_BAD = -1, INSTANT_MAX_MS + 1
"""The millisecond before 1970, and the first of the year 9999."""


def at(timestamp: int, topic: str, value: bytes | None, *headers: tuple[str, bytes]) -> RecordedRecord:
    """A record of lane 0."""
    return RecordedRecord(topic, 0, 0, timestamp, None, headers, value)


def test_a_header_without_a_value_is_kept_as_it_came() -> None:
    theirs: tuple[tuple[str, bytes], ...] = (("trace", None), ("content-type", None))  # type: ignore[assignment]
    told = Told([at(NOON, "tickets", b"{", *theirs)])
    (refused,) = (message for message in told.messages if message.topic == "quarantine")
    assert refused.headers[:2] == theirs
    assert b'["trace",null]' in line_of(refused)


@pytest.mark.parametrize("timestamp", [EARLIEST_BAD, LATEST_BAD, 2**62, -(2**62)])
def test_a_time_of_the_log_that_cannot_be_costs_its_record_and_no_other(timestamp: int) -> None:
    log = honest()
    wrong = [
        at(timestamp, "commands", command().value),
        at(timestamp, "tickets", None, *HEARTBEAT_HEADERS),
        at(timestamp, "telemetry", reading(NOON).value),
    ]
    alone, together = Told(log), Told(mixed(log, wrong))
    added = together.reasons() - alone.reasons()
    assert added.total() == len(wrong)
    assert added["bad_time"] == 2
    assert together.of("incidents") == alone.of("incidents")


def test_a_recording_that_begins_in_1970_loses_nothing() -> None:
    log = [at(ms, "telemetry", reading(ms).value) for ms in range(0, 10 * MINUTE_MS, 1_000)]
    told = Told(list(with_heartbeats(log, LANES)))
    assert told.flow.quarantined == 0
    assert not told.refused()


def held_back(log: Log, begin: int, end: int) -> Log:
    """What was to be read of lane 0 between two times is read at once at the end, heartbeats too: its clock stood."""
    waiting = [record for record in log if record.partition == 0 and begin <= record.timestamp < end]
    others = [record for record in log if not (record.partition == 0 and begin <= record.timestamp < end)]
    later = next(n for n, record in enumerate(others) if record.timestamp >= end)
    return [*others[:later], *waiting, *others[later:]]


def test_backlog_of_a_lane_after_a_pause_changes_nothing() -> None:
    """Half an hour in one lane is read late, while the other lane goes on: no silence, no all-clear, no lateness."""
    log = honest()
    late = held_back(log, NOON + 20 * MINUTE_MS, NOON + 50 * MINUTE_MS)
    assert late != log
    straight, delayed = Told(log), Told(late)
    for topic in ("incidents", "decisions", "notices", "quarantine"):
        assert delayed.of(topic) == straight.of(topic), topic
    assert not any(SILENT in line for line in delayed.of("incidents"))


def test_a_pause_of_the_senders_is_silence_and_no_all_clear() -> None:
    """The counterpart: telemetry stops in the middle of the outage, though time goes on."""
    stop = NOON + 50 * MINUTE_MS
    log = [record for record in arrived(morning(1), 1, LANES) if record.topic != "telemetry" or record.timestamp < stop]
    told = Told(list(with_heartbeats(log, LANES)))
    assert SILENT in told.of("incidents")[-1]
    assert not any(b'"state":"resolved"' in line for line in told.of("incidents"))


SILENT = b'"silent_feeds":[{'
"""In an incident that does not see all that it saw."""


def test_time_stands_while_one_partition_says_nothing() -> None:
    """Without heartbeats in one partition nothing is sealed, so nothing is judged, whatever the others say."""
    log = [record for record in honest() if (record.topic, record.partition) != ("mentions", 1)]
    told = Told(log)
    assert not told.of("incidents")
    assert told.flow.used > 0

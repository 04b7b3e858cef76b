"""Logs: one JSON line an event, libraries included, and no secret in any of them."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import structlog

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.observing.logs import GUESSES_MAX, GuessLog, LoggingObserver, configure_logs
from pipeline.adapters.observing.metrics.families import Families
from pipeline.adapters.observing.metrics.feeds import FeedGauges, WatchedIngest
from pipeline.records.raw.feeds import FeedCount, FeedName
from tests.flows import stages
from tests.ingest.world import NOON, reading

SECRET = "correct-horse-battery"  # noqa: S105 - made up


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    captured = capsys.readouterr()
    assert captured.out == "", "standard output is for data"
    return [json.loads(line) for line in captured.err.splitlines()]


def test_each_event_is_a_line_of_json_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(form="json")
    structlog.get_logger("tocsin").info("assigned", partitions=3)
    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["partitions"], line["logger"]) == ("assigned", "info", 3, "tocsin")
    assert datetime.fromisoformat(str(line["timestamp"])).utcoffset() == timedelta(0)


def test_libraries_come_out_in_the_same_form_but_only_to_warn(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(form="json")
    logging.getLogger("faust.app").info("tells its life")
    logging.getLogger("aiokafka").warning("lost %s", "broker 3")
    (line,) = lines(capsys)
    assert (line["event"], line["logger"], line["level"]) == ("lost broker 3", "aiokafka", "warning")


def test_no_secret_is_logged_wherever_it_turns_up(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("debug", "json", [SECRET])
    log = structlog.get_logger("tocsin")
    log.info(f"login as {SECRET}", password=SECRET, nested={"list": [SECRET, 7]})
    logging.getLogger("aiokafka").error("refused %s", SECRET)
    try:
        int(SECRET)
    except ValueError:
        log.exception("failed")
    captured = capsys.readouterr().err
    assert SECRET not in captured
    assert captured.count("***") >= 5


def test_the_turning_points_of_a_stage_are_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(form="json")
    observer = LoggingObserver()
    observer.assigned("detect", 3)
    headers = (("revision", b"2"), ("state", b"confirmed"))
    observer.committed("correlate", [Message("incidents", b"i1", b"{}", headers), Message("quarantine", b"", b"")], 0.1)
    assert [line["event"] for line in lines(capsys)] == ["assigned", "incident", "quarantined"]


def test_a_library_says_the_same_once_in_a_while_and_we_as_often_as_we_like(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs(form="json")
    for node in range(1_000):
        logging.getLogger("aiokafka").error("Unable connect to node with id %s", node)
        structlog.get_logger("tocsin").info("assigned", partitions=node)
    names = [line["logger"] for line in lines(capsys)]
    assert (names.count("aiokafka"), names.count("tocsin")) == (1, 1_000)


def test_a_metric_that_nobody_described_is_told_once_a_process_with_what_it_is_taken_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs(form="json")
    guesses, gauges = GuessLog(), FeedGauges(Families(), ["netcologne"])
    ingest = WatchedIngest(stages(lanes=2).ingest, gauges, guesses)
    for number in (0, 1):  # each lane may meet it first
        lane = ingest.new_lane(number, {}, {})
        for minute in range(3):
            at = NOON + minute * 60_000
            lane.take("telemetry", [reading(at, metric="wifi_retries", value=3, unit="count")], None)
            lane.close()
    told = lines(capsys)
    assert [(line["event"], line["metric"], line["level"]) for line in told] == [
        ("metric_guessed", "wifi_retries", "warning")
    ]
    assert "not in metrics.toml; taken by its name and unit" in str(told[0]["taken"])


def test_new_metrics_without_end_do_not_fill_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(form="json")
    guesses = GuessLog()
    for number in range(GUESSES_MAX + 100):
        guesses.hear({FeedName("telemetry", "o2", f"m{number}"): FeedCount(used=1, unit="count")})
    events = [line["event"] for line in lines(capsys)]
    assert (events.count("metric_guessed"), events[-1], len(events)) == (
        GUESSES_MAX,
        "metrics_guessed",
        GUESSES_MAX + 1,
    )

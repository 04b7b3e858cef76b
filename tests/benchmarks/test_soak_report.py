"""What the samples of a soak say: a stage that grows is found, a start in between is not taken for growth."""

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks import soak_report
from benchmarks.flow_processes import STAGES
from benchmarks.soak_report import cpu_seconds, growth, objections, settled, verdict

MINUTES, RATE = 60, 1_000
RESTARTS = {10: "ingest", 15: "detect", 20: "correlate"}


def hour(grows: float = 0.0) -> list[dict[str, Any]]:
    """A sample a minute; DETECT was started at minute 15 and grows by so many MB a minute."""
    return list(_hour(grows))


def _hour(grows: float) -> Iterator[dict[str, Any]]:
    for minute in range(MINUTES + 1):
        since = minute if minute <= 15 else minute - 15
        yield {
            "seconds": minute * 60.0,
            "memory_mb": {"ingest": 600.0, "detect": 150.0 + grows * since, "correlate": 180.0},
            "lag": {"ingest": 5_000.0 if minute == 11 else 10.0, "detect": 0.0, "correlate": 0.0},
            "cpu_seconds": {"ingest": 3.0 * minute, "detect": float(since), "correlate": 0.1 * minute},
            "refused": 0.0,
            "sent": RATE * 60 * minute,
            "note": f"{RESTARTS[minute]} stopped in 1.0 s" if minute in RESTARTS else "",
            "started": [RESTARTS[minute]] if minute in RESTARTS else [],
            "ended": False,
        }


def test_a_quiet_hour_is_told_as_what_it_is() -> None:
    assert verdict(hour(), RATE) == ["memory is flat, lag is bounded, nothing was refused, no process ended by itself"]


def test_a_stage_that_grows_is_named_with_its_slope() -> None:
    assert list(objections(hour(grows=0.5), RATE)) == ["memory of detect grows by 30 MB an hour, from 162 MB"]


def test_memory_is_judged_since_the_last_start_and_not_its_first_minutes() -> None:
    samples = hour()
    for one in samples[:20]:
        one["memory_mb"]["detect"] = 400.0
    assert growth(samples, "detect") == 0.0
    assert settled(samples, "detect")[0]["seconds"] == 20 * 60


def test_a_sample_that_did_not_answer_is_no_memory() -> None:
    samples = hour()
    samples[40]["memory_mb"]["detect"] = 0.0
    assert growth(samples, "detect") == 0.0
    assert len(settled(samples, "detect")) == 40


def test_cpu_is_that_of_all_processes_of_a_stage() -> None:
    assert cpu_seconds(hour(), "detect") == 15 + 45


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"lag": dict.fromkeys(STAGES, 20_000.0)}, "60,000 messages wait at the end", id="lag"),
        pytest.param({"refused": 7.0}, "7 records of a load without a mistake were refused", id="refused"),
        pytest.param({"ended": True, "note": "detect ended by itself: why"}, "detect ended by itself: why", id="ended"),
    ],
)
def test_what_is_not_as_it_must_be_is_told(changed: dict[str, Any], said: str) -> None:
    samples = hour()
    samples[-1].update(changed)
    (objection,) = objections(samples, RATE)
    assert objection.startswith(said)


def test_records_refused_before_a_start_count_too() -> None:
    samples = hour()
    for one in samples[:10]:
        one["refused"] = 3.0
    assert list(objections(samples, RATE)) == ["3 records of a load without a mistake were refused"]


def test_a_stage_that_was_never_started_again_is_named() -> None:
    samples = hour()
    samples[10]["started"] = []
    assert list(objections(samples, RATE)) == ["ingest was never stopped and started"]


def test_a_short_run_judges_no_memory() -> None:
    short = hour(grows=50.0)[: int(soak_report.JUDGED_MINUTES_MIN) + 6]
    (said,) = verdict(short, RATE)
    assert said.startswith("memory of ")
    assert "detect, correlate was not judged" in said

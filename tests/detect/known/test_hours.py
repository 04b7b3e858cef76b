"""Opening hours and holidays: closed is no outage, opening is no surge, and a collapse inside hours still is one."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from pipeline.adapters.reference.folder import load_hours, load_operators, reference_folder
from pipeline.detect.apply import next_end
from pipeline.detect.config import DetectConfig
from pipeline.detect.findings import rules_of
from pipeline.detect.judge import StepJudge
from pipeline.detect.known.reference import DetectReference
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS
from pipeline.records.errors import ConfigError
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.inner.partials import SeriesPartial
from pipeline.reference.opening.days import DaysOff
from pipeline.reference.opening.hours import WEEKDAYS, Hours, WrittenHours, hours_from
from tests.detect.world import NW, Run, background, complaints, reading

CONFIG = DetectConfig(markets=("DE", "FR"))
APRIL_17 = int(datetime(2023, 4, 17, tzinfo=UTC).timestamp()) * 1_000
"""A Monday; two weeks later another one is a holiday, the first of May."""
SATURDAY = APRIL_17 + 5 * DAY_MS
MAY_DAY = APRIL_17 + 14 * DAY_MS
OPERATORS = load_operators()


def row(source: str = "telemetry", begins: str = "08:00", ends: str = "20:00", **more: object) -> Hours:
    fields = {"weekdays": WEEKDAYS[:6], "measures": ("calls_answered",) if source == "telemetry" else ()} | more
    return Hours(operator="netcologne", source=source, begins=begins, ends=ends, **fields)  # type: ignore[arg-type]


HOURS = (row(weekdays=WEEKDAYS[:5]), row(weekdays=WEEKDAYS[5:6], ends="14:00"))
TICKETS = tuple(msgspec.structs.replace(each, source="tickets", measures=()) for each in HOURS)


def known(*rows: Hours) -> DetectReference:
    hours: WrittenHours = hours_from(rows, OPERATORS)
    return DetectReference(calendars={"DE": "DE"}, hours=hours)


def local_hour(at: int) -> float:
    return (at % DAY_MS) / HOUR_MS + 2.0  # summer time


def hotline(begin: int, end: int, per_step: Callable[[int], float]) -> list[SeriesPartial]:
    """Calls answered, told every minute, by night as well."""
    rng = random.Random(7)
    return [
        reading(at, float(round(max(0.0, rng.gauss(mean := per_step(at), mean**0.5)))), NW, unit="count",
                attempts=1, measure="calls_answered", service="")
        for at in range(begin, end, MINUTE_MS)
    ]  # fmt: skip


def open_from_eight(at: int) -> float:
    """Shorter on Saturdays, and shut on Sundays."""
    weekday = (at + 2 * HOUR_MS) // DAY_MS % 7  # 1970-01-01 was a Thursday
    ends = {2: 14.0, 3: 0.0}.get(weekday, 20.0)
    return 20.0 if 8.0 <= local_hour(at) < ends else 0.0


def anomalies(run: Run, since: int = 0) -> list[Anomaly]:
    return [anomaly for anomaly in run.anomalies if anomaly.ended_at > since]


def test_a_hotline_that_closes_on_its_first_evening_is_no_anomaly_nor_is_its_opening() -> None:
    parts = hotline(SATURDAY - 48 * HOUR_MS, SATURDAY + 32 * HOUR_MS, open_from_eight)
    assert anomalies(Run(CONFIG).live(parts, SATURDAY + 32 * HOUR_MS)), "by profile alone the first evening stands out"
    assert not anomalies(Run(CONFIG, known=known(*HOURS)).live(parts, SATURDAY + 32 * HOUR_MS))


def test_a_hotline_that_says_nothing_by_night_is_no_silent_feed_and_one_that_is_mute_by_day_is() -> None:
    parts = [part for part in hotline(SATURDAY - 48 * HOUR_MS, SATURDAY + 32 * HOUR_MS, open_from_eight)
             if open_from_eight(int(part.pane))]  # fmt: skip
    assert Run(CONFIG).live(parts, SATURDAY + 32 * HOUR_MS).silences
    assert not Run(CONFIG, known=known(*HOURS)).live(parts, SATURDAY + 32 * HOUR_MS).silences
    mute = [part for part in parts if not 12.0 <= local_hour(int(part.pane)) < 14.0]
    assert Run(CONFIG, known=known(*HOURS)).live(mute, SATURDAY - 12 * HOUR_MS).silences


@pytest.mark.parametrize("talk", [True, False], ids=["people_talk_by_night", "nobody_talks_by_night"])
def test_a_hotline_whose_first_figure_is_a_little_late_is_no_silent_feed(*, talk: bool) -> None:
    """It tells every five minutes; that it is out of hours is not counted, however the night was gone through."""
    end = APRIL_17 + 4 * DAY_MS
    parts = [part for part in hotline(APRIL_17, end, open_from_eight)
             if part.pane % (5 * MINUTE_MS) == 0 and local_hour(int(part.pane)) >= 8.1
             and open_from_eight(int(part.pane))]  # fmt: skip
    if talk:
        parts += background(3, APRIL_17, end, 0.05, NW, source="mentions")
    run = Run(CONFIG, known=known(*HOURS)).live(sorted(parts, key=lambda part: part.pane), end)
    assert [silence for silence in run.silences if silence.source == "telemetry"] == []


@pytest.mark.parametrize("talk", [True, False], ids=["people_talk_by_night", "nobody_talks_by_night"])
def test_what_tickets_missed_in_the_evening_is_not_counted_in_the_morning(*, talk: bool) -> None:
    end = APRIL_17 + 4 * DAY_MS
    parts = [part for part in background(4, APRIL_17, end, 1.0, NW) if 8.3 <= local_hour(int(part.pane)) < 19.5]
    if talk:
        parts += background(3, APRIL_17, end, 0.05, NW, source="mentions")
    run = Run(CONFIG, known=known(*TICKETS)).live(sorted(parts, key=lambda part: part.pane), end)
    assert [silence for silence in run.silences if silence.source == "tickets"] == []


def test_a_night_out_of_hours_is_passed_at_once() -> None:
    end = APRIL_17 + 3 * DAY_MS
    tickets = [part for part in background(4, APRIL_17, end, 1.0, NW) if open_from_eight(int(part.pane))]
    run = Run(CONFIG, known=known(*TICKETS)).live(tickets, end)
    ((_, scope),) = run.state.scopes()
    rules = run.known.rules_in(scope, "DE", rules_of(CONFIG, run.detectors, run.known.metrics))
    full = []
    while (step_end := next_end(scope, rules)) is not None and step_end <= end + 6 * HOUR_MS:
        full.append(step_end)
        StepJudge(scope, step_end, rules, "DE").run()
    assert len(full) <= 3


def test_a_collapse_inside_hours_is_one() -> None:
    fails_from = APRIL_17 + 2 * DAY_MS + 9 * HOUR_MS

    def failing(at: int) -> float:
        return 0.0 if at >= fails_from else open_from_eight(at)

    run = Run(CONFIG, known=known(*HOURS)).live(hotline(APRIL_17, fails_from + HOUR_MS, failing), fails_from + HOUR_MS)
    found = anomalies(run)
    assert found
    assert found[0].ended_at > fails_from
    assert found[0].ended_at <= fails_from + 20 * MINUTE_MS
    assert {anomaly.direction for anomaly in found} == {"drop"}


@pytest.mark.parametrize("is_written", [True, False], ids=["by_written_hours", "by_the_calendar_alone"])
def test_a_holiday_monday_after_two_learnt_weeks_is_no_anomaly(*, is_written: bool) -> None:
    end = MAY_DAY + DAY_MS

    def by_day(at: int) -> float:
        if DaysOff("DE").is_off(at // DAY_MS):
            return 0.0 if is_written else 10.0
        return open_from_eight(at) if is_written else 20.0

    parts = hotline(APRIL_17, end, by_day)
    plain = Run(CONFIG).live(parts, end)
    assert anomalies(plain, since=MAY_DAY), "to a profile of weekdays alone a holiday is a failure"
    reference = known(row(weekdays=WEEKDAYS[:5])) if is_written else known()
    assert not anomalies(Run(CONFIG, known=reference).live(parts, end), since=MAY_DAY)


def test_tickets_out_of_hours_are_not_judged_and_tell_no_account() -> None:
    by_night = APRIL_17 + DAY_MS + 21 * HOUR_MS
    tickets = [complaints(at, [at % 977 + 1], NW) for at in range(APRIL_17 + 7 * HOUR_MS, by_night, 3 * MINUTE_MS)
               if open_from_eight(at)]  # fmt: skip
    tickets += [
        complaints(at, range(at % 1_009, at % 1_009 + 30), NW) for at in range(by_night, by_night + HOUR_MS, MINUTE_MS)
    ]
    loud = Run(CONFIG).live(tickets, by_night + 2 * HOUR_MS)
    assert anomalies(loud, since=by_night)
    closed = Run(CONFIG, known=known(*TICKETS)).live(tickets, by_night + 2 * HOUR_MS)
    assert not anomalies(closed)
    assert not [known for pane in closed.panes.values() for known in pane.weighings if known.ended_at > by_night]


def test_restarts_and_quiet_runs_change_nothing() -> None:
    end = APRIL_17 + 3 * DAY_MS
    tickets = [complaints(at, [at % 977 + 1], NW) for at in range(APRIL_17, end, 41 * MINUTE_MS) if open_from_eight(at)]
    whole = Run(CONFIG, known=known(*TICKETS)).live(tickets, end)
    halves = Run(CONFIG, known=known(*TICKETS))
    for at in range(APRIL_17, end, 7 * HOUR_MS):
        halves.live([part for part in tickets if at <= part.pane < at + 7 * HOUR_MS], min(end, at + 7 * HOUR_MS))
        halves.restart()
    assert whole.merged() == halves.merged()


def test_hours_are_local_and_know_summer_time_holidays_and_midnight() -> None:
    times = hours_from([row("tickets", "08:15", "24:00", weekdays=WEEKDAYS)], OPERATORS)["netcologne"]

    def closed(*when: int) -> bool:
        return times.is_closed("tickets", int(datetime(*when, tzinfo=UTC).timestamp()) * 1_000)  # type: ignore[arg-type, misc]

    assert [closed(2025, 1, 14, 7, 14), closed(2025, 1, 14, 7, 15), closed(2025, 1, 14, 22, 59)] == [True, False, False]
    assert [closed(2025, 7, 15, 6, 14), closed(2025, 7, 15, 6, 15), closed(2025, 7, 15, 22, 0)] == [True, False, True]
    assert closed(2025, 12, 25, 12, 0)
    assert not times.is_closed("mentions", MAY_DAY)
    at = int(datetime(2025, 1, 14, 3, 0, tzinfo=UTC).timestamp()) * 1_000
    assert times.next_change(at) == at + 4 * HOUR_MS + 15 * MINUTE_MS
    assert times.next_change(at + 4 * HOUR_MS + 15 * MINUTE_MS) == at + 20 * HOUR_MS


def test_the_shipped_example_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "hours.toml").write_bytes((reference_folder() / "hours.example.toml").read_bytes())
    assert set(load_hours(tmp_path, OPERATORS)) == {"netcologne"}
    assert load_hours(tmp_path / "elsewhere", OPERATORS) == {}


def test_all_mistakes_of_the_file_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "hours.toml").write_text(
        """
[[hours]]
operator = "nobody"
source = "tickets"
weekdays = []
from = "20:00"
to = "08:00"
[[hours]]
operator = "netcologne"
source = "telemetry"
weekdays = ["monday"]
from = "08:00"
to = "25:00"
[[hours]]
operator = "netcologne"
source = "telemetry"
weekdays = ["monday"]
from = "08:00"
to = "12:00"
""",
        "utf-8",
    )
    with pytest.raises(ConfigError) as told:
        load_hours(tmp_path, OPERATORS)
    words = str(told.value)
    for part in ("'nobody'", "must be an id of operators.toml", "weekdays = []", "must be after from", "$.to",
                 "measures: missing"):  # fmt: skip
        assert part in words

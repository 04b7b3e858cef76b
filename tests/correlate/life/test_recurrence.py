"""Rules by which windows come again: on the wall's clock, bounded, and refused with what to do."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.life.recurrence import HORIZON_DAYS, RECURRENCES_MAX, starts_of
from pipeline.records.clocks import DAY_MS, HOUR_MS, parse_instant


def times(first: str, rule: str, zone: str = "Europe/Berlin") -> list[str]:
    starts = starts_of(parse_instant(first), rule, zone)
    return [datetime.fromtimestamp(start / 1_000, UTC).strftime("%Y-%m-%dT%H:%MZ") for start in starts]


@pytest.mark.parametrize(
    ("first", "rule", "zone", "found"),
    [
        pytest.param(
            "2026-03-22T02:00:00Z",
            "FREQ=WEEKLY;COUNT=3",
            "Europe/Berlin",
            ["2026-03-22T02:00Z", "2026-03-29T01:00Z", "2026-04-05T01:00Z"],
            id="three_in_the_morning_is_three_in_summer_too",
        ),
        pytest.param(
            "2026-03-22T01:30:00Z",
            "FREQ=WEEKLY;COUNT=2",
            "Europe/Berlin",
            ["2026-03-22T01:30Z", "2026-03-29T01:30Z"],
            id="an_hour_that_is_missing_is_the_hour_after",
        ),
        pytest.param(
            "2026-10-18T00:30:00Z",
            "FREQ=WEEKLY;COUNT=2",
            "Europe/Berlin",
            ["2026-10-18T00:30Z", "2026-10-25T00:30Z"],
            id="an_hour_that_comes_twice_is_its_first",
        ),
        pytest.param(
            "2026-01-06T05:00:00Z",
            "FREQ=MONTHLY;BYDAY=1TU;UNTIL=20260407",
            "America/Toronto",
            ["2026-01-06T05:00Z", "2026-02-03T05:00Z", "2026-03-03T05:00Z", "2026-04-07T04:00Z"],
            id="each_first_tuesday_with_the_last_day_whole",
        ),
        pytest.param(
            "2026-01-31T00:00:00Z",
            "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3",
            "UTC",
            ["2026-01-31T00:00Z", "2026-02-28T00:00Z", "2026-03-31T00:00Z"],
            id="the_last_day_of_each_month",
        ),
        pytest.param(
            "2026-01-05T22:00:00Z",
            "FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20260112T220000Z",
            "UTC",
            ["2026-01-05T22:00Z", "2026-01-08T22:00Z", "2026-01-12T22:00Z"],
            id="two_days_of_the_week_to_an_instant",
        ),
    ],
)
def test_occurrences_keep_to_the_clock_on_the_wall(first: str, rule: str, zone: str, found: list[str]) -> None:
    assert times(first, rule, zone) == found


@pytest.mark.parametrize(
    ("rule", "zone", "words"),
    [
        pytest.param("FREQ=DAILY", "UTC", "must end, by either COUNT or UNTIL", id="without_an_end"),
        pytest.param("FREQ=DAILY;COUNT=2;UNTIL=20260301", "UTC", "by either COUNT or UNTIL", id="two_ends"),
        pytest.param("FREQ=DAILY;COUNT=2;COUNT=3", "UTC", "names a part twice", id="a_part_twice"),
        pytest.param("FREQ=DAILY;COUNT=367", "UTC", "more than 366 times", id="too_often"),
        pytest.param("FREQ=DAILY;UNTIL=20270301", "UTC", "more than 366 times", id="too_often_to_a_day"),
        pytest.param("FREQ=MONTHLY;COUNT=30", "UTC", "at most 25 times", id="too_long"),
        pytest.param("FREQ=WEEKLY;UNTIL=20290101", "UTC", "within 731 days", id="ends_too_late"),
        pytest.param("FREQ=WEEKLY;BYDAY=WE;COUNT=5", "UTC", "does not name the day of starts_at", id="another_day"),
        pytest.param("FREQ=DAILY;INTERVAL=7;BYDAY=WE;COUNT=5", "UTC", "does not name the day", id="never"),
        pytest.param("FREQ=WEEKLY;BYDAY=2TU;COUNT=5", "UTC", "FREQ=MONTHLY only", id="a_rank_within_a_week"),
        pytest.param("FREQ=DAILY;COUNT=2", "Europe/Atlantis", "an IANA name", id="no_such_zone"),
        pytest.param("FREQ=DAILY;COUNT=2", "../../etc/passwd", "an IANA name", id="a_path_for_a_zone"),
        pytest.param("FREQ=DAILY;UNTIL=20261399", "UTC", "does not match|out of range|unconverted", id="no_such_day"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_what_to_do(rule: str, zone: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        times("2026-01-06T02:00:00Z", rule, zone)


@pytest.mark.parametrize(
    ("first", "rule", "zone"),
    [
        ("9998-06-04T02:00:00Z", "FREQ=DAILY;COUNT=3", "UTC"),
        ("2026-01-06T02:00:00Z", "FREQ=DAILY;UNTIL=99991231T235959Z", "Pacific/Auckland"),
    ],
)
def test_a_time_beyond_the_calendar_is_refused_like_any_other_mistake(first: str, rule: str, zone: str) -> None:
    with pytest.raises(ValueError, match="within"):
        times(first, rule, zone)


@given(
    first=st.integers(1_700_000_000, 1_900_000_000).map(lambda seconds: seconds * 1_000),
    frequency=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    interval=st.integers(1, 9),
    count=st.integers(1, 400),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Toronto", "Australia/Lord_Howe"]),
)
def test_occurrences_ascend_begin_with_the_first_and_are_bounded(
    first: int, frequency: str, interval: int, count: int, zone: str
) -> None:
    try:
        starts = starts_of(first, f"FREQ={frequency};INTERVAL={interval};COUNT={count}", zone)
    except ValueError:
        return
    assert abs(starts[0] - first) <= HOUR_MS  # the second of an hour that comes twice is read as its first
    assert list(starts) == sorted(set(starts))
    assert len(starts) == count <= RECURRENCES_MAX
    assert starts[-1] - first <= (HORIZON_DAYS + 1) * DAY_MS

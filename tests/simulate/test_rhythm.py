"""How busy a time is: weeks, holidays, growth, and the two nights on which clocks change."""

import math
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from pipeline.records.errors import ConfigError
from pipeline.simulate.world.rhythm import QUARTER_MS, Growth, LocalClock, Rhythm

BERLIN = "Europe/Berlin"
PEOPLE = tuple(
    float(weight) for weight in (3, 2, 1, 1, 1, 2, 5, 9, 11, 11, 10, 10, 11, 11, 10, 10, 11, 13, 15, 16, 16, 14, 10, 6)
)
OFFICE = tuple(
    float(weight) for weight in (0, 0, 0, 0, 0, 0, 0, 4, 14, 16, 15, 14, 11, 11, 12, 12, 12, 11, 9, 6, 1, 0, 0, 0)
)
WEEKDAYS = (1.1, 1.0, 1.0, 1.0, 0.9, 0.5, 0.2)


def rhythm(hours: tuple[float, ...] = PEOPLE, holidays: str | None = None) -> Rhythm:
    return Rhythm(LocalClock(BERLIN), hours=hours, weekdays=WEEKDAYS, holidays=holidays)


def quarters_of(day: date, zone: str = BERLIN) -> range:
    """Starts of the quarter hours of a local day."""
    clock = LocalClock(zone)
    first, last = (datetime.combine(each, datetime.min.time()) for each in (day, day + timedelta(1)))
    return range(clock.instant_of(first), clock.instant_of(last), QUARTER_MS)


def profile(rhythm: Rhythm, day: date) -> list[float]:
    return [rhythm.at(at) for at in quarters_of(day)]


def test_a_usual_week_has_a_mean_of_one() -> None:
    week = [rhythm().at(at) for day in range(3, 10) for at in quarters_of(date(2025, 2, day))]
    assert math.fsum(week) / len(week) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2025, 3, 29), 24, id="the_day_before"),
        pytest.param(date(2025, 3, 30), 23, id="clocks_go_forward"),
        pytest.param(date(2025, 10, 26), 25, id="clocks_go_back"),
        pytest.param(date(2025, 10, 27), 24, id="the_day_after"),
    ],
)
def test_a_day_has_as_many_hours_as_its_clocks_give_it(day: date, hours: int) -> None:
    assert len(quarters_of(day)) == 4 * hours
    assert {LocalClock(BERLIN).date_of(at) for at in quarters_of(day)} == {day}


def test_a_day_that_lacks_an_hour_lacks_just_that_hour_of_the_rhythm() -> None:
    usual, short = profile(rhythm(), date(2025, 3, 23)), profile(rhythm(), date(2025, 3, 30))
    assert short == usual[: 2 * 4] + usual[3 * 4 :]


def test_a_day_of_25_hours_has_one_hour_of_the_rhythm_twice() -> None:
    usual, long = profile(rhythm(), date(2025, 10, 19)), profile(rhythm(), date(2025, 10, 26))
    assert long == usual[: 3 * 4] + usual[2 * 4 :]


@pytest.mark.parametrize("change", [date(2025, 3, 30), date(2025, 10, 26)])
def test_people_rise_by_the_wall_clock_before_and_after_a_change(change: date) -> None:
    before, after = change - timedelta(6), change + timedelta(1)  # Mondays
    assert profile(rhythm(), before) == profile(rhythm(), after)
    moved_ms = (quarters_of(after)[0] - quarters_of(before)[0]) % 86_400_000
    assert moved_ms in {3_600_000, 82_800_000}, "in UTC, their day moves by an hour"


def test_a_clock_reads_its_hours_without_a_jump_except_at_the_change() -> None:
    clock = LocalClock(BERLIN)
    minutes = [60 * hour + minute for hour, minute in map(clock.hour_minute, quarters_of(date(2025, 3, 30)))]
    assert [later - earlier for earlier, later in pairwise(minutes)].count(15) == len(minutes) - 2
    assert (1 * 60 + 45, 3 * 60) in set(pairwise(minutes))


def test_a_local_time_that_comes_twice_is_the_earlier_one_and_one_that_never_was_is_later() -> None:
    clock = LocalClock(BERLIN)
    once, twice, never = (
        clock.instant_of(datetime.fromisoformat(local))
        for local in ("2025-10-26T01:30", "2025-10-26T02:30", "2025-03-30T02:30")
    )
    assert twice == once + 3_600_000
    assert clock.hour_minute(twice) == clock.hour_minute(twice + 3_600_000) == (2, 30)
    assert clock.hour_minute(never) == (3, 30)


def test_the_clock_is_right_in_any_order_of_questions() -> None:
    times = [*quarters_of(date(2025, 3, 30)), *quarters_of(date(2025, 10, 26))]
    forth, back = rhythm(), rhythm()
    assert [forth.at(at) for at in times] == [back.at(at) for at in reversed(times)][::-1]


@pytest.mark.parametrize("hours", [pytest.param(PEOPLE, id="people"), pytest.param(OFFICE, id="office")])
def test_a_holiday_is_a_sunday(hours: tuple[float, ...]) -> None:
    ascension, sunday, usual = date(2025, 5, 29), date(2025, 6, 1), date(2025, 5, 22)
    known, unknown = rhythm(hours, "DE"), rhythm(hours)
    assert profile(known, ascension) == profile(known, sunday)
    assert profile(unknown, ascension) == profile(unknown, usual)
    assert sum(profile(known, ascension)) < 0.25 * sum(profile(known, usual))


def test_a_holiday_changes_no_other_day_and_counts_where_it_is_one() -> None:
    corpus_christi = date(2025, 6, 19)
    days = [date(2025, 6, 16) + timedelta(day) for day in range(7)]
    here, there = rhythm(holidays="DE/NW"), rhythm(holidays="DE")
    assert [day for day in days if profile(here, day) != profile(there, day)] == [corpus_christi]


def test_a_holiday_begins_and_ends_at_local_midnight() -> None:
    known, unknown = rhythm(holidays="DE"), rhythm()
    christmas = quarters_of(date(2025, 12, 25))
    around = range(christmas[0] - 4 * QUARTER_MS, christmas[-1], QUARTER_MS)
    assert [at for at in around if known.at(at) != unknown.at(at)] == list(christmas[:-1])


def test_a_calendar_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"holidays = 'DE/XX': must be a country or region that has a calendar"):
        rhythm(holidays="DE/XX")


def test_growth_doubles_at_equal_distances_and_is_one_at_its_origin() -> None:
    week = 7 * 86_400_000
    growth = Growth(1.0, 5 * week)
    assert [growth.at(at * week) for at in (4, 5, 6, 8)] == [0.5, 1.0, 2.0, 8.0]
    assert {Growth(0.0, 5 * week).at(at * week) for at in range(9)} == {1.0}


def test_growth_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"growth_per_week = -1.0: must be above -1"):
        Growth(-1.0, 0)

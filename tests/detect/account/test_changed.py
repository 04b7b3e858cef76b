"""A figure that has changed for good is let go by signs of health, and by nothing else."""

from pipeline.detect.account.changed import CHANGED_MS, Changing, Step, follow_change, take_for_usual, waits
from pipeline.detect.detectors.remembered import LevelState, SeriesState
from pipeline.records.clocks import HOUR_MS, MINUTE_MS

HOURS = 12


def _step(minute: int, off: float = -0.06, **changes: object) -> Step:
    step = Step(
        end=(minute + 1) * MINUTE_MS,
        off=off,
        is_far=off < -0.01,
        witness=0.012 + 0.001 * (minute % 3),
        is_quiet=True,
        may_be=True,
    )
    return step._replace(**changes)  # type: ignore[arg-type]  # fields by name


def _accepted_at(steps: list[Step]) -> int | None:
    known = Changing()
    return next((step.end for step in steps if follow_change(known, step)), None)


def test_a_figure_that_stands_still_beside_a_healthy_one_has_changed_after_three_hours() -> None:
    assert _accepted_at([_step(minute) for minute in range(HOURS * 60)]) == CHANGED_MS + MINUTE_MS


def test_without_a_sign_of_health_no_time_is_long_enough() -> None:
    for missing in ({"witness": None}, {"witness": 0.012}, {"is_quiet": False}, {"may_be": False}):
        assert _accepted_at([_step(minute, **missing) for minute in range(HOURS * 60)]) is None, missing


def test_a_slow_decline_is_no_change() -> None:
    for slope in (0.0001, 0.0005, 0.001):
        steps = [_step(minute, -0.011 - slope * minute) for minute in range(2 * HOURS * 60)]
        assert _accepted_at(steps) is None, slope


def test_one_hour_in_which_an_outage_is_likely_makes_the_three_hours_begin_anew() -> None:
    steps = [_step(minute, is_quiet=not 120 <= minute < 180) for minute in range(HOURS * 60)]
    assert _accepted_at(steps) == 3 * HOUR_MS + CHANGED_MS


def test_what_waits_teaches_nothing_and_what_is_back_does() -> None:
    known = Changing()
    for minute in range(60):
        follow_change(known, _step(minute))
    assert waits(known, 60 * MINUTE_MS)
    for minute in range(60, 90):
        follow_change(known, _step(minute, 0.0))
    assert not waits(known, 90 * MINUTE_MS)


def test_a_change_moves_the_level_and_forgets_what_spoke_against_it() -> None:
    state = LevelState(base=0.98, hot_steps=7, recent=-3.0)
    state.odds[0] = 5.0
    states: dict[str, SeriesState] = {"a": state}
    take_for_usual([states], "a", -0.06)
    assert (round(state.base, 6), state.hot_steps, state.recent, state.odds[0]) == (0.92, 0, 0.0, 0.0)

"""How an incident goes on: moves, timers and what they remember."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pipeline.correlate.life.course import due_at, go_on, make_move, pane_end_at, quiet_from, quiet_ms
from pipeline.correlate.life.table import Move
from pipeline.correlate.parts import AreaSeen, Dossier, EmergencyClaims
from pipeline.correlate.state import OpenIncident
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, PANE_MS
from pipeline.records.published.incidents import STATE_HISTORY_MAX
from pipeline.records.vocabulary import DecisionReason, IncidentState
from tests.correlate.made import CONFIG, KOELN, decided, dossier, incident, pane
from tests.correlate.stories import at

SUSPECTED, CONFIRMED, RECOVERING, RESOLVED, CLOSED, DISMISSED = IncidentState


def measured(minute: float = 5) -> Dossier:
    return dossier(areas={KOELN: AreaSeen(since=at(0), last_at=at(minute), measured=True)}, minute=minute)


def after(minute: float, case: OpenIncident, suffices: DecisionReason | None = None) -> OpenIncident:
    go_on(case, suffices, pane(minute))
    return case


@pytest.mark.parametrize(
    ("state", "minute", "becomes"),
    [
        pytest.param(SUSPECTED, 34.9, SUSPECTED, id="a_suspicion_waits_half_an_hour"),
        pytest.param(SUSPECTED, 35, DISMISSED, id="a_quiet_suspicion_is_dismissed"),
        pytest.param(CONFIRMED, 19.9, CONFIRMED, id="a_fact_waits_a_quarter"),
        pytest.param(CONFIRMED, 20, RECOVERING, id="a_quiet_fact_recovers"),
        pytest.param(RECOVERING, 19.9, RECOVERING, id="a_recovery_is_held_a_quarter"),
        pytest.param(RECOVERING, 20, RESOLVED, id="a_held_recovery_is_resolved"),
        pytest.param(RESOLVED, 59.9, RESOLVED, id="a_relapse_may_come_for_an_hour"),
        pytest.param(RESOLVED, 60, CLOSED, id="then_it_is_closed"),
    ],
)
def test_time_alone_moves_an_incident(state: IncidentState, minute: float, becomes: IncidentState) -> None:
    assert after(minute, incident(measured(), state)).state == becomes


def test_a_silent_feed_holds_the_all_clear_for_a_day() -> None:
    case = incident(dossier(minute=5), CONFIRMED)
    case.sight.blind_from = at(6)
    assert after(600, case).state == CONFIRMED
    assert after(6 + 24 * 60, case).state == RECOVERING


def test_where_no_figure_tells_the_operators_word_holds_the_all_clear_for_three_hours_or_until_its_own() -> None:
    case = incident(state=CONFIRMED)
    case.officials.goes_on_at = at(10)
    assert after(189, case).state == CONFIRMED
    assert due_at(case, CONFIG, 0) <= at(190)
    case.officials.over_at = at(60)
    assert after(189, case).state == RECOVERING
    case = incident(dossier(areas={KOELN: AreaSeen(since=at(0), last_at=at(0), measured=True)}), CONFIRMED)
    case.officials.goes_on_at = at(10)
    assert after(189, case).state == RECOVERING, "figures tell"


def test_quiet_counts_from_the_end_of_a_blindness() -> None:
    case = incident(measured(), CONFIRMED)
    case.sight.sees_since = at(100)
    assert quiet_from(case) == at(100)
    assert after(114, case).state == CONFIRMED
    assert after(115, case).state == RECOVERING


def test_each_relapse_makes_the_next_quiet_longer_and_emergencies_wait_longer() -> None:
    case = incident(measured(), CONFIRMED)
    assert quiet_ms(case, CONFIG) == 15 * MINUTE_MS
    case.course.relapses = 2
    assert quiet_ms(case, CONFIG) == 45 * MINUTE_MS
    case.course.relapses, case.dossier.step_ms_max = 0, HOUR_MS
    assert quiet_ms(case, CONFIG) == 2 * HOUR_MS
    case.dossier.step_ms_max, case.dossier.emergency = PANE_MS, EmergencyClaims(first_at=0, last_at=0)
    assert quiet_ms(case, CONFIG) == 30 * MINUTE_MS
    case.dossier.areas = {area: structs.replace(seen, measured=False) for area, seen in case.dossier.areas.items()}
    assert quiet_ms(case, CONFIG) == 180 * MINUTE_MS, "only people tell"


def test_that_people_tire_of_complaining_is_no_all_clear_unless_the_operator_says_that_it_is_over() -> None:
    case = incident(state=CONFIRMED)
    case.course.relapses = 3
    assert quiet_ms(case, CONFIG) == 180 * MINUTE_MS
    assert after(184.9, case).state == CONFIRMED
    case.officials.goes_on_at, case.officials.over_at = at(10), at(60)
    case.course.relapses = 0
    assert quiet_ms(case, CONFIG) == 15 * MINUTE_MS
    assert after(185, incident(state=CONFIRMED)).state == RECOVERING


def test_what_suffices_confirms_a_suspicion_only() -> None:
    case, work = incident(), pane(6)
    go_on(case, DecisionReason.CORROBORATED, work)
    assert (case.state, case.course.settled, case.course.confirmed_at) == (CONFIRMED, "corroborated", at(6))
    assert decided(work) == [("changed", "corroborated")]
    go_on(case, DecisionReason.STRONG_SINGLE_SOURCE, work)
    assert case.course.settled == "corroborated"


def test_a_relapse_reopens_and_is_counted() -> None:
    case, work = incident(state=RESOLVED), pane(30)
    case.course.resolved_at, case.course.settled = at(20), "corroborated"
    assert make_move(case, Move.EVIDENCE, work, DecisionReason.RELAPSE)
    course = case.course
    assert (course.state, course.since, course.resolved_at) == (CONFIRMED, at(30), 0)
    assert (course.reopened, course.relapses, course.settled) == (1, 1, "corroborated")
    assert decided(work) == [("reopened", "relapse")]
    assert not make_move(case, Move.EVIDENCE, work, DecisionReason.RELAPSE)


def test_a_week_old_incident_is_closed() -> None:
    case = incident(dossier(minute=7 * 24 * 60), CONFIRMED)
    assert after(7 * 24 * 60 - 1, case).state == CONFIRMED
    assert after(7 * 24 * 60, case).state == CLOSED


@given(moves=st.lists(st.sampled_from((Move.EVIDENCE, Move.CORROBORATED, Move.QUIET, Move.HELD)), max_size=20))
def test_the_history_is_bounded_ends_with_the_state_and_keeps_the_first(moves: list[Move]) -> None:
    case = incident()
    flaps = [Move.CORROBORATED, *[Move.QUIET, Move.EVIDENCE] * STATE_HISTORY_MAX]
    for number, move in enumerate([*flaps, *moves]):
        make_move(case, move, pane(number), DecisionReason.ANOMALY)
    course = case.course
    assert len(course.history) <= STATE_HISTORY_MAX
    assert (course.history[0].state, course.history[-1].state) == (SUSPECTED, course.state)
    assert course.relapses <= 3


@given(
    state=st.sampled_from((SUSPECTED, CONFIRMED, RECOVERING, RESOLVED)),
    last=st.integers(0, 60),
    early=st.integers(1, 60),
)
def test_nothing_happens_before_the_timer_and_something_at_it(state: IncidentState, last: int, early: int) -> None:
    case = incident(dossier(minute=last), state)
    ring = (due_at(case, CONFIG, at(0)) - at(0)) / MINUTE_MS
    assert after(ring - early / 60, case).state == state
    assert after(ring, case).state != state


@given(due=st.integers(0, 10**7), now=st.integers(0, 10**6).map(lambda number: number * PANE_MS))
def test_a_timer_rings_at_the_first_pane_end_that_is_not_too_early(due: int, now: int) -> None:
    end = pane_end_at(due, now)
    assert end % PANE_MS == 0
    assert end > now
    assert end >= due
    assert end - PANE_MS < due or end == now + PANE_MS


def test_a_suspicion_that_nothing_confirms_ends_though_its_evidence_goes_on() -> None:
    suspected = incident(dossier(minute=359))
    work = pane(360, suspected)
    go_on(suspected, None, work)
    assert suspected.state == IncidentState.DISMISSED
    assert decided(work) == [("dismissed", "weak_evidence")]


def test_what_is_confirmed_may_last_for_days() -> None:
    confirmed = incident(dossier(minute=3_000), IncidentState.CONFIRMED)
    go_on(confirmed, None, pane(3_001, confirmed))
    assert confirmed.state == IncidentState.CONFIRMED

"""Figures that RESPOND remembers: exact means over periods, bounded, and None for what was not seen."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS, PANE_MS, Instant
from pipeline.records.effects import Effects
from pipeline.records.fixed_point import Exact
from pipeline.records.inner.changes import Change
from pipeline.records.inner.figures import FIGURE_MS, FigureName, FollowedFigure, PaneFigures
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.figures import COARSE_MS, FINE_MS, SERIES_MAX, KnownFigures
from pipeline.respond.state import IncidentCase, RespondState, slot_type
from tests.respond.test_due import CHANGE, RULES, another

NINE = 1_739_347_200_000
WAITING = FigureName("calls_waiting")


def figure(ended_at: int, total: int, count: int = 1, **more: str) -> FollowedFigure:
    fields = {"operator": "netcologne", "area": "DE", "source": "telemetry", "measure": "calls_waiting"} | more
    return FollowedFigure(ended_at=Instant(ended_at), count=Exact(count), total=Exact(total), **fields)


def heard(*rows: FollowedFigure, state: RespondState | None = None, duties: tuple[Duty, ...] = ()) -> RespondState:
    state = state or RespondState(0)
    for row in rows:
        apply(state, PaneFigures(market="DE", at=row.ended_at, figures=(row,)), RULES, duties)
    return state


def mean(state: RespondState, begin: int, end: int, name: FigureName = WAITING) -> int | None:
    return KnownFigures("DE", state.slots).mean("netcologne", name, begin, end)


def test_a_mean_weighs_attempts_and_takes_what_ended_within_the_period() -> None:
    state = heard(figure(NINE, 9_000), figure(NINE + FIGURE_MS, 10_000), figure(NINE + 2 * FIGURE_MS, 90_000, 3))
    assert mean(state, NINE, NINE + 2 * FIGURE_MS) == 25_000, "(10 + 90) / 4; what ended at the begin is before it"
    assert mean(state, NINE - FIGURE_MS, NINE) == 9_000


def test_what_was_not_seen_is_none_and_not_zero() -> None:
    state = heard(figure(NINE, 0))
    figures = KnownFigures("DE", state.slots)
    assert mean(state, NINE - FIGURE_MS, NINE) == 0
    assert mean(state, NINE, NINE + HOUR_MS) is None
    assert figures.total("o2", WAITING, 0, NINE + HOUR_MS) is None
    assert figures.mean("netcologne", FigureName("csat_score"), 0, NINE) is None
    assert figures.last_seen("netcologne", WAITING) == NINE
    assert KnownFigures("FR", state.slots).last_seen("netcologne", WAITING) is None


def test_a_week_ago_is_known_by_the_hour_and_what_is_older_than_kept_is_forgotten() -> None:
    ends = range(NINE + FIGURE_MS, NINE + 10 * DAY_MS + 1, FIGURE_MS)
    state, last = RespondState(0), NINE + 10 * DAY_MS
    for ended_at in ends:
        state.figures("DE", "netcologne").add([figure(ended_at, 1_000)])
    figures = KnownFigures("DE", state.slots)
    assert figures.total("netcologne", WAITING, last - 7 * DAY_MS, last - 6 * DAY_MS) == 288_000
    assert figures.total("netcologne", WAITING, last - 9 * DAY_MS, last) == 9 * 288_000, "no five minutes twice"
    (history,) = state.figures("DE", "netcologne").series.values()
    assert len(history.fine) <= FINE_MS // FIGURE_MS
    assert len(history.hours) <= COARSE_MS // HOUR_MS


def test_an_operator_has_a_bounded_number_of_figures_and_the_rest_is_counted() -> None:
    rows = [figure(NINE, 1, item=f"{number:03}") for number in range(SERIES_MAX + 5)]
    slot = heard(*rows).figures("DE", "netcologne")
    assert (len(slot.series), slot.omitted) == (SERIES_MAX, 5)


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 10**6), st.integers(1, 50)), max_size=60))
def test_a_restart_and_the_order_within_a_pane_change_no_mean(rows: list[tuple[int, int, int]]) -> None:
    told = sorted(rows)
    plain = heard(*(figure(NINE + step * FIGURE_MS, total, count) for step, total, count in told))
    saved = RespondState(0)
    for step, total, count in told:
        heard(figure(NINE + step * FIGURE_MS, total, count), state=saved)
        kept = {name: encode_slot(slot) for name, slot in saved.slots.items()}
        saved = RespondState.restored(0, {n: decode_slot(d, slot_type(n) or IncidentCase) for n, d in kept.items()})
    assert {n: encode_slot(s) for n, s in saved.slots.items()} == {n: encode_slot(s) for n, s in plain.slots.items()}


def test_only_a_duty_that_asks_hears_figures_and_only_of_cases_that_are_not_over() -> None:
    def hear(_case: IncidentCase, _heard: Change | PlacedCommand, _around: Surroundings) -> DutyAnswer | None:
        return None

    def look(case: IncidentCase, at: Instant, around: Surroundings) -> DutyAnswer | None:
        waiting = around.figures.mean("netcologne", WAITING, int(at) - FIGURE_MS, int(at))
        return DutyAnswer(((case.incident.incident_id, waiting),), int(at) + MINUTE_MS) if waiting else None

    deaf, asking = Duty(name="deaf", hear=hear), Duty(name="asking", hear=hear, hear_figures=look)
    state = RespondState(0)
    for change in (another("open"), another("over", state=IncidentState.CLOSED)):
        apply(state, change, RULES, (deaf, asking))
    at = int(CHANGE.at) // FIGURE_MS * FIGURE_MS + 2 * FIGURE_MS
    row = figure(at, 4_000)
    effects = apply(state, PaneFigures(market="DE", at=Instant(at), figures=(row,)), RULES, (deaf, asking))
    assert effects == Effects((("open", 4_000),), frozenset({"case|DE|open", "figures|DE|netcologne"}))
    assert state.cases("DE")[0].dues == {"asking": at + MINUTE_MS}
    assert apply(
        state, PaneFigures(market="FR", at=Instant(at + PANE_MS), figures=(row,)), RULES, (asking,)
    ) == Effects((), frozenset({"figures|FR|netcologne"}))


def test_rules_reach_a_duty_through_its_surroundings() -> None:
    seen: list[RespondRules] = []

    def hear(_case: IncidentCase, _heard: Change | PlacedCommand, around: Surroundings) -> DutyAnswer | None:
        seen.append(around.rules)
        return None

    rules = RespondRules(config=RespondConfig(writer="somebody"), wording=RULES.wording)
    apply(RespondState(0), CHANGE, rules, (Duty(name="looks", hear=hear),))
    assert [known.config.writer for known in seen] == ["somebody"]

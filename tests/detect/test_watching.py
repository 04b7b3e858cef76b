"""What DETECT shows the account: the first day, counters, and baselines that an outage cannot teach."""

import random
from copy import deepcopy

import pytest
from msgspec import structs

from pipeline.detect.account.filtering import outage_of
from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.registry import DETECTORS
from pipeline.detect.detectors.remembered import LevelState, SeriesState
from pipeline.detect.findings import rules_of
from pipeline.detect.quiet import pass_hot, pass_quiet
from pipeline.detect.rollup import key_fields
from pipeline.detect.state import ScopeState
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS
from pipeline.records.inner.judgements import Judgement
from pipeline.records.inner.partials import SeriesPartial
from pipeline.records.inner.weighings import Weighing
from pipeline.reference.metrics import Metric, Metrics, Role
from tests.detect.world import BONN, KOELN, MONDAY, NW, QUICK, Run, background, complaints, counted, crowd, reading

METRICS = Metrics(
    [
        Metric(
            name="attach_success_ratio",
            kind="ratio",
            unit="ratio",
            bad="down",
            least_change=0.02,
            role=Role.SERVICE,
            healthy=(0.97, 1.0),
        ),
        Metric(
            name="latency_ms",
            kind="latency",
            unit="ms",
            bad="up",
            least_change=0.5,
            role=Role.SERVICE,
            healthy=(0.0, 100.0),
            never_normal=800.0,
        ),
        Metric(
            name="location_updates_total", kind="counter", unit="count", bad="down", least_change=0.3, role=Role.SERVICE
        ),
    ]
)


def scope_of(run: Run) -> ScopeState:
    scope = run.state.slots["netcologne|DE/NW"]
    assert isinstance(scope, ScopeState)
    return scope


def attach(begin: int, minutes: int, value: float, area: str = KOELN, attempts: int = 100) -> list[SeriesPartial]:
    """An attach success ratio, each minute."""
    begins = range(begin, begin + minutes * MINUTE_MS, MINUTE_MS)
    return [reading(at, value, area, attempts=attempts, service="mobile_data") for at in begins]


def answered(at: int, value: float, area: str = KOELN) -> SeriesPartial:
    """A ratio that the table does not know."""
    return reading(at, value, area, measure="calls_answered_ratio", service="fixed_voice")


def weighings(run: Run, area: str = KOELN) -> list[Weighing]:
    """What was told of an area, in the order of time."""
    return [known for pane in run.panes.values() for known in pane.weighings if known.area == area]


def test_an_attach_success_of_seven_percent_is_believed_in_the_first_minutes_of_the_first_day() -> None:
    run = Run(metrics=METRICS).live(attach(MONDAY, 6, 0.07), MONDAY + 10 * MINUTE_MS)
    told = weighings(run)
    assert told
    assert int(told[0].ended_at) <= MONDAY + 3 * MINUTE_MS
    assert max(known.disturbed_milli for known in told) > 2_000
    assert max(known.odds_milli for known in told) > 0


@pytest.mark.parametrize(("milliseconds", "believed"), [(900.0, True), (300.0, False)])
def test_a_delay_that_is_never_normal_is_a_fault_on_the_first_day_and_one_that_may_be_usual_is_none(
    milliseconds: float, *, believed: bool
) -> None:
    begins = range(MONDAY, MONDAY + 6 * MINUTE_MS, MINUTE_MS)
    slow = [reading(at, milliseconds, KOELN, measure="latency_ms", service="broadband", unit="ms") for at in begins]
    told = weighings(Run(metrics=METRICS).live(slow, MONDAY + 10 * MINUTE_MS))
    assert (max((known.disturbed_milli for known in told), default=-9_000) > 0) == believed


def test_what_it_believes_is_told_as_an_anomaly_although_nothing_was_learnt_yet() -> None:
    run = Run(metrics=METRICS).live(attach(MONDAY, 6, 0.07), MONDAY + 10 * MINUTE_MS)
    found = [anomaly for anomaly in run.anomalies if anomaly.area == KOELN]
    assert found
    assert {(anomaly.direction, anomaly.expected >= 0.97) for anomaly in found} == {("drop", True)}


def test_a_healthy_first_day_says_nothing() -> None:
    run = Run(metrics=METRICS).live(attach(MONDAY, 60, 0.985), MONDAY + 2 * HOUR_MS)
    assert not weighings(run)
    assert not run.anomalies
    assert scope_of(run).accounts == {}


def test_a_ratio_that_nobody_knows_and_that_was_never_well_says_nothing() -> None:
    """Calls that are answered: three in ten never are, in every town, from the first minute of the first day on."""
    chance = random.Random(7)
    minutes = range(MONDAY, MONDAY + 4 * HOUR_MS, MINUTE_MS)
    parts = [answered(at, 0.71 + chance.gauss(0.0, 0.03), area) for at in minutes for area in (KOELN, BONN)]
    run = Run(metrics=METRICS).live(parts, MONDAY + 4 * HOUR_MS)
    assert not [known for pane in run.panes.values() for known in pane.weighings if known.disturbed_milli > 0]


def test_a_ratio_that_nobody_knows_is_believed_once_it_was_well() -> None:
    values = [0.985] * 15 + [0.6] * 15
    parts = [answered(MONDAY + n * MINUTE_MS, value) for n, value in enumerate(values)]
    run = Run(metrics=METRICS).live(parts, MONDAY + 30 * MINUTE_MS)
    assert max(known.disturbed_milli for known in weighings(run)) > 2_000


@pytest.mark.parametrize(
    ("value", "hot"),
    [pytest.param(0.981, False, id="it_drifts"), pytest.param(0.945, True, id="a_few_in_a_hundred_fail")],
)
def test_a_success_ratio_a_little_below_its_usual_is_usual_and_a_few_in_a_hundred_are_not(
    value: float, *, hot: bool
) -> None:
    day = usual_day(3, 24)
    run = Run(metrics=METRICS).live(day, MONDAY + DAY_MS)
    run.live(attach(MONDAY + DAY_MS, 10, value, attempts=5_000), MONDAY + DAY_MS + 10 * MINUTE_MS)
    found = [known for known in weighings(run) if int(known.ended_at) > MONDAY + DAY_MS]
    assert bool(found) == hot


def test_how_fast_a_counter_grows_is_no_figure_of_the_account() -> None:
    names = {"measure": "location_updates_total"}
    parts = [counted(MONDAY + n * MINUTE_MS, 1_000 * n, **names) for n in range(300)]
    parts += [counted(MONDAY + n * MINUTE_MS, 300_000 + n, **names) for n in range(300, 330)]
    run = Run(metrics=METRICS).live(parts, MONDAY + 6 * HOUR_MS)
    assert not weighings(run)
    assert scope_of(run).figures == {}


def usual_day(seed: int, hours: int) -> list[SeriesPartial]:
    """Attach successes of a town that is well, and now and then a ticket."""
    chance, parts = random.Random(seed), background(seed, MONDAY, MONDAY + hours * HOUR_MS, 0.05)
    for minute in range(hours * 60):
        value = 0.985 + chance.gauss(0.0, 0.002)
        parts.append(reading(MONDAY + minute * MINUTE_MS, value, service="mobile_data"))
    return sorted(parts, key=lambda part: part.pane)


def expected_now(run: Run) -> list[float]:
    """What each measured series of the town is taken for."""
    told = [judgement for step in run.steps[-5:] for judgement in step.judged if isinstance(judgement, Judgement)]
    figures = [row for row in told if row.series.source == "telemetry" and row.series.area == KOELN]
    return [row.expected for row in figures if row.expected is not None]


def test_an_outage_of_a_day_does_not_become_what_is_expected_and_health_is_normal_at_once() -> None:
    run = Run(metrics=METRICS).live(usual_day(1, 24), MONDAY + DAY_MS)
    outage = MONDAY + DAY_MS
    down = attach(outage, 24 * 60, 0.66)
    down += [part for minute in range(0, 24 * 60, 3) for part in crowd(outage + minute * MINUTE_MS, 1, 6)]
    run.live(sorted(down, key=lambda part: part.pane), outage + DAY_MS)
    assert expected_now(run)[-1:] == pytest.approx([0.985], abs=0.01)
    assert outage_of(scope_of(run).accounts[f"{KOELN}|mobile_data"].belief) > 0.9
    healthy = outage + DAY_MS
    run.live(attach(healthy, 120, 0.985), healthy + 2 * HOUR_MS)
    assert not [anomaly for anomaly in run.anomalies if anomaly.ended_at > healthy + 20 * MINUTE_MS]
    assert weighings(run)[-1].odds_milli < 0


def test_people_who_complain_all_day_do_not_become_usual() -> None:
    """Figures fall and tickets come: an hour of it is judged as the first minute was."""
    run = Run(metrics=METRICS).live(usual_day(2, 24), MONDAY + DAY_MS)
    outage = MONDAY + DAY_MS
    parts = attach(outage, 300, 0.4) + crowd(outage, 300, 6)
    run.live(sorted(parts, key=lambda part: part.pane), outage + 5 * HOUR_MS)
    expected = [
        anomaly.expected
        for anomaly in run.anomalies
        if anomaly.area == KOELN and anomaly.source == "tickets" and anomaly.ended_at > outage + 10 * MINUTE_MS
    ]
    assert len(expected) > 200
    assert max(expected) < 0.5


@pytest.mark.parametrize("attempts", [1, 100], ids=["a_small_town_is_down", "so_large_a_town_that_the_region_is"])
def test_a_healthy_town_learns_beside_one_that_is_down(attempts: int) -> None:
    parts = attach(MONDAY, 120, 0.07, attempts=attempts) + attach(MONDAY, 120, 0.985, BONN)
    run = Run(metrics=METRICS).live(sorted(parts, key=lambda part: part.pane), MONDAY + 2 * HOUR_MS)
    alone = Run(metrics=METRICS).live(attach(MONDAY, 120, 0.985, BONN), MONDAY + 2 * HOUR_MS)
    assert levels_of(run, BONN) == levels_of(alone, BONN)
    assert levels_of(run, KOELN) != levels_of(run, BONN)


def levels_of(run: Run, area: str) -> list[SeriesState]:
    """What was learnt of the measured series of an area."""
    return [state for key, state in scope_of(run).baselines["seasonal_levels"].items() if key_fields(key).area == area]


def test_nothing_is_passed_over_while_a_place_is_hot() -> None:
    run = Run(metrics=METRICS).live(usual_day(3, 30), MONDAY + 30 * HOUR_MS)
    outage = MONDAY + 30 * HOUR_MS
    parts = sorted([*attach(outage, 20, 0.3), *crowd(outage, 20, 6)], key=lambda part: part.pane)
    run.live(parts, outage + 20 * MINUTE_MS)
    scope, rules = scope_of(run), rules_of(QUICK, DETECTORS, METRICS)
    assert scope.accounts
    judged_to = scope.judged_to
    assert not pass_quiet(scope, judged_to + 3 * HOUR_MS, rules)
    assert not list(pass_hot(scope, judged_to + 3 * HOUR_MS, rules, "DE"))
    assert scope.judged_to == judged_to


def test_a_restart_in_an_outage_changes_not_a_bit() -> None:
    outage = MONDAY + 6 * HOUR_MS
    parts = usual_day(4, 6) + attach(outage, 30, 0.5) + crowd(outage, 30, 6)
    whole, cut = Run(metrics=METRICS), Run(metrics=METRICS)
    for minute in range(0, 480, 7):
        begin, end = MONDAY + minute * MINUTE_MS, MONDAY + (minute + 7) * MINUTE_MS
        now = sorted([part for part in parts if begin <= part.pane < end], key=lambda part: part.pane)
        whole.live(deepcopy(now), end)
        cut.live(now, end)
        cut.restart()
    assert weighings(whole)
    assert whole.outputs == cut.outputs
    assert scope_of(whole).accounts == scope_of(cut).accounts


def test_on_the_first_morning_three_times_the_usual_is_usual() -> None:
    """Nobody has seen such a morning yet: a few tickets more than at night are no outage."""
    config = DetectConfig(markets=("DE",))
    parts = [complaints(MONDAY + minute * MINUTE_MS, [minute]) for minute in range(0, 300, 60)]
    parts += [complaints(MONDAY + minute * MINUTE_MS, [minute]) for minute in range(300, 420, 25)]
    run = Run(config, metrics=METRICS).live(parts, MONDAY + 8 * HOUR_MS)
    assert not [known for known in weighings(run) + weighings(run, NW) if known.odds_milli > 0]


UP = Metric(name="cells_up", kind="state", unit="count", bad="down", least_change=0.1, role=Role.SERVICE)


def up(begin: int, minutes: int, cells: float) -> list[SeriesPartial]:
    """How many of a town's sixteen cells are up, each minute."""
    begins = range(begin, begin + minutes * MINUTE_MS, MINUTE_MS)
    return [reading(at, cells, unit="count", attempts=1, measure="cells_up", service="mobile_data") for at in begins]


@pytest.mark.parametrize(
    ("cells", "role", "believed"),
    [
        pytest.param(9.0, Role.SERVICE, True, id="seven_of_sixteen_down"),
        pytest.param(15.0, Role.SERVICE, False, id="one_at_work"),
        pytest.param(9.0, Role.RESOURCE, False, id="of_which_nobody_feels_anything"),
    ],
)
def test_how_many_are_up_tells_of_customers(cells: float, role: Role, *, believed: bool) -> None:
    fails = MONDAY + 6 * HOUR_MS
    metrics = Metrics([structs.replace(UP, role=role)])
    run = Run(metrics=metrics).live([*up(MONDAY, 360, 16.0), *up(fails, 10, cells)], fails + 10 * MINUTE_MS)
    told = weighings(run)
    assert (max((known.disturbed_milli for known in told), default=-9_000) > 2_000) == believed


def readings_of(run: Run) -> list[int]:
    """From how many readings the measured series of the town have learnt."""
    return [state.readings for state in levels_of(run, KOELN) if isinstance(state, LevelState)]


def test_nothing_is_learnt_until_a_place_has_been_quiet_for_as_long_as_an_incident_is_held_open() -> None:
    fails = MONDAY + 6 * HOUR_MS
    parts = usual_day(5, 6) + attach(fails, 10, 0.3) + crowd(fails, 10, 6) + attach(fails + 10 * MINUTE_MS, 110, 0.99)
    run, sunk_at, learnt_at = Run(metrics=METRICS), 0, 0
    run.live([part for part in parts if part.pane < fails + 10 * MINUTE_MS], fails + 10 * MINUTE_MS)
    for minute in range(10, 120):
        begin = fails + minute * MINUTE_MS
        before = readings_of(run)
        run.live([part for part in parts if begin <= part.pane < begin + MINUTE_MS], begin + MINUTE_MS)
        likely = any(outage_of(account.belief) > 0.2 for account in scope_of(run).accounts.values())
        sunk_at = sunk_at or (0 if likely else begin + MINUTE_MS)
        learnt_at = learnt_at or (begin + MINUTE_MS if readings_of(run) != before else 0)
    assert 0 < sunk_at < learnt_at
    assert learnt_at >= scope_of(run).held[KOELN] > sunk_at

"""When it began and when it will end: intervals in order, renewed when their time has come."""

from math import erfc, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.belief.estimate import (
    duration_class,
    ended_at,
    estimate_due,
    estimate_end,
    lengths_of,
    minutes_left,
    renew_estimate,
    started_at,
    started_between,
    told_end,
)
from pipeline.correlate.config import EstimateConfig, LifecycleConfig
from pipeline.correlate.parts import AreaSeen, Cover, OfficialWords
from pipeline.records.clocks import Instant
from pipeline.records.published.incident_parts import EtaEstimate, Maintenance
from pipeline.records.vocabulary import IncidentState
from pipeline.reference.lasting.durations import DurationTable
from tests.correlate.made import CONFIG, dossier, incident
from tests.correlate.stories import at

PRIOR = EstimateConfig()
AGE_MINUTES_MAX = LifecycleConfig().age_days * 24 * 60


@given(elapsed=st.floats(0, AGE_MINUTES_MAX))
def test_the_interval_is_in_order_and_at_least_a_minute(elapsed: float) -> None:
    early, likely, late = minutes_left(elapsed, PRIOR)
    assert 1 <= early <= likely <= late


@given(elapsed=st.floats(1, AGE_MINUTES_MAX), part=st.sampled_from((0, 1, 2)))
def test_the_minutes_are_quantiles_of_what_is_left_of_the_prior(elapsed: float, part: int) -> None:
    def lasts(minutes: float) -> float:
        return 0.5 * erfc((log(minutes) - log(PRIOR.median_minutes)) / PRIOR.spread / sqrt(2))

    left = minutes_left(elapsed, PRIOR)[part]
    asked = (0.1, 0.5, 0.9)[part]
    below, above = (1 - lasts(elapsed + minutes) / lasts(elapsed) for minutes in (max(left - 0.5, 0), left + 0.5))
    assert below <= asked + 1e-9
    assert above >= asked - 1e-9


@given(first=st.floats(200, AGE_MINUTES_MAX / 2), later=st.floats(1, AGE_MINUTES_MAX / 2))
def test_who_has_waited_long_waits_longer(first: float, later: float) -> None:
    assert minutes_left(first + later, PRIOR)[1] >= minutes_left(first, PRIOR)[1] - 1


def test_it_began_with_the_earliest_evidence_of_any_source() -> None:
    case = incident(dossier(found={"mentions": [at(3), at(4)], "tickets": [at(-2), at(5)]}), opened=4)
    assert started_at(case) == at(-2)
    assert started_at(incident(opened=4)) == at(4)
    between = started_between(case)
    assert between.earliest < at(-2) <= between.latest


@pytest.mark.parametrize(
    ("state", "end"),
    [
        pytest.param(IncidentState.CONFIRMED, None, id="it_lasts"),
        pytest.param(IncidentState.SUSPECTED, None, id="it_is_suspected"),
        pytest.param(IncidentState.RECOVERING, at(9), id="it_recovers"),
        pytest.param(IncidentState.RESOLVED, at(9), id="it_is_resolved"),
    ],
)
def test_it_ended_with_its_last_evidence(state: IncidentState, end: int | None) -> None:
    assert ended_at(incident(dossier(minute=9), state)) == end


def test_a_window_and_a_hold_are_better_known_than_the_prior() -> None:
    case = incident(state=IncidentState.CONFIRMED)
    case.cover = Cover(
        maintenance=Maintenance(maintenance_id="m", starts_at=Instant(at(0)), until=Instant(at(90)), by="ina")
    )
    planned = estimate_end(case, at(10), CONFIG)
    assert planned is not None
    assert (planned.basis, planned.latest) == ("maintenance_window", at(90))
    case.course.state, case.course.since = IncidentState.RECOVERING, at(30)
    recovering = estimate_end(case, at(30), CONFIG)
    assert recovering is not None
    assert (recovering.basis, recovering.likely, recovering.latest) == ("recovery_curve", at(30), at(45))
    case.course.state = IncidentState.RESOLVED
    assert estimate_end(case, at(50), CONFIG) is None


def test_an_estimate_stands_until_its_time_has_come_and_is_then_filed() -> None:
    case = incident(state=IncidentState.CONFIRMED)
    assert renew_estimate(case, at(0), CONFIG)
    first = case.forecast.latest
    assert not renew_estimate(case, at(100), CONFIG)
    assert case.forecast.latest is first
    due = estimate_due(case)
    assert due is not None
    assert due == at(178)
    assert renew_estimate(case, due, CONFIG)
    assert case.forecast.earlier == [first]
    case.course.state = IncidentState.RESOLVED
    assert renew_estimate(case, due, CONFIG)
    assert (case.forecast.latest, len(case.forecast.earlier)) == (None, 2)


@pytest.mark.parametrize(
    ("state", "minutes", "told"),
    [
        pytest.param(IncidentState.RESOLVED, 239, "temporary", id="over_within_four_hours"),
        pytest.param(IncidentState.RESOLVED, 240, "prolonged", id="over_after_four_hours"),
        pytest.param(IncidentState.CONFIRMED, 0, "temporary", id="it_likely_ends_in_time"),
        pytest.param(IncidentState.CONFIRMED, 130, "unknown", id="it_may_end_in_time"),
        pytest.param(IncidentState.CONFIRMED, 230, "prolonged", id="not_even_the_earliest_end_is_in_time"),
        pytest.param(IncidentState.CONFIRMED, 240, "prolonged", id="it_lasts_four_hours_already"),
    ],
)
def test_when_an_outage_is_prolonged(state: IncidentState, minutes: int, told: str) -> None:
    seen = AreaSeen(since=at(0), last_at=at(minutes))
    case = incident(dossier(areas={"DE/NW/koeln": seen}), state)
    renew_estimate(case, at(minutes), CONFIG)
    assert duration_class(case, at(minutes), PRIOR) == told


@pytest.mark.parametrize(
    ("words", "end"),
    [
        pytest.param(OfficialWords(), 9, id="nobody_said_anything"),
        pytest.param(OfficialWords(goes_on_at=at(100)), 100, id="it_went_on_when_people_had_tired"),
        pytest.param(OfficialWords(goes_on_at=at(100), over_at=at(130)), 130, id="and_then_it_was_over"),
        pytest.param(OfficialWords(goes_on_at=at(5), over_at=at(130)), 9, id="people_were_silent_later_than_it_spoke"),
    ],
)
def test_where_only_people_tell_the_operator_may_know_better_when_it_ended(words: OfficialWords, end: float) -> None:
    case = incident(dossier(minute=9), IncidentState.RESOLVED)
    case.officials = words
    assert ended_at(case) == at(end)


def test_an_estimate_is_made_anew_when_the_outage_turns_out_to_be_of_another_kind() -> None:
    table = DurationTable(over_permille=(100, 500, 900), minutes={"any": (60, 180, 600), "wide": (120, 600, 900)})
    case = incident(state=IncidentState.CONFIRMED)
    local, wide = lengths_of(case, ["DE/NW/koeln"], table), lengths_of(case, ["DE/NW/koeln", "DE/HE"], table)
    assert (local.kind, wide.kind) == ("any", "wide")
    assert renew_estimate(case, at(0), CONFIG, local)
    assert not renew_estimate(case, at(10), CONFIG, local)
    assert renew_estimate(case, at(10), CONFIG, wide)
    assert case.forecast.latest is not None
    assert case.forecast.latest.likely == at(600)


def test_what_of_an_estimate_has_passed_when_it_is_told_is_now() -> None:
    made = EtaEstimate(
        made_at=Instant(at(0)), earliest=Instant(at(10)), likely=Instant(at(30)), latest=Instant(at(60)), basis="person"
    )
    assert told_end(made, at(10)) is made
    later = told_end(made, at(20))
    assert later is not None
    assert (later.earliest, later.likely, later.latest) == (at(20), at(30), at(60))
    assert told_end(None, at(20)) is None

"""How bad it is: the bars, and that it never falls while it lasts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.belief.believe import Belief
from pipeline.correlate.belief.estimate import started_at
from pipeline.correlate.belief.severity import settle_severity, severity_reasons
from pipeline.correlate.config import SeverityConfig
from pipeline.correlate.parts import EmergencyClaims
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.incident_parts import Interval
from pipeline.records.vocabulary import GRAVITY, IncidentState, Severity
from tests.correlate.made import dossier, incident, series
from tests.correlate.stories import at

CONFIG = SeverityConfig()
CONFIRMED = IncidentState.CONFIRMED


def belief(likely: int | None = None, low: int = 0, high: int | None = None, **facts: Any) -> Belief:
    most = max(number for number in (likely, high, low) if number is not None)
    hit = Interval(low=low, high=most, likely=likely, basis="test") if most or likely == 0 else None
    known: dict[str, Any] = {
        "suffices": None,
        "confidence_ppm": 0,
        "nature": "technical",
        "areas": [],
        "extent": "localised",
        "customers": hit,
    }
    return Belief(**{**known, **facts})


def settled(
    found: Belief,
    state: IncidentState = CONFIRMED,
    *,
    emergency: bool = False,
    lasted_minutes: int = 5,
    services: tuple[str, ...] = (),
) -> Severity:
    claims = EmergencyClaims(first_at=0, last_at=0, claims=1) if emergency else None
    case = incident(dossier(emergency=claims, services=list(services)), state)
    now = started_at(case) + lasted_minutes * MINUTE_MS
    settle_severity(case, severity_reasons(case, found, CONFIG, now), found.nature)
    return case.severity.now


@pytest.mark.parametrize(
    ("found", "severity"),
    [
        pytest.param(belief(), "warning", id="an_outage_of_unknown_size"),
        pytest.param(belief(999), "warning", id="less_than_a_thousand"),
        pytest.param(belief(1_000), "minor", id="a_thousand"),
        pytest.param(belief(9_999), "minor", id="less_than_a_town"),
        pytest.param(belief(10_000), "major", id="a_town"),
        pytest.param(belief(99_999), "major", id="less_than_a_hundred_thousand"),
        pytest.param(belief(250_000, low=200_000), "major", id="three_towns_wake_nobody_else"),
        pytest.param(belief(100_000, low=100_000, extent="not_geographic"), "critical", id="everywhere_in_part"),
        pytest.param(belief(200_000, low=99_999, extent="not_geographic"), "major", id="what_wakes_everybody_is_sure"),
        pytest.param(belief(1_200_000, low=1_000_000), "critical", id="a_million_at_once"),
        pytest.param(belief(200_000, low=50_000, extent="general"), "critical", id="or_hits_the_whole_country"),
        pytest.param(belief(1_000, high=100_000), "minor", id="what_is_likely_goes_before_what_may_be"),
        pytest.param(belief(high=1_000_000), "warning", id="an_upper_bound_makes_nothing_grave"),
        pytest.param(belief(low=900, high=900_000), "warning", id="what_may_be_at_most_raises_no_alarm"),
        pytest.param(belief(low=2_000, high=900_000), "minor", id="without_what_is_likely_the_fewest"),
        pytest.param(belief(low=10_000, high=1_000_000), "major", id="a_town_that_is_sure"),
        pytest.param(belief(1_000, low=500, high=10_000), "minor", id="what_is_likely_goes_before_what_is_sure"),
        pytest.param(belief(extent="general"), "major", id="general"),
        pytest.param(belief(extent="not_geographic"), "major", id="in_part_everywhere"),
        pytest.param(belief(100_000, nature="planned"), "minor", id="planned_work"),
        pytest.param(belief(100_000, low=100_000, extent="general", nature="content"), "minor", id="another_programme"),
    ],
)
def test_how_bad_a_confirmed_outage_is(found: Belief, severity: str) -> None:
    assert settled(found) == severity


@pytest.mark.parametrize(("minutes", "severity"), [(5, "major"), (299, "major"), (300, "critical")])
def test_three_towns_are_critical_once_it_has_cost_a_million_hours_of_people(minutes: int, severity: str) -> None:
    assert settled(belief(250_000, low=200_000), lasted_minutes=minutes) == severity


def test_television_alone_is_major_at_most() -> None:
    whole = belief(1_800_000, low=1_500_000, extent="general")
    assert settled(whole, services=("tv",)) == Severity.MAJOR
    assert settled(whole, services=("broadband", "tv")) == Severity.CRITICAL
    assert settled(whole, services=("tv",), emergency=True) == Severity.CRITICAL


@pytest.mark.parametrize(
    ("channels", "kind", "severity"),
    [
        pytest.param(["ARD", "ZDF"], "public", "minor", id="nobody_knows_how_many_miss_two_channels"),
        pytest.param(["ARD", "ZDF", "RTL"], "public", "major", id="three_are_television"),
        pytest.param(["ARD"], "network", "major", id="figures_show_it"),
        pytest.param([], "public", "major", id="nobody_names_one"),
    ],
)
def test_a_channel_or_two_of_which_people_alone_tell_are_minor(channels: list[str], kind: str, severity: str) -> None:
    said = [series(service="tv", item=name, kind=kind, records=9, measure=name) for name in channels or [""]]
    case = incident(dossier(series=said, services=["tv"]), CONFIRMED)
    reasons = severity_reasons(case, belief(low=50_000, high=400_000, extent="general"), CONFIG, at(5))
    assert reasons[0].severity == severity


def test_a_suspicion_is_minor_and_a_failed_emergency_call_is_critical_even_then() -> None:
    assert settled(belief(100_000), IncidentState.SUSPECTED) == Severity.MINOR
    assert settled(belief(), IncidentState.SUSPECTED, emergency=True) == Severity.CRITICAL
    assert settled(belief(nature="planned"), emergency=True) == Severity.CRITICAL


@pytest.mark.parametrize("state", [IncidentState.RESOLVED, IncidentState.CLOSED, IncidentState.DISMISSED])
def test_what_is_over_is_cleared(state: IncidentState) -> None:
    assert settled(belief(100_000), state, emergency=True) == Severity.CLEARED


@given(numbers=st.lists(st.integers(0, 200_000), min_size=2, max_size=8))
def test_while_it_lasts_severity_never_falls_and_the_peak_is_the_gravest(numbers: list[int]) -> None:
    case, ranks = incident(state=CONFIRMED), []
    for customers in numbers:
        found = belief(customers)
        before = settle_severity(case, severity_reasons(case, found, CONFIG, 0), found.nature)
        assert GRAVITY[before] <= GRAVITY[case.severity.now] == GRAVITY[case.severity.peak]
        ranks.append(GRAVITY[case.severity.now])
    gravest = severity_reasons(case, belief(max(numbers)), CONFIG, 0)[0].severity
    assert ranks[-1] == max(ranks) == GRAVITY[gravest]
    case.course.state = IncidentState.RESOLVED
    settle_severity(case, [], "technical")
    assert (case.severity.now, GRAVITY[case.severity.peak]) == (Severity.CLEARED, ranks[-1])


def test_the_gravest_reason_comes_first() -> None:
    case = incident(dossier(emergency=EmergencyClaims(first_at=0, last_at=0, claims=3)), CONFIRMED)
    rules = [reason.rule for reason in severity_reasons(case, belief(20_000, extent="general"), CONFIG, 0)]
    assert rules == ["emergency_unreachable", "customers_affected", "extent_general", "outage"]


def test_a_reason_says_whether_its_number_is_likely_or_the_fewest() -> None:
    for hit, words in (
        (belief(12_000, low=2_000, high=50_000), "about 12000 customers affected, the bar is 10000"),
        (belief(low=12_000, high=50_000), "at least 12000 customers affected, the bar is 10000"),
    ):
        reasons = severity_reasons(incident(state=IncidentState.CONFIRMED), hit, CONFIG, at(5))
        assert [reason.text for reason in reasons if reason.rule == "customers_affected"] == [words]

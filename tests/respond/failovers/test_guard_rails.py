"""Guard rails of backups: each row of the table stands against a use by itself, and says so once."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.records.clocks import Instant
from pipeline.records.published.incident_parts import Maintenance
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.failovers.rules import GUARD_RAILS
from pipeline.respond.failovers_config import Backup
from tests.respond.failovers.made import (
    BOT,
    EMERGENCY,
    LINES,
    Market,
    minute,
    phases_in,
    reasons_in,
    records_in,
    words_in,
)

WORKS = Maintenance(maintenance_id="w", starts_at=Instant(minute(-60)), until=Instant(minute(600)), by="noc")


def healthy(*backups: Backup, percent: int = 100, **config: Any) -> Market:
    """A market whose mobile lines have passed their health checks."""
    market = Market(*backups, **config)
    market.health(0, percent)
    return market


def test_a_confirmed_outage_proposes_a_backup_and_switches_nothing() -> None:
    market = healthy(LINES)
    outputs = market.change(1)
    assert phases_in(outputs) == [("proposed", "standby")]
    assert reasons_in(outputs) == [("sent", "awaiting_approval")]
    (record,) = market.now.values()
    assert record.guard_rails.approval_required
    assert record.guard_rails.approved_by is None
    assert record.guard_rails.backup_health == "working"
    assert record.expires_at == minute(61)
    assert "broadband, fixed_voice" in record.reason


@pytest.mark.parametrize(
    ("rail", "backup", "facts"),
    [
        pytest.param("exercise", LINES, {"exercise": True}, id="exercise"),
        pytest.param("certain", LINES, {"state": IncidentState.SUSPECTED}, id="certain"),
        pytest.param("planned", LINES, {"maintenance": WORKS}, id="planned"),
        pytest.param("severity", replace(LINES, severity_min="critical"), {}, id="severity"),
        pytest.param("confidence", replace(LINES, confidence_percent_min=98), {}, id="confidence"),
        pytest.param("emergency", replace(LINES, emergency="required"), {}, id="emergency_required"),
        pytest.param("emergency", replace(LINES, emergency="excluded"), {"emergency": EMERGENCY}, id="excluded"),
        pytest.param("needs", LINES, {"services": ("fixed_voice", "mobile_voice")}, id="needs"),
        pytest.param("health", replace(LINES, health_element="pool-3"), {}, id="health_unknown"),
    ],
)
def test_each_guard_rail_stands_by_itself_and_says_so_once(rail: str, backup: Backup, facts: dict[str, Any]) -> None:
    market = healthy(backup)
    outputs = market.change(1, **facts)
    assert phases_in(outputs) == []
    assert f"[{rail}]" in words_in(outputs)
    assert {known.name: known.reason.value for known in GUARD_RAILS}[rail] in dict(reasons_in(outputs)).values()
    assert market.change(2) == [], "the same reason is not written again"


def test_every_guard_rail_has_a_test() -> None:
    tested = {"exercise", "certain", "planned", "severity", "confidence", "emergency", "needs", "health"}
    assert {rail.name for rail in GUARD_RAILS} == tested | {"switches", "free", "customers"}  # test_whom.py


def test_a_planned_window_does_not_hold_back_what_emergency_calls_need() -> None:
    assert phases_in(healthy(LINES).change(1, maintenance=WORKS, emergency=EMERGENCY)) == [("proposed", "standby")]


def test_an_outage_of_others_services_and_areas_is_no_business_of_a_backup() -> None:
    backups = (
        replace(LINES, target="tv", services=("tv",)),
        replace(LINES, target="south", areas=("DE/BY",)),
        replace(LINES, target="other", operator="o2"),
    )
    assert healthy(*backups).change(1) == []
    assert phases_in(healthy(replace(LINES, areas=("DE/NW",))).change(1)) == [("proposed", "standby")]


@pytest.mark.parametrize(
    ("percent", "proposed"), [pytest.param(40, False, id="down"), pytest.param(70, True, id="degraded")]
)
def test_never_over_to_what_is_down_itself(percent: int, proposed: bool) -> None:
    market = healthy(LINES, percent=percent)
    assert bool(phases_in(market.change(1))) == proposed


def test_a_refused_backup_is_asked_for_when_its_health_is_back() -> None:
    market = healthy(LINES, percent=0)
    assert reasons_in(market.change(1)) == [("suppressed", "guard_rail")]
    assert market.health(5, 40) == [], "the mean of the quarter is still down"
    assert market.health(10, 100) == []
    assert phases_in(market.health(15, 100)) == [("proposed", "standby")]
    market.health(20, 100)
    healths = [record.guard_rails.backup_health for record in records_in(market.written)]
    assert healths == ["degraded", "working"], "the proposal is kept up to date"


def test_an_active_backup_that_falls_down_goes_back_to_standby_at_once() -> None:
    market = healthy(LINES, mode="act")
    assert phases_in(market.change(1)) == [("active", "active")]
    outputs = market.health(15, 0)
    assert phases_in(outputs) == [("unhealthy", "standby")]
    assert market.now["netcologne/hotline"].guard_rails.backup_health == "working", "as it was when it was approved"


def test_a_backup_never_stays_longer_than_its_longest_time() -> None:
    market = Market(replace(BOT, switches_per_day_max=2), mode="act")
    market.change(1)
    assert phases_in(market.passing(120.9)) == []
    assert phases_in(market.passing(121)) == [("expired", "standby")]
    assert "[switches]" in words_in(market.written)
    assert phases_in(market.passing(24 * 60)) == []


def test_what_flaps_is_switched_only_so_often_a_day_and_again_on_the_next() -> None:
    market = Market(replace(BOT, switches_per_day_max=4), mode="act")
    for begin in (0, 10, 20, 30):
        market.change(begin, state=IncidentState.CONFIRMED)
        market.change(begin + 5, state=IncidentState.RESOLVED)
    switched = [phase for phase in phases_in(market.written) if phase[0] in ("active", "over")]
    assert len(switched) == 4
    assert ("suppressed", "flapping") in reasons_in(market.written)
    assert phases_in(market.change(25 * 60, state=IncidentState.CONFIRMED)) == [("active", "active")]


@pytest.mark.parametrize(
    "state", [IncidentState.RESOLVED, IncidentState.DISMISSED, IncidentState.CLOSED], ids=lambda state: state.value
)
@pytest.mark.parametrize("mode", ["propose", "act"])
def test_when_the_outage_is_over_every_backup_is_back_to_standby(state: IncidentState, mode: str) -> None:
    market = healthy(LINES, BOT, mode=mode)
    market.change(1)
    outputs = market.change(30, state=state)
    assert phases_in(outputs) == [("over", "standby")] * 2
    assert market.passing(10_000) == [], "and nothing follows"


def test_a_recovering_outage_keeps_what_it_has_and_asks_for_nothing_new() -> None:
    market = healthy(LINES, mode="act")
    market.change(1)
    assert phases_in(market.change(10, state=IncidentState.RECOVERING)) == []
    late = healthy(LINES)
    assert phases_in(late.change(1, state=IncidentState.RECOVERING)) == []


def test_emergency_lines_are_never_switched_by_themselves() -> None:
    market = healthy(replace(LINES, emergency_line=True), mode="act")
    assert phases_in(market.change(1, emergency=EMERGENCY)) == [("proposed", "standby")]
    (record,) = market.now.values()
    assert record.guard_rails.approval_required
    assert record.guard_rails.approvals_required == 2


def test_a_backup_that_left_the_catalogue_goes_back_to_standby() -> None:
    market = healthy(LINES, mode="act")
    market.change(1)
    market.rules = Market(BOT).rules
    assert phases_in(market.change(2)) == [("over", "standby"), ("proposed", "standby")]

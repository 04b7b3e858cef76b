"""Orders of people about backups: who may, two people, too late, twice, an exercise, and back to standby at once."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.records.vocabulary import IncidentState
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


def proposed(*backups: Backup, **config: Any) -> tuple[Market, str]:
    """A market with a proposal of the first backup, and its id."""
    market = Market(*backups, **config)
    market.health(0, 100)
    market.change(1)
    return market, market.now[backups[0].target].failover_id


def test_a_persons_yes_switches_a_backup_and_says_who_said_it() -> None:
    market, failover_id = proposed(LINES)
    outputs = market.order(5, "approve", failover_id)
    assert phases_in(outputs) == [("active", "active")]
    assert reasons_in(outputs) == [("sent", "command")]
    (record,) = market.now.values()
    assert (record.guard_rails.approved_by, record.guard_rails.approved_at) == ("ina", minute(5))
    assert (record.active_since, record.expires_at) == (minute(5), minute(125))


def test_emergency_lines_take_two_different_people() -> None:
    market, failover_id = proposed(replace(LINES, emergency_line=True))
    first = market.order(5, "approve", failover_id, by="ina")
    assert phases_in(first) == [("proposed", "standby")]
    assert reasons_in(first) == [("changed", "awaiting_approval")]
    assert reasons_in(market.order(6, "approve", failover_id, by=" Ina")) == [("refused", "already_done")]
    second = market.order(7, "approve", failover_id, by="omar")
    assert phases_in(second) == [("active", "active")]
    (record,) = market.now.values()
    assert [known.by for known in record.guard_rails.approvals] == ["ina", "omar"]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        pytest.param({"by": "eve"}, "not_allowed", id="not_of_the_team"),
        pytest.param({"by": "ben"}, "not_allowed", id="no_right_to_approve"),
        pytest.param({"exercise": True}, "exercise", id="an_order_of_an_exercise"),
    ],
)
def test_who_may_not_is_refused_with_a_reason_and_nothing_is_switched(order: dict[str, Any], reason: str) -> None:
    roles = {"duty-manager": ("ina", "ben"), "care": ("eve", "ina")}
    market, failover_id = proposed(LINES, roles=roles, rights={"approve": ("care",)})
    outputs = market.order(5, "approve", failover_id, **order)
    assert phases_in(outputs) == []
    assert reasons_in(outputs) == [("refused", reason)]
    assert phases_in(market.order(6, "approve", failover_id, by="ina")) == [("active", "active")]


def test_a_repeat_too_late_and_what_is_unknown_are_refused() -> None:
    market, failover_id = proposed(LINES)
    market.order(5, "approve", failover_id)
    assert reasons_in(market.order(6, "approve", failover_id)) == [("refused", "already_done")]
    assert market.order(6, "approve", failover_id) == [], "the same order again"
    assert reasons_in(market.order(7, "reject", failover_id)) == [("refused", "already_done")]
    assert reasons_in(market.order(8, "approve", "f-unknown")) == [("refused", "unknown_target")]
    late, late_id = proposed(LINES)
    assert phases_in(late.passing(61)) == [("lapsed", "standby")]
    assert reasons_in(late.order(62, "approve", late_id)) == [("refused", "expired")]


def test_guard_rails_are_asked_again_when_a_person_approves() -> None:
    market, failover_id = proposed(replace(LINES, health_minutes=5))
    outputs = market.order(17, "approve", failover_id)
    assert reasons_in(outputs) == [("refused", "guard_rail")], "its health was last known a quarter of an hour ago"
    assert "[health]" in words_in(outputs)


def test_withdraw_takes_back_at_once_and_it_is_not_asked_for_again_unless_it_becomes_graver() -> None:
    market, failover_id = proposed(BOT, mode="act")
    assert phases_in(market.order(5, "withdraw", failover_id, reason="wrong numbers")) == [("withdrawn", "standby")]
    assert phases_in(market.change(6)) == []
    assert phases_in(market.change(7, emergency=EMERGENCY)) == [("active", "active")]


def test_withdraw_of_an_incident_takes_back_all_of_it() -> None:
    market, _ = proposed(LINES, BOT, mode="act")
    assert phases_in(market.order(5, "withdraw", "one")) == [("withdrawn", "standby")] * 2
    assert reasons_in(market.order(6, "withdraw", "one")) == [("refused", "no_target")]


def test_approving_all_that_waits_of_an_incident_switches_no_backup() -> None:
    market, _ = proposed(LINES)
    assert phases_in(market.order(5, "approve", "one")) == []
    assert market.now["netcologne/hotline"].desired == "standby"


def test_a_no_is_kept_until_the_outage_is_graver_and_a_lapsed_proposal_is_like_a_no() -> None:
    market, failover_id = proposed(LINES)
    assert phases_in(market.order(5, "reject", failover_id)) == [("rejected", "standby")]
    assert phases_in(market.change(20)) == []
    assert phases_in(market.change(21, state=IncidentState.RECOVERING) + market.change(22)) == []


def test_revisions_count_up_and_the_last_record_of_a_target_is_what_holds() -> None:
    market, failover_id = proposed(LINES)
    market.order(5, "approve", failover_id)
    market.order(9, "withdraw", failover_id)
    records = records_in(market.written)
    assert [record.revision for record in records] == [1, 2, 3]
    assert {record.failover_id for record in records} == {failover_id}
    assert market.now["netcologne/hotline"].desired == "standby"

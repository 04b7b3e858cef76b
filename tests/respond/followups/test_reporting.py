"""Regulators' clocks: crossed is told once, most of the time over is warned of, all of it over is said."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.errors import ConfigError
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incident_parts import AreaShare, Cause, EmergencyImpact, EtaEstimate
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.reference.regulators import ReportingRule, reporting_of
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.followups.reports.reporting import REPORTING
from pipeline.respond.followups_config import FollowupConfig
from pipeline.respond.telling import told
from tests.respond.followups.made import RULES, Outage, customers, minute, notices_in, reasons_in

NO_112 = EmergencyImpact(affected=True, numbers=("911",))
STATE_DOWN = (AreaShare(area="AU/NSW", name="New South Wales", share_ppm=950_000),)
FIXED = {"services": ("broadband",)}
MOBILE = {"services": ("mobile_data",)}


def test_the_number_of_a_suspicion_costs_nobody_a_minute() -> None:
    outage = Outage(REPORTING, market="US", customers_affected=customers(0, 2_500_000), state=IncidentState.SUSPECTED)
    outage.change(4)
    outage.change(5, state=IncidentState.CONFIRMED, customers_affected=customers(10_000, 20_000))
    outage.change(10)
    minutes = told(outage.case, outage.now).customer_minutes
    assert minutes is not None
    assert (minutes.low, minutes.high) == (100_000, 200_000), "ten minutes of what is known since the confirmation"


REMOTE = replace(
    RULES, config=RespondConfig(followups=FollowupConfig(remote_areas=("AU/WA/halls-creek", "AU/WA/broome")))
)


@pytest.mark.parametrize(
    ("rules", "areas", "crossed_at"),
    [
        pytest.param(REMOTE, {"AU/WA/halls-creek": 300, "AU/WA/perth": 400}, 180, id="so_many_in_a_remote_area"),
        pytest.param(REMOTE, {"AU/WA/halls-creek": 240, "AU/WA/perth": 400}, None, id="too_few_there"),
        pytest.param(REMOTE, {"AU/WA/halls-creek": 200, "AU/WA/broome": 60}, 180, id="in_two_of_them"),
        pytest.param(REMOTE, {"AU/WA/broome": 200, "AU/WA/broome/town": 190}, None, id="nobody_counts_twice"),
        pytest.param(RULES, {"AU/WA/halls-creek": 300}, None, id="where_none_is_named"),
    ],
)
def test_customers_of_a_remote_area_count_where_the_operator_names_it(
    rules: RespondRules, areas: dict[str, int], crossed_at: int | None
) -> None:
    rows = tuple(AreaShare(area=area, customers_affected=customers(number, number)) for area, number in areas.items())
    outage = Outage(REPORTING, rules, market="AU", areas=rows, customers_affected=customers(240, 700, 700))
    outputs = [*outage.change(2), *outage.passing(179)]
    assert outputs == []
    assert [about for about, _ in reasons_in(outage.passing(181))] == (["au_acma_local"] if crossed_at else [])


@pytest.mark.parametrize(
    ("market", "facts", "profile", "crossed_at"),
    [
        pytest.param("US", {"customers_affected": customers(0, 60_000, 30_000)}, "us_fcc_outage", 30, id="us_minutes"),
        pytest.param("US", {"customers_affected": customers(0, 30_000, 15_000)}, "us_fcc_outage", 60, id="us_few"),
        pytest.param("US", {"emergency": NO_112}, "us_fcc_911", 2, id="us_911_at_once"),
        pytest.param(
            "AU", {"customers_affected": customers(90_000, 130_000)}, "au_acma_major", 60, id="au_middle_decides"
        ),
        pytest.param("AU", {"areas": STATE_DOWN}, "au_acma_major", 60, id="au_whole_state"),
        pytest.param("AU", {"customers_affected": customers(900, 1_100, 1_000)}, "au_acma_local", 360, id="au_local"),
        pytest.param(
            "GB", {"customers_affected": customers(0, 10**6, 100_000)}, "gb_ofcom_urgent", 2, id="gb_any_time"
        ),
        pytest.param("GB", {"customers_affected": customers(10_000, 10_000), **FIXED}, "gb_ofcom", 480, id="gb_fixed"),
        pytest.param("DE", {}, "de_tkg_58_word", 1_440, id="de_a_day"),
    ],
)
def test_a_threshold_that_is_crossed_is_a_decision_and_a_draft_once(
    market: str, facts: dict[str, Any], profile: str, crossed_at: int
) -> None:
    outage = Outage(REPORTING, market=market, **facts)
    outputs = outage.change(2)
    if crossed_at > 2:
        assert outputs == []
        assert outage.passing(crossed_at - 1) == []
        outputs = outage.passing(crossed_at)
    assert reasons_in(outputs) == [(profile, "threshold_crossed")]
    (notice,) = notices_in(outputs)
    rule = next(rule for rule in outage.rules.reporting if rule.profile == profile)
    assert notice.drafted_at == minute(crossed_at)
    assert notice.due_at == minute(crossed_at + rule.due_minutes)
    assert notice.audience == rule.audience
    assert (notice.state, notice.approver) == ("draft", "duty-manager")
    assert outage.change(crossed_at + 1) == []


@pytest.mark.parametrize(
    ("market", "facts"),
    [
        pytest.param("US", {"customers_affected": customers(0, 60_000, 29_000)}, id="too_few_user_minutes"),
        pytest.param("AU", {"customers_affected": customers(90_000, 105_000)}, id="the_middle_is_below"),
        pytest.param("GB", {"customers_affected": customers(10_000, 10_000), **MOBILE}, id="another_service"),
        pytest.param("GB", {"emergency": EmergencyImpact(affected=None)}, id="nobody_knows_about_calls"),
        pytest.param("AU", {"areas": (AreaShare(area="AU/NSW", share_ppm=500_000),)}, id="half_a_state"),
        pytest.param(
            "GB",
            {"customers_affected": customers(0, 10**6, 100_000), "state": IncidentState.SUSPECTED},
            id="a_suspicion",
        ),
        pytest.param("FR", {"customers_affected": customers(10**6, 10**6)}, id="a_market_without_profile"),
    ],
)
def test_what_does_not_reach_a_threshold_is_reported_to_nobody(market: str, facts: dict[str, Any]) -> None:
    outage = Outage(REPORTING, market=market, **facts)
    assert outage.change(2) == []
    assert outage.passing(31) == []


def test_user_minutes_count_from_the_start_and_follow_the_number_of_customers() -> None:
    outage = Outage(REPORTING, market="US", customers_affected=customers(10_000, 10_000))
    assert outage.change(10) == []
    assert outage.change(40, customers_affected=customers(50_000, 50_000)) == []
    assert outage.passing(49) == []
    assert reasons_in(outage.passing(50)) == [("us_fcc_outage", "threshold_crossed")], "10,000 x 40 + 50,000 x 10"


def test_an_outage_that_ended_before_crosses_nothing_afterwards() -> None:
    outage = Outage(REPORTING, market="US", customers_affected=customers(30_000, 30_000))
    outage.change(2)
    outage.change(29, state=IncidentState.RECOVERING, ended_at=Instant(minute(20)))
    assert outage.passing(600) == []


def test_a_clock_warns_at_four_fifths_of_its_time_and_says_when_it_is_over() -> None:
    outage = Outage(REPORTING, market="US", emergency=NO_112)
    outage.change(10)
    assert outage.passing(33) == []
    assert reasons_in(outage.passing(34)) == [("us_fcc_911", "due_soon")]
    assert outage.passing(39) == []
    assert reasons_in(outage.passing(40)) == [("us_fcc_911", "overdue")]
    assert outage.passing(120) == []


@pytest.mark.parametrize("by_draft", [True, False], ids=["the_draft", "the_profile_as_note"])
def test_who_says_that_it_was_reported_stops_the_clock(by_draft: bool) -> None:
    outage = Outage(REPORTING, market="US", emergency=NO_112)
    (draft,) = notices_in(outage.change(10))
    target, note = (draft.notice_id, "") if by_draft else ("", "us_fcc_911")
    approved, answer = outage.order(20, "approve", target, note=note)
    assert isinstance(approved, Notice)
    assert (approved.state, approved.approved_by, approved.notice_revision) == ("approved", "ina", 2)
    assert isinstance(answer, Decision)
    assert (answer.kind.value, answer.reason.value) == ("changed", "command")
    assert outage.case.followups.reports["us_fcc_911"].done_at == minute(20)
    assert reasons_in(outage.passing(120)) == []


def test_who_has_no_right_to_approve_stops_no_clock() -> None:
    guarded = RespondConfig(roles={"press": ("omar",)}, rights={"approve": ("press",)})
    outage = Outage(REPORTING, replace(RULES, config=guarded), market="US", emergency=NO_112)
    outage.change(10)
    (answer,) = outage.order(20, "approve", note="us_fcc_911")
    assert isinstance(answer, Decision)
    assert answer.reason.value == "not_allowed"
    assert outage.case.followups.reports["us_fcc_911"].done_at is None


def test_reports_go_on_as_the_profile_says_while_it_lasts_and_once_at_its_end() -> None:
    outage = Outage(REPORTING, market="AU", customers_affected=customers(200_000, 200_000))
    outage.change(2)
    first = notices_in(outage.passing(60))
    later = notices_in(outage.passing(60 + 3 * 1_440 + 1))
    after = [(int(notice.drafted_at) - minute(60)) // MINUTE_MS for notice in later if "Major" in notice.body]
    assert after == [360, 720, 1_080, 1_440, 2_880, 4_320]
    assert len({notice.notice_id for notice in [*first, *later]}) == 1 + len(later)
    assert first[0].notice_id in {notice.supersedes for notice in later}
    resolved = outage.change(6_000, state=IncidentState.RESOLVED, ended_at=Instant(minute(5_950)))
    assert [notice.kind.value for notice in notices_in(resolved)] == ["all_clear"] * 2
    assert outage.passing(9_000) == []


def test_one_that_is_reopened_is_reported_again() -> None:
    outage = Outage(REPORTING, market="US", emergency=NO_112)
    outage.change(2)
    assert len(notices_in(outage.change(30, state=IncidentState.RESOLVED, ended_at=Instant(minute(20))))) == 1
    outage.passing(300)
    assert outage.change(310, state=IncidentState.CONFIRMED, ended_at=None) == []
    assert len(notices_in(outage.passing(430))) == 1


def test_a_report_says_scale_cause_areas_services_and_end_and_what_is_not_known() -> None:
    koeln = (AreaShare(area="DE/NW/koeln", name="Köln"),)
    facts: dict[str, Any] = {"customers_affected": customers(235_000, 470_000), "causes": None, "areas": koeln}
    outage = Outage(REPORTING, market="DE", **facts)
    outage.change(2)
    (notice,) = notices_in(outage.passing(1_440))
    assert notice.language == "de"
    assert "235\u202f000 bis 470\u202f000 Kunden" in notice.body
    assert "Ursache: noch nicht bekannt" in notice.body
    assert "Köln" in notice.body
    assert "Dienste: Internet" in notice.body
    assert "Voraussichtliches Ende" in notice.body
    end = EtaEstimate(
        made_at=outage.now.opened_at, earliest=Instant(minute(0)), latest=Instant(minute(60)), basis="person"
    )
    known = Outage(REPORTING, **facts | {"causes": (Cause(kind="cable_cut", text="a digger"),), "estimated_end": end})
    known.change(2)
    (notice,) = notices_in(known.passing(1_440))
    assert "Ursache, soweit bekannt: a digger" in notice.body
    assert "zwischen 2025-02-12 09:00 und 2025-02-12 10:00" in notice.body


@pytest.mark.parametrize(
    ("numbers", "says", "doubts"),
    [
        pytest.param(customers(0, 60_000, 30_000), "User-minutes so far: 0 to 1 800 000.", "900 000", id="wide"),
        pytest.param(customers(30_000, 40_000), "User-minutes so far: 900 000 to 1 200 000.", "", id="sure"),
    ],
)
def test_a_report_names_both_ends_and_says_if_the_least_is_below_the_threshold(
    numbers: Any, says: str, doubts: str
) -> None:
    outage = Outage(REPORTING, market="US", customers_affected=numbers)
    outage.change(2)
    (notice,) = notices_in(outage.passing(30))
    body = notice.body.replace("\u202f", " ")
    assert says in body
    assert f"Scale: {numbers.low if numbers.low == 0 else '30 000'} to" in body
    assert (f"the threshold is {doubts}, and the least number, 0," in body) == bool(doubts)
    assert ("To check" in body) == bool(doubts)


def test_a_doubt_about_customers_is_said_and_ends_when_it_is_sure() -> None:
    outage = Outage(REPORTING, market="AU", customers_affected=customers(90_000, 130_000))
    outage.change(2)
    (first,) = notices_in(outage.passing(60))
    assert "the threshold is 100\u202f000, and the least number, 90\u202f000," in first.body
    assert "User-minutes" not in first.body, "the profile does not ask for them"
    outage.change(100, customers_affected=customers(110_000, 130_000))
    (second, _) = notices_in(outage.passing(420))
    assert "the threshold is" not in second.body


def test_the_incident_tells_its_clocks_and_who_stopped_them() -> None:
    outage = Outage(REPORTING, market="US", emergency=NO_112)
    outage.change(10)
    outage.order(20, "approve", note="us_fcc_911")
    (clock,) = told(outage.case, outage.now).reporting_clocks or ()
    assert (clock.profile, clock.due_at, clock.done_at) == ("us_fcc_911", minute(40), minute(20))
    assert told(Outage(REPORTING).case_after(2), outage.now).reporting_clocks is None


def test_a_report_of_an_exercise_is_marked() -> None:
    outage = Outage(REPORTING, market="US", emergency=NO_112, exercise=True)
    (notice,) = notices_in(outage.change(2))
    assert notice.exercise
    assert notice.body.startswith("EXERCISE")


def test_a_rule_without_a_condition_or_of_two_markets_is_refused() -> None:
    rule = ReportingRule(profile="p", market="DE", duty="tell", source="law", due_minutes=5)
    with pytest.raises(ConfigError, match="no condition"):
        reporting_of([rule])
    rows = [
        ReportingRule(profile="p", market=market, duty="t", source="s", due_minutes=5, emergency=True)
        for market in ("DE", "FR")
    ]
    with pytest.raises(ConfigError, match="several markets"):
        reporting_of(rows)


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(ConfigError, match="report_writer"):
        FollowupConfig(report_writer="")
    with pytest.raises(ConfigError, match="report_warning_percent"):
        FollowupConfig(report_warning_percent=100)

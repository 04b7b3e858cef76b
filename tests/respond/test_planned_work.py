"""Planned work that lies ahead: told once to each audience in its time, taken back when it is called off."""

from typing import Any, Final

import pytest

from pipeline.casework import CaseworkState, apply
from pipeline.correlate.config import CorrelateConfig
from pipeline.records.clocks import MINUTE_MS, PANE_MS, Instant
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.changes import work_id_of
from pipeline.records.published.decisions import Decision
from pipeline.records.published.notices import Notice, latest_of
from pipeline.reference.communication import Ahead, CommunicationProfile
from pipeline.respond.apply import DUTIES
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.remembered.works import WORKS_MAX
from tests.correlate.stories import REFERENCE, at, command, pane_with, talk, time_text
from tests.respond.notices.telling import RULES as SHIPPED
from tests.wording.shipped import WORDING

HOUR: Final = 60
DAY: Final = 24 * HOUR
IN_A_WHILE: Final = 10 * DAY
"""Beyond what business customers are told before."""


class Desk:
    """CORRELATE and RESPOND of one market, and what they say."""

    def __init__(self, rules: RespondRules = SHIPPED) -> None:
        self.state, self._rules = CaseworkState(0), rules
        self.notices: list[Notice] = []
        self.decisions: list[Decision] = []

    def tell(self, minute: float, *things: object) -> list[Notice]:
        """Let time pass to the pane that holds these things; the notices of it."""
        end = (at(minute) // PANE_MS + 1) * PANE_MS
        panes = [pane_with(end, things)] if things else []
        record = Sealed(market="DE", epoch=1, partition=0, partitions=1, sealed_to=Instant(end), panes=panes)
        outputs = apply(self.state, record, (CorrelateConfig(), REFERENCE), self._rules, DUTIES).outputs
        said = [output for output in outputs if isinstance(output, Notice)]
        self.notices += said
        self.decisions += [output for output in outputs if isinstance(output, Decision)]
        return said

    def order(self, minute: float, begins: float, lasts: float = 3 * HOUR, **facts: Any) -> list[Notice]:
        """Order work on NetCologne's network."""
        known = {"command_id": "chg-1", "service": "broadband", "area": "DE/NW/koeln", "reason": "a new cable"}
        window = {"starts_at": time_text(begins), "until": time_text(begins + lasts)}
        return self.tell(minute, command(minute, "maintenance", "netcologne", **{**known, **window, **facts}))

    def works(self) -> list[str]:
        """Names of the slots of planned work."""
        return [name for name in self.state.slots if name.startswith("work|")]


def audiences(notices: list[Notice]) -> set[str]:
    return {notice.audience for notice in notices}


def minute_of(notice: Notice) -> float:
    return (int(notice.drafted_at) - at(0)) / MINUTE_MS


def test_each_audience_is_told_once_in_its_time_and_nothing_follows_the_end() -> None:
    desk = Desk()
    assert desk.order(1, IN_A_WHILE) == []
    told = desk.tell(IN_A_WHILE + DAY)
    firsts = [notice for notice in told if notice.notice_revision == 1]
    times = {notice.audience: minute_of(notice) for notice in firsts}
    assert times == {
        "business_customers": IN_A_WHILE - 7 * DAY,
        "customers": IN_A_WHILE - 2 * DAY,
        "care_agents": IN_A_WHILE - 2 * DAY,
        "field_technicians": IN_A_WHILE - 2 * DAY,
    }
    places = [(notice.audience, notice.outlet, notice.language) for notice in firsts]
    assert len(set(places)) == len(places)
    assert {notice.state for notice in latest_of(told)} == {"expired"}, "nobody approved them, and it has begun"
    assert {notice.incident_id for notice in told} == {work_id_of("DE", "chg-1")}
    assert desk.works() == []


def test_what_is_nearer_is_told_at_once_and_says_when_where_and_what() -> None:
    told = Desk().order(1, 5 * HOUR)
    assert audiences(told) == {"customers", "business_customers", "care_agents", "field_technicians"}
    (page,) = (n for n in told if (n.audience, n.outlet, n.language) == ("customers", "web", "de"))
    for words in ("NetCologne", "14:00", "17:00", "Köln", "Internet"):
        assert words in page.body, page.body
    assert "a new cable" not in page.body, "the reason is for who works here"
    (staff,) = (n for n in told if n.audience == "care_agents")
    assert "a new cable" in staff.body
    assert not [n for n in told if n.outlet in ("push", "sms", "cap", "hotline")]
    assert all(n.due_at is not None and n.drafted_at < n.due_at < at(5 * HOUR) for n in told)


@pytest.mark.parametrize(("service", "is_told"), [("broadband", False), ("mobile_voice", True)])
def test_who_may_be_unable_to_call_for_help_is_told_what_to_do(service: str, *, is_told: bool) -> None:
    told = Desk().order(1, 5 * HOUR, service=service)
    (page,) = (n for n in told if (n.audience, n.outlet, n.language) == ("customers", "web", "de"))
    assert ("Notruf" in page.body) == is_told


def test_a_profile_says_how_long_before() -> None:
    ahead = (Ahead(minutes=HOUR, audiences=("care_agents",)), Ahead(minutes=3 * HOUR))
    profile = CommunicationProfile(profile="short", source="a test", planned_ahead=ahead)
    desk = Desk(RespondRules(config=RespondConfig(), wording=WORDING, communication=(profile,)))
    desk.order(1, 10 * HOUR)
    desk.tell(11 * HOUR)
    assert {(n.audience, minute_of(n)) for n in desk.notices if n.notice_revision == 1} == {
        ("care_agents", 9 * HOUR),
        *((name, 7 * HOUR) for name in ("customers", "business_customers", "field_technicians")),
    }


@pytest.mark.parametrize("named", ["chg-1", work_id_of("DE", "chg-1")], ids=["by_its_reference", "by_the_works_id"])
def test_drafts_of_what_is_called_off_are_withdrawn_and_nothing_follows(named: str) -> None:
    desk = Desk()
    assert audiences(desk.order(1, 5 * DAY)) == {"business_customers"}
    said = desk.tell(2, command(2, "dismiss", named, reason="the cable is late"))
    assert {notice.state for notice in said} == {"withdrawn"}
    assert desk.tell(6 * DAY) == []
    assert desk.works() == []


def test_who_was_told_hears_that_it_does_not_take_place() -> None:
    desk = Desk()
    desk.order(1, 30 * HOUR)
    (page,) = (n for n in desk.notices if (n.audience, n.outlet, n.language) == ("customers", "web", "de"))
    (approved,) = desk.tell(2, command(2, "approve", page.notice_id))
    assert approved.state == "approved"
    said = desk.tell(3, command(3, "dismiss", "chg-1", reason="the cable is late"))
    (correction,) = (notice for notice in said if notice.notice_revision == 1)
    assert (correction.occasion, correction.supersedes) == ("work_cancelled", page.notice_id)
    assert "finden nicht statt" in correction.body
    refused = desk.tell(4, command(4, "approve", page.notice_id))
    assert refused == []
    assert desk.decisions[-1].kind == "refused"
    (approved,) = desk.tell(5, command(5, "approve", correction.notice_id))
    assert approved.state == "approved"


def test_a_text_that_counts_as_sent_is_taken_back_too() -> None:
    config = RespondConfig(sent_by_rule=(("planned_work", "internal", "noc-lead"),))
    desk = Desk(RespondRules(config=config, wording=WORDING))
    desk.order(1, 5 * HOUR)
    said = desk.tell(3, command(3, "dismiss", "chg-1", reason="late"))
    assert audiences([n for n in said if n.occasion == "work_cancelled"]) == {"care_agents", "field_technicians"}


def test_work_that_has_begun_is_called_off_without_a_word() -> None:
    desk = Desk()
    desk.order(1, 5)
    desk.tell(2, command(2, "approve", work_id_of("DE", "chg-1")))
    assert desk.tell(10, command(10, "dismiss", "chg-1", reason="done sooner")) == []


def test_an_order_about_the_work_means_all_that_waits_of_it() -> None:
    desk = Desk()
    drafts = desk.order(1, 5 * HOUR)
    approved = desk.tell(2, command(2, "approve", work_id_of("DE", "chg-1")))
    assert {notice.state for notice in approved} == {"approved"}
    assert len(approved) == len(drafts)
    assert desk.tell(3, command(3, "approve", work_id_of("DE", "chg-1"))) == []
    assert desk.decisions[-1].reason == "no_target"


def test_work_that_comes_again_is_told_of_each_time() -> None:
    desk = Desk()
    desk.order(1, 3 * DAY, recurrence="FREQ=WEEKLY;COUNT=3")
    desk.tell(30 * DAY)
    pages = [n for n in desk.notices if (n.outlet, n.language) == ("web", "de") and n.notice_revision == 1]
    assert [minute_of(page) for page in pages] == [DAY, 8 * DAY, 15 * DAY]
    assert desk.works() == []


def test_an_exercise_is_marked_and_what_has_begun_or_has_one_incident_is_not_announced() -> None:
    desk = Desk()
    told = desk.order(1, 5 * HOUR, exercise=True)
    assert told
    assert all(n.exercise and "ÜBUNG" in n.body for n in told if n.language == "de")
    assert desk.order(2, 1, command_id="chg-2") == []
    desk.tell(3, talk(3))
    (name,) = {d.incident_id for d in desk.decisions if d.incident_id and d.incident_id != work_id_of("DE", "chg-1")}
    window = {"starts_at": time_text(100), "until": time_text(200)}
    assert desk.tell(4, command(4, "maintenance", str(name), **window)) == []


def test_no_more_works_are_announced_than_a_market_can_have() -> None:
    desk = Desk()
    for number in range(WORKS_MAX + 1):
        desk.order(1 + number, IN_A_WHILE, command_id=f"chg-{number}")
    assert len(desk.works()) == WORKS_MAX
    assert desk.decisions[-2].reason == "limit_reached"

"""What follows a first word: updates, the end and its revision, cadence, recovery, all-clear, relapse."""

import dataclasses
from itertools import pairwise

import pytest

from pipeline.records.published.incident_parts import Cause
from pipeline.records.vocabulary import IncidentState, Severity
from pipeline.respond.config import RespondConfig
from tests.respond.notices.telling import NAMES, RULES, Telling, at, drafts, occasions, text_in

RECOVERING, RESOLVED, CLOSED = IncidentState.RECOVERING, IncidentState.RESOLVED, IncidentState.CLOSED


def told() -> Telling:
    telling = Telling()
    telling.change(3)
    return telling


@pytest.mark.parametrize("outlet", ["web", "sms", "push", "x", "facebook", "chat", "hotline", "status_page", "email"])
def test_emergency_calls_that_fail_later_are_told_at_once_first_and_with_what_to_do_instead(outlet: str) -> None:
    telling = told()
    notices = telling.change(4, numbers=("112", "110"))
    text = text_in(notices, outlet)
    assert text.startswith(("Notrufe", "Notruf "))
    assert "Mobiltelefon" in text
    assert "1 1 2" in text if outlet == "hotline" else "112" in text
    assert {notice.state for notice in notices if notice.notice_revision > 1} == {"superseded"}


def test_nobody_is_sent_to_a_phone_that_is_down_as_well() -> None:
    mobile = text_in(Telling().change(3, numbers=("112",), services=("mobile_data", "mobile_voice")), "web")
    assert "Festnetz" in mobile
    everything = text_in(Telling().change(3, numbers=("112",), services=("fixed_voice", "mobile_voice")), "web")
    assert "eines anderen Anbieters" in everything
    assert "Festnetz oder" not in everything


def test_a_new_place_and_a_new_service_are_told_after_the_least_distance() -> None:
    telling = told()
    assert telling.change(4, areas=("DE/NW/koeln", "DE/NW/bonn", "DE/NW/aachen")) == []
    notices = telling.change(
        5, areas=("DE/NW/koeln", "DE/NW/bonn", "DE/NW/aachen"), services=("broadband", "fixed_voice", "sms", "tv")
    ) + telling.until(9)
    assert occasions(notices) == [("wider", 8)]
    text = text_in(notices, "web")
    assert "Jetzt auch betroffen: Aachen." in text
    assert "Neu betroffen: SMS." in text
    assert occasions(telling.until(60)) == []


def test_a_narrower_place_is_no_new_one() -> None:
    telling = Telling()
    telling.change(3, areas=("DE/NW",))
    assert telling.change(20, areas=("DE/NW", "DE/NW/koeln")) == []


def test_a_graver_outage_is_told() -> None:
    telling = told()
    notices = telling.change(10, severity=Severity.CRITICAL)
    assert "mehr Kunden betroffen" in text_in(notices, "web")
    assert telling.change(20, severity=Severity.MAJOR) == []
    assert telling.change(30, severity=Severity.CRITICAL) == [], "that was told"


def test_an_estimated_end_waits_a_quarter_of_an_hour_and_its_move_is_said_plainly() -> None:
    telling = told()
    assert telling.change(4, end=(70, 180)) == []
    first = telling.until(19)
    assert occasions(first) == [("estimate", 18)]
    assert "zwischen 10:00 und 12:00" in text_in(first, "web")
    assert {notice.estimated_end_at for notice in drafts(first)} == {at(180)}
    assert telling.change(30, end=(75, 190)) == [], "less than half an hour changes nobody's plans"
    later = telling.change(40, end=(120, 300))
    assert "länger, als wir gesagt haben" in text_in(later, "web")
    assert "zwischen 11:00 und 14:00" in text_in(later, "web")
    sooner = telling.change(50, end=(80, 120))
    assert "schneller, als wir gesagt haben" in text_in(sooner, "web")


@pytest.mark.parametrize("minutes_after", [1 / 6, 1, 4])
def test_an_end_that_moves_is_told_in_the_pane_of_its_move_however_short_ago_the_last_word_was(
    minutes_after: float,
) -> None:
    telling = told()
    telling.change(20, end=(60, 120))
    moved = telling.change(20 + minutes_after, end=(120, 300))
    assert {int(notice.drafted_at) for notice in drafts(moved)} == {at(20 + minutes_after)}
    assert "länger, als wir gesagt haben" in text_in(moved, "web")


def test_a_new_place_that_waits_is_told_with_an_end_that_moves_and_not_lost() -> None:
    telling = told()
    telling.change(20, end=(60, 120))
    assert telling.change(21, end=(60, 120), areas=("DE/NW/koeln", "DE/NW/bonn", "DE/NW/aachen")) == []
    moved = telling.change(
        22, end=(120, 300), areas=("DE/NW/koeln", "DE/NW/bonn", "DE/NW/aachen"), services=("broadband", "sms")
    )
    text = text_in(moved, "web")
    assert "länger, als wir gesagt haben" in text
    assert "Jetzt auch betroffen: Aachen." in text
    assert "Neu betroffen: SMS." in text
    assert occasions(telling.until(50)) == []


def test_small_moves_do_not_add_up_unsaid() -> None:
    telling = told()
    telling.change(20, end=(60, 120))
    for minute in range(21, 60):
        telling.change(minute, end=(60, 100 + minute))
    texts = [notice for notice in drafts(telling.notices) if notice.outlet == "web" and notice.language == "de"]
    for before, after in pairwise(texts):
        if before.estimated_end_at and after.estimated_end_at and after.estimated_end_at > before.estimated_end_at:
            assert "länger, als wir gesagt haben" in after.body


def test_an_end_that_is_past_is_never_offered() -> None:
    telling = told()
    telling.change(20, end=(30, 60))
    notices = telling.until(200)
    assert occasions(notices)[0] == ("estimate", 60), "what was told is past, and that is said"
    assert "noch nicht sagen" in text_in([notice for notice in notices if notice.drafted_at == at(60)], "web")
    for notice in telling.notices:
        assert notice.estimated_end_at is None or notice.estimated_end_at > notice.drafted_at


def test_people_hear_from_us_by_the_hour_even_if_nothing_changed() -> None:
    telling = told()
    notices = telling.until(200)
    assert occasions(notices) == [("cadence", 63), ("cadence", 123), ("cadence", 183)]
    text = text_in([notice for notice in notices if notice.drafted_at == at(63)], "web")
    assert "dauert noch an" in text
    assert "11:03" in text


def test_each_audience_has_its_own_cadence() -> None:
    config = RespondConfig(cadence_minutes={"customers": 120, "care_agents": 30})
    telling = Telling(rules=dataclasses.replace(RULES, config=config))
    telling.change(3)
    telling.until(130)
    minutes = {
        audience: [
            (int(notice.drafted_at) - at(3)) // 60_000
            for notice in drafts(telling.notices)
            if notice.audience == audience
        ]
        for audience in ("care_agents", "customers")
    }
    assert minutes["care_agents"] == [0, 30, 60, 90, 120]
    assert sorted(set(minutes["customers"])) == [0, 120]


def test_a_cadence_does_not_ring_unless_a_draft_still_waits_there() -> None:
    telling = told()
    push = next(notice for notice in telling.notices if notice.outlet == "push" and notice.language == "de")
    telling.order(10, "approve", push.notice_id)
    outlets = {(notice.outlet, notice.language) for notice in drafts(telling.until(64))}
    assert ("push", "de") not in outlets
    assert ("push", "en") in outlets


def test_an_all_clear_follows_the_resolution_and_an_apology_follows_it() -> None:
    telling = told()
    telling.change(100, numbers=("112", "110"))
    assert occasions(telling.change(200, state=RECOVERING, numbers=("112", "110"))) == [("recovering", 200)]
    notices = telling.change(230, state=RESOLVED, numbers=("112", "110"))
    assert occasions(notices) == [("all_clear", 230), ("apology", 230)]
    web = next(notice.body for notice in drafts(notices) if (notice.outlet, notice.language) == ("web", "de"))
    assert web.startswith("Notrufe (112 und 110) sind")
    assert "Ursache wird noch untersucht" in web
    assert telling.until(1_000) == [] or occasions(telling.notices)[-1] == ("apology", 230)
    assert drafts(telling.change(1_100, state=CLOSED)) == []


def test_a_known_cause_is_told_with_the_all_clear() -> None:
    telling = told()
    cause = Cause(kind="configuration_error", stated_by="netcologne")
    notices = telling.change(200, state=RESOLVED, causes=(cause,))
    assert "ein Fehler in einer Einstellung" in text_in(
        [notice for notice in notices if notice.kind == "all_clear"], "web"
    )


def test_no_all_clear_while_a_feed_is_blind() -> None:
    telling = told()
    assert drafts(telling.change(100, state=RESOLVED, blind="probe-7")) == []
    assert [decision.reason.value for decision in telling.decisions("suppressed")] == ["source_silent"]
    assert drafts(telling.until(110)) == []
    assert occasions(telling.change(120, state=RESOLVED))[0] == ("all_clear", 120)


def test_the_all_clear_keeps_the_hold_of_the_setting() -> None:
    telling = Telling(rules=dataclasses.replace(RULES, config=RespondConfig(all_clear_minutes=20)))
    telling.change(3)
    assert drafts(telling.change(100, state=RESOLVED)) == []
    assert drafts(telling.until(119.5)) == []
    assert occasions(telling.until(120)) == [("all_clear", 120), ("apology", 120)]


def test_what_comes_back_after_an_all_clear_is_told_as_reopened_and_overtakes_it() -> None:
    telling = told()
    telling.change(100, state=RESOLVED)
    notices = telling.change(110, reopened=1)
    assert {notice.kind.value for notice in drafts(notices)} == {"reopened"}
    assert "vorbei ist; sie ist es nicht" in text_in(notices, "web")
    assert not [notice for notice in telling.latest.values() if notice.kind == "all_clear" and notice.state == "draft"]
    assert not [notice for notice in telling.latest.values() if notice.kind == "apology" and notice.state == "draft"]
    assert occasions(telling.change(200, state=RESOLVED)) == [("all_clear", 200)]


def test_a_relapse_before_the_all_clear_is_told() -> None:
    telling = told()
    telling.change(50, state=RECOVERING)
    assert "wieder da" in text_in(telling.change(60), "web")


def test_drafts_of_what_is_no_outage_are_withdrawn_and_nothing_follows() -> None:
    telling = told()
    telling.change(30, state=IncidentState.DISMISSED)
    assert {notice.state for notice in telling.latest.values()} == {"withdrawn"}
    count = len(telling.notices)
    telling.until(3_000)
    assert len(telling.notices) == count


def test_a_draft_that_nobody_approves_expires() -> None:
    telling = told()
    telling.change(100, state=RESOLVED)
    telling.until(100 + 24 * 60)
    assert {notice.state for notice in telling.latest.values()} == {"superseded", "expired"}
    assert telling.state.cases("DE")[0].due_at is None


def test_a_flapping_incident_cannot_ask_for_texts_without_end() -> None:
    telling = Telling(rules=dataclasses.replace(RULES, config=RespondConfig(texts_max=50)))
    telling.change(3)
    telling.until(2_000)
    assert len(drafts(telling.notices)) <= 50 + 30
    assert "limit_reached" in [decision.reason.value for decision in telling.decisions("suppressed")]
    assert occasions(telling.change(2_010, numbers=("112",))) == [("emergency", 2_010)]
    assert occasions(telling.change(2_030, state=RESOLVED))[0] == ("all_clear", 2_030)


def test_a_number_for_people_is_round() -> None:
    text = text_in(Telling().change(3), "internal", audience="care_agents")
    assert "etwa 470.000 Kunden" in text
    assert "469" not in text


def test_a_reason_that_holds_again_after_the_word_was_told_is_written_down_again() -> None:
    telling = Telling()
    telling.change(3)
    for minute in (30, 90):
        telling.change(minute, state=IncidentState.RESOLVED, blind="probe", reopened=minute // 60)
        telling.change(minute + 5, state=IncidentState.RESOLVED, blind="probe", reopened=minute // 60)
        telling.until(minute + 20)
        telling.change(minute + 25, state=IncidentState.RESOLVED, reopened=minute // 60)
        telling.until(minute + 50)
        telling.change(minute + 55, reopened=1)
    assert [row.reason.value for row in telling.decisions("suppressed")] == ["source_silent"] * 2


def test_a_new_estimate_is_told_on_every_outlet_however_short_it_is() -> None:
    telling, facts = Telling(), {"numbers": ("112", "110"), "areas": tuple(NAMES)[:3]}
    telling.change(3, **facts)
    texts = drafts(telling.change(25, end=(100, 400), **facts))
    assert {notice.occasion for notice in texts} == {"estimate"}
    silent = [(n.outlet, n.language) for n in texts if n.outlet != "cap" and "15:45" not in n.body]
    assert silent == []
    assert not [n.body for n in texts if n.outlet == "sms" and "112" not in n.body], "and still who to call for help"

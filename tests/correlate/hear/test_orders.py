"""Orders of people: obeyed once, in time, and always answered."""

import random

import pytest

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.correlate.config import INCIDENTS_MAX, WINDOWS_MAX
from pipeline.correlate.hear import orders as correlating
from pipeline.detect.state import DetectState, slot_type
from pipeline.detect.telling import lasting as detecting
from pipeline.records.inner.changes import LEVEL_WORKS_MAX
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.series import Scope
from pipeline.records.vocabulary import IncidentState
from tests.correlate.made import incident
from tests.correlate.stories import Story, anomaly, at, claim, command, end_of, official, talk, time_text


def suspected() -> tuple[Story, str]:
    story = Story().tell(0, talk(0))
    return story, story.only().incident_id


def test_acknowledging_says_who_and_when_and_the_first_stays() -> None:
    story, name = suspected()
    story.tell(1, command(1, "acknowledge", name)).tell(2, command(2, "acknowledge", name, command_id="again"))
    assert story.only().acknowledged_by == "ina"
    assert story.only().acknowledged_at is not None
    assert story.only().revision == 2


def test_an_order_is_obeyed_once_however_often_it_comes() -> None:
    story, name = suspected()
    story.tell(1, command(1, "assign", name, command_id="c1", team="field"))
    story.tell(2, command(2, "assign", name, command_id="c1", team="noc"))
    assert story.only().team == "field"
    assert len([decision for decision in story.decisions if decision.by == "ina"]) == 1


def test_commands_of_a_pane_apply_before_its_anomalies_and_in_order_of_time() -> None:
    story, name = suspected()
    story.tell(1, command(1.05, "assign", name, team="second"), command(1.02, "assign", name, team="first"))
    assert story.only().team == "second"


def test_what_a_person_dismisses_takes_no_evidence_of_the_same_pane() -> None:
    story, name = suspected()
    story.tell(1, talk(1), command(1, "dismiss", name, reason="a joke"))
    assert story.only().state == IncidentState.DISMISSED
    assert story.why("suppressed") == ["command"]


def test_a_person_confirms_and_dismisses() -> None:
    story, name = suspected()
    story.tell(1, command(1, "confirm", name))
    assert story.only().state == IncidentState.CONFIRMED
    assert story.only().verification == "confirmed"
    assert story.only().state_history[-1].by == "ina"
    story.tell(2, command(2, "dismiss", name, reason="a joke"))
    assert story.only().state == IncidentState.DISMISSED
    story.tell(3, talk(3)).tell(4, talk(4))
    assert len(story.incidents) == 1
    assert story.why("suppressed") == ["command"]
    story.tell(10, claim(10, 1, "tickets"))
    assert len(story.incidents) == 2


def test_a_dismissal_covers_its_service_and_place_and_no_other() -> None:
    story = Story().tell(0, talk(0, service="tv"))
    story.tell(1, command(1, "dismiss", story.only().incident_id, reason="a match that was moved"))
    story.tell(2, talk(2, service="tv"))
    assert len(story.incidents) == 1
    story.tell(3, talk(3, area="DE/HH/hamburg", service="tv", operator="alpha"))
    story.tell(4, talk(4, service="mobile_voice"))
    assert [incident.services for incident in list(story.incidents.values())[1:]] == [("tv",), ("mobile_voice",)]


def test_two_who_dismiss_at_once_are_both_answered() -> None:
    story, name = suspected()
    story.tell(1, *(command(1, "dismiss", name, command_id=who, reason="a joke") for who in ("one", "two")))
    assert story.why("suppressed") == ["unknown_target"]
    assert story.only().state == IncidentState.DISMISSED


def test_an_incident_that_is_merged_in_two_orders_of_a_pane_goes_into_one() -> None:
    story = Story().tell(0, talk(0)).tell(1, talk(1, area="DE/HH/hamburg", operator="alpha"))
    first, second = story.incidents
    orders = (command(2, "merge", first, command_id=who, incidents=[second]) for who in ("one", "two"))
    story.tell(2, *orders)
    assert story.why("merged") == ["command"]
    assert story.why("suppressed") == ["unknown_target"]


@pytest.mark.parametrize("kind", ["acknowledge", "assign", "confirm", "dismiss", "merge", "split", "feedback"])
def test_an_unknown_target_is_answered(kind: str) -> None:
    story = Story().tell(0, command(0, kind, "nobody"))
    assert story.why("suppressed") == ["unknown_target"]


@pytest.mark.parametrize("target", ["netcologne", "netcologne@DE/NW", "netcologne@DE/NW/koeln"])
def test_an_operators_name_means_its_incident_while_there_is_one(target: str) -> None:
    story = Story().tell(0, talk(0)).tell(0.5, talk(0.5, operator="alpha", area="DE/HH/hamburg"))
    story.tell(1, command(1, "acknowledge", target))
    hit = {role.operator: incident for incident in story.incidents.values() for role in incident.operators}
    assert (hit["netcologne"].acknowledged_by, hit["alpha"].acknowledged_by) == ("ina", None)


@pytest.mark.parametrize("target", ["netcologne@DE/HH", "alpha", "@DE", "netcologne@"])
def test_a_name_that_has_no_incident_is_an_unknown_target(target: str) -> None:
    story, _ = suspected()
    story.tell(1, command(1, "acknowledge", target))
    expected = [] if target == "netcologne@" else ["unknown_target"]
    assert story.why("suppressed") == expected


def test_a_name_that_two_incidents_share_is_refused_with_their_ids() -> None:
    story, _ = suspected()
    story.tell(1, anomaly(1, "DE/BY/muenchen", "telemetry"), talk(1, area="DE/BY/muenchen"))
    assert len(story.incidents) == 2
    story.tell(2, command(2, "acknowledge", "netcologne"))
    assert story.why("refused") == ["no_target"]
    refusal = next(decision for decision in story.decisions if decision.kind == "refused")
    assert all(incident in refusal.text for incident in story.incidents)


@pytest.mark.parametrize(
    ("kind", "facts", "reason"),
    [
        pytest.param("silence", {"reason": "known"}, "command", id="a_silence_needs_an_end"),
        pytest.param("silence", {"until": time_text(60)}, "command", id="a_silence_needs_a_reason"),
        pytest.param("maintenance", {"until": "2025-02-30T00:00:00Z"}, "command", id="no_time_of_the_calendar"),
        pytest.param("maintenance", {"until": time_text(-60)}, "expired", id="it_is_over_already"),
    ],
)
def test_a_window_that_cannot_be_is_refused(kind: str, facts: dict[str, str], reason: str) -> None:
    story = Story().tell(0, command(0, kind, "netcologne", **facts))
    assert story.why("refused") == [reason]
    assert story.state.slots["DE"].windows == []


def test_a_silence_of_an_unknown_operator_is_answered() -> None:
    story = Story().tell(0, command(0, "silence", "nobody", until=time_text(60), reason="x"))
    assert story.why("suppressed") == ["unknown_target"]


def test_a_silence_covers_an_incident_until_its_end() -> None:
    story, name = suspected()
    story.tell(1, command(1, "silence", name, until=time_text(20), reason="known"))
    silence = story.only().silence
    assert silence is not None
    assert (silence.by, silence.reason) == ("ina", "known")
    story.until(21)
    assert story.only().silence is None


def test_a_silence_of_an_operator_covers_what_opens_later() -> None:
    story = Story().tell(0, command(0, "silence", "netcologne", until=time_text(60), reason="known"))
    story.tell(1, talk(1))
    assert story.only().silence is not None


def test_an_order_of_an_exercise_touches_no_real_incident() -> None:
    story, name = suspected()
    story.tell(1, command(1, "dismiss", name, exercise=True))
    assert story.only().state == IncidentState.SUSPECTED
    assert story.why("suppressed") == ["exercise"]


def test_a_person_merges_two_incidents() -> None:
    story = Story().tell(0, talk(0)).tell(1, talk(1, operator="alpha", area="DE/HH/hamburg"))
    first, second = sorted(story.incidents, key=lambda incident: story.incidents[incident].opened_at)
    story.tell(2, command(2, "merge", first, incidents=[second, "nobody"]))
    assert story.incidents[second].state == IncidentState.CLOSED
    links = story.incidents[second].links
    assert links is not None
    assert links.merged_into == first
    assert {role.operator for role in story.incidents[first].operators} == {"alpha", "netcologne"}
    assert "unknown_target" in story.why("suppressed")


def test_a_person_splits_an_incident_by_area() -> None:
    story = Story().tell(0, talk(0), anomaly(0, "DE/NW/bonn", "telemetry"))
    name = story.only().incident_id
    story.tell(1, command(1, "split", name, area="DE/NW/bonn"))
    rest = story.incidents.pop(name)
    assert [row.area for row in rest.areas] == ["DE/NW/koeln"]
    (fresh,) = (incident for incident in story.incidents.values() if incident.incident_id != name)
    assert [row.area for row in fresh.areas] == ["DE/NW/bonn"]
    assert fresh.links is not None
    assert fresh.links.split_from == name
    story.tell(2, command(2, "split", name, area="DE/NW/koeln"))
    assert story.why("refused") == ["no_target"]


def test_a_split_finds_no_room_where_as_many_are_open_as_may_be() -> None:
    story = Story().tell(0, talk(0), anomaly(0, "DE/NW/bonn", "telemetry"))
    name = story.only().incident_id
    market = story.state.slots["DE"]
    others = [incident(name=f"i{number}") for number in range(INCIDENTS_MAX - 1)]
    market.incidents = [*market.incidents, *others]
    story.tell(1, command(1, "split", name, area="DE/NW/bonn"))
    assert story.why("refused") == ["limit_reached"]
    assert len(market.incidents) == INCIDENTS_MAX
    assert {row.area for row in story.incidents[name].areas} == {"DE/NW/koeln", "DE/NW/bonn"}


def test_feedback_is_written_down() -> None:
    story, name = suspected()
    story.tell(1, command(1, "feedback", name, note="it was real"))
    assert story.why("changed")[0] == "feedback"


@pytest.mark.parametrize("kind", ["approve", "edit", "reject"])
def test_what_is_ordered_about_drafts_is_answered_by_respond(kind: str) -> None:
    story, name = suspected()
    story.tell(1, command(1, kind, name))
    assert set(story.why("changed")) <= {"evidence_changed"}, "the suspicion fades, and nothing else is said"
    assert not story.why("suppressed")


def test_an_assignment_without_a_team_is_refused() -> None:
    story, name = suspected()
    story.tell(1, command(1, "assign", name))
    assert story.why("refused") == ["no_target"]


def test_a_kind_word_of_the_operator_is_no_confirmation() -> None:
    story, _ = suspected()
    story.tell(1, official(1, "Guten Morgen, Köln!", kind="chatter"))
    assert story.only().state == IncidentState.SUSPECTED


NIGHT = 24 * 60


def nightly(**facts: str) -> dict[str, str]:
    """What an order of an hour of work each night says."""
    return {
        "until": time_text(60),
        "reason": "routers",
        "recurrence": "FREQ=DAILY;COUNT=3",
        "time_zone": "UTC",
        **facts,
    }


def test_work_that_comes_again_covers_each_night_and_not_the_day_between() -> None:
    story = Story().tell(0, command(0, "maintenance", "netcologne", **nightly()))
    story.tell(NIGHT / 2, talk(NIGHT / 2))
    assert story.only().maintenance is None
    story.until(NIGHT + 1)
    story.tell(2 * NIGHT + 5, talk(2 * NIGHT + 5))
    latest = max(story.incidents.values(), key=lambda known: known.opened_at)
    assert latest.maintenance is not None
    assert latest.maintenance.starts_at == at(2 * NIGHT)
    told = next(decision for decision in story.decisions if decision.reason == "maintenance")
    assert "3 times in all" in told.text


@pytest.mark.parametrize(
    ("target", "facts", "words"),
    [
        pytest.param("netcologne", {"recurrence": "FREQ=DAILY"}, "COUNT or UNTIL", id="without_an_end"),
        pytest.param("netcologne", {"time_zone": "Mars/Olympus"}, "IANA", id="no_such_zone"),
        pytest.param("netcologne", {"recurrence": "FREQ=WEEKLY;BYDAY=SU;COUNT=2"}, "name the day", id="another_day"),
    ],
)
def test_a_rule_that_cannot_be_is_answered(target: str, facts: dict[str, str], words: str) -> None:
    story = Story().tell(0, command(0, "maintenance", target, **nightly(**facts)))
    assert story.why("refused") == ["command"]
    assert words in story.decisions[-1].text
    assert story.state.slots["DE"].windows == []


def test_an_incident_does_not_come_again() -> None:
    story, name = suspected()
    story.tell(1, command(1, "maintenance", name, **nightly(until=time_text(60))))
    assert any("does not come again" in decision.text for decision in story.decisions)


def test_dismissing_a_window_by_the_id_of_its_order_ends_it_for_good() -> None:
    story = Story().tell(0, command(0, "maintenance", "netcologne", command_id="chg-1", **nightly()))
    story.tell(1, talk(1))
    assert story.only().maintenance is not None
    story.tell(2, command(2, "dismiss", "chg-1", reason="work was called off"))
    assert story.state.slots["DE"].windows == []
    assert story.only().maintenance is None
    assert story.only().state == IncidentState.SUSPECTED


def level_works(tag: str, number: int, minute: float = 0, until: float = 600) -> list[PlacedCommand]:
    """Orders of work that is to change what is usual."""
    facts = {"usual": True, "reason": "new routers", "until": time_text(until)}
    return [
        command(minute, "maintenance", "netcologne", command_id=f"{tag}-{name:03}", **facts) for name in range(number)
    ]


def level_orders(minute: int, rng: random.Random) -> list[PlacedCommand]:
    """A few orders of few ids: work that is to change levels and ends soon, what calls it off, and others."""
    orders = []
    for _ in range(rng.randrange(4)):
        at, name = minute + 0.15 * rng.random(), f"c{rng.randrange(9)}"  # in the pane that is told
        until = time_text(minute + rng.randrange(2, 9))
        orders += rng.choice(
            [
                [command(at, "maintenance", "netcologne", command_id=name, usual=True, reason="new", until=until)],
                [command(at, "silence", "netcologne", command_id=name, reason="loud", until=until)],
                [command(at, "dismiss", f"c{rng.randrange(9)}", command_id=name, reason="called off")],
            ]
        )
    return orders


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("restarted", [False, True])
def test_correlate_and_detect_take_the_same_orders_however_often_an_id_is_tried(
    seed: int, *, restarted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (correlating, detecting):
        monkeypatch.setattr(place, "LEVEL_WORKS_MAX", 2)
        monkeypatch.setattr(place, "COMMANDS_MAX", 5)
    story, detect, rng = Story(), DetectState(0), random.Random(seed)
    for minute in range(60):
        orders = level_orders(minute, rng)
        story.tell(minute, *orders)
        detect.time.commands = rng.sample(orders, len(orders))
        detecting.hear_usual(detect, end_of(minute), [])
        if restarted:
            kept = {name: encode_slot(slot) for name, slot in detect.slots.items()}
            detect = DetectState(0, {name: decode_slot(data, slot_type(name)) for name, data in kept.items()})
        market = story.state.slots["DE"]
        windows = [window.window_id for window in market.windows if window.usual and window.until > end_of(minute)]
        assert windows == [work.order for work in detect.orders("DE").works if work.until > end_of(minute)]
        assert list(market.commands) == detect.orders("DE").heard


def test_orders_that_are_refused_for_want_of_room_change_no_level_and_others_do() -> None:
    """CORRELATE answers, and DETECT moves levels: whatever was ordered, ended or repeated, they take the same."""
    panes = {
        0: level_works("old", LEVEL_WORKS_MAX - 1) + level_works("brief", 1, until=2),
        1: [*level_works("full", 2, 1), command(1, "silence", "netcologne", reason="loud", until=time_text(60))],
        2: [command(2, "dismiss", "old-007", reason="called off"), *level_works("old", 1)],
        3: level_works("late", 4, 3),
        4: [command(4, "dismiss", f"old-{name:03}", reason="called off") for name in range(20, 24)],
        5: [*level_works("full", 2, 5), *level_works("old", 21, 5)],
    }
    story, detect = Story(), DetectState(0)
    scope = detect.scope(Scope("netcologne", "DE/NW"))
    for minute, orders in panes.items():
        story.tell(minute, *orders)
        detect.time.commands = orders
        detecting.hear_usual(detect, at(minute + 1), [])
    windows = {window.window_id for window in story.state.slots["DE"].windows if window.usual}
    assert windows == {work.order for work in detect.orders("DE").works}
    assert len(windows) == LEVEL_WORKS_MAX - 4
    assert windows >= {"late-000", "late-001"}
    assert not windows & {"old-007", "brief-000", "full-000", "full-001", "late-002", "late-003"}
    held = {order.order for order in scope.usual}
    assert held <= windows | {"brief-000"}, "what is over still has its ten minutes"
    assert len([decision for decision in story.decisions if decision.reason == "limit_reached"]) == 4


def test_work_that_is_to_change_levels_takes_no_room_from_silences_and_other_work() -> None:
    story = Story().tell(0, *level_works("w", LEVEL_WORKS_MAX + 1))
    quiet = [
        command(1, "silence", "netcologne", command_id=f"s{name:03}", reason="loud", until=time_text(60))
        for name in range(WINDOWS_MAX + 1)
    ]
    story.tell(1, *quiet)
    assert len(story.state.slots["DE"].windows) == LEVEL_WORKS_MAX + WINDOWS_MAX
    assert story.why("refused") == ["limit_reached"] * 2


def test_what_is_usual_from_now_on_is_no_outage_and_is_answered_where_nothing_is_open_too() -> None:
    story = Story().tell(0, talk(0), talk(0, area="DE/HH/hamburg"))
    facts = {"usual": True, "reason": "a tariff", "service": "broadband"}
    story.tell(1, command(1, "dismiss", "netcologne@DE/NW", usual=True, reason="a tariff"))
    assert [row.state for row in story.incidents.values()].count(IncidentState.DISMISSED) == 1
    story.tell(2, talk(2))
    assert [row.state for row in story.incidents.values()].count(IncidentState.DISMISSED) == 1, "nothing opens anew"
    told = [decision for decision in story.decisions if decision.reason == "new_level"]
    assert [decision.text for decision in told] == [
        "usual from now on for netcologne, all services, 1 incidents dismissed: a tariff"
    ]
    story.tell(3, command(3, "dismiss", "netcologne@DE/BY", **facts))
    assert story.decisions[-1].text == "usual from now on for netcologne, broadband, 0 incidents dismissed: a tariff"

"""Which incident is about which outage: one case for each sentence of the rule."""

from typing import Any

import pytest

from pipeline.evaluate.judging.facts import IncidentScore, WorldScore
from pipeline.evaluate.score import score_world
from pipeline.records.published.incident_parts import Links, Maintenance, StateChange
from pipeline.records.truth import Truth
from pipeline.records.vocabulary import IncidentState
from tests.evaluate.cases import BONN, HISTORY, KOELN, at, incident, outage, trap, truth


def verdicts(world: WorldScore) -> dict[str, str]:
    return {one.incident_id: one.verdict for one in world.incidents}


def fates(world: WorldScore) -> dict[str, str]:
    return {one.outage_id: one.fate for one in world.outages}


def only(world: WorldScore) -> IncidentScore:
    (one,) = world.incidents
    return one


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        pytest.param({}, "found", id="same_time_operator_place_and_service"),
        pytest.param({"areas": ("DE/BY/muenchen",)}, "found", id="wrong_place_but_right_service"),
        pytest.param({"services": ("tv",)}, "found", id="wrong_service_but_right_place"),
        pytest.param({"areas": ("DE",), "services": ()}, "found", id="a_nation_holds_the_place"),
        pytest.param({"areas": ("DE/NW/koeln/kalk",), "services": ()}, "found", id="a_part_lies_in_the_place"),
        pytest.param({"areas": ("DE/BY/muenchen",), "services": ("tv",)}, "false", id="neither_place_nor_service"),
        pytest.param({"areas": (), "services": ()}, "false", id="says_neither"),
        pytest.param({"roles": {"other": "primary"}}, "false", id="another_operator"),
        pytest.param({"roles": {"acme": None}}, "false", id="blamed_is_not_down"),
        pytest.param({"opened": -1, "confirmed": 4}, "found", id="a_minute_early"),
        pytest.param({"opened": -2, "confirmed": -1.5}, "false", id="confirmed_before_it_began"),
        pytest.param({"opened": -50, "confirmed": 4}, "found", id="older_suspicion_confirmed_in_it"),
        pytest.param({"opened": 90, "confirmed": 91, "over": 95}, "found", id="half_an_hour_after_its_end"),
        pytest.param({"opened": 91, "confirmed": 92, "over": 95}, "false", id="too_late"),
        pytest.param({"confirmed": None}, "found", id="only_suspected"),
    ],
)
def test_a_pair_is_possible_if_time_operator_and_place_or_service_agree(given: dict[str, Any], verdict: str) -> None:
    world = score_world(truth(outage()), [incident(**given)])
    assert only(world).verdict == verdict
    assert (fates(world)["o1"] == "missed") == (verdict == "false")


def test_an_older_suspicion_counts_from_its_confirmation() -> None:
    (one,) = score_world(truth(outage(visible=1)), [incident(opened=-50, confirmed=4)]).outages
    assert (one.suspected_seconds, one.confirmed_seconds) == (240, 240)
    assert (one.suspected_visible_seconds, one.confirmed_visible_seconds) == (180, 180)


def test_a_minute_early_is_a_minute_before_it_began() -> None:
    (one,) = score_world(truth(outage(visible=1)), [incident(opened=-1)]).outages
    assert (one.suspected_seconds, one.suspected_visible_seconds) == (-60, -120)


def test_two_incidents_for_one_outage_are_a_find_and_a_split() -> None:
    world = score_world(truth(outage()), [incident("i1"), incident("i2", opened=10, confirmed=12)])
    assert verdicts(world) == {"i1": "found", "i2": "split"}
    (one,) = world.outages
    assert (one.incident_id, one.splits) == ("i1", 1)


def test_the_confirmed_one_finds_it_and_the_earlier_suspicion_is_the_split() -> None:
    world = score_world(truth(outage()), [incident("i1", confirmed=None, over=9), incident("i2", opened=10)])
    assert verdicts(world) == {"i1": "split", "i2": "found"}


def test_one_incident_over_two_outages_is_a_merge() -> None:
    two = truth(outage("o1", 0, 60), outage("o2", 30, 90, areas={BONN: 10}))
    world = score_world(two, [incident(areas=("DE/NW", KOELN, BONN), over=95)])
    assert fates(world) == {"o1": "confirmed", "o2": "merged"}
    assert only(world).merged == ("o2",)
    assert world.outages[1].incident_id == "i1"


def test_a_later_outage_that_an_open_incident_still_covers_is_merged() -> None:
    two = truth(outage("o1", 0, 60), outage("o2", 200, 260))
    assert fates(score_world(two, [incident(over=230)])) == {"o1": "confirmed", "o2": "merged"}
    assert fates(score_world(two, [incident(over=190)])) == {"o1": "confirmed", "o2": "missed"}


def test_two_outages_get_two_incidents_though_one_fits_both_better() -> None:
    two = truth(outage("o1"), outage("o2", areas={BONN: 10}))
    both = incident("i1", areas=(KOELN, BONN))
    world = score_world(two, [both, incident("i2", opened=20, confirmed=22)])
    assert fates(world) == {"o1": "confirmed", "o2": "confirmed"}
    assert [one.incident_id for one in world.outages] == ["i2", "i1"]


def test_two_poor_pairs_come_before_one_good_pair() -> None:
    all_three = ("broadband", "sms", "tv")
    good = outage("o1", 0, 60, services=all_three)
    poor = outage("o2", -600, 10, areas={BONN: 10})
    rows = [
        incident("i1", services=all_three),
        incident("i2", opened=55, confirmed=None, areas=("DE/BY/muenchen",)),
    ]
    world = score_world(truth(good, poor), rows)
    assert {one.outage_id: one.incident_id for one in world.outages} == {"o1": "i2", "o2": "i1"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"areas": ("DE/NW",)}, {}, id="place"),
        pytest.param({"services": ("broadband", "sms", "tv")}, {}, id="services"),
        pytest.param({"roles": {"acme": "primary", "other": "primary"}}, {}, id="operators"),
        pytest.param({"opened": -1}, {"opened": 0.2}, id="nearness"),
        pytest.param({"over": 9}, {}, id="time_in_common"),
        pytest.param({"areas": (KOELN, "DE/BY/muenchen", "DE/HH/hamburg")}, {}, id="places_that_were_well"),
    ],
)
def test_the_one_that_agrees_better_finds_it(first: dict[str, Any], second: dict[str, Any]) -> None:
    world = score_world(truth(outage()), [incident("a", **first), incident("b", **second)])
    assert verdicts(world) == {"a": "split", "b": "found"}


def test_a_split_is_of_the_outage_that_it_agrees_with_best() -> None:
    two = truth(outage("o1"), outage("o2", areas={BONN: 10}))
    rows = [incident("i1"), incident("i2", areas=(BONN,)), incident("i3", opened=9, areas=(BONN,))]
    assert [one.splits for one in score_world(two, rows).outages] == [0, 1]


def test_an_outage_of_somebody_else_at_the_same_time_is_missed_not_merged() -> None:
    two = truth(outage("o1"), outage("o2", roles={"other": "primary"}), operators=("acme", "other"))
    assert fates(score_world(two, [incident()])) == {"o1": "confirmed", "o2": "missed"}


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_the_incidents_changes_nothing(turned: bool) -> None:
    rows = [incident("a"), incident("b"), incident("c", opened=30, confirmed=None)]
    world = score_world(truth(outage()), rows[::-1] if turned else rows)
    assert verdicts(world) == {"a": "found", "b": "split", "c": "split"}


def test_what_happens_in_a_trap_is_laid_to_it() -> None:
    trapped = truth(traps=[trap(start=0, end=30)])
    world = score_world(trapped, [incident("i1"), incident("i2", opened=5, confirmed=None)])
    assert verdicts(world) == {"i1": "trap", "i2": "trap"}
    assert {one.trap_kind for one in world.incidents} == {"rumour"}
    (one,) = world.traps
    assert (one.confirmed, one.suspected) == (1, 1)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        pytest.param(incident(opened=100, confirmed=101, over=110), "false", id="after_it"),
        pytest.param(incident(roles={"other": "primary"}), "false", id="of_another_operator"),
    ],
)
def test_a_trap_is_for_its_time_and_operators(row: HISTORY, verdict: str) -> None:
    world = score_world(truth(traps=[trap(end=30)], operators=("acme", "other")), [row])
    assert only(world).verdict == verdict
    assert world.traps[0].confirmed == 0


def test_a_false_incident_that_is_reopened_by_an_outage_finds_it_from_then_on() -> None:
    import msgspec

    rows = incident(opened=-90, confirmed=-80, over=-40)
    again = StateChange(state=IncidentState.CONFIRMED, at=at(3), reason="relapse")
    reopened = msgspec.structs.replace(
        rows[-1],
        revision=4,
        updated_at=at(3),
        state=IncidentState.CONFIRMED,
        state_history=(*rows[-1].state_history, again),
    )
    (one,) = score_world(truth(outage(visible=1, first_word=9)), [(*rows, reopened)]).outages
    assert (one.fate, one.suspected_seconds, one.confirmed_seconds) == ("confirmed", 180, 180)
    assert (one.confirmed_visible_seconds, one.lead_over_operator_seconds) == (120, 360)


def test_a_trap_of_nobody_is_one_for_all() -> None:
    import msgspec

    anybody = msgspec.structs.replace(trap(), operators=())
    assert only(score_world(truth(traps=[anybody]), [incident()])).verdict == "trap"


def test_a_real_outage_in_a_trap_is_found_not_trapped() -> None:
    world = score_world(truth(outage(), traps=[trap()]), [incident()])
    assert only(world).verdict == "found"
    assert world.traps[0].confirmed == 0


def test_a_healthy_operator_that_was_blamed_is_collateral() -> None:
    world = score_world(truth(outage(blamed=("rival",))), [incident("i1"), incident("i2", roles={"rival": "primary"})])
    assert verdicts(world) == {"i1": "found", "i2": "collateral"}


def _linked(row: HISTORY, **fields: Any) -> HISTORY:
    import msgspec

    return tuple(msgspec.structs.replace(one, **fields) for one in row)


WINDOW = Maintenance(maintenance_id="m", starts_at=at(0), until=at(90), by="ops")


@pytest.mark.parametrize(
    ("world", "fields", "verdict"),
    [
        pytest.param(truth(outage()), {"exercise": True}, "exercise", id="an_exercise_is_apart"),
        pytest.param(truth(), {"maintenance": WINDOW}, "maintenance", id="planned_work_is_apart"),
        pytest.param(truth(outage()), {"maintenance": WINDOW}, "found", id="an_outage_in_planned_work_is_found"),
    ],
)
def test_exercises_and_planned_work(world: Truth, fields: dict[str, Any], verdict: str) -> None:
    one = only(score_world(world, [_linked(incident(), **fields)]))
    assert one.verdict == verdict
    assert one.real is (True if verdict == "found" else None)


def test_an_incident_that_another_one_took_in_is_not_a_split() -> None:
    taken = _linked(incident("i2"), links=Links(merged_into="i1"))
    assert verdicts(score_world(truth(outage()), [incident("i1"), taken])) == {"i1": "found", "i2": "absorbed"}
    assert verdicts(score_world(truth(outage()), [taken])) == {"i2": "found"}, "into one that nobody has"


def test_the_incident_that_names_all_four_cities_is_paired_before_an_earlier_one_of_a_single_city() -> None:
    four = {f"DE/{path}": 100 for path in ("NW/koeln", "NW/bonn", "HH/hamburg", "BE/berlin")}
    early = incident("a", opened=0.5, confirmed=1, over=300)
    wide = incident("b", opened=20, confirmed=24, over=310, areas=("DE", *four), services=("broadband", "tv", "sms"))
    world = score_world(truth(outage(areas=four, end=300)), [early, wide])
    assert verdicts(world) == {"a": "split", "b": "found"}
    (found,) = world.outages
    assert (found.place, found.customers_covered) == ("exact", 400)


@pytest.mark.parametrize("nature", ["technical", "planned"])
def test_announced_work_is_announced_though_it_overran_its_window(nature: str) -> None:
    import msgspec

    work = Maintenance(maintenance_id="m1", starts_at=at(-30), until=at(30), by="noc")
    rows = incident(opened=2, confirmed=4, over=60)
    planned = [msgspec.structs.replace(row, maintenance=work, nature="planned") for row in rows[:2]]
    overran = (*planned, msgspec.structs.replace(rows[-1], nature=nature))
    assert only(score_world(truth(), [overran])).verdict == "maintenance"


def test_work_that_was_announced_between_confirmation_and_end_excuses_nothing() -> None:
    import msgspec

    work = Maintenance(maintenance_id="m1", starts_at=at(30), until=at(40), by="noc")
    rows = incident(opened=2, confirmed=4, over=60)
    during = msgspec.structs.replace(rows[1], revision=3, updated_at=at(31), maintenance=work)
    history = (*rows[:2], during, msgspec.structs.replace(rows[2], revision=4))
    assert only(score_world(truth(), [history])).verdict == "false"

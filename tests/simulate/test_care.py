"""The call centre: who calls, what a crowd does to the queue, and that no caller is lost."""

import math
from statistics import fmean
from typing import Any

import pytest

from pipeline.simulate.people.care import CallCentre, Calls, care_stream, served_by
from pipeline.simulate.world.world import World
from tests.simulate.conftest import Document
from tests.simulate.machines import BONN, HOUR, KOELN, at, local, outage, world

CARE = {
    "operator": "alpha",
    "area": "DE/NW",
    "queue": "hotline",
    "interval_seconds": 300,
    "rhythm": "flat",
    "calls_per_hour": 100.0,
    "answers_per_hour": 150.0,
    "lines": 400,
    "patience_minutes": 5.0,
    "calls_per_hit_hour": 0.05,
    "fade_hours": 4.0,
    "delay": {"median_ms": 1_000.0},
}
BEGINS, ENDS = "2025-03-04T10:00", "2025-03-04T14:00"
Timeline = dict[int, Calls]


def place(**more: Any) -> World:
    return world(**{"care": CARE, **more})


def timeline(place: World) -> Timeline:
    """Every minute of a world's call centre."""
    care = place.file.care
    assert care is not None
    centre = CallCentre(place, care)
    return {minute: centre.minute(minute) for minute in place.minutes()}


def offered(calls: Timeline, begins: str = BEGINS, ends: str = ENDS) -> float:
    """Calls between two times."""
    return math.fsum(each.offered for minute, each in calls.items() if at(begins) <= minute < at(ends))


def down(**more: object) -> Document:
    return outage(BEGINS, ENDS, **more)


@pytest.mark.parametrize(
    ("operators", "people"),
    [
        pytest.param(["alpha"], 10_000, id="its_own_customers"),
        pytest.param(["guest"], 10_000, id="those_it_hosts"),
        pytest.param(["alpha", "guest"], 20_000, id="both"),
        pytest.param(["rival"], 0, id="not_those_of_a_rival"),
    ],
)
def test_those_who_are_hit_call_the_hotline_of_their_network(operators: list[str], people: int) -> None:
    """The expected number is the integral of the fading over the outage; its two ramps of a minute are below 1 %."""
    more = offered(timeline(place(outages=[down(operators=operators)]))) - offered(timeline(place()))
    fading = 4.0 * (1 - math.exp(-4 / 4.0))
    assert more == pytest.approx(people * 0.05 * fading, rel=0.01)


def test_guests_of_a_roaming_partner_call_at_home() -> None:
    operators = [
        {"id": "alpha", "role": "primary", "spellings": ["Alpha"]},
        {"id": "guest", "role": "hosted", "spellings": ["Guest"]},
        {"id": "abroad", "role": "roaming", "host": "alpha", "spellings": ["Abroad"]},
        {"id": "rival", "role": "rival", "spellings": ["Rival"]},
        {"id": "brand", "role": "hosted", "host": "rival", "spellings": ["Brand"]},
    ]
    there = place(operators=operators)
    assert served_by("alpha", there) == {"alpha", "guest"}, "a hosted brand without a host is the primary one's"
    assert served_by("rival", there) == {"rival", "brand"}


def test_each_town_that_is_hit_adds_its_calls() -> None:
    one, both = (
        timeline(place(outages=[down(where=where, operators=["alpha"])])) for where in ([KOELN], [KOELN, BONN])
    )
    usual = offered(timeline(place()))
    assert offered(both) - usual == pytest.approx(2 * (offered(one) - usual))


@pytest.mark.parametrize("reaction", [0.0, 0.5, 2.0])
def test_people_call_as_much_as_they_say_anything_about_it(reaction: float) -> None:
    usual = offered(timeline(place()))
    full = offered(timeline(place(outages=[down()]))) - usual
    some = offered(timeline(place(outages=[down(reaction=reaction)]))) - usual
    assert some == pytest.approx(reaction * full)


def test_a_crowd_multiplies_usual_calls_and_none_of_them_is_about_an_outage() -> None:
    angry = {"id": "price", "starts_at": local(BEGINS), "ends_at": local(ENDS), "calls": 3.0, "ramp_minutes": 0.0}
    calls = timeline(place(surges=[angry]))
    assert offered(calls) == pytest.approx(3 * 100 * 4)
    assert offered(calls, "2025-03-03T00:00", BEGINS) == pytest.approx(100 * 34)
    assert {each.about_outage for each in calls.values()} == {0.0}
    waits = {minute: each.wait_seconds for minute, each in calls.items()}
    assert waits[at("2025-03-04T12:00")] > 3 * waits[at("2025-03-04T09:59")], "they wait in the same queue"


def test_a_crowd_of_another_operator_calls_elsewhere() -> None:
    angry = {"id": "price", "operator": "rival", "starts_at": local(BEGINS), "ends_at": local(ENDS), "calls": 3.0}
    assert timeline(place(surges=[angry])) == timeline(place())


def test_no_caller_is_lost_in_outage_and_crowd() -> None:
    angry = {"id": "price", "starts_at": local(BEGINS), "ends_at": local(ENDS), "calls": 4.0}
    came = gone = 0.0
    for each in timeline(place(outages=[down()], surges=[angry])).values():
        came, gone = came + each.offered, gone + each.answered + each.given_up
        assert came == pytest.approx(gone + each.waiting)
        assert 0 <= each.waiting <= 400
        assert 0 <= each.about_outage <= 1


def test_calls_grow_with_the_world() -> None:
    grown = timeline(place(ends="2025-03-31T00:00", days=1.0, growth_per_week=0.05))
    expected = 100 * 24 * 1.05 ** (27.5 / 7)
    assert math.fsum(each.offered for each in grown.values()) == pytest.approx(expected, rel=1e-3)


def test_published_figures_are_those_of_the_queue_with_the_noise_of_counting() -> None:
    """Five standard errors of a Poisson sum over two days."""
    there = place()
    assert there.file.care is not None
    moments = list(care_stream(there, there.file.care))
    bodies = [record.body for moment in moments for record in moment.records]
    came = [body["value"] for body in bodies if body["metric"] == "calls_offered"]
    assert len(came) == 48 * HOUR // 300_000
    expected = 100 * 48
    assert abs(sum(came) - expected) < 5 * math.sqrt(expected)
    assert {body["operator"] for body in bodies} == {"alpha"}
    waits = [body["value"] for body in bodies if body["metric"] == "avg_speed_of_answer_seconds"]
    assert fmean(waits) == pytest.approx(18, rel=0.1)

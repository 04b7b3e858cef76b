"""What figures mean: who may open an incident, who confirms it, who only comes along."""

from typing import Any

import pytest

from pipeline.records.inner.anomalies import Anomaly
from tests.correlate.stories import Story, anomaly, talk

OLD = {"learnt_hours": 200}


def reading(minute: float, area: str = "DE/NW/koeln", **more: object) -> Anomaly:
    return anomaly(minute, area, "telemetry", **{**OLD, **more})


def calls(minute: float) -> Anomaly:
    figures: dict[str, Any] = {
        "measure": "calls_offered",
        "unit": "count",
        "direction": "surge",
        "observed": 900.0,
        "expected": 20.0,
    }
    return reading(minute, **figures)


def load(minute: float) -> Anomaly:
    figures: dict[str, Any] = {"measure": "cpu_load_ratio", "direction": "surge", "observed": 0.99, "expected": 0.3}
    return reading(minute, **figures)


def told(*things: Anomaly, minutes: int = 6) -> Story:
    """The same things every minute."""
    story = Story()
    for minute in range(minutes):
        moved = minute * 60_000
        story.tell(minute, *(_later(thing, moved) for thing in things))
    return story


def _later(one: Anomaly, by_ms: int) -> Anomaly:
    fields = {name: getattr(one, name) for name in Anomaly.__struct_fields__}
    for name in ("ended_at", "started_at"):
        fields[name] = type(one.ended_at)(fields[name] + by_ms)
    return Anomaly(**fields)


def test_a_region_and_its_nation_are_one_witness() -> None:
    story = told(reading(0, "DE/NW/koeln"), reading(0, "DE/NW"), reading(0, "DE", scope_area="DE"))
    assert story.only().state == "suspected"


def test_two_places_confirm_a_strong_reading() -> None:
    assert told(reading(0, "DE/NW/koeln"), reading(0, "DE/NW/bonn")).only().state == "confirmed"


def test_two_services_of_one_place_confirm_each_other_and_two_figures_of_one_service_do_not() -> None:
    services = reading(0, service="broadband"), reading(0, service="fixed_voice")
    figures = reading(0, service="broadband"), reading(0, service="broadband", measure="session_success_ratio")
    assert told(*services).only().state == "confirmed"
    assert told(*figures).only().state == "suspected"


def test_what_falls_in_one_place_alone_may_be_a_lying_probe() -> None:
    story = told(reading(0))
    assert story.only().state == "suspected"
    assert 500_000 <= (story.only().confidence_ppm or 0) < 900_000


@pytest.mark.parametrize("one", [pytest.param(calls(0), id="callers"), pytest.param(load(0), id="processors")])
def test_what_only_supports_opens_nothing(one: Anomaly) -> None:
    assert not told(one).incidents


def test_callers_confirm_what_the_network_shows_and_processors_do_not() -> None:
    assert told(reading(0), calls(0), minutes=3).only().state == "confirmed"
    assert told(reading(0), load(0)).only().state == "suspected"


def test_a_small_change_opens_nothing_however_surprising() -> None:
    assert not told(reading(0, observed=0.985, surprise=300.0)).incidents
    assert not told(
        reading(0, measure="latency_ms", unit="ms", direction="surge", observed=16.0, expected=15.0)
    ).incidents


def test_complaints_about_a_channel_join_an_outage_of_more_than_tv() -> None:
    story = Story().tell(0, reading(0, service="broadband"), talk(0, service="tv", item="RTL"))
    story.tell(1, talk(1, service="tv", item="ARD"), talk(1, service="tv", item="ZDF", area="DE", scope_area="DE"))
    assert len(story.incidents) == 1


def test_a_place_in_a_region_without_customers_was_misread() -> None:
    assert not Story().tell(0, talk(0, area="DE/HH/hamburg")).incidents
    assert len(Story().tell(0, talk(0, area="DE/NW/bielefeld")).incidents) == 1


def test_a_named_part_of_a_city_does_not_hide_the_citys_customers() -> None:
    story = told(reading(0), talk(0, area="DE/NW/koeln/kalk"), minutes=1)
    customers = story.only().customers_affected
    assert customers is not None
    assert customers.low < 250_000 <= customers.high < 260_000

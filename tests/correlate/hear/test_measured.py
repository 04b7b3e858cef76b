"""Where operators are measured, as CORRELATE remembers it."""

import pytest

from pipeline.correlate.hear import weighings as module
from pipeline.correlate.hear.weighings import hear_measured
from pipeline.correlate.state import MarketState
from pipeline.records.inner.anomalies import MeasuredPlace
from tests.correlate.made import BONN, KOELN


def told(area: str, *services: str, operator: str = "beta") -> MeasuredPlace:
    """What DETECT says of a place."""
    return MeasuredPlace(operator=operator, area=area, services=list(services))


def test_the_smallest_places_stay_in_whatever_order_they_are_told() -> None:
    places = [told("DE/NW", "broadband"), told(BONN, "tv"), told(KOELN, "broadband"), told(BONN, "broadband")]
    one, other, late = (MarketState(market="DE") for _ in range(3))
    hear_measured(places, one)
    hear_measured(places[::-1], other)
    for place in places:
        hear_measured([place], late)
    assert one.measured == {"beta": {BONN: ["broadband", "tv"], KOELN: ["broadband"]}}
    assert one.measured == other.measured == late.measured
    assert list(one.measured["beta"]) == sorted(one.measured["beta"])


def test_what_was_handed_out_is_never_changed() -> None:
    market = MarketState(market="DE")
    hear_measured([told(BONN, "tv")], market)
    before = market.measured
    hear_measured([told(KOELN, "tv")], market)
    assert before == {"beta": {BONN: ["tv"]}}
    assert market.measured is not before


def test_a_market_remembers_no_more_places_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEASURED_MAX", 2)
    market = MarketState(market="DE")
    hear_measured([told(BONN, "tv"), told(KOELN, "tv"), told(BONN, "tv", operator="alpha")], market)
    assert market.measured == {"alpha": {BONN: ["tv"]}, "beta": {BONN: ["tv"]}}
    hear_measured([told(KOELN, "tv"), told(BONN, "broadband")], market)
    assert market.measured["beta"] == {BONN: ["broadband", "tv"]}, "the first stay, and are heard on"

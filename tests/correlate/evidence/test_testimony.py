"""What one anomaly says: of trouble or not, as which witness, about what."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.evidence.footprint import Footprint
from pipeline.records.inner.anomalies import Anomaly
from tests.correlate.made import BONN, KOELN, heard
from tests.correlate.stories import anomaly, talk


def reading(measure: str = "attach_success_ratio", **facts: Any) -> Anomaly:
    return anomaly(0, KOELN, "telemetry", measure=measure, **facts)


CALLS = {"unit": "count", "direction": "surge", "observed": 900.0, "expected": 20.0}
LOAD = {"direction": "surge", "observed": 0.99, "expected": 0.3}


@pytest.mark.parametrize(
    ("said", "kind", "carries", "testifies"),
    [
        pytest.param(reading(), "network", True, True, id="a_service_reading"),
        pytest.param(reading("cpu_load_ratio", **LOAD), "resource", False, False, id="a_processor"),
        pytest.param(reading("calls_offered", **CALLS), "care", False, True, id="callers_confirm_and_open_nothing"),
        pytest.param(reading("abandonment_ratio", **LOAD), "care", False, False, id="how_the_call_centre_copes"),
        pytest.param(talk(0), "public", True, True, id="posts_that_complain"),
        pytest.param(talk(0, source="tickets"), "care", True, True, id="tickets"),
        pytest.param(talk(0, measure="activity"), "public", False, False, id="general_talk"),
    ],
)
def test_who_speaks_and_what_it_may_do(said: Anomaly, kind: str, carries: bool, testifies: bool) -> None:
    (testimony,) = heard(said)
    assert (testimony.kind, testimony.carries, testimony.testifies) == (kind, carries, testifies)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(reading(observed=1.0, direction="surge"), id="better_than_usual"),
        pytest.param(reading(observed=0.985), id="hardly_worse"),
        pytest.param(talk(0, direction="drop"), id="fewer_complaints"),
    ],
)
def test_what_speaks_of_no_trouble_is_not_heard(said: Anomaly) -> None:
    assert heard(said) == []


def test_people_speak_of_a_place_without_customers_and_instruments_never_do() -> None:
    abroad, instrument = talk(0, area="DE/HH/hamburg"), anomaly(0, "DE/HH/hamburg", "telemetry")
    assert [testimony.at_home for testimony in heard(abroad)] == [False]
    assert [testimony.at_home for testimony in heard(instrument)] == [True]
    assert [testimony.at_home for testimony in heard(talk(0, area="DE"))] == [True]


@pytest.mark.parametrize(
    ("said", "share_ppm"),
    [
        pytest.param(reading(observed=0.33), 666_667, id="a_success_ratio_that_falls"),
        pytest.param(reading("loss_ratio", direction="surge", observed=0.505, expected=0.01), 500_000, id="a_loss"),
        pytest.param(reading("latency_ms", unit="ms", direction="surge", observed=90.0, expected=9.0), 0, id="a_delay"),
    ],
)
def test_which_share_of_users_a_ratio_shows(said: Anomaly, share_ppm: int) -> None:
    assert [testimony.share_ppm for testimony in heard(said)] == [share_ppm]


@pytest.mark.parametrize(
    ("said", "footprint"),
    [
        pytest.param(
            reading(service="broadband"),
            Footprint(operator="netcologne", area=KOELN, family="fixed", service="broadband", beyond_tv=True),
            id="a_reading_knows_its_network",
        ),
        pytest.param(
            talk(0, service="broadband"),
            Footprint(operator="netcologne", area=KOELN, named="broadband", beyond_tv=True),
            id="people_know_the_service_not_the_network",
        ),
        pytest.param(talk(0), Footprint(operator="netcologne", area=KOELN), id="everything_is_dead"),
        pytest.param(
            talk(0, service="tv", item="arte"),
            Footprint(operator="netcologne", area=KOELN, named="tv", channel="arte"),
            id="a_channel",
        ),
    ],
)
def test_what_decides_where_it_belongs(said: Anomaly, footprint: Footprint) -> None:
    assert [testimony.footprint for testimony in heard(said)] == [footprint]


anomalies = st.lists(
    st.builds(
        talk,
        st.integers(0, 3),
        st.integers(1, 9),
        area=st.sampled_from((KOELN, BONN)),
        source=st.sampled_from(("tickets", "mentions")),
        item=st.sampled_from(("", "arte")),
    ),
    max_size=8,
)


@given(said=anomalies, data=st.data())
def test_the_order_of_work_is_not_that_of_arrival(said: list[Anomaly], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(said))
    assert [testimony.order for testimony in heard(*shuffled)] == [testimony.order for testimony in heard(*said)]

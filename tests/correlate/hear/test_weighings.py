"""What DETECT believes is kept while it is hot, bounded, and opens an incident or says why it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pipeline.correlate.config import WEIGHINGS_MAX
from pipeline.correlate.hear.weighings import hear_weighings
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.vocabulary import IncidentState
from tests.correlate.accounts import SURE, cooled, weighing
from tests.correlate.made import BONN, KOELN, pane
from tests.correlate.stories import Story, anomaly, at, end_of, talk


def test_the_latest_weighing_of_a_place_counts_and_one_that_has_cooled_is_forgotten() -> None:
    work, first = pane(1), weighing(at(1))
    hear_weighings([first, weighing(at(1), BONN)], work)
    later = weighing(at(2), probability=0.3)
    work.at = at(2)
    hear_weighings([later], work)
    assert work.market.weighings["netcologne|DE/NW/koeln|"] == later
    hear_weighings([cooled(later, at(3))], work)
    assert sorted(work.market.weighings) == ["netcologne|DE/NW/bonn|"]


def test_a_place_of_which_nobody_speaks_for_half_an_hour_is_forgotten() -> None:
    work = pane(1)
    hear_weighings([weighing(at(1))], work)
    work.at = at(31)
    hear_weighings([], work)
    assert len(work.market.weighings) == 1
    work.at = at(31) + 10_000
    hear_weighings([], work)
    assert work.market.weighings == {}


@given(data=st.data())
def test_however_many_places_are_hot_the_hottest_are_kept_in_any_order(data: st.DataObject) -> None:
    rows = [weighing(at(1), f"DE/NW/ort-{n}", probability=0.02 + 0.9 * n / 5_000) for n in range(WEIGHINGS_MAX + 3)]
    work, other = pane(1), pane(1)
    hear_weighings(rows, work)
    cut = data.draw(st.integers(0, len(rows)))
    hear_weighings([*rows[cut:], *rows[:cut]], other)
    assert len(work.market.weighings) == WEIGHINGS_MAX
    assert list(other.market.weighings) == list(work.market.weighings)
    assert "netcologne|DE/NW/ort-2|" not in work.market.weighings


@pytest.mark.parametrize(
    ("probability", "group", "opens"),
    [
        pytest.param(0.49, "public", False, id="unlikely"),
        pytest.param(0.51, "public", True, id="likely"),
        pytest.param(0.29, "network", False, id="unlikely_by_figures"),
        pytest.param(0.31, "network", True, id="figures_are_seldom_wrong"),
    ],
)
def test_an_incident_opens_where_an_outage_is_likely(probability: float, group: str, *, opens: bool) -> None:
    believed = weighing(end_of(0), probability=probability, added=[group], rival="chatter")
    story = Story().tell(0, talk(0, 500), believed)
    assert bool(story.incidents) == opens


@pytest.mark.parametrize(
    ("probability", "incidents"),
    [pytest.param(0.03, 1, id="hardly_suspected"), pytest.param(0.3, 2, id="hot_for_its_own_sake")],
)
def test_beside_a_known_outage_a_far_place_must_be_hot_for_its_own_sake(probability: float, incidents: int) -> None:
    hamburg = talk(0, 500, area="DE/HH/hamburg", operator="alpha")
    koeln = talk(30, 500, operator="alpha")
    sure = weighing(end_of(0), "DE/HH/hamburg", operator="alpha")
    story = Story().tell(0, hamburg, sure)
    hardly = weighing(end_of(30), operator="alpha", probability=probability, added=["public"])
    story.tell(30, koeln, hardly, structs.replace(sure, ended_at=end_of(30)))
    assert len(story.incidents) == incidents


def test_why_nothing_was_opened_is_told_now_and_then_with_the_likelier_explanation() -> None:
    story = Story()
    for minute in range(40):
        end = end_of(minute)
        scandal = weighing(end, probability=0.05, added=["public"], rival="chatter")
        story.tell(minute, talk(minute, 90, step_ms=MINUTE_MS), scandal)
    assert not story.incidents
    assert 1 <= len(story.why("suppressed")) <= 4
    assert set(story.why("suppressed")) == {"weak_evidence"}
    assert "probability of 0.050, likelier is chatter" in story.decisions[0].text


def test_an_anomaly_of_a_place_that_was_never_weighed_opens_nothing() -> None:
    elsewhere = weighing(end_of(0), "DE/BY/muenchen", operator="alpha")
    story = Story().tell(0, elsewhere, weighing(end_of(0), probability=0.001), talk(0))
    assert not story.incidents


def test_people_alone_confirm_nothing_while_they_may_be_talking_of_something_else() -> None:
    story = Story()
    for minute in range(60):
        chatter = weighing(end_of(minute), probability=0.7, added=["public"], rival="chatter")
        story.tell(minute, talk(minute, 300), chatter)
    assert story.only().state == IncidentState.SUSPECTED


def test_an_incident_recovers_only_once_its_account_has_cooled() -> None:
    story = Story()
    for minute in range(3):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry", service="broadband"))
    for minute in range(3, 120):
        story.tell(minute, weighing(end_of(minute), KOELN, "broadband", probability=0.4, disturbed=SURE))
    assert story.only().state == IncidentState.CONFIRMED
    story.until(120 + 16)
    assert story.only().state == IncidentState.RECOVERING


def test_complaints_go_on_after_the_end_and_keep_nothing_alive() -> None:
    story = Story()
    for minute in range(3):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry", service="broadband"))
    for minute in range(3, 40):
        over = weighing(end_of(minute), KOELN, "broadband", probability=0.01, added=[])
        story.tell(minute, talk(minute), over)
    assert story.only().state in (IncidentState.RECOVERING, IncidentState.RESOLVED)
    assert story.only().ended_at == end_of(2)


def test_areas_come_back_one_by_one_and_customers_fall_with_them() -> None:
    story = Story()
    for minute in range(10):
        heard = [anomaly(minute, area, "telemetry", service="broadband") for area in (KOELN, BONN)]
        story.tell(minute, *heard, talk(minute))
    before = story.only().customers_affected
    for minute in range(10, 40):
        story.tell(minute, anomaly(minute, KOELN, "telemetry", service="broadband"), talk(minute))
    after = story.only().customers_affected
    assert before is not None
    assert after is not None
    assert before.likely is not None
    assert after.likely is not None
    assert 0.7 * before.likely < after.likely < 0.8 * before.likely
    assert [point.areas_back_ppm for point in story.only().resolution_curve or ()] == [500_000]

"""What stands out: told when it opens nothing, and opened by talk where the account believes in an outage."""

from dataclasses import replace

import pytest

from pipeline.adapters.reference.belief import load_kinds
from pipeline.adapters.reference.folder import reference_folder
from pipeline.correlate.config import ConfirmConfig, CorrelateConfig
from pipeline.records.inner.anomalies import Anomaly
from pipeline.reference.belief import BeliefTable
from tests.correlate.accounts import weighing
from tests.correlate.stories import REFERENCE, Story, anomaly, end_of, talk

KOELN = "DE/NW/koeln"


def burst(minute: float, people: int = 8) -> Anomaly:
    """Posts of a town, of which none complains, one pane."""
    return anomaly(minute, measure="activity", observed=float(people), people=people, records=people)


def believed(minute: float, probability: float) -> object:
    """What DETECT believes of the town after that pane."""
    return weighing(int(end_of(minute)), KOELN, probability=probability, added=("public",))


@pytest.mark.parametrize("minute", [0, 7, 13, 29])
def test_a_burst_that_opens_nothing_is_told_when_it_begins_whenever_that_is(minute: int) -> None:
    story = Story().tell(minute, burst(minute), believed(minute, 0.02))
    assert story.why("suppressed") == ["weak_evidence"]
    assert not story.incidents


def test_while_it_goes_on_it_is_told_once_in_half_an_hour_and_a_later_burst_at_once() -> None:
    story = Story()
    for minute in range(0, 60, 2):
        story.tell(minute, burst(minute), believed(minute, 0.02))
    assert len(story.why("suppressed")) == 2
    story.tell(200, burst(200), believed(200, 0.02))
    assert len(story.why("suppressed")) == 3


def test_posts_whose_weights_make_an_outage_likely_open_an_incident_though_none_complains() -> None:
    story = Story().tell(0, burst(0), believed(0, 0.7))
    assert story.only().state == "suspected"
    assert [area.area for area in story.only().areas] == [KOELN]


def test_talk_of_another_town_opens_nothing() -> None:
    story = Story().tell(0, burst(0), weighing(int(end_of(0)), "DE/BE/berlin", probability=0.7, added=("public",)))
    assert not story.incidents


TABLE = BeliefTable(false_incidents={"tv": 0.01, "other": 0.02})


def told_of_television(accepted: dict[str, float], probability: float) -> Story:
    """A story of people who complain of television, where so many false incidents are accepted."""
    config = CorrelateConfig(confirm=ConfirmConfig(false_incidents_per_month=accepted))
    story = Story(config, replace(REFERENCE, belief=TABLE))
    known = weighing(int(end_of(0)), KOELN, "", probability=probability, added=("care", "public"))
    return story.tell(0, talk(0, service="tv"), known)


@pytest.mark.parametrize(
    ("accepted", "state"),
    [
        pytest.param({}, "suspected", id="as_many_as_are_to_be_expected"),
        pytest.param({"tv": 0.1}, "confirmed", id="ten_times_as_many_are_told_a_fact"),
        pytest.param({"sms": 0.1}, "suspected", id="of_another_service"),
    ],
)
def test_who_accepts_more_false_incidents_of_a_service_is_told_sooner(accepted: dict[str, float], state: str) -> None:
    assert told_of_television(accepted, 0.7).only().state == state


def test_who_accepts_fewer_hears_of_no_suspicion_that_is_likelier_than_not() -> None:
    assert not told_of_television({"tv": 0.001}, 0.7).incidents


def test_the_decision_says_which_bar_counted_and_why() -> None:
    story = told_of_television({"tv": 0.1}, 0.7)
    (told,) = [row.text for row in story.decisions if row.kind == "changed"]
    assert "from 0.571 on, 0.1 false incidents of tv a month accepted" in told


def test_the_table_says_how_sure_it_is_and_whether_that_suffices() -> None:
    sure = BeliefTable(told=((-8_000, -6_000), (8_000, 10_000)))
    for table, state, least in ((BeliefTable(), "suspected", 0.69), (sure, "confirmed", 0.94)):
        known = weighing(int(end_of(0)), KOELN, "", probability=0.7, added=("care", "public"))
        story = Story(None, replace(REFERENCE, belief=table)).tell(0, talk(0), known)
        told = story.only()
        assert told.state == state
        assert least <= (told.confidence_ppm or 0) / 1_000_000 <= least + 0.02
        assert told.evidence_card is not None
        added = sum(each.added_milli for each in told.evidence_card.contributions)
        assert told.evidence_card.log_odds_milli == told.evidence_card.base_milli + added


def test_two_bursts_within_half_an_hour_are_two_and_a_step_left_out_ends_none() -> None:
    story = Story()
    for minute in (0, 2, 3, 8, 17):
        story.tell(minute, burst(minute), believed(minute, 0.02))
    assert len(story.why("suppressed")) == 1
    story.tell(28, burst(28), believed(28, 0.02))
    assert len(story.why("suppressed")) == 2


def test_what_towns_say_of_content_is_counted_for_their_nation_and_told() -> None:
    story = Story().tell(0, anomaly(0, symptoms={"rights": 8}, people=8, records=8), believed(0, 0.02))
    assert "the nation's counts" in story.decisions[0].text


@pytest.mark.parametrize(
    ("symptoms", "facts", "counted"),
    [
        pytest.param({"rights": 1}, {}, False, id="one_in_the_morning"),
        pytest.param({"rights": 3, "no_tv": 1}, {}, True, id="two_more_than_name_a_fault"),
        pytest.param({"rights": 8}, {"service": "broadband"}, False, id="of_another_service"),
    ],
)
def test_a_town_names_content_by_the_weights_by_which_an_incident_does(
    symptoms: dict[str, int], facts: dict[str, str], counted: bool
) -> None:
    story = Story(reference=replace(REFERENCE, kinds=load_kinds(reference_folder())))
    story.tell(0, anomaly(0, symptoms=symptoms, **facts), believed(0, 0.02))
    assert ("the nation's counts" in story.decisions[0].text) is counted

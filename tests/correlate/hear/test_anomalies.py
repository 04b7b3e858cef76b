"""What stands out: told when it opens nothing, and opened by talk where the account believes in an outage."""

import pytest

from pipeline.records.inner.anomalies import Anomaly
from tests.correlate.accounts import weighing
from tests.correlate.stories import Story, anomaly, end_of

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

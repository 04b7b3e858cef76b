"""Silent feeds: which concern an incident, and which blind it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.config import SILENT_MAX
from pipeline.correlate.hear.feeds import look_at_feeds, note_silences
from pipeline.records.clocks import Instant
from pipeline.records.inner.anomalies import FeedSilence
from tests.correlate.made import KOELN, decided, dossier, incident, pane, series
from tests.correlate.stories import at


def silence(area: str = "DE/NW", *, ended: bool = False, **facts: Any) -> FeedSilence:
    known: dict[str, Any] = {"operator": "netcologne", "source": "telemetry", "since": Instant(at(4))}
    return FeedSilence(area=area, ended=ended, **{**known, **facts})


@pytest.mark.parametrize(
    ("stopped", "concerns", "blinds"),
    [
        pytest.param(silence(), True, True, id="a_feed_that_spoke_for_it"),
        pytest.param(silence(source="mentions"), True, False, id="a_feed_that_never_spoke"),
        pytest.param(silence("DE/BY"), False, False, id="a_feed_of_another_region"),
        pytest.param(silence(operator="alpha"), False, False, id="a_feed_of_another_operator"),
        pytest.param(silence(measure="attach_success_ratio"), True, True, id="the_measure_that_spoke"),
        pytest.param(silence(measure="latency_ms"), True, False, id="a_measure_that_never_spoke"),
        pytest.param(silence("DE", measure="csat_score"), False, False, id="callers_that_are_asked_by_day_only"),
    ],
)
def test_which_silence_blinds_an_incident(stopped: FeedSilence, concerns: bool, blinds: bool) -> None:
    case = incident(dossier(KOELN, series=[series(KOELN), series(KOELN, measure="csat_score", kind="care")]))
    work = pane(5, case)
    note_silences([stopped], work)
    look_at_feeds(case, work)
    assert (bool(case.sight.silent), bool(case.sight.blind_from)) == (concerns, blinds)
    assert decided(work) == ([("suppressed", "source_silent")] if blinds else [])


def test_an_incident_sees_again_when_its_feed_speaks() -> None:
    case = incident(dossier(KOELN, series=[series(KOELN)]))
    work = pane(5, case)
    note_silences([silence()], work)
    look_at_feeds(case, work)
    later = pane(30, case)
    note_silences([silence(ended=True)], later)
    look_at_feeds(case, later)
    assert (case.sight.blind_from, case.sight.sees_since, case.sight.silent) == (0, at(30), [])


silences = st.lists(
    st.builds(silence, st.sampled_from(("DE/NW", "DE/BY")), ended=st.booleans(), source=st.sampled_from(("a", "b"))),
    max_size=8,
)


@given(told=silences, data=st.data())
def test_the_order_within_a_pane_does_not_matter(told: list[FeedSilence], data: st.DataObject) -> None:
    one, other = pane(5), pane(5)
    assert note_silences(told, one) == note_silences(data.draw(st.permutations(told)), other)
    assert one.market.silent == other.market.silent
    assert not note_silences([], one)


def test_of_too_many_the_feeds_of_an_open_incident_stay_then_the_latest() -> None:
    work = pane(5, incident(dossier(KOELN, operators={"zeta": 1})))
    many = [silence(measure=f"m{number}", since=Instant(at(0) + number)) for number in range(SILENT_MAX)]
    note_silences([*many, silence(operator="zeta")], work)
    kept = {(feed.operator, feed.measure) for feed in work.market.silent}
    assert len(kept) == SILENT_MAX
    assert ("zeta", "") in kept
    assert ("netcologne", "m0") not in kept
    assert decided(work) == [("suppressed", "limit_reached")]

"""Merging keeps all, splitting loses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.life.joining import merge_two, relate, split_off
from pipeline.correlate.parts import AreaSeen, Dossier
from pipeline.records.vocabulary import DecisionReason, IncidentState
from tests.correlate.made import AACHEN, BONN, KOELN, decided, dossier, incident, pane, said, series
from tests.correlate.stories import at

SUSPECTED, CONFIRMED, RECOVERING = IncidentState.SUSPECTED, IncidentState.CONFIRMED, IncidentState.RECOVERING
PLACES = (KOELN, BONN, AACHEN, "DE/NW")


def told(areas: list[str], people: int = 3) -> Dossier:
    rows = {area: series(area, records=people) for area in areas}
    return dossier(*areas, series=rows.values(), witnesses={"care": said(people)}, operators={"netcologne": people})


def keyed(evidence: Dossier) -> Dossier:
    evidence.series = {row.area: row for row in evidence.series.values()}
    return evidence


def test_the_older_goes_on_and_the_younger_says_where_it_went() -> None:
    older, younger = incident(told([KOELN]), name="old"), incident(told([BONN]), IncidentState.CONFIRMED, name="new")
    younger.handling.acknowledged_by, younger.figures.care = "ina", {"calls_waiting": [1, at(3)]}
    work = pane(10, older, younger)
    merge_two(older, younger, work, DecisionReason.SAME_OUTAGE)
    kept, gone = work.market.incidents
    assert (kept.incident_id, kept.state) == ("old", IncidentState.CONFIRMED)
    assert set(kept.dossier.areas) == {KOELN, BONN}
    assert (kept.relations.merged_from, gone.relations.merged_into) == (["new"], "old")
    assert gone.state == IncidentState.CLOSED
    assert (kept.handling.acknowledged_by, kept.figures.care) == ("ina", {"calls_waiting": [1, at(3)]})
    assert decided(work) == [("changed", "same_outage"), ("merged", "same_outage"), ("closed", "same_outage")]
    assert set(older.dossier.areas) == {KOELN}


@given(
    mine=st.lists(st.sampled_from(PLACES), min_size=1, unique=True),
    theirs=st.lists(st.sampled_from(PLACES), min_size=1, unique=True),
)
def test_a_merge_adds_up_and_whoever_is_merged_first_does_not_matter(mine: list[str], theirs: list[str]) -> None:
    merged = []
    for first, second in ((mine, theirs), (theirs, mine)):
        older, younger = incident(keyed(told(first)), name="a"), incident(keyed(told(second)), name="b")
        work = pane(10, older, younger)
        merge_two(older, younger, work, DecisionReason.SAME_OUTAGE)
        merged.append(work.market.incidents[0].dossier)
    one, other = merged
    assert one.series == other.series
    assert one.areas == other.areas
    assert one.witnesses == other.witnesses
    assert sum(row.records for row in one.series.values()) == 3 * (len(mine) + len(theirs))
    assert one.operators == {"netcologne": 6}
    assert one.witnesses["care"].people == 6


def test_an_area_that_is_down_in_one_of_two_is_down_in_both() -> None:
    back = AreaSeen(since=at(0), last_at=at(5), back_at=at(5))
    down = AreaSeen(since=at(-1), last_at=at(3), share_ppm=500_000, measured=True, down_at=at(3))
    for first, second in ((back, down), (down, back)):
        older = incident(dossier(areas={KOELN: first}), name="a")
        younger = incident(dossier(areas={KOELN: second}), name="b")
        work = pane(10, older, younger)
        merge_two(older, younger, work, DecisionReason.SAME_OUTAGE)
        seen = work.market.incidents[0].dossier.areas[KOELN]
        assert (seen.since, seen.last_at, seen.back_at, seen.share_ppm) == (at(-1), at(5), 0, 500_000)
        assert (seen.measured, seen.down_at) == (True, at(3))


@pytest.mark.parametrize(
    ("older_is", "younger_is", "goes_on", "relapses"),
    [
        pytest.param(RECOVERING, RECOVERING, RECOVERING, 0, id="two_that_recover_are_one_that_does"),
        pytest.param(SUSPECTED, RECOVERING, CONFIRMED, 0, id="what_recovers_was_a_fact"),
        pytest.param(SUSPECTED, CONFIRMED, CONFIRMED, 0, id="a_fact_makes_a_suspicion_one"),
        pytest.param(RECOVERING, CONFIRMED, CONFIRMED, 1, id="what_goes_on_elsewhere_is_not_over"),
        pytest.param(CONFIRMED, RECOVERING, CONFIRMED, 0, id="nor_is_the_older"),
        pytest.param(RECOVERING, SUSPECTED, RECOVERING, 0, id="a_suspicion_proves_nothing"),
    ],
)
def test_what_goes_on_is_in_the_state_that_both_tell(
    older_is: IncidentState, younger_is: IncidentState, goes_on: IncidentState, relapses: int
) -> None:
    older, younger = incident(state=older_is, name="a"), incident(state=younger_is, name="b")
    work = pane(10, older, younger)
    merge_two(older, younger, work, DecisionReason.SAME_OUTAGE)
    kept = work.market.incidents[0].course
    assert (kept.state, kept.relapses) == (goes_on, relapses)


def test_a_merge_whose_second_half_fails_changes_neither() -> None:
    older, younger = incident(told([KOELN]), name="a"), incident(told([BONN]), name="b")
    younger.course.state = "unheard of"  # type: ignore[assignment]  # no row of the table: closing it raises
    work = pane(10, older, younger)
    before = [known.copy() for known in work.market.incidents]
    merge_two(older, younger, work, DecisionReason.SAME_OUTAGE)
    assert work.market.incidents == before
    assert decided(work) == [("suppressed", "rule_failed")] * 2
    assert not work.touched


@given(areas=st.lists(st.sampled_from(PLACES), min_size=1, unique=True), area=st.sampled_from(PLACES))
def test_a_split_shares_the_series_out_and_leaves_neither_empty(areas: list[str], area: str) -> None:
    case = incident(keyed(told(areas)))
    before = case.copy()
    fresh = split_off(case, area, pane(10, case), "c1", "ina")
    if fresh is None:
        assert case == before
        return
    assert fresh.dossier.series
    assert case.dossier.series
    assert {**fresh.dossier.series, **case.dossier.series} == before.dossier.series
    assert not set(fresh.dossier.series) & set(case.dossier.series)
    assert {**fresh.dossier.areas, **case.dossier.areas} == before.dossier.areas
    assert all(name.startswith(area) for name in fresh.dossier.areas)


def test_what_was_split_off_has_a_life_of_its_own() -> None:
    case = incident(keyed(told([KOELN, BONN])), IncidentState.CONFIRMED)
    case.publication.revision, case.relations.merged_from = 7, ["old"]
    fresh = split_off(case, BONN, pane(10, case), "c1", "ina")
    assert fresh is not None
    assert fresh.incident_id != case.incident_id
    assert (fresh.publication.revision, fresh.relations.merged_from) == (0, [])
    assert (fresh.relations.split_from, case.relations.split_into) == (case.incident_id, [fresh.incident_id])
    assert (fresh.state, fresh.identity.opened_at) == (case.state, case.identity.opened_at)
    fresh.course.history.clear()
    assert case.course.history


def test_open_incidents_of_the_operator_are_related_and_bounded() -> None:
    case = incident()
    relate(case, [incident(name=f"i{number:02}") for number in range(40)])
    assert case.relations.related == [f"i{number:02}" for number in range(16)]

"""How a dossier takes evidence in: each record once, bounded, whatever the order."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.config import AREAS_KEPT_MAX, EVIDENCE_MAX
from pipeline.correlate.evidence.claims import absorb_claims
from pipeline.correlate.evidence.dossier import absorb, add_area, mark_back, note_found
from pipeline.correlate.parts import Dossier
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.inner.signals import EmergencyClaim
from tests.correlate.made import BONN, CONFIG, KOELN, heard
from tests.correlate.stories import anomaly, at, claim, end_of, talk


def taken(*anomalies: Anomaly, minute: float = 0) -> Dossier:
    evidence = Dossier(last_at=at(0))
    absorb(evidence, heard(*anomalies), int(end_of(minute)), CONFIG)
    return evidence


def test_sums_that_hold_each_other_count_once() -> None:
    evidence = taken(
        talk(0, 6), talk(0, 4, service="tv", item="zdf"), talk(0, 5, service="tv"), talk(0, 9, area="DE/NW")
    )
    assert (evidence.witnesses["public"].records, evidence.witnesses["public"].people) == (9, 9)


def test_two_sources_are_two_witnesses_and_readings_count_nobody() -> None:
    evidence = taken(talk(0, 6), talk(0, 4, source="tickets"), anomaly(0, source="telemetry"))
    assert {kind: said.people for kind, said in evidence.witnesses.items()} == {"network": 0, "care": 4, "public": 6}


def test_steps_that_overlap_count_once() -> None:
    evidence = taken(talk(0, 6))
    absorb(evidence, heard(talk(0, 6)), int(end_of(0)), CONFIG)
    (series,) = evidence.series.values()
    assert (series.panes, series.records, evidence.witnesses["public"].people) == (1, 6, 6)
    absorb(evidence, heard(talk(1, 6)), int(end_of(1)), CONFIG)
    (series,) = evidence.series.values()
    assert (series.panes, series.records, evidence.witnesses["public"].people) == (2, 12, 12)


def test_a_series_shows_its_most_surprising_step() -> None:
    evidence = taken(anomaly(0, source="telemetry", surprise=9.0, observed=0.1))
    absorb(evidence, heard(anomaly(1, source="telemetry", surprise=3.0, observed=0.8)), int(end_of(1)), CONFIG)
    (series,) = evidence.series.values()
    assert (series.surprise_milli, series.observed) == (9_000, 100_000)


def test_what_only_accompanies_leaves_no_facts() -> None:
    evidence = taken(talk(5, measure="activity"), minute=5)
    assert (evidence.areas, evidence.operators, evidence.found, evidence.last_at) == ({}, {}, {}, at(0))
    assert evidence.series


def test_the_first_evidence_of_a_source_stands_and_a_guess_far_back_is_cut() -> None:
    evidence = Dossier(last_at=at(0))
    note_found(evidence, "mentions", at(-500), at(0), CONFIG)
    assert evidence.found["mentions"] == [at(0) - 60 * MINUTE_MS, at(0)]
    note_found(evidence, "mentions", at(-40), at(1), CONFIG)
    assert evidence.found["mentions"] == [at(0) - 60 * MINUTE_MS, at(0)]


def test_an_area_that_was_back_is_down_again_with_new_evidence() -> None:
    evidence = Dossier(last_at=at(0))
    add_area(evidence, KOELN, at(1), 400_000)
    mark_back(evidence, KOELN)
    assert evidence.areas[KOELN].back_at == at(1)
    add_area(evidence, KOELN, at(9))
    seen = evidence.areas[KOELN]
    assert (seen.since, seen.last_at, seen.back_at, seen.share_ppm) == (at(1), at(9), 0, 400_000)


def test_areas_and_series_are_bounded_and_what_goes_is_counted() -> None:
    towns = [talk(0, area=f"DE/NW/ort-{number:03}", surprise=3.0 + number) for number in range(AREAS_KEPT_MAX + 40)]
    evidence = taken(*towns)
    assert (len(evidence.areas), evidence.areas_dropped) == (AREAS_KEPT_MAX, 40)
    assert (len(evidence.series), evidence.series_dropped) == (EVIDENCE_MAX, len(towns) - EVIDENCE_MAX)
    kept = min(series.surprise_milli for series in evidence.series.values())
    assert kept == round((3.0 + len(towns) - EVIDENCE_MAX) * 1_000)


said = st.lists(
    st.builds(
        talk,
        st.just(0),
        st.integers(1, 9),
        area=st.sampled_from((KOELN, BONN, "DE/NW", "DE")),
        source=st.sampled_from(("tickets", "mentions")),
        service=st.sampled_from(("", "tv")),
    ),
    max_size=10,
    unique_by=lambda row: (row.area, row.source, row.service),
)


@given(anomalies=said, data=st.data())
def test_a_dossier_does_not_depend_on_the_order_within_a_pane(anomalies: list[Anomaly], data: st.DataObject) -> None:
    assert taken(*data.draw(st.permutations(anomalies))) == taken(*anomalies)


@given(anomalies=said)
def test_no_more_people_speak_than_there_are_records(anomalies: list[Anomaly]) -> None:
    evidence = taken(*anomalies)
    told = sum(row.people for row in anomalies)
    assert sum(witness.people for witness in evidence.witnesses.values()) <= told
    for source, kind in (("tickets", "care"), ("mentions", "public")):
        people = [row.people for row in anomalies if row.source == source]
        if people:
            assert evidence.witnesses[kind].people >= max(
                row.people for row in anomalies if row.source == source and _is_top(row, anomalies)
            )


def _is_top(row: Anomaly, anomalies: list[Anomaly]) -> bool:
    """Does no other sum of its source hold it?"""
    others = [other for other in anomalies if other.source == row.source and other is not row]
    return not any(
        (row.area == other.area or row.area.startswith(other.area + "/")) and other.service in ("", row.service)
        for other in others
    )


claims = st.lists(
    st.builds(claim, st.integers(0, 9), st.integers(1, 3), source=st.sampled_from(("tickets", "mentions"))), max_size=12
)


@given(told=claims)
def test_each_person_claims_once_and_each_ticket_counts(told: list[EmergencyClaim]) -> None:
    evidence = Dossier(last_at=at(0))
    absorb_claims(evidence, told, at(10), CONFIG)
    if not told:
        assert evidence.emergency is None
        return
    emergency = evidence.emergency
    assert emergency is not None
    tickets = sum(row.source == "tickets" for row in told)
    assert emergency.tickets == tickets
    assert max(tickets, len({row.person for row in told})) <= emergency.claims
    assert emergency.claims <= tickets + len({row.person for row in told})
    assert (emergency.numbers, evidence.services) == (["112"], ["emergency"])


def test_only_what_can_be_an_emergency_number_is_kept() -> None:
    evidence = Dossier(last_at=at(0))
    absorb_claims(evidence, [claim(0, 1, numbers=["112", "1", "0221123456", "abc"])], at(0), CONFIG)
    assert evidence.emergency is not None
    assert evidence.emergency.numbers == ["112"]

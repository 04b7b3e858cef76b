"""What witnesses say: people beyond the usual, quiet steps taken off, nobody twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.evidence.dossier import absorb
from pipeline.correlate.evidence.witnesses import people_beyond_usual
from pipeline.correlate.parts import Dossier
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.anomalies import Anomaly
from tests.correlate.made import CONFIG, heard
from tests.correlate.stories import anomaly, at, talk


def tickets(minute: float, people: int, usual: float) -> Anomaly:
    """A minute's tickets that complain, and how many do in a usual one."""
    end = Instant(at(minute) + MINUTE_MS)
    times = {"ended_at": end, "step_ms": MINUTE_MS, "started_at": Instant(at(minute))}
    return talk(minute, people, source="tickets", expected=usual, **times)


def taken(*anomalies: Anomaly) -> Dossier:
    evidence = Dossier(last_at=at(0))
    for step in anomalies:
        absorb(evidence, heard(step), int(step.ended_at), CONFIG)
    return evidence


def test_those_who_complain_anyway_are_no_witnesses() -> None:
    care = taken(tickets(0, 12, 10.0)).witnesses["care"]
    assert (care.people, care.excess_milli) == (12, 2_000)


@pytest.mark.parametrize(
    ("minutes", "excess_milli"),
    [
        pytest.param((0, 1, 2), 5_400, id="in_a_row"),
        pytest.param((0, 6, 12), 3_400, id="with_five_quiet_minutes_between"),
        pytest.param((0, 30, 60), 1_800, id="half_an_hour_apart_each_stands_alone"),
    ],
)
def test_two_tickets_now_and_then_add_up_to_nothing(minutes: tuple[int, ...], excess_milli: int) -> None:
    evidence = taken(*(tickets(minute, 2, 0.2) for minute in minutes))
    assert evidence.witnesses["care"].people == 6
    assert evidence.witnesses["care"].excess_milli == excess_milli


def test_people_speak_since_there_was_an_excess_and_no_longer() -> None:
    lasting = taken(tickets(0, 9, 0.1), tickets(20, 9, 0.1)).witnesses["care"]
    assert lasting.first_at == at(0)
    anew = taken(tickets(0, 2, 0.2), tickets(60, 2, 0.2)).witnesses["care"]
    assert anew.first_at == at(60)


def test_an_outage_has_hit_those_too_who_have_stopped_complaining() -> None:
    evidence = taken(tickets(0, 9, 0.5), tickets(60, 2, 0.5))
    assert evidence.witnesses["care"].excess_milli == 1_500
    assert people_beyond_usual(evidence) == 9


def test_readings_add_no_people_and_take_none_off() -> None:
    evidence = taken(tickets(0, 5, 0.5), anomaly(9, source="telemetry"), tickets(1, 5, 0.5))
    assert evidence.witnesses["network"].excess_milli == 0
    assert people_beyond_usual(evidence) == 9


steps = st.lists(st.tuples(st.integers(0, 40), st.floats(0.01, 20.0)), min_size=1, max_size=8)


@given(told=steps, gap=st.integers(1, 30))
def test_there_are_never_more_people_beyond_the_usual_than_people(told: list[tuple[int, float]], gap: int) -> None:
    rows = [tickets(number * gap, people, usual) for number, (people, usual) in enumerate(told)]
    care = taken(*rows).witnesses["care"]
    assert 0 <= care.excess_milli <= 1_000 * care.people

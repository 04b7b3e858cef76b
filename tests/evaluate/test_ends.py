"""The estimate of the end beside the end, minute by minute and revision by revision."""

import pytest
from msgspec import structs

from pipeline.evaluate.judging.facts import OutageScore
from pipeline.evaluate.score import Score, combine, score_world
from pipeline.records.published.incident_parts import EtaEstimate
from pipeline.records.published.incidents import Incident
from tests.evaluate.cases import HISTORY, at, incident, outage, truth


def told(*ends: tuple[float, tuple[float, float, float] | None], over: float = 600) -> HISTORY:
    """An incident with a revision at each of these minutes: earliest, likely and latest end, or none."""
    rows = incident(over=over)
    said = [revision(rows[1], minute, end) for minute, end in ends]
    rest = [row for row in rows if row.updated_at not in {each.updated_at for each in said}]
    merged = sorted((*rest, *said), key=lambda row: row.updated_at)
    return tuple(structs.replace(row, revision=number) for number, row in enumerate(merged, start=1))


def revision(row: Incident, minute: float, end: tuple[float, float, float] | None) -> Incident:
    if end is None:
        return structs.replace(row, updated_at=at(minute), estimated_end=None)
    earliest, likely, latest = map(at, end)
    estimate = EtaEstimate(
        made_at=at(minute), earliest=earliest, likely=likely, latest=latest, basis="similar_incidents"
    )
    return structs.replace(row, updated_at=at(minute), estimated_end=estimate)


def total(length: float, row: HISTORY) -> Score:
    return combine([score_world(truth(outage(end=length)), [row])])


def judged(length: float, row: HISTORY) -> OutageScore:
    (one,) = total(length, row).worlds[0].outages
    return one


def test_each_minute_in_which_an_end_is_told_asks_whether_the_interval_holds_it() -> None:
    one = judged(60, told((10, (20, 40, 50)), (30, (50, 55, 90)), over=80))
    assert (one.eta_held, one.eta_told) == (30, 50)
    assert one.eta_plain_held == 0, "nine of ten outages last longer than an hour"


def test_a_revision_that_tells_no_end_takes_back_what_was_told() -> None:
    one = judged(60, told((10, (50, 60, 70)), (30, None), over=80))
    assert (one.eta_held, one.eta_told) == (20, 20)


def test_the_likely_end_is_held_against_the_end_from_three_hours_on() -> None:
    row = told((10, (60, 170, 500)), (185, (190, 195, 500)), (195, (195, 205, 500)), (210, (210, 410, 420)))
    one = judged(210, row)
    assert one.eta_errors == (40 * 60, 15 * 60, 5 * 60), "asked at 180, 190 and 200; what comes at the end is no guess"
    assert one.eta_plain_errors == (30 * 60, 20 * 60, 10 * 60), "half are over after 178 minutes, and no end is past"


@pytest.mark.parametrize(("likely", "error"), [(300, 0.0), (None, 3_600.0)])
def test_without_a_likely_end_the_latest_is_the_likely_one(likely: float | None, error: float) -> None:
    rows = told((285, (286, 300, 360)))
    ends = [
        row if row.estimated_end is None else structs.replace(row, estimated_end=without(row.estimated_end, likely))
        for row in rows
    ]
    assert judged(300, tuple(ends)).eta_errors == (error,), "asked at 290"


def without(end: EtaEstimate, likely: float | None) -> EtaEstimate:
    return structs.replace(end, likely=None if likely is None else at(likely))


def test_figures_pool_minutes_and_moments() -> None:
    row = told((10, (60, 170, 500)), (190, (200, 300, 390)), (200, (210, 340, 450)))
    score = total(210, row)
    assert score.figure("eta_held").value == 1.0
    assert score.figure("eta_plain_held").value == 1.0
    assert score.figure("eta_error_p50").value == 90 * 60
    assert score.figure("eta_plain_error_p50").value == 20 * 60
    assert score.figure("eta_error_p50").n == 3


def test_without_an_estimate_there_is_no_figure() -> None:
    score = total(400, incident(over=420))
    assert [score.figure(name).value for name in ("eta_held", "eta_error_p50")] == [None, None]

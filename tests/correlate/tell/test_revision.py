"""When a change is worth a revision: what matters at once, the rest at most once a minute."""

from collections.abc import Callable

import pytest

from pipeline.correlate.belief.believe import Circumstances, believe
from pipeline.correlate.parts import AreaSeen
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.tell.revision import settle_and_publish
from pipeline.records.vocabulary import IncidentState
from tests.correlate.made import CONFIG, KOELN, dossier, incident, pane, said, series
from tests.correlate.stories import REFERENCE, at


def told(case: OpenIncident, minute: float) -> int:
    """Let an incident be told; how many revisions it has then."""
    settle_and_publish(case, believe(case.dossier, Circumstances(market="DE"), CONFIG, REFERENCE), pane(minute, case))
    return case.publication.revision


def fresh() -> OpenIncident:
    case = incident(dossier(KOELN, series=[series()], witnesses={"public": said(4)}), IncidentState.CONFIRMED)
    assert told(case, 0) == 1
    assert told(case, 0.2) == 1
    return case


def _assign(case: OpenIncident) -> None:
    case.handling.team = "field"


def _recover(case: OpenIncident) -> None:
    case.course.state, case.course.since = IncidentState.RECOVERING, at(0.2)


def _name_another(case: OpenIncident) -> None:
    case.dossier.operators["alpha"] = 1


def _link(case: OpenIncident) -> None:
    case.relations.merged_from = ["i0"]


def _spread(case: OpenIncident) -> None:
    case.dossier.areas["DE/NW/bielefeld"] = AreaSeen(since=at(0), last_at=at(1))


def _double(case: OpenIncident) -> None:
    case.dossier.witnesses["public"] = said(8)


def _grow(case: OpenIncident) -> None:
    case.dossier.witnesses["public"] = said(5)


@pytest.mark.parametrize("change", [_assign, _recover, _name_another, _link])
def test_what_matters_is_told_at_once(change: Callable[[OpenIncident], None]) -> None:
    case = fresh()
    change(case)
    assert told(case, 0.2) == 2


@pytest.mark.parametrize("change", [_spread, _double])
def test_what_matters_less_waits_for_its_minute(change: Callable[[OpenIncident], None]) -> None:
    case = fresh()
    change(case)
    assert told(case, 0.8) == 1
    assert case.publication.waiting
    assert told(case, 1) == 2
    assert not case.publication.waiting


def test_a_little_more_of_the_same_is_not_told() -> None:
    case = fresh()
    _grow(case)
    assert told(case, 5) == 1
    assert not case.publication.waiting


def test_how_many_are_hit_is_told_anew_when_it_has_moved_by_a_quarter_and_not_for_less() -> None:
    def hit(ppm: int) -> AreaSeen:
        return AreaSeen(since=at(0), last_at=at(1), hit_ppm=(ppm, ppm, ppm), measured=True)

    case = incident(dossier(areas={KOELN: hit(400_000)}, series=[series()]), IncidentState.CONFIRMED)
    assert told(case, 0) == 1
    case.dossier.areas[KOELN] = hit(480_000)
    assert told(case, 5) == 1
    case.dossier.areas[KOELN] = hit(560_000)
    assert told(case, 6) == 2
    case.dossier.areas[KOELN] = hit(480_000)
    assert told(case, 12) == 2, "a number that wavers is not told each minute"

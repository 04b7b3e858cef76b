"""What is back: area by area, the last one only with the incident."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.evidence.dossier import add_area
from pipeline.correlate.life.recovery import CURVE_KEPT, areas_due, mark_areas_back
from pipeline.correlate.parts import AreaSeen, EmergencyClaims
from pipeline.records.vocabulary import IncidentState
from tests.correlate.made import AACHEN, BONN, CONFIG, KOELN, dossier, incident
from tests.correlate.stories import at

CONFIRMED = IncidentState.CONFIRMED


def area(minute: float, *, measured: bool = True) -> AreaSeen:
    return AreaSeen(since=at(0), last_at=at(minute), measured=measured)


def seen(*, measured: bool = True, **minute_by_area: float) -> dict[str, AreaSeen]:
    return {f"DE/NW/{name}": area(minute, measured=measured) for name, minute in minute_by_area.items()}


def test_an_area_without_evidence_for_a_quarter_is_back_while_others_are_not() -> None:
    case = incident(dossier(areas=seen(koeln=20, bonn=5)), CONFIRMED)
    mark_areas_back(case, at(19.9), CONFIG)
    assert not case.dossier.areas[BONN].back_at
    mark_areas_back(case, at(20), CONFIG)
    assert case.dossier.areas[BONN].back_at == at(5)
    assert not case.dossier.areas[KOELN].back_at
    assert [point.areas_back_ppm for point in case.recovery.curve] == [500_000]


def test_who_cannot_call_for_help_says_so_once_and_is_not_back_because_he_is_silent() -> None:
    claims = EmergencyClaims(first_at=at(5), last_at=at(20), claims=2)
    case = incident(dossier(areas=seen(koeln=20, bonn=5, measured=False), emergency=claims), CONFIRMED)
    mark_areas_back(case, at(100), CONFIG)
    assert not case.dossier.areas[BONN].back_at
    assert areas_due(case, CONFIG) == [at(185)]
    mark_areas_back(case, at(185), CONFIG)
    assert case.dossier.areas[BONN].back_at == at(5)


def test_where_only_people_tell_an_area_is_not_back_because_they_have_tired() -> None:
    case = incident(dossier(areas=seen(koeln=180, bonn=5, measured=False)), CONFIRMED)
    mark_areas_back(case, at(184.9), CONFIG)
    assert not case.dossier.areas[BONN].back_at
    case.officials.over_at = at(60)
    mark_areas_back(case, at(184.9), CONFIG)
    assert case.dossier.areas[BONN].back_at == at(5)


def test_the_last_area_comes_back_with_the_incident() -> None:
    case = incident(dossier(areas=seen(koeln=5, bonn=5)), CONFIRMED)
    mark_areas_back(case, at(100), CONFIG)
    assert case.recovery.curve == []
    case.course.state = IncidentState.RECOVERING
    mark_areas_back(case, at(100), CONFIG)
    assert [point.areas_back_ppm for point in case.recovery.curve] == [1_000_000]


def test_a_city_is_back_after_its_quarters_and_down_again_with_one_of_them() -> None:
    quarters = {KOELN: 7.0, f"{KOELN}/porz": 5.0, f"{KOELN}/deutz": 6.0, BONN: 60.0}
    case = incident(dossier(areas={a: area(m) for a, m in quarters.items()}), CONFIRMED)
    areas = case.dossier.areas
    mark_areas_back(case, at(21), CONFIG)
    assert (areas[f"{KOELN}/deutz"].back_at, areas[KOELN].back_at) == (at(6), 0)
    assert at(22) in areas_due(case, CONFIG)
    mark_areas_back(case, at(22), CONFIG)
    assert areas[KOELN].back_at == at(7)
    add_area(case.dossier, f"{KOELN}/porz", at(30))
    mark_areas_back(case, at(30), CONFIG)
    assert areas[KOELN].back_at == 0


def test_with_the_incident_every_area_is_back_also_those_that_hold_others() -> None:
    case = incident(dossier(areas=seen(koeln=20, bonn=5) | {"DE/NW": AreaSeen(since=at(0), last_at=at(22))}), CONFIRMED)
    mark_areas_back(case, at(21), CONFIG)
    assert not case.dossier.areas["DE/NW"].back_at
    case.course.state = IncidentState.RECOVERING
    mark_areas_back(case, at(36), CONFIG)
    assert all(area.back_at for area in case.dossier.areas.values())


def test_who_is_blind_sees_nobody_come_back() -> None:
    case = incident(dossier(areas=seen(koeln=20, bonn=5)), CONFIRMED)
    assert areas_due(case, CONFIG) == [at(20)]
    case.sight.blind_from = at(6)
    mark_areas_back(case, at(30), CONFIG)
    assert case.recovery.curve == []
    assert areas_due(case, CONFIG) == []


def test_an_area_alone_has_no_timer_of_its_own() -> None:
    assert areas_due(incident(dossier(areas=seen(aachen=5)), CONFIRMED), CONFIG) == []
    assert areas_due(incident(dossier(AACHEN, "DE/NW"), CONFIRMED), CONFIG) == []


@given(minutes=st.lists(st.integers(0, 5_000), min_size=1, max_size=120, unique=True))
def test_the_curve_rises_from_zero_to_one_and_is_bounded(minutes: list[int]) -> None:
    areas = {f"DE/NW/ort-{number}": AreaSeen(since=at(0), last_at=at(minute)) for number, minute in enumerate(minutes)}
    case = incident(dossier(areas=areas), CONFIRMED)
    for minute in sorted(minutes):
        mark_areas_back(case, at(minute + 15), CONFIG)
    shares = [point.areas_back_ppm for point in case.recovery.curve]
    assert shares == sorted(set(shares))
    assert all(0 < share < 1_000_000 for share in shares)
    assert len(shares) <= CURVE_KEPT

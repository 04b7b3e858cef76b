"""What belongs to a town belongs to its region as well."""

from pipeline.detect.rollup import PLACES_MAX, attempts_of, key_fields, key_of, places_named, roll_up, top_key
from pipeline.records.inner.partials import SeriesPartial
from tests.detect.world import BONN, KOELN, MONDAY, NW, complaints, reading


def _sums(parts: list[SeriesPartial], scope_area: str = NW) -> dict[tuple[str, str, str, str], int]:
    rolled = roll_up([{key_of(part): part.partial} for part in parts], scope_area)
    named = {key_fields(key): partial for key, partial in rolled.items()}
    return {
        (key.area, key.element, key.service, key.item): max(part.distinct, part.count) for key, part in named.items()
    }


def test_complaints_add_up_over_places_services_and_items() -> None:
    parts = [
        complaints(MONDAY, [1, 2], KOELN, service="tv", item="ard"),
        complaints(MONDAY, [3], BONN, service="tv"),
        complaints(MONDAY, [4], BONN),
    ]
    sums = _sums(parts)
    assert sums[NW, "", "", ""] == 4
    assert sums[NW, "", "tv", ""] == 3
    assert sums[NW, "", "tv", "ard"] == sums[KOELN, "", "tv", "ard"] == 2
    assert sums[BONN, "", "", ""] == 2
    assert sums[BONN, "", "tv", ""] == 1


def test_districts_lie_between_towns_and_regions() -> None:
    siegburg = "DE/NW/rhein-sieg-kreis/siegburg"
    sums = _sums([complaints(MONDAY, [1], siegburg)])
    assert {area for area, *_ in sums} == {siegburg, "DE/NW/rhein-sieg-kreis", NW}


def test_one_ticket_in_two_panes_of_a_step_counts_once_above_too() -> None:
    part = complaints(MONDAY, [1])
    rolled = roll_up([{key_of(part): part.partial}, {key_of(part): part.partial}], NW)
    assert {partial.distinct for partial in rolled.values()} == {1}


def test_telemetry_adds_up_over_elements_and_places_but_keeps_its_service() -> None:
    parts = [
        reading(MONDAY, 0.9, KOELN, element="olt-1", service="broadband"),
        reading(MONDAY, 0.8, KOELN, element="olt-2", service="broadband"),
    ]
    sums = _sums(parts)
    assert sums == {
        (KOELN, "olt-1", "broadband", ""): 1,
        (KOELN, "olt-2", "broadband", ""): 1,
        (KOELN, "", "broadband", ""): 2,
        (NW, "", "broadband", ""): 2,
    }


def test_in_a_nations_scope_only_the_nation_is_judged() -> None:
    parts = [complaints(MONDAY, [1], NW, scope_area="DE"), complaints(MONDAY, [2], "DE", scope_area="DE")]
    assert _sums(parts, "DE") == {("DE", "", "", ""): 2}


def test_rolling_up_leaves_the_leaves_alone() -> None:
    part = complaints(MONDAY, [1])
    roll_up([{key_of(part): part.partial}, {key_of(part): complaints(MONDAY, [2]).partial}], NW)
    assert part.partial == complaints(MONDAY, [1]).partial


def test_a_nations_sum_tells_which_places_its_people_name() -> None:
    parts = [
        complaints(MONDAY, [1, 2], KOELN, scope_area="DE", service="tv"),
        complaints(MONDAY + 1, [2, 3], KOELN, scope_area="DE"),
        complaints(MONDAY, [4], BONN, scope_area="DE", measure="contacts"),
        complaints(MONDAY, [5], "DE", scope_area="DE"),
    ]
    leaves = [{key_of(part): part.partial} for part in parts]
    assert places_named(leaves, top_key("DE", "tickets", "complaints"), "DE") == {KOELN: 3}
    assert places_named(leaves, top_key(NW, "tickets", "complaints"), NW) == {}


def test_the_places_that_most_people_name_are_told() -> None:
    parts = [complaints(MONDAY, range(number), f"DE/NW/ort-{number:02}", scope_area="DE") for number in range(1, 30)]
    leaves = [{key_of(part): part.partial} for part in parts]
    told = places_named(leaves, top_key("DE", "tickets", "complaints"), "DE")
    assert list(told.values()) == list(range(30 - PLACES_MAX, 30))


def test_the_calls_that_were_offered_are_the_attempts_of_a_ratio_that_says_none() -> None:
    def care(measure: str, value: float, unit: str = "ratio", area: str = KOELN) -> SeriesPartial:
        return reading(MONDAY, value, area, measure=measure, unit=unit, attempts=1)

    given_up = care("abandonment_ratio", 0.5)
    parts = [given_up, care("calls_offered", 12.0, "count"), care("calls_offered", 900.0, "count", BONN)]
    sums = {key_of(part): part.partial for part in parts}
    told = [
        attempts_of(key_of(given_up), given_up.partial, sums, measure)
        for measure in ("calls_offered", "calls_lost", None)
    ]
    assert told == [12, 1, 1]
    counted = reading(MONDAY, 0.5, measure="abandonment_ratio", attempts=40)
    assert attempts_of(key_of(counted), counted.partial, sums, "calls_offered") == 40

"""Places compared: in one word, and area by area."""

import pytest

from pipeline.evaluate.sides.place import branches_of, is_right, leaves_of, place_score, relation_of
from pipeline.evaluate.sides.worlds import AreaDown
from tests.evaluate.cases import BONN, KOELN

HITS = (AreaDown(area=KOELN, customers=900), AreaDown(area=BONN, customers=100))


@pytest.mark.parametrize(
    ("named", "true", "relation"),
    [
        pytest.param(KOELN, KOELN, "exact", id="the_same"),
        pytest.param("DE/NW", KOELN, "ancestor", id="holds_it"),
        pytest.param(KOELN, "DE/NW", "descendant", id="lies_in_it"),
        pytest.param(BONN, KOELN, "wrong", id="a_neighbour"),
    ],
)
def test_what_was_named_beside_what_was_down(named: str, true: str, relation: str) -> None:
    assert relation_of(named, true) == relation


def test_a_wider_area_is_right_if_two_of_its_parts_were_down() -> None:
    towns = [KOELN, BONN]
    assert is_right("DE/NW", towns, branches_of(towns))
    assert not is_right("DE/NW", [KOELN], branches_of([KOELN])), "one town is no region"
    assert leaves_of(["DE/NW", KOELN]) == [KOELN], "an area that holds a named one says no more"


def test_customers_weigh_where_they_are_known() -> None:
    score = place_score([KOELN], HITS)
    assert score is not None
    assert (score.weight_covered, score.weight_hit) == (900, 1_000)
    unknown = place_score([KOELN], (AreaDown(area=KOELN), AreaDown(area=BONN, customers=100)))
    assert unknown is not None
    assert (unknown.weight_covered, unknown.weight_hit) == (1, 2), "each area counts the same"


def test_nobody_is_right_or_wrong_where_no_place_is_known() -> None:
    assert place_score([KOELN], ()) is None
    silent = place_score([], HITS)
    assert silent is not None
    assert (silent.smallest_right, silent.areas_named, silent.weight_covered) == (False, 0, 0)

"""The suspected element: one whose own figures stand out, of few, and the one that went first."""

from typing import Any

import pytest

from pipeline.correlate.belief.element import suspected_element
from pipeline.correlate.config import EVIDENCE_MAX
from pipeline.correlate.evidence.dossier import prune
from pipeline.correlate.parts import Dossier, SeriesEvidence
from tests.correlate.stories import Story, anomaly, at


def series(element: str, began: float = 0, surprise: int = 9_000, kind: str = "network") -> SeriesEvidence:
    facts: dict[str, Any] = {"found_at": at(began), "first_at": at(began), "last_at": at(began), "kind": kind}
    return SeriesEvidence(
        operator="netcologne",
        area="DE/NW",
        element=element,
        source="telemetry",
        measure="cpu_load",
        started_at=at(began),
        surprise_milli=surprise,
        **facts,
    )


def suspected(*rows: SeriesEvidence) -> str | None:
    found = suspected_element(Dossier(series={str(n): row for n, row in enumerate(rows)}, last_at=at(0)))
    return None if found is None else found.element


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([series("")], None, id="figures_of_areas_name_none"),
        pytest.param([series("hlr-1")], "hlr-1", id="the_one_that_stands_out"),
        pytest.param([series("hlr-1", kind="resource")], "hlr-1", id="a_load_is_enough"),
        pytest.param([series("hlr-1", kind="public")], None, id="what_people_name_is_none"),
        pytest.param([series("b", 1), series("a", 2)], "b", id="the_one_that_went_first"),
        pytest.param([series("a", 0), series("b", 0, 20_000)], "b", id="of_two_at_once_the_more_surprising"),
        pytest.param([series("b"), series("a")], "a", id="of_two_alike_by_name"),
        pytest.param([series("a", 0, 500), series("b", 1)], "b", id="one_that_wavers_a_little_is_not_looked_at"),
        pytest.param([series(name) for name in "abcd"], "a", id="four_are_few"),
        pytest.param([series(name) for name in "abcde"], None, id="five_share_a_cause_above_them"),
    ],
)
def test_which_element_is_suspected(rows: list[SeriesEvidence], expected: str | None) -> None:
    assert suspected(*rows) == suspected(*reversed(rows)) == expected


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        pytest.param(["hlr-1"], "hlr-1", id="one_is_not_forgotten"),
        pytest.param([f"cell-{number}" for number in range(9)], None, id="many_do_not_become_few"),
    ],
)
def test_a_storm_of_stronger_series_does_not_change_what_single_elements_say(
    elements: list[str], expected: str | None
) -> None:
    storm = [series("", surprise=300_000) for _ in range(EVIDENCE_MAX - 2)]
    rows = [*storm, *(series(element) for element in elements)]
    dossier = Dossier(series={f"{n:03}": row for n, row in enumerate(rows)}, last_at=at(0))
    for number in range(len(elements) + 2):
        dossier.series[f"late-{number}"] = series("", surprise=200_000)
        prune(dossier)
        found = suspected_element(dossier)
        assert (None if found is None else found.element) == expected
    assert len(dossier.series) == EVIDENCE_MAX


def test_the_record_tells_it_and_what_it_rests_on() -> None:
    story = Story().tell(0, anomaly(0, source="telemetry", element="core-1"))
    element = story.only().suspected_element
    assert element is not None
    assert element.element == "core-1"
    assert element.confidence_ppm is None, "nobody has measured how sure it is"
    assert element.text == "its own figures stand out (attach_success_ratio)"

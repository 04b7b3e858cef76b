"""Which services and channels are told: those that figures show, and what enough people name."""

import pytest

from pipeline.correlate.evidence.services import items_hit, services_hit, services_watched
from pipeline.correlate.parts import Dossier, EmergencyClaims, SeriesEvidence
from tests.correlate.made import KOELN, dossier, series
from tests.correlate.stories import REFERENCE


def figures(service: str, item: str = "") -> SeriesEvidence:
    return series(KOELN, service=service, item=item, measure=f"{service}{item}_ratio")


def people(service: str, records: int, item: str = "") -> SeriesEvidence:
    facts = {"source": "mentions", "kind": "public", "measure": f"complaints{service}{item}"}
    return series(KOELN, service=service, item=item, records=records, **facts)


def heard(*said: SeriesEvidence, emergency: bool = False) -> Dossier:
    told = dossier(KOELN, series=list(said))
    told.services = sorted({one.service for one in said} - {""} | ({"emergency"} if emergency else set()))
    return told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param(
            [figures("broadband"), people("broadband", 100), people("tv", 5)],
            ["broadband", "tv"],
            id="one_in_twenty_of_a_line",
        ),
        pytest.param([figures("broadband"), people("broadband", 100), people("tv", 4)], ["broadband"], id="less"),
        pytest.param(
            [people("tv", 100), people("broadband", 20)], ["broadband", "tv"], id="one_in_five_of_people_alone"
        ),
        pytest.param([people("tv", 100), people("broadband", 19)], ["tv"], id="some_complain_of_anything_at_any_hour"),
        pytest.param(
            [figures("broadband"), people("broadband", 100), people("mobile_voice", 49)],
            ["broadband"],
            id="a_few_call_a_dead_line_a_dead_phone",
        ),
        pytest.param(
            [figures("broadband"), people("broadband", 100), people("mobile_voice", 50)],
            ["broadband", "mobile_voice"],
            id="as_many_as_half_mean_it",
        ),
        pytest.param(
            [figures("broadband"), figures("tv"), people("fixed_voice", 100)],
            ["broadband", "fixed_voice", "tv"],
            id="figures_need_nobody_to_name_them",
        ),
        pytest.param([people("", 100)], [], id="nobody_names_any"),
    ],
)
def test_services_of_an_outage(said: list[SeriesEvidence], told: list[str]) -> None:
    assert services_hit(heard(*said)) == told


@pytest.mark.parametrize(("records", "told"), [(49, ["tv"]), (50, ["broadband", "tv"])])
def test_a_service_whose_figures_are_well_there_is_hit_if_half_name_it(records: int, told: list[str]) -> None:
    """What is measured and fails shows, unless it fails where nobody measures: then most name it."""
    evidence = heard(people("tv", 100), people("broadband", records))
    known = {"netcologne": {KOELN: ["broadband"], "DE/HH/hamburg": ["tv"]}}
    evidence.watched = services_watched(evidence, REFERENCE.where(known))
    assert evidence.watched == ["broadband"]
    assert services_hit(evidence) == told


def test_emergency_calls_are_told_only_of_an_alarm() -> None:
    told = heard(people("mobile_voice", 9), emergency=True)
    assert services_hit(told) == ["mobile_voice"]
    told.emergency = EmergencyClaims(first_at=0, last_at=0)
    assert services_hit(told) == ["emergency", "mobile_voice"]


def test_claims_alone_are_of_emergency_calls() -> None:
    assert services_hit(heard(emergency=True)) == ["emergency"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param(
            [people("tv", 80), people("tv", 10, "Sky News"), people("tv", 10, "sky-news")],
            [("Sky News", "tv")],
            id="two_spellings_are_one",
        ),
        pytest.param([people("tv", 91), people("tv", 9, "Sky News")], [], id="too_few_name_it"),
        pytest.param([people("tv", 100), figures("tv", "Sky News")], [("Sky News", "tv")], id="its_figures_show_it"),
        pytest.param(
            [figures("broadband"), people("broadband", 100), people("mobile_data", 9, "4G")],
            [],
            id="of_a_service_that_is_not_hit",
        ),
    ],
)
def test_items_of_an_outage(said: list[SeriesEvidence], told: list[tuple[str, str]]) -> None:
    assert items_hit(heard(*said)) == told

"""Every explanation has its number, all of them together are one, and the likeliest kind of outage is told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.reference.belief import load_kinds
from pipeline.adapters.reference.folder import reference_folder
from pipeline.correlate.belief.believe import Belief, Circumstances, believe
from pipeline.correlate.belief.nature import (
    Signs,
    explanations_of,
    kinds_of_others,
    kinds_of_outage,
    moment_of,
)
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import PPM
from pipeline.reference.explained.kinds import ALIKE, KINDS, NOON, CalendarHour, KindPrior, KindTime, kinds_of
from tests.correlate.made import CONFIG, account, dossier, series
from tests.correlate.stories import REFERENCE, at

SHIPPED = load_kinds(reference_folder())
EVENING, NIGHT, MONDAY = CalendarHour(20, 2, 15), CalendarHour(3, 2, 15), CalendarHour(8, 0, 15)
RIVALS = {"normal": 20_000, "chatter": 50_000, "probe": 20_000, "busy": 10_000}


def belief(moment: CalendarHour = NOON, *areas: str, planned: bool = False, **facts: Any) -> Belief:
    circumstances = Circumstances(market="DE", moment=moment, planned=planned)
    return believe(dossier(*areas, **facts), circumstances, CONFIG, replace(REFERENCE, kinds=SHIPPED))


def nature(moment: CalendarHour = NOON, *, planned: bool = False, **facts: Any) -> str:
    return belief(moment, planned=planned, **facts).nature


@pytest.mark.parametrize(
    ("moment", "symptoms", "told"),
    [
        pytest.param(NOON, {}, "technical", id="nobody_says_what_is_wrong"),
        pytest.param(NOON, {"rights": 3, "no_tv": 1}, "content", id="most_name_rights"),
        pytest.param(EVENING, {"wrong_programme": 1}, "content", id="one_in_the_evening"),
        pytest.param(NOON, {"wrong_programme": 1}, "technical", id="one_at_noon_may_be_mistaken"),
        pytest.param(EVENING, {"rights": 3, "no_tv": 4}, "technical", id="most_see_nothing"),
    ],
)
def test_content_competes_with_a_fault_by_what_people_name(
    moment: CalendarHour, symptoms: Mapping[str, int], told: str
) -> None:
    assert nature(moment, symptoms=dict(symptoms), services=["tv"]) == told
    assert nature(moment, symptoms=dict(symptoms), services=["broadband"]) == "technical", "of television only"


def test_figures_that_fall_speak_against_a_dispute() -> None:
    falls = account(0.9, network=9_000)
    assert nature(EVENING, symptoms={"rights": 1}, services=["tv"], account=falls) == "technical"


def test_a_few_who_name_another_service_end_no_dispute_but_its_figures_do() -> None:
    symptoms, services = {"rights": 9, "no_calls": 1}, ["mobile_voice", "tv"]
    rows = [
        series("DE", service=name, kind="public", records=count) for name, count in (("tv", 9), ("mobile_voice", 2))
    ]
    assert nature(symptoms=symptoms, services=services, series=rows) == "content"
    assert (
        nature(symptoms=symptoms, services=services, series=[rows[0], series("DE", service="mobile_voice")])
        == "technical"
    )


def test_what_work_covers_is_planned_whatever_people_name() -> None:
    assert nature(planned=True) == nature(NIGHT, planned=True) == "planned"
    assert nature(planned=True, symptoms={"slow": 5, "buffering": 4}) == "planned"
    assert nature(EVENING, planned=True, symptoms={"rights": 9}, services=["tv"]) == "planned"
    assert nature(NIGHT) == "technical", "most work is announced"


def test_announced_work_is_likelier_than_a_fault_that_happens_to_lie_in_its_window() -> None:
    for moment in (NOON, NIGHT):
        weights = kinds_of_outage(dossier(), Signs(moment, planned=True), CONFIG, SHIPPED)
        assert max(weights, key=weights.__getitem__) == "planned"


@pytest.mark.parametrize(("moment", "told"), [(NOON, ("technical", "unknown")), (EVENING, ("content", "general"))])
def test_how_far_it_reaches_follows_from_the_nature_that_is_told(moment: CalendarHour, told: tuple[str, str]) -> None:
    facts: dict[str, Any] = {"symptoms": {"rights": 2, "no_tv": 1}, "services": ["tv"]}
    found = belief(moment, "DE", **facts)
    assert (found.nature, found.extent) == told
    assert belief(moment, "DE", planned=True, **facts).extent == told[1], "work changes no place"


def others(signs: Signs, **facts: Any) -> dict[str, int]:
    told = explanations_of(900_000, {"fault": 1}, kinds_of_others(RIVALS, dossier(**facts), signs, SHIPPED))
    return {known.kind: known.share_ppm for known in told}


def test_what_correlate_knows_tells_apart_what_detect_cannot() -> None:
    plain = others(Signs(NOON))
    assert plain["chatter"] > plain["other_company"] > plain["rumour"]
    alike = others(Signs(NOON, alike=True))
    assert alike["other_company"] > alike["chatter"]
    assert others(Signs(NOON, silent=True))["feed"] > plain["probe"] > plain.get("feed", 0)
    assert {known["fault"] for known in (plain, alike)} == {900_000}, "how likely an outage is stays as it is"


def test_the_hour_tells_what_is_common() -> None:
    at_noon, on_monday, by_night = (others(Signs(moment)) for moment in (NOON, MONDAY, NIGHT))
    assert on_monday["busy"] > at_noon["busy"] > by_night["busy"]
    assert by_night["probe"] > at_noon["probe"]


@given(
    st.integers(0, PPM),
    st.dictionaries(st.sampled_from(KINDS[:4]), st.integers(1, 10**12), min_size=1),
    st.dictionaries(st.sampled_from(KINDS[4:]), st.integers(1, 10**12), min_size=1),
)
def test_all_explanations_together_are_one(outage_ppm: int, outages: dict[str, int], rest: dict[str, int]) -> None:
    told = explanations_of(outage_ppm, outages, rest)
    assert sum(known.share_ppm for known in told) == PPM
    assert [known.share_ppm for known in told] == sorted((known.share_ppm for known in told), reverse=True)


def test_without_a_table_all_kinds_are_alike_and_without_rivals_none_is_told() -> None:
    assert ALIKE.weight_of("planned", NIGHT) == ALIKE.weight_of("fault", NOON)
    assert explanations_of(900_000, {"fault": 1}, {}) == ()


def test_a_moment_is_that_of_the_market() -> None:
    assert moment_of(at(0), "DE", REFERENCE) == CalendarHour(9, 2, 12)
    assert moment_of(0, "DE", REFERENCE) == CalendarHour(1, 3, 1), "before its calendar nothing is a holiday"


def test_a_wrong_table_is_refused_with_all_that_is_wrong() -> None:
    wrong = KindTime(hours=frozenset({24}), days=frozenset({0}), weight=0)
    rows = [
        KindPrior(kind="weather", weight=1, why=""),
        *[KindPrior(kind="load", weight=1, why="", times=(wrong,))] * 2,
    ]
    with pytest.raises(ConfigError) as refused:
        kinds_of(rows)
    for words in ("'weather'", "weight = 0", "hours = [24]", "days = [0]", "once"):
        assert words in str(refused.value)

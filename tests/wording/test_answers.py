"""What a phone bot says agrees with the summary of the same revision in every number, time, place and service."""

import re
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.published.failovers import BotAnswer
from pipeline.records.published.incident_parts import AreaShare, EmergencyImpact, EtaEstimate
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import IncidentState
from pipeline.wording.answers import TOPICS, answers_in, spoken
from pipeline.wording.ends import end_for_people
from pipeline.wording.places import places_down
from pipeline.wording.summary import Facts, summary_of
from tests.respond.failovers.made import OUTAGE
from tests.wording.shipped import WORDING

LANGUAGES: Final = tuple(sorted(WORDING))
SERVICES: Final = ("broadband", "fixed_voice", "mobile_voice", "tv")
PLACES: Final = {
    "DE/NW/koeln": "Köln",
    "DE/NW/bonn": "Bonn",
    "DE/NW": "Nordrhein-Westfalen",
    "DE/HH/hamburg": "Hamburg",
    "DE/BY/muenchen": "München",
    "DE/BE/berlin": "Berlin",
}
NUMBERS: Final = re.compile(r"[0-9]+(?::[0-9]{2})?")


def revision(facts: dict[str, Any]) -> Incident:
    """A revision with its summary, both made of the same facts, as CORRELATE makes them."""
    back = facts["back"]
    areas = [AreaShare(area=area, name=PLACES[area], back_at=back.get(area)) for area in facts["areas"]]
    leaves = places_down(areas)
    goes_on = facts["state"] in (IncidentState.SUSPECTED, IncidentState.CONFIRMED)
    begin, early, length = facts["began"], facts["began"] + facts["early"], facts["length"]
    estimate = (
        EtaEstimate(
            made_at=Instant(begin), earliest=Instant(early), latest=Instant(early + length), basis="similar_incidents"
        )
        if length
        else None
    )
    summary = summary_of(
        Facts(
            state=facts["state"].value,
            operator="NetCologne",
            services=facts["services"],
            places=[row.name or row.area for row in leaves],
            places_more=facts["omitted"],
            started_at=begin,
            end=end_for_people(estimate, int(OUTAGE.updated_at)) if goes_on else None,
            numbers=("110", "112") if facts["emergency"] and (goes_on or facts["state"] == "recovering") else (),
            time_zone="Europe/Berlin",
            market="DE",
            now=int(OUTAGE.updated_at),
            exercise=facts["exercise"],
            languages=LANGUAGES,
        ),
        WORDING,
    )
    return msgspec.structs.replace(
        OUTAGE,
        state=facts["state"],
        services=facts["services"],
        areas=tuple(areas),
        areas_omitted=facts["omitted"],
        started_at=Instant(begin),
        time_zone="Europe/Berlin",
        exercise=facts["exercise"],
        emergency=EmergencyImpact(affected=True, numbers=("110", "112")) if facts["emergency"] else None,
        estimated_end=estimate,
        summary=summary,
    )


revisions = st.fixed_dictionaries(
    {
        "state": st.sampled_from(sorted(IncidentState)),
        "services": st.lists(st.sampled_from(SERVICES), max_size=4, unique=True).map(
            lambda found: tuple(sorted(found))
        ),
        "areas": st.lists(st.sampled_from(sorted(PLACES)), max_size=6, unique=True),
        "back": st.dictionaries(st.sampled_from(sorted(PLACES)), st.just(Instant(1))),
        "omitted": st.integers(0, 3),
        "began": st.integers(28_989_000, 28_993_000).map(lambda minute: minute * MINUTE_MS),
        "early": st.integers(0, 600).map(lambda minutes: minutes * MINUTE_MS),
        "length": st.integers(0, 600).map(lambda minutes: minutes * MINUTE_MS),
        "emergency": st.booleans(),
        "exercise": st.booleans(),
    }
).map(revision)


def by_topic(incident: Incident, language: str) -> dict[str, BotAnswer]:
    return {pair.topic: pair for pair in answers_in(incident, (language,), WORDING)}


@settings(max_examples=150, deadline=None)
@given(incident=revisions, language=st.sampled_from(LANGUAGES))
def test_no_two_texts_of_a_revision_contradict_each_other(incident: Incident, language: str) -> None:
    assert incident.summary is not None
    page, headline = incident.summary.page.said(language), incident.summary.headline.said(language)
    answers = by_topic(incident, language)
    assert list(answers) == list(TOPICS)
    said = " ".join(pair.answer for pair in answers.values())
    assert set(NUMBERS.findall(said)) <= set(NUMBERS.findall(page)), "a number or a time that the page does not have"
    assert set(NUMBERS.findall(page)) <= set(NUMBERS.findall(said)), "a number or a time that callers never hear"
    for area in PLACES.values():
        assert (area in answers["where"].answer) == (area in headline)
    for service in SERVICES:
        word = WORDING[language].service(service)
        assert (word in answers["what"].answer) == (word in spoken(headline))


@settings(max_examples=60, deadline=None)
@given(incident=revisions, language=st.sampled_from(LANGUAGES))
def test_answers_are_spoken_and_short_and_an_exercise_says_so_in_each(incident: Incident, language: str) -> None:
    for pair in by_topic(incident, language).values():
        assert not set("()/[]{}") & set(pair.answer + pair.question)
        assert 0 < len(pair.answer) <= 1_000
        assert pair.question
        assert (WORDING[language].say("summary.exercise") in pair.answer) == incident.exercise


@pytest.mark.parametrize("language", LANGUAGES)
def test_emergency_calls_that_fail_are_told_with_what_to_do_instead(language: str) -> None:
    incident = msgspec.structs.replace(OUTAGE, emergency=EmergencyImpact(affected=True, numbers=("110", "112")))
    answer = by_topic(incident, language)["emergency"].answer
    assert "110" in answer
    assert "112" in answer
    well = by_topic(msgspec.structs.replace(OUTAGE, emergency=None), language)["emergency"].answer
    assert well != answer


def test_an_incident_without_a_summary_has_no_answers() -> None:
    assert answers_in(msgspec.structs.replace(OUTAGE, summary=None), ("de",), WORDING) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_doubt_about_emergency_calls_is_neither_a_failure_nor_all_well(language: str) -> None:
    said = {
        affected: by_topic(
            msgspec.structs.replace(OUTAGE, emergency=EmergencyImpact(affected=affected, numbers=("112",))), language
        )["emergency"].answer
        for affected in (True, False, None)
    }
    assert len(set(said.values())) == 3
    assert "112" not in said[None]

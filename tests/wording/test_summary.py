"""What to tell people: a line, a paragraph and a text to be spoken, in three languages."""

import dataclasses
from typing import Any

import pytest

from pipeline.wording.summary import Facts, summary_of, time_told
from tests.wording.shipped import WORDING

NINE = 1_739_347_200_000
FACTS = Facts(
    state="confirmed",
    operator="Netz",
    services=("broadband", "tv"),
    places=("Köln", "Bonn"),
    places_more=0,
    started_at=NINE,
    end=(NINE + 3_600_000, NINE + 7_200_000),
    numbers=(),
    time_zone="Europe/Berlin",
    market="DE",
)


def headline(**facts: Any) -> str:
    return summary_of(dataclasses.replace(FACTS, **facts), WORDING).headline.de


def page(**facts: Any) -> str:
    return summary_of(dataclasses.replace(FACTS, **facts), WORDING).page.en


def test_a_headline_names_operator_services_and_places() -> None:
    said = summary_of(FACTS, WORDING).headline
    assert said.de == "Störung bei Netz: Internet und Fernsehen (Köln und Bonn)"
    assert said.en == "Outage at Netz: internet and TV (Köln and Bonn)"
    assert said.fr == "Panne chez Netz : internet et télévision (Köln et Bonn)"


def test_more_than_three_places_are_counted() -> None:
    assert headline(places=("A", "B", "C", "D"), places_more=2).endswith("(A, B, C und 3 weitere Orte)")


def test_what_is_unknown_is_said_in_general_words() -> None:
    assert headline(operator="", services=(), places=()) == "Störung bei einem Anbieter: Dienste (?)"


def test_what_goes_on_as_another_incident_is_not_said_to_be_over() -> None:
    assert (
        headline(state="closed", is_merged=True)
        == "Netz: Teil einer größeren Störung, Internet und Fernsehen (Köln und Bonn)"
    )
    assert "lasted" not in page(state="closed", is_merged=True, ended_at=NINE)


def test_a_closed_incident_reads_like_a_resolved_one_and_an_exercise_says_that_it_is_one() -> None:
    assert headline(state="closed") == headline(state="resolved")
    assert headline(exercise=True) == "ÜBUNG. " + headline()


def test_emergency_numbers_come_first_and_an_end_only_while_it_lasts() -> None:
    said = page(numbers=("112", "110"))
    assert said.index("112, 110") < said.index("Since about 09:00")
    assert "between 10:00 and 11:00" in said
    assert "between" not in page(state="resolved")


def test_a_language_without_a_file_holds_the_text_in_the_markets_own() -> None:
    only = {language: WORDING[language] for language in ("en", "nl")}
    said = summary_of(dataclasses.replace(FACTS, languages=("nl", "en")), only).headline
    assert said.en.startswith("Outage at Netz")
    assert said.more == {"nl": said.fr} == {"nl": said.de}
    assert said.fr.startswith("Storing bij Netz")


def test_a_summary_of_an_unknown_market_speaks_what_there_is() -> None:
    said = summary_of(FACTS, {"nl": WORDING["nl"]}).page
    assert said.fr == said.en == said.de == said.more["nl"]


def test_a_spoken_text_has_no_brackets() -> None:
    spoken = summary_of(FACTS, WORDING).phone_bot.fr
    assert "(" not in spoken
    assert ", Köln et Bonn." in spoken


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (("fr", "FR", "Europe/Paris"), "09:00"),
        (("en", "GB", "Europe/London"), "08:00"),
        (("en", "US", "America/New_York"), "3:00 AM"),
    ],
)
def test_times_are_local_and_written_as_the_market_does(where: tuple[str, str, str], text: str) -> None:
    assert time_told(NINE, NINE, where) == text


@pytest.mark.parametrize(
    ("language", "market", "since", "end"),
    [
        ("de", "DE", "12. Februar, 09:00", "13. Februar, 13:00"),
        ("en", "DE", "12 February, 09:00", "13 February, 13:00"),
        ("fr", "FR", "12 février, 09:00", "13 février, 13:00"),
    ],
)
def test_a_time_of_another_day_has_its_day_on_the_page_and_for_the_phone_bot(
    language: str, market: str, since: str, end: str
) -> None:
    day = 24 * 3_600_000
    facts = dataclasses.replace(FACTS, market=market, now=NINE + day // 2, end=(NINE + day, NINE + day + 4 * 3_600_000))
    for now, told in ((NINE + day // 2, "09:00"), (NINE + day, since)):
        said = summary_of(dataclasses.replace(facts, now=now, end=None), WORDING)
        assert told in said.page.said(language)
        assert told in said.phone_bot.said(language)
        assert (since in said.page.said(language)) == (now >= NINE + day)
    tomorrow = summary_of(facts, WORDING)
    assert end in tomorrow.page.said(language)
    assert end in tomorrow.phone_bot.said(language)


@pytest.mark.parametrize(
    ("back_ppm", "state", "says"),
    [
        pytest.param(None, "confirmed", "", id="nobody_knows"),
        pytest.param(90_000, "confirmed", "", id="hardly_any"),
        pytest.param(242_424, "confirmed", "About 25 percent", id="by_steps_of_five"),
        pytest.param(995_000, "recovering", "About 95 percent", id="never_all_while_one_is_down"),
        pytest.param(1_000_000, "recovering", "All who were hit", id="all_and_watched"),
    ],
)
def test_how_many_have_service_again_is_told(back_ppm: int | None, state: str, says: str) -> None:
    told = page(back_ppm=back_ppm, state=state)
    assert says in told
    assert ("service again" in told) is bool(says)


def test_of_what_is_over_no_share_is_told() -> None:
    assert "service again" not in page(back_ppm=1_000_000, state="resolved", ended_at=NINE)

"""The texts of all occasions, on all outlets, in all languages: within limits, without jargon, sayable aloud."""

import dataclasses
import re
from itertools import product
from typing import Final

import msgspec
import pytest

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.wording_check import load_jargon
from pipeline.records.published.incident_parts import Cause, Interval
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.config import RespondConfig
from pipeline.respond.notices.occasions import OCCASIONS
from pipeline.wording.locales import rounded_for_people
from pipeline.wording.notices.facts import NoticeFacts
from pipeline.wording.notices.outlets import OUTLET_FORMS, in_gsm, is_gsm, sms_excess, sms_units, x_weight
from pipeline.wording.notices.text import text_of
from tests.respond.notices.telling import RULES, Telling, at, drafts, incident
from tests.wording.shipped import WORDING

JARGON: Final = {language: load_jargon(reference_folder() / "wording", language) for language in WORDING}
NOW: Final = at(60)


def facts_of(occasion: str) -> NoticeFacts:
    """All that an occasion can have to say, at once."""
    row = next(row for row in OCCASIONS if row.name == occasion)
    over = occasion in ("all_clear", "apology")
    state = IncidentState.RESOLVED if over else IncidentState.CONFIRMED
    return NoticeFacts(
        incident=incident(60, state=state, numbers=("112", "110"), operator="netcologne"),
        occasion=occasion,
        says=row.says,
        at=NOW,
        operator="NetCologne",
        numbers=() if over else ("112", "110"),
        numbers_back=("112", "110") if over else (),
        services=("sms",),
        places=("Aachen", "Düren"),
        back=("Leverkusen",),
        is_graver=True,
        end=(at(120), at(180)),
        end_moved="later",
        next_word_at=at(120),
        planned_until=at(50),
        cause="configuration_error" if over else "",
        claim="it was an attack",
    )


@pytest.mark.parametrize(("occasion", "language"), list(product([row.name for row in OCCASIONS], sorted(WORDING))))
def test_a_text_fits_its_outlet_has_no_jargon_and_begins_with_an_emergency(occasion: str, language: str) -> None:
    facts = facts_of(occasion)
    for outlet, form in OUTLET_FORMS.items():
        text = text_of(facts, ("customers", outlet), language, WORDING)  # type: ignore[arg-type]  # all that there are
        assert form.excess(text.body) <= 0, (outlet, text.body)
        assert "{" not in text.body + text.subject
        assert JARGON[language].in_text(f"{text.subject} {text.body}", spoken=form.is_spoken) == []
        if "emergency" in facts.says or "emergency_over" in facts.says:
            number = "1 1 2" if form.is_spoken else "112"
            assert number in re.split(r"[.!]\s", text.body)[0], (outlet, text.body)
        if form.is_spoken:
            assert not set("()[]/") & set(text.body)


def test_a_text_message_is_counted_as_networks_count() -> None:
    assert sms_units("a" * 160) == 160
    assert sms_excess("€" * 80) == 0
    assert sms_excess("€" * 81) == 2
    assert sms_excess("ж" * 70) == 0
    assert sms_excess("a" * 70 + "ж") == 1
    assert sms_excess("😀" * 36) == 2
    assert is_gsm(in_gsm("Où êtes-vous ? Ça va « bien » – œuf…"))


def test_every_short_text_of_our_languages_is_gsm() -> None:
    for language, row in product(sorted(WORDING), OCCASIONS):
        text = text_of(facts_of(row.name), ("customers", "sms"), language, WORDING)
        assert is_gsm(text.body), (language, text.body)
        assert sms_units(text.body) <= 160


def test_a_post_is_weighed_as_x_weighs_it() -> None:
    assert x_weight("a" * 280) == 280
    assert x_weight("…") == 2
    assert x_weight("é–’") == 3
    assert x_weight("漢" * 140) == 280


def test_the_same_facts_stand_in_every_language() -> None:
    """No text of one occasion may contradict another: times, numbers and places are the same in all."""
    texts = {language: text_of(facts_of("wider"), ("customers", "web"), language, WORDING).body for language in WORDING}
    for body in texts.values():
        assert {"11:00", "12:00", "Aachen"} <= set(re.findall(r"\d\d:\d\d|Aachen", body))


def test_numbers_for_people_have_two_digits_that_count() -> None:
    assert rounded_for_people(469_585) == 470_000
    assert [rounded_for_people(number) for number in (99, 101, 149_999, 9_999_999)] == [99, 100, 150_000, 10_000_000]


def test_a_plural_is_that_of_its_language() -> None:
    one, two = (incident(60, areas=tuple(f"DE/NW/ort-{n}" for n in range(count))) for count in (4, 5))
    facts = dataclasses.replace(facts_of("confirmed"), incident=one)
    assert "1 weiterer Ort" in text_of(facts, ("customers", "web"), "de", WORDING).body
    facts = dataclasses.replace(facts, incident=two)
    assert "2 weitere Orte" in text_of(facts, ("customers", "web"), "de", WORDING).body


def test_a_market_writes_times_its_own_way() -> None:
    rules = dataclasses.replace(RULES, languages={"US": ("en",)}, config=RespondConfig())
    telling = Telling(rules=rules)
    notices = telling.change(3, market="US", areas=("US/NY/new-york",), time_zone="America/New_York")
    (web,) = (notice.body for notice in drafts(notices) if notice.outlet == "web")
    assert "4:03 AM" in web


def test_every_cause_has_words_in_every_language() -> None:
    for language in WORDING:
        telling = Telling(rules=dataclasses.replace(RULES, languages={"DE": (language,)}))
        telling.change(3)
        cause = Cause(kind="cable_cut", confidence_ppm=900_000)
        notices = telling.change(100, state=IncidentState.RESOLVED, causes=(cause,))
        (web,) = (
            notice.body
            for notice in drafts(notices)
            if (notice.outlet, notice.kind, notice.audience) == ("web", "all_clear", "customers")
        )
        assert WORDING[language].say("cause.cable_cut") in web


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        pytest.param(Interval(low=400_000, high=470_000, likely=430_000), "About 430.000 customers", id="narrow"),
        pytest.param(Interval(low=469_585, high=469_585), "About 470.000 customers", id="exact"),
        pytest.param(Interval(low=100_000, high=470_000), "About 100.000 to 470.000 customers", id="wide"),
        pytest.param(
            Interval(low=0, high=2_386_468, likely=300_000),
            "Between 0 and 2.400.000 customers are affected, most likely about 300.000",
            id="wide_with_a_likely_number",
        ),
    ],
)
def test_who_sends_help_is_told_an_interval_unless_the_number_is_known_well(numbers: Interval, said: str) -> None:
    facts = facts_of("emergency")
    facts = dataclasses.replace(facts, incident=msgspec.structs.replace(facts.incident, customers_affected=numbers))
    assert said in text_of(facts, ("authorities", "email"), "en", WORDING).body


def test_once_nobody_is_hit_any_more_no_number_is_told() -> None:
    facts = facts_of("emergency")
    nobody = Interval(low=0, high=0)
    facts = dataclasses.replace(facts, incident=msgspec.structs.replace(facts.incident, customers_affected=nobody))
    assert "About 0" not in text_of(facts, ("authorities", "email"), "en", WORDING).body

"""Operators' own posts: their kind, the end that they promise, and what they are about."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.text.understand import TextRules
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import OFFICIAL_KINDS
from pipeline.reference.official_words import (
    OfficialWeights,
    official_weights_written,
    parse_official_weights,
    parse_official_words,
)

BERLIN = ZoneInfo("Europe/Berlin")
AT = int(datetime(2025, 2, 12, 15, 0, tzinfo=BERLIN).timestamp()) * 1_000
"""A Wednesday, three in the afternoon."""


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        ("de", "Aktuell kommt es in Köln zu einer Störung im Mobilfunk. Unsere Technik arbeitet daran.", "outage"),
        ("de", "Die Störung ist behoben, alle Dienste laufen wieder. Danke für eure Geduld!", "all_clear"),
        ("de", "Hallo Eva, schick uns bitte deine Kundennummer per DM, dann schauen wir nach. ^TK", "help_reply"),
        ("en", "No problem at all, have a lovely day!", "chatter"),
        ("en", "Sorry about the mistake on your bill this month, the refund is on its way.", "apology_other"),
        ("en", "We're aware of an outage affecting customers in Leeds. Our engineers are working on it.", "outage"),
        ("en", "We are not aware of any outage in your area, everything is running normally.", "deny"),
        ("fr", "Maintenance planifiée : coupures possibles dans la nuit de mardi, de 1h à 5h.", "planned"),
        ("fr", "Une panne touche nos abonnés fibre à Lyon, nos techniciens sont sur place.", "outage"),
    ],
)
def test_a_post_is_told_by_its_kind(rules: TextRules, lang: str, text: str, kind: str) -> None:
    assert rules.official(text, lang=lang, at=AT).kind == kind


OUTAGE = {
    "de": "Störung: In Köln ist das Internet ausgefallen, unsere Techniker sind vor Ort.",
    "en": "We're aware of an outage: broadband is down in Leeds and our engineers are on site.",
    "fr": "Panne en cours : internet est coupé à Lyon, nos techniciens sont sur place.",
}


@pytest.mark.parametrize(
    ("lang", "said", "end"),
    [
        ("de", "Wir rechnen damit bis 18 Uhr.", "02-12 18:00"),
        ("de", "Fertig wohl gegen halb elf.", "02-12 22:30"),
        ("de", "Fertig morgen früh.", "02-13 09:00"),
        ("de", "Nächstes Update um 17 Uhr.", None),
        ("en", "Fix expected by 6pm.", "02-12 18:00"),
        ("en", "It should be back by Friday evening.", "02-14 22:00"),
        ("en", "It should be back by this evening.", "02-12 22:00"),
        ("en", "It should be back within two hours.", "02-12 17:00"),
        ("en", "It should be fixed by 9.30.", "02-12 21:30"),
        ("en", "Next update at 5pm.", None),
        ("fr", "Retour prévu d'ici 18h.", "02-12 18:00"),
        ("fr", "Retour prévu dans les deux heures.", "02-12 17:00"),
        ("fr", "Retour prévu demain midi.", "02-13 12:00"),
        ("fr", "Retour prévu en fin de journée.", "02-12 19:00"),
        ("fr", "Prochain point à 16h.", None),
    ],
)
def test_the_promised_end_is_read_in_the_markets_zone(rules: TextRules, lang: str, said: str, end: str | None) -> None:
    read = rules.official(f"{OUTAGE[lang]} {said}", lang=lang, market="DE", at=AT).promised_end_at
    told = None if read is None else f"{datetime.fromtimestamp(read // 1_000, BERLIN):%m-%d %H:%M}"
    assert told == end


def test_a_post_names_services(rules: TextRules) -> None:
    said = rules.official("Störung: Internet und Fernsehen sind ausgefallen.", lang="de")
    assert {"broadband", "tv"} <= set(said.services)


@given(text=st.text(max_size=300), lang=st.sampled_from(["de", "en", "fr", "nl"]))
def test_any_text_has_a_kind_and_an_end_in_the_future(rules: TextRules, text: str, lang: str) -> None:
    said = rules.official(text, lang=lang, market="DE", at=AT)
    assert said.kind in OFFICIAL_KINDS
    assert said.promised_end_at is None or said.promised_end_at > AT


def test_weights_are_read_as_they_are_written() -> None:
    weights = OfficialWeights(tuple(range(9)), {"=o:fault": tuple(range(-4, 5)), "down": (1,) * 9})
    assert parse_official_weights("x", official_weights_written(weights)) == weights


@pytest.mark.parametrize(
    "row", ["down\t1", "down" + "\t2000" * 9, "down" + "\tx" * 9, "a" + "\t1" * 9 + "\na" + "\t1" * 9]
)
def test_weights_that_cannot_be_read_are_refused(row: str) -> None:
    written = official_weights_written(OfficialWeights((0,) * 9, {}))
    with pytest.raises(ConfigError, match="weights x"):
        parse_official_weights("x", f"{written}{row}\n")


def test_words_with_an_unknown_key_are_refused() -> None:
    with pytest.raises(ConfigError, match="words of official posts xx"):
        parse_official_words("xx", {"cues": {"fault": ["down"]}, "ende": {}})

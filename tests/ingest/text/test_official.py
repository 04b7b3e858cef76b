"""Operators' own posts: their kind, the end that they promise, and what they are about."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.text.official.looks import greeting_of, looks_of
from pipeline.ingest.text.understand import TextRules
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import OFFICIAL_KINDS, TELL_OF_A_STATE, TELL_OF_AN_OUTAGE
from pipeline.reference.official_words import (
    OfficialWeights,
    official_weights_written,
    parse_official_weights,
    parse_official_words,
)
from tests.ingest.text.test_work_is_linear import CALLS_MIN, calls_of

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
        ("de", "Bei unserem Netz liegt keine Störung vor, Berichte über einen Ausfall sind falsch.", "deny"),
        ("en", "Reports that our broadband is down are wrong, all services are running as normal.", "deny"),
        ("fr", "Contrairement aux rumeurs, il n'y a aucune panne sur notre réseau.", "deny"),
        ("nl", "Er is een storing: veel klanten hebben geen internet. Onze monteurs zijn ter plaatse.", "outage"),
        ("nl", "De storing is verholpen, alles werkt weer. Bedankt voor je geduld!", "all_clear"),
    ],
)
def test_a_post_is_told_by_its_kind(rules: TextRules, lang: str, text: str, kind: str) -> None:
    assert rules.official(text, lang=lang, at=AT).kind == kind


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        pytest.param("de", "Der Fehler ist in den naechsten zwei Stunden behoben.", id="length_and_no_future"),
        pytest.param("de", "Bis 18 Uhr ist alles wieder in Ordnung.", id="time_and_no_future"),
        pytest.param("en", "The fault will be fixed within two hours.", id="will_be"),
        pytest.param("en", "We expect all services to be restored by 6pm.", id="expected"),
        pytest.param("fr", "Le service sera retabli d'ici 18h.", id="sera"),
        pytest.param("fr", "Tous les services devraient être rétablis à 18 h.", id="devraient"),
        pytest.param("en", "Most customers are back online, we keep working for the rest.", id="most"),
        pytest.param("de", "Die meisten Anschlüsse sind wieder online, am Rest arbeiten wir weiter.", id="die_meisten"),
        pytest.param("fr", "La plupart des clients sont rétablis, nous continuons pour les autres.", id="la_plupart"),
        pytest.param("en", "The fault is still not fixed.", id="not_fixed"),
        pytest.param("de", "Die Störung ist noch nicht behoben.", id="nicht_behoben"),
        pytest.param("fr", "La panne n'est toujours pas réparée.", id="pas_reparee"),
    ],
)
def test_who_says_that_it_will_be_over_says_that_it_is_not(rules: TextRules, lang: str, text: str) -> None:
    assert rules.official(text, lang=lang, market="DE", at=AT).kind in TELL_OF_AN_OUTAGE


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "No problem at all, have a lovely day!"),
        ("en", "Sorry about the mistake on your bill."),
        ("en", "No worries, any time!"),
        ("de", "Kein Problem, schönen Tag noch!"),
        ("de", "Der Fehler auf deiner Rechnung tut uns leid, das Geld kommt zurück."),
        ("fr", "Aucun problème, bonne journée !"),
        ("fr", "Désolés pour l'erreur sur votre facture."),
    ],
)
def test_kind_words_and_bills_tell_of_no_state(rules: TextRules, lang: str, text: str) -> None:
    assert rules.official(text, lang=lang, at=AT).kind not in TELL_OF_A_STATE


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Hi Sarah, there's a fault in your area and our engineers are on it. ^Jo"),
        ("en", "Sorry Tom, the mast near you is down at the moment, we're working on it."),
        ("de", "Hallo Sarah, bei dir gibt es gerade eine Störung, die Technik ist dran. ^Jo"),
        ("fr", "Bonjour Sarah, une panne touche votre secteur, nos techniciens sont dessus. ^Jo"),
    ],
)
def test_a_reply_is_told_by_its_words_where_no_thread_is_known(rules: TextRules, lang: str, text: str) -> None:
    assert rules.official(text, lang=lang, at=AT).kind == "outage_reply"


def test_what_the_platform_says_of_a_thread_counts(rules: TextRules) -> None:
    text = "Broadband is down at the moment, sorry."
    kinds = [rules.official(text, lang="en", at=AT, answers=answers).kind for answers in (False, True)]
    assert kinds == ["outage", "outage_reply"]


def test_reasons_are_those_of_the_kind(rules: TextRules) -> None:
    text = "Hi Sarah, broadband is down near you, back by 6pm."
    reasons = rules.official_reasons(text, lang="en", answers=True)
    assert reasons.kind == rules.official(text, lang="en", answers=True).kind
    assert reasons.end == "6pm"
    assert {"=o:answers", "=o:greets", "=o:promises"} <= reasons.parts.keys()


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("@sam_1 Hi Sam, all good now? ^Jo", {"at", "greets", "signed", "asks:1"}),
        ("Hi Everyone, TV is off.", set()),
        ("Hi everyone, TV is off.", set()),
        ("Ali, the picture is back.", {"called"}),
        ("No fault near you, Mrs Hartley.", {"called"}),
        ("We can move it to Monday. Anna", {"named"}),
    ],
)
def test_looks_tell_whom_a_post_is_for(text: str, looks: set[str]) -> None:
    whom = {"at", "greets", "called", "signed", "named", "asks:1"}
    assert whom & set(looks_of(text, text.split(), greeting_of(["hi"], ["everyone"]))) == looks


OUTAGE = {
    "de": "Störung: In Köln ist das Internet ausgefallen, unsere Techniker sind vor Ort.",
    "en": "We're aware of an outage: broadband is down in Leeds and our engineers are on site.",
    "fr": "Panne en cours : internet est coupé à Lyon, nos techniciens sont sur place.",
    "nl": "Storing: het internet ligt eruit in Utrecht, onze monteurs zijn ter plaatse.",
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
        ("de", "Alles soll bis 17:30 Uhr wieder laufen.", "02-12 17:30"),
        ("de", "Bis 16 Uhr melden wir uns wieder.", None),
        ("de", "Der Fehler ist in den nächsten zwei Stunden behoben.", "02-12 17:00"),
        ("de", "In den nächsten Minuten behoben.", None),
        ("de", "Heute Abend müsste alles wieder gehen.", "02-12 22:00"),
        ("de", "Vor Freitag wird das nichts.", None),
        ("en", "Back by 5:30 pm tomorrow.", "02-13 17:30"),
        ("en", "Not back before 6pm.", None),
        ("en", "Back before 6pm.", "02-12 18:00"),
        ("en", "We expect the picture back within half an hour.", "02-12 15:30"),
        ("en", "Restored at about 1pm.", None),
        ("en", "We aim for 4am.", "02-13 04:00"),
        ("en", "9pm before pictures return.", "02-12 21:00"),
        ("en", "1,500 homes will be affected.", None),
        ("fr", "Le réseau sera rétabli d'ici 18 h 30.", "02-12 18:30"),
        ("fr", "Retour à la normale d'ici une heure.", "02-12 16:00"),
        ("fr", "Pas de retour avant vendredi.", None),
        ("de", "Das dauert noch etwa zwei bis drei Stunden.", "02-12 18:00"),
        ("en", "Sorted by half seven, we hope.", "02-12 19:30"),
        ("en", "Back in two to three hours.", "02-12 18:00"),
        ("fr", "Comptez encore 2 à 3 heures.", "02-12 18:00"),
        ("en", "Back by quarter past six.", "02-12 18:15"),
        ("en", "We're told three-quarters of an hour, so back in three-quarters of an hour.", "02-12 15:45"),
        ("en", "All channels are due back at 20.00", "02-12 20:00"),
        ("de", "Fertig gegen Viertel vor sechs.", "02-12 17:45"),
        ("de", "Wir arbeiten daran, dass es morgen um 9 wieder geht.", "02-13 09:00"),
        ("de", "Morgen 9 weitere Bagger.", None),
        ("fr", "Retour prévu à 1h du matin.", "02-13 01:00"),
        ("fr", "Ce sera réglé dans les 45 prochaines minutes.", "02-12 15:45"),
        ("de", "Wiederherstellung: 14.02., 12:00 Uhr.", "02-14 12:00"),
        ("de", "Am 14. Februar soll alles wieder gehen.", "02-14 23:59"),
        ("de", "Im Lauf der kommenden Nacht kommt das Signal zurück.", "02-13 06:00"),
        ("de", "Heute Abend um acht läuft alles wieder.", "02-12 20:00"),
        ("de", "Der Techniker redet von übermorgen.", "02-14 23:59"),
        ("de", "Anfang nächster Woche ist das Kabel geflickt.", "02-18 23:59"),
        ("de", "Entstörung zwischen 20 und 22 Uhr.", "02-12 22:00"),
        ("de", "Vor dem Anpfiff läuft es, versprochen.", "02-12 20:00"),
        ("de", "Noch heute wird die Karte getauscht.", "02-12 23:59"),
        ("de", "Frühestens morgen wieder da.", None),
        ("de", "Stand 14:30 Uhr: erste Gespräche kommen durch.", None),
        ("en", "Expected restoration: Friday 14 February, 12:00.", "02-14 12:00"),
        ("en", "We aim to have everyone back by the 14th.", "02-14 23:59"),
        ("en", "Realistically a couple of days.", "02-14 15:00"),
        ("en", "Data should be back by the end of the week.", "02-16 23:59"),
        ("en", "It will be up before the shops open tomorrow.", "02-13 09:00"),
        ("en", "The ticket says 8 tonight.", "02-12 20:00"),
        ("en", "Broadband back by 1700.", "02-12 17:00"),
        ("en", "We're told early hours of Saturday.", "02-15 05:00"),
        ("en", "Bellmont should light up between 4 and 5 this afternoon.", "02-12 17:00"),
        ("en", "Tomorrow at the earliest.", None),
        ("en", "The next post here is tomorrow.", None),
        ("fr", "Retour prévu le 14 février à 12 h.", "02-14 12:00"),
        ("fr", "Retour du service sous 48 h.", "02-14 15:00"),
        ("fr", "On m'indique 19 h.", "02-12 19:00"),
        ("fr", "Rétablissement estimé : 22 h.", "02-12 22:00"),
        ("fr", "Réparé dans la nuit de jeudi à vendredi.", "02-14 06:00"),
        ("fr", "Après-demain si le sol dégèle.", "02-14 23:59"),
        ("fr", "Les appels vers le 15, le 17 et le 18 n'aboutissent pas.", None),
        ("fr", "On vous avait dit midi.", None),
        ("nl", "Tegen kwart voor zes weer hersteld.", "02-12 17:45"),
        ("nl", "Rond 17:30 weer hersteld.", "02-12 17:30"),
        ("nl", "Binnen twee uur opgelost.", "02-12 17:00"),
        ("nl", "Volgende update om 17:00.", None),
        ("en", "Should be back at about 8 tonight.", "02-12 20:00"),
        ("en", "The mast lost power about an hour ago.", None),
        ("en", "We'll know more at 6pm.", None),
        ("de", "In einer guten halben Stunde geht es weiter.", "02-12 15:40"),
        ("de", "Morgen um 10 Uhr sagen wir mehr.", None),
        ("de", "Die Telefone verschieben sich damit auf Donnerstagfrüh.", "02-13 09:00"),
        ("fr", "On en saura plus dans une heure.", None),
        ("fr", "Pour nos équipes, c'est l'affaire de deux heures.", "02-12 17:00"),
        ("fr", "Tout sera réparé en milieu de nuit.", "02-13 03:00"),
    ],
)
def test_the_promised_end_is_read_in_the_markets_zone(rules: TextRules, lang: str, said: str, end: str | None) -> None:
    read = rules.official(f"{OUTAGE[lang]} {said}", lang=lang, market="DE", at=AT).promised_end_at
    told = None if read is None else f"{datetime.fromtimestamp(read // 1_000, BERLIN):%m-%d %H:%M}"
    assert told == end


@pytest.mark.parametrize("unit", ["1 ", "5pm ", "by 5pm tomorrow ", "d'ici ", "in zwei bis drei ", "ca. ", "a", " "])
@pytest.mark.parametrize("lang", ["de", "en", "fr", "nl"])
def test_a_post_full_of_times_is_judged_by_so_many_of_them(rules: TextRules, lang: str, unit: str) -> None:
    ends = rules.ends(lang)
    assert ends is not None
    short, long = (calls_of(partial(ends.promises, unit * (chars // len(unit)))) for chars in (1_000, 8_000))
    assert long <= 2.5 * short + CALLS_MIN


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

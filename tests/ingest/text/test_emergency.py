"""One claim is an incident: claims must be heard, and advice, news and phone displays must not be."""

import json
from pathlib import Path

import pytest
from msgspec import structs

from pipeline.ingest.text.understand import TextRules
from pipeline.reference.operators import Market
from pipeline.reference.words import Lexicon
from tests.ingest.text.conftest import MARKETS

CLAIMS_PRECISION_MIN = 0.95
CLAIMS_RECALL_MIN = 0.92

CLAIMS = (
    ("en", "999 is down, I tried three times and it won't connect"),
    ("en", "can't call 911 from my phone, no signal at all"),
    ("en", "My nan fell and we couldn't get through to 999, line just dead"),
    ("en", "Unable to reach emergency services from our landline"),
    ("en", "Tried to ring an ambulance, call failed. Twice."),
    ("en", "emergency calls not working on your network!!"),
    ("en", "no 999, no calls, no nothing in this village"),
    ("fr", "Impossible de joindre le 15 depuis mon portable"),
    ("fr", "Le 112 ne répond pas, ça coupe tout de suite"),
    ("fr", "on peut même plus appeler les pompiers, plus de réseau"),
    ("fr", "les numéros d'urgence sont injoignables chez nous"),
    ("fr", "le samu est injoignable depuis une heure"),
    ("fr", "j'arrive pas a joindre le 18 !!"),
    ("de", "Der Notruf 112 ist nicht erreichbar!"),
    ("de", "Kann die 110 nicht anrufen, Telefon komplett tot"),
    ("de", "Nicht mal der Notruf geht"),
    ("de", "kein Notruf möglich aus dem Festnetz"),
    ("de", "wollte die Feuerwehr rufen, komme nicht durch, keine Verbindung"),
    ("de", "112 funktioniert hier nicht"),
)
NO_CLAIMS = (
    ("en", "Phone shows emergency calls only since this morning"),
    ("en", "If you cannot get through on 999, use a landline"),
    ("en", "In an emergency call 112"),
    ("en", "BREAKING: 999 down across the country, police say"),
    ("en", "Paid £999 for a phone that is not working"),
    ("en", "called 911 and they came in five minutes, heroes"),
    ("en", "what happens if 999 is down?"),
    ("en", "My Porsche 911 broke down"),
    ("en", "no signal and no internet for 112 minutes"),
    ("en", "999 is back up and working again"),
    ("en", "Our boy is six and rang 999 all by himself when mum fainted. So proud"),
    ("en", "this phone is only good for 999, nothing else, no calls in or out"),
    ("en", "Police are asking people not to ring 999 about barbecues"),
    ("en", "Kids' watch calls mum and dad and nobody else except 999"),
    ("en", "dispatcher can't raise any of her drivers, no signal at the yard"),
    ("en", "how is my gran meant to phone 999 on a dead line?"),
    ("fr", "Mon petit de six ans a fait le 15 tout seul quand maman est tombée, quelle fierté"),
    ("fr", "mon portable n'est plus bon qu'au 112, rien n'entre, rien ne sort"),
    ("fr", "La gendarmerie demande de ne pas faire le 17 pour le bruit"),
    ("fr", "mamie fait comment le 15 avec une ligne morte ?"),
    ("de", "Unsere Kleine ist sechs und hat ganz allein die 112 gewählt, so stolz"),
    ("de", "mein Handy taugt nur noch für die 112, sonst geht nichts rein und raus"),
    ("de", "Die Polizei bittet, wegen Grillrauch nicht die 110 zu wählen"),
    ("de", "Wie soll meine Oma mit einer toten Leitung die 112 rufen?"),
    ("nl", "Onze dochter van zes belde helemaal alleen 112, wat een held"),
    ("nl", "mijn telefoon is alleen nog goed voor 112, verder niks in of uit"),
    ("fr", "Mon téléphone affiche appels d'urgence uniquement"),
    ("fr", "En cas de panne appelez le 112"),
    ("fr", "Panne depuis le 15 octobre, toujours rien ne marche"),
    ("fr", "Selon la préfecture, le 18 est injoignable dans le département"),
    ("fr", "6 heures d'attente aux urgences, rien ne marche dans cet hôpital"),
    ("fr", "le 112 fonctionne à nouveau"),
    ("de", "Handy zeigt nur Notrufe an"),
    ("de", "Bitte wählen Sie im Notfall die 112, Telefon ist gestört"),
    ("de", "Notruf funktioniert wieder"),
    ("de", "Tausende Kunden betroffen, Notruf nicht erreichbar"),
    ("de", "Habe die Polizei gerufen, Nachbar zu laut, geht nicht anders"),
    ("de", "Die Bahn kommt nicht, seit 110 Minuten warte ich"),
)


@pytest.mark.parametrize(("lang", "text"), CLAIMS)
def test_first_hand_claim_is_heard(rules: TextRules, lang: str, text: str) -> None:
    understood = rules.understand(text, lang=lang)
    assert understood.emergency
    assert (understood.service, understood.symptom, understood.relevant) == ("emergency", "emergency_unreachable", True)


@pytest.mark.parametrize(("lang", "text"), NO_CLAIMS)
def test_advice_news_and_displays_are_no_claim(rules: TextRules, lang: str, text: str) -> None:
    assert not rules.understand(text, lang=lang).emergency


def test_repost_is_no_claim_of_its_own(rules: TextRules) -> None:
    assert not rules.understand("RT @user: 999 is down, won't connect", lang="en").emergency


def test_many_ways_to_say_it_are_heard_and_few_false_ones(rules: TextRules) -> None:
    path = Path(__file__).parent / "posts" / "claims.jsonl"
    posts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    got = [(rules.understand(post["text"], lang=post["lang"]).emergency, bool(post["emergency"])) for post in posts]
    right = sum(heard and claim for heard, claim in got)
    assert right / sum(heard for heard, _ in got) >= CLAIMS_PRECISION_MIN
    assert right / sum(claim for _, claim in got) >= CLAIMS_RECALL_MIN


def test_a_number_beside_something_else_that_fails_is_no_claim(rules: TextRules) -> None:
    assert not rules.understand("999 fine on my phone, broadband not working", lang="en").emergency
    assert rules.understand("999 on my phone not working", lang="en").emergency


HOME = Market(
    id="BE",
    name="Belgium",
    languages=("nl", "fr", "de"),
    time_zone="Europe/Brussels",
    currency="EUR",
    emergency_numbers=("112", "101", "100"),
    holidays="BE",
)
CANADA = structs.replace(HOME, id="CA", name="Canada", languages=("en", "fr"), emergency_numbers=("911",))


@pytest.fixture(scope="module")
def abroad(lexicon: Lexicon) -> TextRules:
    """The same words in other countries."""
    return TextRules.compile(lexicon, (), (), markets=(*MARKETS, HOME, CANADA))


@pytest.mark.parametrize(
    ("market", "lang", "text"),
    [
        ("CA", "fr", "Impossible d'appeler le 911 depuis mon cell"),
        ("CA", "fr", "Le 911 ne répond pas, ça coupe tout de suite"),
        ("CA", "fr", "J'arrive pas à joindre le 9-1-1 !"),
        ("CA", "fr", "impossible de rejoindre le neuf-un-un, aucune tonalité"),
        ("CA", "en", "can't call nine one one from my phone"),
        ("CA", "en", "9-1-1 is not working here"),
        ("BE", "fr", "Impossible d'appeler le 112 depuis mon portable"),
        ("BE", "fr", "Impossible de joindre le 100 depuis mon portable"),
        ("BE", "de", "Der Notruf 112 ist nicht erreichbar!"),
        ("BE", "de", "Kann die 101 nicht anrufen, Telefon komplett tot"),
        ("BE", "fr", "le cent douze est injoignable"),
    ],
)
def test_the_market_has_the_numbers_and_the_language_the_words(
    abroad: TextRules, market: str, lang: str, text: str
) -> None:
    assert abroad.understand(text, lang=lang, market=market).emergency


@pytest.mark.parametrize(
    ("market", "lang", "text"),
    [
        pytest.param("FR", "fr", "Impossible d'appeler le 911", id="a_number_of_another_market"),
        pytest.param("GB", "en", "Impossible to call 101, it just rings", id="a_number_of_advice"),
        pytest.param("CA", "fr", "Impossible d'avoir le 15, le technicien vient le 17", id="days_of_the_month"),
        pytest.param("BE", "fr", "impossible d'avoir 100 mbit, la fibre ne marche pas", id="a_speed"),
        pytest.param("BE", "de", "100 Mbit gebucht, es funktioniert nicht", id="a_speed_in_german"),
        pytest.param("CA", "fr", "En cas d'urgence appelez le 911", id="advice"),
        pytest.param("CA", "en", "If you cannot get through on 911, use a landline", id="advice_in_english"),
        pytest.param("BE", "fr", "Mon téléphone affiche appels d'urgence uniquement", id="what_a_phone_shows"),
        pytest.param("CA", "en", "My Porsche 911 broke down", id="a_car"),
    ],
)
def test_numbers_of_no_emergency_stay_silent_abroad_as_well(
    abroad: TextRules, market: str, lang: str, text: str
) -> None:
    assert not abroad.understand(text, lang=lang, market=market).emergency


def test_without_a_market_the_numbers_of_all_who_write_the_language_count(abroad: TextRules) -> None:
    assert abroad.understand("Impossible de joindre le 15 depuis mon portable", lang="fr").emergency
    assert abroad.understand("Impossible de joindre le 911 depuis mon portable", lang="fr").emergency
    assert not abroad.understand("Impossible de joindre le 999 depuis mon portable", lang="fr").emergency


UNREACHABLE = {
    "en": "Can't reach {}, the call fails",
    "fr": "Impossible d'appeler le {}",
    "de": "Die {} ist nicht erreichbar",
    "nl": "Ik kan {} niet bereiken",
}


@pytest.mark.parametrize(
    ("market", "number"),
    [
        *((market, number) for market in ("BE", "FR", "DE", "GB") for number in ("911", "000", "988")),
        *((market, number) for market in ("CA", "US", "NZ") for number in ("112", "999")),
        *((market, "999") for market in ("BE", "FR", "DE", "AT", "NL")),
        *((market, number) for market in ("DE", "FR", "GB", "BE") for number in ("133", "118")),
    ],
)
@pytest.mark.parametrize("lang", UNREACHABLE)
def test_a_number_that_brings_help_elsewhere_only_is_not_even_asked_about(
    abroad: TextRules, market: str, number: str, lang: str
) -> None:
    understood = abroad.understand(UNREACHABLE[lang].format(number), lang=lang, market=market)
    assert not understood.emergency
    assert not understood.claim_doubtful


@pytest.mark.parametrize(
    ("market", "lang", "number"),
    [
        ("AT", "de", "144"),
        ("AU", "en", "000"),
        ("BE", "nl", "101"),
        ("CH", "fr", "117"),
        ("DE", "de", "110"),
        ("FR", "fr", "18"),
        ("GB", "en", "999"),
        ("NL", "nl", "112"),
        ("US", "en", "911"),
    ],
)
def test_each_country_has_its_numbers_also_one_that_is_no_market_of_ours(
    abroad: TextRules, market: str, lang: str, number: str
) -> None:
    understood = abroad.understand(UNREACHABLE[lang].format(number), lang=lang, market=market)
    assert understood.emergency or understood.claim_doubtful


def test_a_foreign_number_hides_no_service_that_is_named_beside_it(abroad: TextRules) -> None:
    text = "Tried 911 first, then the ambulance: can't get through to the ambulance, the call just fails"
    understood = abroad.understand(text, lang="en", market="GB")
    assert understood.emergency or understood.claim_doubtful


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Cherche prof de piano à Paris 18", id="a_part_of_a_town"),
        pytest.param("Nouveaux clients 15,99 €, anciens le double, et la plateforme est injoignable", id="a_price"),
    ],
)
def test_an_everyday_text_in_which_nothing_is_called_is_not_even_asked_about(abroad: TextRules, text: str) -> None:
    assert not abroad.understand(text, lang="fr", market="FR").claim_doubtful

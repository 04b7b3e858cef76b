"""Operators by handle, name and, where something says that it is one, by a word that is ordinary too."""

import pytest

from pipeline.ingest.text.understand import TextRules

NAMED = (
    ("en", "GB", "@ThreeUK no signal", ("three-uk",)),
    ("en", "GB", "Three bars but nothing loads", ()),
    ("en", "GB", "no signal for three days", ()),
    ("en", "GB", "I am with Three and have no signal", ("three-uk",)),
    ("en", "GB", "Three network down again", ("three-uk",)),
    ("en", "GB", "#three no signal", ("three-uk",)),
    ("en", "GB", "no signal on EE in town", ("ee",)),
    ("en", "GB", "clouds in the sky and no signal", ()),
    ("en", "GB", "moved from Vodafone to O2 and still no signal", ("o2-uk", "vodafone-uk")),
    ("de", "DE", "Vodafone Störung in Bonn", ("vodafone-de",)),
    ("de", "DE", "Bei NetCologne geht nichts", ("netcologne",)),
    ("de", "DE", "kein Netz bei O2", ("o2-de",)),
    ("fr", "FR", "panne chez Free depuis midi", ("free",)),
    ("fr", "FR", "wifi free au café", ()),
    ("fr", "FR", "un jus d'orange et plus de réseau", ()),
    ("fr", "FR", "Plus de réseau chez Orange et Bouygues Telecom", ("bouygues", "orange-fr")),
)


@pytest.mark.parametrize(("lang", "market", "text", "operators"), NAMED)
def test_operator_is_named_or_not(
    rules: TextRules, lang: str, market: str, text: str, operators: tuple[str, ...]
) -> None:
    assert rules.understand(text, lang=lang, market=market).operators == operators


def test_who_searched_stands_in_when_the_text_names_none(rules: TextRules) -> None:
    assert rules.understand("no signal", lang="en", operator="three-uk").operators == ("three-uk",)
    assert rules.understand("no signal @O2", lang="en", market="GB", operator="three-uk").operators == ("o2-uk",)


def test_market_follows_from_a_language_that_one_market_has(rules: TextRules) -> None:
    assert rules.understand("Vodafone Störung", lang="de").operators == ("vodafone-de",)
    assert rules.understand("Vodafone down again", lang="en").operators == ()


AT_EASE = (
    ("de", "DE", "Nachbar mit Vodafone surft fröhlich, bei NetCologne geht nichts", ("netcologne",), ("vodafone-de",)),
    (
        "de",
        "DE",
        "Meine Nachbarin ist bei Vodafone und hat keine Probleme, ich seit heute früh kein Netz",
        (),
        ("vodafone-de",),
    ),
    ("de", "DE", "Bei Vodafone läuft alles, NetCologne ist tot", ("netcologne",), ("vodafone-de",)),
    ("de", "DE", "Nachbar mit Vodafone hat auch kein Netz", ("vodafone-de",), ()),
    ("de", "DE", "Bei meiner Mutter geht Vodafone seit gestern nicht", ("vodafone-de",), ()),
    ("en", "GB", "my neighbour with Vodafone surfs happily while O2 gives me nothing", ("o2-uk",), ("vodafone-uk",)),
    ("en", "GB", "my mum is on EE and hers is fine, mine has been dead all day", (), ("ee",)),
    ("en", "GB", "my mum is on EE and it's not working fine at all", ("ee",), ()),
    ("en", "GB", "everyone on EE here is down", ("ee",), ()),
    ("en", "GB", "thought it was my handset but it's everyone at work on EE", ("ee",), ()),
    ("fr", "FR", "Mon voisin chez Free n'a aucun souci, chez Orange plus rien", ("orange-fr",), ("free",)),
    ("fr", "FR", "ma soeur chez Bouygues Telecom ça marche nickel, moi rien depuis midi", (), ("bouygues",)),
    ("fr", "FR", "ma soeur chez Bouygues Telecom n'a plus internet non plus", ("bouygues",), ()),
)


@pytest.mark.parametrize(("lang", "market", "text", "operators", "at_ease"), AT_EASE)
def test_an_operator_whose_customers_are_others_and_well_has_no_complaint(
    rules: TextRules, lang: str, market: str, text: str, operators: tuple[str, ...], at_ease: tuple[str, ...]
) -> None:
    understood = rules.understand(text, lang=lang, market=market)
    assert (understood.operators, understood.at_ease) == (operators, at_ease)


def test_who_searched_for_an_operator_finds_no_complaint_where_all_is_well(rules: TextRules) -> None:
    text = "Nachbar mit Vodafone surft fröhlich, ich nicht"
    assert rules.understand(text, lang="de", market="DE", operator="vodafone-de").operators == ()
    assert rules.understand(text, lang="de", market="DE", operator="netcologne").operators == ("netcologne",)

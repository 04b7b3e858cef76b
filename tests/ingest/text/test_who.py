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

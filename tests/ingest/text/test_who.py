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
    ("en", "GB", "tried 999 twice, just kept saying calling. had to flag down a guy on Vodafone", (), ("vodafone-uk",)),
    ("en", "GB", "999 wont connect, neighbour with Vodafone got through", (), ("vodafone-uk",)),
    ("en", "GB", "nobody on Vodafone can get through to 999", ("vodafone-uk",), ()),
    ("en", "GB", "999 fails on O2, had to borrow a mate's EE phone", ("o2-uk",), ("ee",)),
    ("de", "DE", "112 geht nicht, Nachbar mit Vodafone kam durch", (), ("vodafone-de",)),
    (
        "fr",
        "FR",
        "impossible de joindre le 15, j'ai emprunté le téléphone d'un voisin chez Bouygues Telecom",
        (),
        ("bouygues",),
    ),
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


FACING = (
    ("de", "DE", "Weder NetCologne noch Vodafone funktionieren in Köln", ("netcologne", "vodafone-de"), ()),
    ("fr", "FR", "Ni Orange ni Free ne fonctionnent à Lyon", ("free", "orange-fr"), ()),
    ("en", "GB", "Neither EE nor Vodafone works in Leeds", ("ee", "vodafone-uk"), ()),
    ("de", "DE", "NetCologne tot, Vodafone geht", ("netcologne",), ("vodafone-de",)),
    ("de", "DE", "Vodafone geht, NetCologne tot", ("netcologne",), ("vodafone-de",)),
    ("de", "DE", "o2 tot, Vodafone geht", ("o2-de",), ("vodafone-de",)),
    ("de", "DE", "Vodafone läuft einwandfrei, nur o2 nicht", ("o2-de",), ("vodafone-de",)),
    ("de", "DE", "Mit Vodafone geht die 112, mit NetCologne nicht", ("netcologne",), ("vodafone-de",)),
    ("de", "DE", "#netcologne tot #vodafone läuft", ("netcologne",), ("vodafone-de",)),
    ("de", "DE", "Vodafone und NetCologne sind beide tot", ("netcologne", "vodafone-de"), ()),
    ("de", "DE", "Vodafone tot, NetCologne geht auch nicht", ("netcologne", "vodafone-de"), ()),
    ("de", "DE", "Bei Vodafone und o2 geht nichts mehr", ("o2-de", "vodafone-de"), ()),
    ("de", "DE", "Vodafone läuft nicht, NetCologne läuft", ("vodafone-de",), ("netcologne",)),
    ("en", "GB", "EE dead, Vodafone works", ("ee",), ("vodafone-uk",)),
    ("en", "GB", "Vodafone works, EE dead", ("ee",), ("vodafone-uk",)),
    ("en", "GB", "vodafone is fine, three is down", ("three-uk",), ("vodafone-uk",)),
    ("en", "GB", "no signal on o2 in Leeds, vodafone full bars", ("o2-uk",), ("vodafone-uk",)),
    ("en", "GB", "@O2 nothing since 6, @ThreeUK works fine", ("o2-uk",), ("three-uk",)),
    ("en", "GB", "@ThreeUK works fine, @O2 nothing since 6", ("o2-uk",), ("three-uk",)),
    ("en", "GB", "@O2 no signal, what are you lot doing, EE is fine", ("o2-uk",), ("ee",)),
    ("en", "GB", "Saundersfoot: EE yes, Vodafone yes, O2 no", ("o2-uk",), ("ee", "vodafone-uk")),
    ("en", "GB", "Vodafone, EE and O2 all down", ("ee", "o2-uk", "vodafone-uk"), ()),
    ("en", "GB", "Vodafone works but calls are not working. O2 network just as bad", ("o2-uk", "vodafone-uk"), ()),
    ("en", "GB", "112 unreachable on EE, Vodafone works", ("ee",), ("vodafone-uk",)),
    ("en", "GB", "calls cutting out on EE, Vodafone works", ("ee",), ("vodafone-uk",)),
    ("fr", "FR", "le 112 ne passe pas avec Free, avec Orange ça passe", ("free",), ("orange-fr",)),
    ("fr", "FR", "Avec Orange ça passe, le 112 ne passe pas avec Free", ("free",), ("orange-fr",)),
    ("fr", "FR", "free en panne, orange ça capte", ("free",), ("orange-fr",)),
    ("fr", "FR", "#Free en panne #Orange marche", ("free",), ("orange-fr",)),
    ("fr", "FR", "Bouygues Telecom HS, moi Orange nickel", ("bouygues",), ("orange-fr",)),
    ("fr", "FR", "Passé de Free à Orange lundi, plus de réseau depuis", ("free", "orange-fr"), ()),
    ("fr", "FR", "Orange ne marche pas, Free non plus", ("free", "orange-fr"), ()),
    ("nl", None, "NetCologne ligt plat, Bouygues Telecom werkt gewoon", ("netcologne",), ("bouygues",)),
    ("nl", None, "Bouygues Telecom werkt, NetCologne niet", ("netcologne",), ("bouygues",)),
    ("nl", None, "met NetCologne lukt 112 niet, met Bouygues Telecom wel", ("netcologne",), ("bouygues",)),
    ("nl", None, "NetCologne en Bouygues Telecom liggen plat", ("bouygues", "netcologne"), ()),
)


@pytest.mark.parametrize(("lang", "market", "text", "operators", "at_ease"), FACING)
def test_who_works_is_not_accused_beside_who_fails(
    rules: TextRules, lang: str, market: str | None, text: str, operators: tuple[str, ...], at_ease: tuple[str, ...]
) -> None:
    understood = rules.understand(text, lang=lang, market=market)
    assert (understood.operators, understood.at_ease) == (operators, at_ease)


def test_who_works_is_not_accused_where_the_search_of_another_found_it(rules: TextRules) -> None:
    understood = rules.understand("tot seit 5, Vodafone geht", lang="de", market="DE", operator="netcologne")
    assert (understood.operators, understood.at_ease) == (("netcologne",), ("vodafone-de",))


ORDINARY = (
    ("de", "DE", "kein netz bei o2", ("o2-de",)),
    ("de", "DE", "Notruf geht nicht mit o2", ("o2-de",)),
    ("en", "GB", "anyone else got no signal on ee?", ("ee",)),
    ("en", "GB", "no signal on three", ("three-uk",)),
    ("en", "GB", "no signal on three phones", ()),
    ("en", "GB", "vodafone down again, only three bars", ("vodafone-uk",)),
    ("fr", "FR", "plus de réseau chez free depuis midi", ("free",)),
    ("fr", "FR", "ma box bouygues telecom voyant orange, plus d'internet", ("bouygues",)),
    ("fr", "FR", "mes potes chez orange ont rien", ()),
)


@pytest.mark.parametrize(("lang", "market", "text", "operators"), ORDINARY)
def test_an_ordinary_word_is_a_brand_where_it_is_complained_about(
    rules: TextRules, lang: str, market: str, text: str, operators: tuple[str, ...]
) -> None:
    assert rules.understand(text, lang=lang, market=market).operators == operators

"""The smallest area that is surely meant; an ordinary word is no town."""

import pytest

from pipeline.ingest.text.understand import TextRules

PLACED = (
    ("de", "DE", "Kein Netz in Köln", "DE/NW/koeln"),
    ("de", "DE", "kein netz in koeln", "DE/NW/koeln"),
    ("de", "DE", "kein netz in koln seit heute", "DE/NW/koeln"),
    ("de", "DE", "internet tot in NRW", "DE/NW"),
    ("de", "DE", "Störung in Köln Mülheim", "DE/NW/koeln/muelheim"),
    ("de", "DE", "Köln und Bonn ohne Internet", "DE/NW"),
    ("de", "DE", "Ausfall in Siegburg, NRW", "DE/NW/rhein-sieg-kreis/siegburg"),
    ("de", "DE", "kein Internet in Essen", "DE/NW/essen"),
    ("de", "DE", "Das Essen war kalt und das Internet ist weg", None),
    ("de", "DE", "In der Halle kein Empfang", None),
    ("de", "DE", "Störung in Neustadt", None),
    ("de", "DE", "Störung in Neustadt in Sachsen", "DE/SN/neustadt"),
    ("de", "DE", "PLZ 50667 kein Internet", "DE/NW/koeln"),
    ("de", "DE", "Ticket 50667 immer noch offen, kein Internet", None),
    ("de", "DE", "Kein Netz in Köln und München", None),
    ("de", "DE", "kein Netz #koeln", "DE/NW/koeln"),
    ("de", "DE", "Kölner Südstadt ohne Internet", "DE/NW/koeln"),
    ("de", "DE", "in der Südstadt kein Netz", None),
    ("de", "DE", "Ich als Kölner habe kein Netz", None),
    ("fr", "FR", "plus de réseau à Lyon", "FR/ARA/69/lyon"),
    ("fr", "FR", "plus de réseau à Nice depuis midi", "FR/PAC/06/nice"),
    ("fr", "FR", "la nouvelle box est nice mais pas de réseau", None),
    ("fr", "FR", "internet coupé trois tours de suite", None),
    ("fr", "FR", "panne à Aix-en-Provence", "FR/PAC/13/aix-en-provence"),
    ("fr", "FR", "panne a saint etienne", "FR/ARA/42/saint-etienne"),
    ("fr", "FR", "plus de fibre, code postal 75013", "FR/IDF/75/paris"),
    ("fr", "FR", "chez Orange plus rien ne marche", None),
    ("en", "GB", "no signal in Leeds", "GB/ENG/leeds"),
    ("en", "GB", "leeds no signal", "GB/ENG/leeds"),
    ("en", "GB", "no 4G in Bath", "GB/ENG/bath"),
    ("en", "GB", "no wifi, can't even have a bath", None),
    ("en", "GB", "reading this with no signal", None),
    ("en", "GB", "Reading this with no signal", None),
    ("en", "GB", "signal down in Reading", "GB/ENG/reading"),
    ("en", "GB", "no service in Newport, Isle of Wight", "GB/ENG/isle-of-wight/newport"),
    ("en", "GB", "no service in SE1 today", "GB/ENG/london/southwark"),
    ("en", "GB", "London SE1 9AB no signal", "GB/ENG/london/southwark"),
    ("en", "GB", "no signal in Manchester", "GB/ENG/manchester"),
    ("en", "US", "no signal in Manchester", "US/NH/manchester"),
    ("en", "GB", "Manchester United on tv and no signal", None),
    ("en", "GB", "flew to New York and no signal", None),
    ("en", "US", "no service in New York", "US/NY/new-york"),
    ("en", "US", "my mobile has no signal", None),
)


@pytest.mark.parametrize(("lang", "market", "text", "area"), PLACED)
def test_text_is_placed_in_the_smallest_sure_area(
    rules: TextRules, lang: str, market: str, text: str, area: str | None
) -> None:
    assert rules.understand(text, lang=lang, market=market).area == area


@pytest.mark.parametrize(
    ("operator", "text", "area"),
    [
        pytest.param("netcologne", "Kein Internet in Halle an der Saale", None, id="far_from_its_customers"),
        pytest.param("netcologne", "kein Internet in Siegburg", "DE/NW/rhein-sieg-kreis/siegburg", id="near"),
        pytest.param("vodafone-de", "Kein Netz in München", "DE/BY/muenchen", id="customers_everywhere"),
        pytest.param(None, "Kein Netz in München", "DE/BY/muenchen", id="nobody_named"),
    ],
)
def test_no_place_is_better_than_one_without_customers(
    rules: TextRules, operator: str | None, text: str, area: str | None
) -> None:
    assert rules.understand(text, lang="de", market="DE", operator=operator).area == area

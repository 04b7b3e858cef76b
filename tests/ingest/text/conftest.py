"""The project's own lexicon, compiled once, with a few places and operators of the tests' own."""

from pathlib import Path

import pytest

from pipeline.adapters.reference.folder import load_operators
from pipeline.adapters.reference.language import read_lexicon
from pipeline.ingest.text.understand import OperatorAlias, PlaceName, TextRules
from pipeline.reference.learnt.weights import Weights
from pipeline.reference.words import Lexicon

LEXICON = Path(__file__).resolve().parents[3] / "deploy" / "reference" / "lexicon"

PLACES = (
    ("Deutschland", "DE", 83_000_000, "DE"),
    ("Nordrhein-Westfalen", "DE/NW", 17_900_000, "DE"),
    ("NRW", "DE/NW", 17_900_000, "DE"),
    ("Köln", "DE/NW/koeln", 1_080_000, "DE"),
    ("Cologne", "DE/NW/koeln", 1_080_000, "DE"),
    ("50667", "DE/NW/koeln", 1_080_000, "DE"),
    ("Mülheim", "DE/NW/koeln/muelheim", 42_000, "DE"),
    ("Bonn", "DE/NW/bonn", 330_000, "DE"),
    ("Essen", "DE/NW/essen", 580_000, "DE"),
    ("Siegburg", "DE/NW/rhein-sieg-kreis/siegburg", 41_000, "DE"),
    ("Halle", "DE/ST/halle", 240_000, "DE"),
    ("Neustadt", "DE/RP/neustadt", 53_000, "DE"),
    ("Neustadt", "DE/TH/neustadt", 30_000, "DE"),
    ("Neustadt", "DE/SN/neustadt", 12_500, "DE"),
    ("Sachsen", "DE/SN", 4_000_000, "DE"),
    ("Südstadt", "DE/NI/suedstadt", 40_000, "DE"),
    ("München", "DE/BY/muenchen", 1_480_000, "DE"),
    ("Paris", "FR/IDF/75/paris", 2_100_000, "FR"),
    ("75013", "FR/IDF/75/paris", 180_000, "FR"),
    ("Lyon", "FR/ARA/69/lyon", 520_000, "FR"),
    ("Nice", "FR/PAC/06/nice", 340_000, "FR"),
    ("Tours", "FR/CVL/37/tours", 136_000, "FR"),
    ("Aix-en-Provence", "FR/PAC/13/aix-en-provence", 143_000, "FR"),
    ("Aix", "FR/NAQ/19/aix", 400, "FR"),
    ("Saint-Étienne", "FR/ARA/42/saint-etienne", 172_000, "FR"),
    ("Leeds", "GB/ENG/leeds", 455_000, "GB"),
    ("Bath", "GB/ENG/bath", 94_000, "GB"),
    ("Reading", "GB/ENG/reading", 174_000, "GB"),
    ("Newport", "GB/WLS/newport", 128_000, "GB"),
    ("Newport", "GB/ENG/isle-of-wight/newport", 25_000, "GB"),
    ("Isle of Wight", "GB/ENG/isle-of-wight", 140_000, "GB"),
    ("York", "GB/ENG/york", 153_000, "GB"),
    ("SE1", "GB/ENG/london/southwark", 0, "GB"),
    ("London", "GB/ENG/london", 8_900_000, "GB"),
    ("New York", "US/NY/new-york", 8_300_000, "US"),
    ("Manchester", "GB/ENG/manchester", 395_000, "GB"),
    ("Manchester", "US/NH/manchester", 115_000, "US"),
    ("Mobile", "US/AL/mobile", 190_000, "US"),
    ("Orange", "FR/PAC/84/orange", 29_000, "FR"),
)

ALIASES = (
    OperatorAlias("@ThreeUK", "three-uk", "GB", "handle"),
    OperatorAlias("Three", "three-uk", "GB", "ambiguous"),
    OperatorAlias("@O2", "o2-uk", "GB", "handle"),
    OperatorAlias("O2", "o2-uk", "GB", "ambiguous"),
    OperatorAlias("O2", "o2-de", "DE", "ambiguous"),
    OperatorAlias("EE", "ee", "GB", "ambiguous"),
    OperatorAlias("Vodafone", "vodafone-uk", "GB", "name"),
    OperatorAlias("Vodafone", "vodafone-de", "DE", "name"),
    OperatorAlias("NetCologne", "netcologne", "DE", "name"),
    OperatorAlias("Free", "free", "FR", "ambiguous"),
    OperatorAlias("Orange", "orange-fr", "FR", "ambiguous"),
    OperatorAlias("Bouygues Telecom", "bouygues", "FR", "name"),
    OperatorAlias("Sky", "sky-uk", "GB", "ambiguous"),
)


MARKETS = tuple(load_operators(LEXICON.parent).markets.values())

HOMES = {"netcologne": frozenset({"DE/NW"})}


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return read_lexicon(LEXICON)


@pytest.fixture(scope="session")
def rules(lexicon: Lexicon) -> TextRules:
    return TextRules.compile(lexicon, (PlaceName(*row) for row in PLACES), ALIASES, markets=MARKETS, homes=HOMES)


@pytest.fixture(scope="session")
def lexicon_weights(lexicon: Lexicon) -> Weights:
    """What the features of English texts say."""
    return lexicon.weights["en"]

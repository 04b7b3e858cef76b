"""Quarters of cities are read as their city, or as the node that they are of it, and never as a town elsewhere."""

from itertools import chain

import pytest

from pipeline.adapters.reference.folder import load_operators, load_places
from pipeline.adapters.reference.language import read_lexicon
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.places import Places
from tests.ingest.text.conftest import LEXICON

QUARTERS = {
    ("de", "DE", "kein Netz in {}"): {
        "DE/NW/koeln": ("Ehrenfeld", "Nippes"),
        "DE/NW/wuppertal": ("Barmen", "Elberfeld"),
        "DE/SN/leipzig": ("Gohlis", "Plagwitz"),
        "DE/NI/hannover": ("Linden", "Linden-Nord"),
        "DE/HH/hamburg": ("Altona", "Eppendorf"),
        "DE/BE/berlin": ("Kreuzberg", "Prenzlauer Berg"),
        "DE/BY/muenchen": ("Schwabing",),
        "DE/NW/dortmund": ("Hörde",),
        "DE/SN/dresden": ("Blasewitz",),
    },
    ("fr", "FR", "plus de réseau à {}"): {
        "FR/IDF/75/paris": ("Belleville", "Ménilmontant", "Montmartre"),
        "FR/ARA/69/lyon": ("Croix-Rousse", "la Guillotière", "la Part-Dieu"),
        "FR/PAC/13/marseille": ("la Joliette", "Mazargues", "la Belle de Mai", "Malpassé"),
        "FR/HDF/59/lille": ("Wazemmes",),
        "FR/PAC/06/nice": ("Cimiez", "Riquier"),
    },
    ("en", "GB", "no signal in {}"): {
        "GB/ENG/london": ("Camden", "Brixton", "Shoreditch"),
        "GB/ENG/manchester": ("Didsbury", "Chorlton", "Fallowfield"),
        "GB/ENG/liverpool": ("Toxteth", "Wavertree"),
        "GB/ENG/leeds": ("Headingley",),
        "GB/ENG/birmingham": ("Moseley", "Handsworth"),
        "GB/SCT/edinburgh": ("Leith",),
        "GB/SCT/glasgow": ("Gorbals",),
        "GB/ENG/newcastle-upon-tyne": ("Jesmond", "Gosforth"),
    },
    ("en", "US", "no signal in {}"): {
        "US/NY/new-york": ("Brooklyn", "Harlem", "Queens"),
        "US/PA/philadelphia": ("Fishtown", "Northern Liberties"),
        "US/MA/boston": ("Back Bay", "Jamaica Plain"),
        "US/IL/chicago": ("Wicker Park",),
        "US/GA/atlanta": ("Buckhead",),
        "US/CA/los-angeles": ("Silver Lake", "Koreatown"),
        "US/CA/san-francisco": ("SoMa",),
    },
}
ROWS = [
    (lang, market, text.format(name), city)
    for (lang, market, text), of in QUARTERS.items()
    for city, names in of.items()
    for name in names
]
NUMBERS = (
    ("59 et 62 en panne", "FR/HDF"),
    ("panne internet 59 et 62", "FR/HDF"),
    ("panne 34", "FR/OCC/34"),
    ("panne free 13", "FR/PAC/13"),
    ("plus de réseau 34 et 30", "FR/OCC"),
    ("panne 15", None),
    ("panne depuis 34 minutes", None),
    ("free panne depuis 12", None),
    ("coupure à 22", None),
    ("panne numéro 12", None),
    ("41,99 la livebox, en panne", None),
    ("j'ai 34 ans et une panne", None),
)
LOWER = (
    ("no signal in otley", "GB/ENG/otley"),
    ("signal gone in otley", "GB/ENG/otley"),
    ("otley stuff is dead", None),
)


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


@pytest.fixture(scope="module")
def reader(places: Places) -> TextRules:
    names = chain(places.names(), places.postcode_names())
    operators = load_operators()
    return TextRules.compile(read_lexicon(LEXICON), names, operators.aliases(), markets=operators.markets.values())


@pytest.mark.parametrize(("lang", "market", "text", "city"), ROWS)
def test_a_quarter_is_in_its_city(reader: TextRules, lang: str, market: str, text: str, city: str) -> None:
    area = reader.understand(text, lang=lang, market=market).area
    assert area is not None
    assert f"{area}/".startswith(f"{city}/")


def test_a_field_that_names_a_quarter_means_its_city_too(places: Places) -> None:
    assert places.resolve("Didsbury", "GB") == "GB/ENG/manchester"
    assert places.resolve("Gohlis", "DE") == "DE/SN/leipzig"
    assert "DE/SN/gohlis" in places


@pytest.mark.parametrize(("text", "area"), NUMBERS)
def test_numbers_of_departements_that_are_listed_are_all_read(reader: TextRules, text: str, area: str | None) -> None:
    assert reader.understand(text, lang="fr", market="FR").area == area


@pytest.mark.parametrize(("text", "area"), LOWER)
def test_a_small_town_in_lower_case_needs_a_word_that_points(reader: TextRules, text: str, area: str | None) -> None:
    assert reader.understand(text, lang="en", market="GB").area == area


def test_a_place_that_only_looks_like_one_is_less_sure(reader: TextRules) -> None:
    said, looks, none = (
        reader.understand(text, lang="en", market="GB").area_permille
        for text in ("no signal in Leeds", "my Wetherby router is dead", "my router is dead")
    )
    assert said > looks > none == 0

"""The smallest area that is surely meant; an ordinary word is no town."""

import pytest

from pipeline.adapters.reference.folder import load_operators, load_places, reference_folder
from pipeline.adapters.reference.gazetteer.districts import DISTRICTS, districts_of
from pipeline.adapters.reference.language import read_lexicon
from pipeline.ingest.text.understand import TextRules
from tests.ingest.text.conftest import LEXICON

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


CODED = (
    ("fr", "FR", "plus rien dans le 34 depuis ce matin", "FR/OCC/34"),
    ("fr", "FR", "panne générale département 34", "FR/OCC/34"),
    ("fr", "FR", "dans le 59 et 62 plus de réseau", "FR/HDF"),
    ("fr", "FR", "Montpellier (34000) plus de fibre", "FR/OCC/34/montpellier"),
    ("fr", "FR", "plus de fibre dans le 30 jours qui suit", None),
    ("fr", "FR", "34 euros par mois et rien ne marche", None),
    ("fr", "FR", "canal 34 ne marche pas", None),
    ("fr", "FR", "impossible de joindre le 15 depuis mon portable", None),
    ("fr", "FR", "erreur 34000 sur la box", None),
    ("de", "DE", "PLZ 50823 kein Netz", "DE/NW/koeln"),
    ("de", "DE", "50823 Köln kein Netz", "DE/NW/koeln"),
    ("de", "DE", "Ticket 50823 immer noch offen", None),
    ("en", "GB", "no signal in NG7 all day", "GB/ENG/nottingham"),
    ("en", "GB", "NG7 2AB broadband dead", "GB/ENG/nottingham"),
    ("en", "GB", "anyone in SE1 with no internet", "GB/ENG/london"),
    ("en", "GB", "no signal on the M4 again", None),
    ("en", "GB", "M4 motorway no signal", None),
    ("en", "GB", "my S23 has no signal", None),
    ("en", "GB", "no 4G and no signal in L1", "GB/ENG/liverpool"),
    ("en", "GB", "I live in Leeds, at my mum's in Nottingham nothing works", "GB/ENG/nottingham"),
    ("de", "DE", "wohne in Bonn, bei meiner Mutter in Köln geht nichts", "DE/NW/koeln"),
    ("de", "DE", "bin in Bonn und habe kein Netz", "DE/NW/bonn"),
    ("de", "DE", "#netzausfallkoeln was ist los", "DE/NW/koeln"),
    ("de", "DE", "kein internet in dingelstädt", "DE/TH/dingelstaedt"),
)


WRITTEN = (
    ("de", "DE", "44145 kein netz seit 14:12", "DE/NW/dortmund"),
    ("de", "DE", "48619 heek, router tot", "DE/NW/heek"),
    ("de", "DE", "50667 Leute warten auf eine Antwort", None),
    ("fr", "FR", "75015 ok pour la panne", "FR/IDF/75/paris/paris-15-vaugirard"),
    ("de", "DE", "Hof: Funkloch komplett", "DE/BY/hof"),
    ("de", "DE", "Ergebnis: wieder kein Netz", None),
    ("de", "DE", "Der Hof: nass. Das Netz: weg", None),
    ("de", "DE", "Hagen offline", "DE/NW/hagen"),
    ("de", "DE", "Werder verliert und mein Netz ist weg", None),
    ("de", "DE", "Suhl, o2, nichts geht", "DE/TH/suhl"),
    ("de", "DE", "greifswald marktplatz kein lte", "DE/MV/universitaets-und-hansestadt-greifswald"),
    ("de", "DE", "Kein Netz in der Hansestadt Stralsund", "DE/MV/stralsund"),
    ("de", "DE", "Lauf a.d. Pegnitz, Kabel tot", "DE/BY/lauf-an-der-pegnitz"),
    ("de", "DE", "kein empfang in landau/pfalz", "DE/RP/landau-in-der-pfalz"),
    ("de", "DE", "In Teilen Hamburgs ist das Netz weg", "DE/HH/hamburg"),
    ("de", "DE", "Feuerwehr Haldensleben: Notruf tot", "DE/ST/haldensleben-i"),
    ("de", "DE", "Kein Internet in Connewitz", "DE/SN/leipzig"),
    ("de", "DE", "Augsburg/Göggingen, Glasfaser tot", "DE/BY/augsburg"),
    ("de", "DE", "Grüße von Herrn Essen, kein Netz", None),
    ("de", "DE", "Ich hocke in Bremen, bei den Eltern in Jena geht nichts", "DE/TH/jena"),
    ("de", "DE", "Kein Netz in Jena, und Häusern wird gesagt, es geht", "DE/TH/jena"),
    ("de", "DE", "Das Wetter ist schlecht, das Netz auch", None),
    ("de", "DE", "Köln und Leverkusen ohne Netz", "DE/NW"),
    ("de", "DE", "Störung in Wickede", "DE/NW"),
    ("de", "DE", "Moin aus Brandenburg, Netz weg", "DE/BB"),
    ("de", "DE", "ausfall wolgast, alles weg", "DE/MV/wolgast"),
    ("de", "DE", "Ich muss fahren, hier kein Netz", None),
    ("en", "GB", "Port Glasgow's off again", "GB/SCT/port-glasgow"),
    ("en", "GB", "St. Helens: nothing working", "GB/ENG/st-helens"),
    ("en", "GB", "White, cool and a friend, no signal", None),
    ("en", "GB", "still out in derby", "GB/ENG/derby"),
    ("en", "GB", "the derby is on and no signal", None),
    ("en", "GB", "no 4g truro", "GB/ENG/truro"),
    ("en", "GB", "bbc is down, hull too", "GB/ENG/kingston-upon-hull"),
    ("en", "GB", "#LeedsDown what is going on", "GB/ENG/leeds"),
    ("en", "GB", "Dunfermline's off again", "GB/SCT/dunfermline"),
    ("en", "GB", "Stoke same here", "GB/ENG/stoke-on-trent"),
    ("en", "GB", "Chester same here", "GB/ENG/chester"),
    ("en", "GB", "no signal says Mr Burnley", None),
    ("en", "GB", "internet down in Selly Oak", "GB/ENG/birmingham"),
    ("fr", "FR", "ça coupe au bout de 3 secondes a Brive", "FR/NAQ/19/brive-la-gaillarde"),
    ("fr", "FR", "plus rien a digne", "FR/PAC/04/digne-les-bains"),
    ("fr", "FR", "ce n'est pas digne de vous", None),
    ("fr", "FR", "plus de réseau au Havre", "FR/NOR/76/le-havre"),
    ("fr", "FR", "St-Girons complètement isolé", "FR/OCC/09/saint-girons"),
    ("fr", "FR", "plus rien depuis l'aube", None),
    ("fr", "FR", "en réunion, plus de réseau", None),
    ("fr", "FR", "l'appli d'Orange ne marche plus", None),
    ("fr", "FR", "Depuis Lyon, la caméra de ma maison de Bayeux est hors ligne", "FR/NOR/14/bayeux"),
    ("fr", "FR", "Lyon 8 idem", "FR/ARA/69/lyon/lyon-08"),
    ("fr", "FR", "tours encore, la box fait des tours", None),
    ("fr", "FR", "vannes aussi", "FR/BRE/56/vannes"),
    ("fr", "FR", "là place Sainte-Anne rien ne passe", None),
    ("fr", "FR", "Vannes et Lorient pareil", "FR/BRE/56"),
)


HELD = (
    ("en", "US", "Portland, ME. AT&T gone.", "US/ME/portland"),
    ("en", "US", "Portland has no AT&T", "US/OR/portland"),
    ("en", "US", "springfield il no spectrum", "US/IL/springfield"),
    ("en", "US", "Gary, IN tower must be down", "US/IN/gary"),
    ("en", "US", "gary in accounts says the tower is down", None),
    ("en", "US", "Mobile AL landline dead", "US/AL/mobile"),
    ("en", "US", "Jackson Mississippi, no signal", "US/MS/jackson"),
    ("en", "US", "Orange County, FL, no internet", "US/FL"),
    ("en", "US", "Orange County has no internet", "US/CA"),
    ("en", "US", "no internet in Lake county", None),
    ("en", "GB", "no phones in Richmond, North Yorkshire", "GB/ENG"),
    ("en", "GB", "Truro, Cornwall: no signal", "GB/ENG/truro"),
    ("en", "GB", "all of Cornwall has lost EE", "GB/ENG"),
    ("en", "GB", "no data on Skye", "GB/SCT"),
    ("fr", "FR", "Vienne (38), plus de réseau", "FR/ARA/38/vienne"),
    ("fr", "FR", "Die, Drôme : aucun réseau", "FR/ARA/26/die"),
    ("fr", "FR", "plus de mobile sur l'Île de Ré", "FR/NAQ/17"),
    ("fr", "FR", "la région parisienne sans réseau", "FR/IDF"),
    ("de", "DE", "Bergen auf Rügen ohne Netz", "DE/MV/bergen-auf-ruegen"),
    ("de", "DE", "im nördlichen Emsland kein Telefon", "DE/NI"),
    ("de", "DE", "Kreis Borken kein Internet", "DE/NW/borken"),
    ("de", "DE", "auf Norderney kein Internet", "DE/NI/norderney"),
)

SPOKEN = (
    ("en", "GB", "LS6 here. Nothing since teatime.", "GB/ENG/leeds"),
    ("en", "GB", "NR2 and NR3 both out", "GB/ENG/norwich"),
    ("en", "GB", "G42 nothing all night", "GB/SCT/glasgow"),
    ("en", "GB", "S10 dead again, battery I think", None),
    ("en", "GB", "is bude off for anyone else on EE", "GB/ENG/bude"),
    ("en", "GB", "no signal in whitby on EE and I need it", "GB/ENG/whitby"),
    ("en", "GB", "talktalk bromley, no internet", "GB/ENG/bromley"),
    ("en", "GB", "Derby Virgin Media outage", "GB/ENG/derby"),
    ("en", "GB", "Newcastle fine, Hexham nothing", "GB/ENG/hexham"),
    ("en", "GB", "Hexham not fine, no signal", "GB/ENG/hexham"),
    ("en", "US", "LA here, zero bars", "US/CA/los-angeles"),
    ("en", "US", "st louis spectrum outage", "US/MO/st-louis"),
    ("en", "US", "ft worth no internet", "US/TX/fort-worth"),
    ("en", "US", "Mr. Houston hung up, no internet", None),
    ("fr", "FR", "62 ici, rien du tout", "FR/HDF/62"),
    ("fr", "FR", "panne Orange (33)", "FR/NAQ/33"),
    ("fr", "FR", "rien qui marche, 29000", "FR/BRE/29/quimper"),
    ("fr", "FR", "sms de pub, signalez au 33700", None),
    ("fr", "FR", "pau plus d'internet du tout", "FR/NAQ/64/pau"),
    ("fr", "FR", "Tours, plus de réseau", "FR/CVL/37/tours"),
    ("fr", "FR", "Rennes ok, Vitré sans réseau", "FR/BRE/35/vitre"),
    ("fr", "FR", "coupure rue de Rennes", None),
    ("de", "DE", "bei mir auch nix. 44137", "DE/NW/dortmund"),
    ("de", "DE", "kein Netz, Kundennummer 44137", None),
    ("de", "DE", "Hamm. Kein Festnetz. Seit Stunden.", "DE/NW/hamm"),
    ("de", "DE", "Ulm geht nicht, kein Netz", "DE/BW/ulm"),
    ("de", "DE", "Augsburg geht, Ulm nicht", "DE/BW/ulm"),
    ("de", "DE", "mein Name ist Wolfsburg, kein Netz", None),
    ("de", "DE", "Wacken: kein Netz", "DE/SH/wacken"),
)


@pytest.fixture(scope="module")
def shipped() -> TextRules:
    """The rules with the gazetteer that comes with the program."""
    operators, places = load_operators(), load_places()
    names = (*places.names(), *places.postcode_names())
    return TextRules.compile(read_lexicon(LEXICON), names, operators.aliases(), markets=operators.markets.values())


@pytest.mark.parametrize(("lang", "market", "text", "area"), CODED)
def test_postcodes_and_numbers_of_districts_are_places_and_other_numbers_are_none(
    shipped: TextRules, lang: str, market: str, text: str, area: str | None
) -> None:
    assert shipped.understand(text, lang=lang, market=market).area == area


@pytest.mark.parametrize(("lang", "market", "text", "area"), WRITTEN)
def test_names_are_read_as_people_write_them(
    shipped: TextRules, lang: str, market: str, text: str, area: str | None
) -> None:
    assert shipped.understand(text, lang=lang, market=market).area == area


@pytest.mark.parametrize(("lang", "market", "text", "area"), HELD)
def test_an_area_that_holds_a_name_says_which_is_meant(
    shipped: TextRules, lang: str, market: str, text: str, area: str | None
) -> None:
    assert shipped.understand(text, lang=lang, market=market).area == area


@pytest.mark.parametrize(("lang", "market", "text", "area"), SPOKEN)
def test_codes_letters_and_ordinary_words_are_places_where_they_are_said(
    shipped: TextRules, lang: str, market: str, text: str, area: str | None
) -> None:
    assert shipped.understand(text, lang=lang, market=market).area == area


def test_digits_of_another_script_are_no_word_and_stop_nothing(rules: TextRules) -> None:
    assert rules.understand("Kein Internet in Köln seit ٣ Tagen", lang="de").area == "DE/NW/koeln"


def test_every_range_of_postcode_districts_lies_in_a_known_town() -> None:
    problems: list[str] = []
    rows = list(districts_of(reference_folder() / DISTRICTS, problems))
    places = load_places()
    assert not problems
    assert [row for row in rows if places.get(row.area) is None] == []

"""What is told of another country, of a device, of a display and of a call on hold is no sure claim; what fails is."""

import pytest

from pipeline.adapters.encoder import read_encoder
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.words import Lexicon
from tests.ingest.text.conftest import MARKETS

AT_HOME = {"en": "GB", "fr": "FR", "de": "DE", "nl": None}
ABROAD = (
    ("en", "In Spain 112 is unreachable"),
    ("en", "112 down in Italy"),
    ("fr", "En Belgique le 112 est injoignable"),
    ("de", "In Österreich ist die 112 nicht erreichbar"),
    ("nl", "In Frankrijk is 112 onbereikbaar"),
)
DEVICES = (
    ("en", "the personal alarm of my mum does not work"),
    ("en", "Careline pendant is dead"),
    ("fr", "la téléalarme de ma mère ne marche plus"),
    ("de", "Hausnotruf funktioniert nicht"),
    ("de", "Hausnotruf geht nicht mehr"),
    ("de", "Brandmeldeleitung gestört"),
    ("nl", "personenalarm van oma doet het niet"),
)
SPOKEN_OF = (
    ("en", "my personal alarm arrived today, so pretty"),
    ("de", "Werbung: Hausnotruf ab 19 Euro im Monat"),
)
SILENT = (
    ("en", "displays emergency calls only"),
    ("en", "no signal, emergency calls only"),
    ("en", "on hold with 999 for ten minutes"),
    ("fr", "le 15 en attente vingt minutes"),
    ("de", "zeigt nur Notrufe"),
    ("de", "Handy zeigt nur Notrufe an, kein Netz in Köln"),
    ("nl", "alleen noodoproepen in beeld"),
    ("nl", "112 wachtrij van tien minuten"),
)
FAILED = (
    ("en", "999 is unreachable in Scotland"),
    ("en", "phone shows emergency calls only and 999 does not connect"),
    ("en", "999 call failed, then on hold with EE"),
    ("de", "112 in Deutschland nicht erreichbar"),
    ("de", "Hausnotruf tot und auch die 112 geht nicht"),
    ("de", "nur Notrufe, aber 112 geht auch nicht"),
)
SET_AGAINST = (
    ("de", "112 geht nicht in Österreich, in Deutschland schon"),
    ("de", "112 geht nicht in Österreich. In Deutschland schon"),
    ("de", "112 geht nicht in Österreich aber in Deutschland schon"),
    ("de", "112 geht nicht in Österreich, Deutschland schon"),
    ("en", "112 not working in Ireland, in the UK it works"),
    ("en", "112 not working in Ireland and in France, in the UK it works"),
    ("fr", "le 112 est injoignable en Belgique, en France tout va bien"),
)
LISTED = (
    ("de", "112 geht nicht in Österreich, in der Schweiz und in Deutschland"),
    ("de", "112 geht nicht in Österreich, der Schweiz und Deutschland"),
    ("de", "112 geht nicht in Deutschland, in Österreich und in der Schweiz"),
    ("en", "112 not working in Ireland, in France and in the UK"),
    ("en", "112 not working in Ireland, France, and the UK"),
    ("fr", "le 112 est injoignable en Belgique et en France"),
)


@pytest.fixture(scope="module")
def reader(lexicon: Lexicon) -> TextRules:
    return TextRules.compile(lexicon, (), (), markets=MARKETS, encoder=read_encoder)


@pytest.mark.parametrize(("lang", "text"), [*ABROAD, *DEVICES])
def test_a_call_elsewhere_and_a_device_are_asked_about_and_not_sure(reader: TextRules, lang: str, text: str) -> None:
    understood = reader.understand(text, lang=lang, market=AT_HOME[lang])
    assert understood.claim_doubtful
    assert not understood.emergency


@pytest.mark.parametrize(("lang", "text"), [*SPOKEN_OF, *SILENT])
def test_a_device_that_is_well_a_display_and_a_wait_are_no_question(reader: TextRules, lang: str, text: str) -> None:
    understood = reader.understand(text, lang=lang, market=AT_HOME[lang])
    assert not understood.claim_doubtful
    assert not understood.emergency


@pytest.mark.parametrize(("lang", "text"), FAILED)
def test_a_call_that_failed_beside_them_is_sure(reader: TextRules, lang: str, text: str) -> None:
    assert reader.understand(text, lang=lang, market=AT_HOME[lang]).emergency


def test_the_country_where_a_text_is_written_is_not_abroad(reader: TextRules) -> None:
    text = "En France le 112 est injoignable"
    at_home, elsewhere = (reader.understand(text, lang="fr", market=market) for market in ("FR", "DE"))
    assert at_home.claim_permille >= elsewhere.claim_permille


@pytest.mark.parametrize(("lang", "text"), SET_AGAINST)
def test_a_country_that_is_set_against_home_is_abroad(reader: TextRules, lang: str, text: str) -> None:
    understood = reader.understand(text, lang=lang, market=AT_HOME[lang])
    assert understood.claim_doubtful
    assert not understood.emergency


@pytest.mark.parametrize(("lang", "text"), LISTED)
def test_a_list_of_countries_with_home_in_it_is_told_of_home(reader: TextRules, lang: str, text: str) -> None:
    assert reader.understand(text, lang=lang, market=AT_HOME[lang]).emergency

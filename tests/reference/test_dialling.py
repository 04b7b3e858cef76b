"""What a number is: help here, advice, help elsewhere only, or a figure of every day."""

import pytest

from pipeline.adapters.reference.folder import load_operators, reference_folder
from pipeline.adapters.reference.language import read_lexicon
from pipeline.reference.dialling import Dialling, Diallings, is_ordinary
from pipeline.reference.words import Lexicon

TABLE = {
    "GB": Dialling(languages=("en",), emergency=("999", "112"), advice=("101", "111")),
    "NZ": Dialling(languages=("en",), emergency=("111",), advice=("105",)),
    "BE": Dialling(languages=("nl", "fr"), emergency=("112", "101", "100")),
}


@pytest.fixture(scope="module")
def numbers() -> Diallings:
    return Diallings((), TABLE)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return read_lexicon(reference_folder() / "lexicon")


def test_a_number_is_help_advice_or_foreign_by_country(numbers: Diallings) -> None:
    britain, zealand = numbers.in_country("GB"), numbers.in_country("NZ")
    assert (sorted(britain.home), sorted(britain.advice)) == (["112", "999"], ["101", "111"])
    assert "111" in zealand.home
    assert {"999", "112", "101"} <= zealand.foreign


def test_what_is_help_in_one_country_and_advice_in_another_is_advice_where_nobody_knows_which(
    numbers: Diallings,
) -> None:
    english = numbers.in_language("en")
    assert "111" in english.advice
    assert english.home == {"999", "112"}


def test_a_figure_of_every_day_is_never_a_foreign_number(numbers: Diallings) -> None:
    assert "100" not in numbers.in_country("GB").foreign


def test_a_language_of_no_country_has_the_numbers_of_all(numbers: Diallings) -> None:
    assert numbers.in_language("pt").home == {"999", "112", "111", "101", "100"}


def test_a_markets_own_file_counts_before_the_table(lexicon: Lexicon) -> None:
    markets = load_operators().markets.values()
    known = Diallings(markets, lexicon.common.dialling)
    for market in markets:
        assert known.in_country(market.id).home == set(market.emergency_numbers)


def test_no_country_is_told_to_dial_for_advice_what_brings_help_there(lexicon: Lexicon) -> None:
    for country, dialling in lexicon.common.dialling.items():
        assert not set(dialling.emergency) & set(dialling.advice), country
        assert any(not is_ordinary(number) for number in dialling.emergency), country

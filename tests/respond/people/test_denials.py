"""What is a denial and what is none: a negation of something else, or one that takes back another, denies nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.wording import load_official
from pipeline.records.errors import ConfigError
from pipeline.records.inner.talk import CLAIM_KINDS
from pipeline.respond.people.denying import denied_claims, denies_others

TERMS = load_official(reference_folder() / "wording")


@pytest.mark.parametrize(
    ("language", "text", "denied"),
    [
        pytest.param("de", "Es gibt keine Hinweise auf einen Angriff.", ["attack"], id="no_signs_of_it"),
        pytest.param("de", "Ein Angriff wird ausgeschlossen.", ["attack"], id="ruled_out"),
        pytest.param("de", "Einen Angriff können wir ausschließen.", ["attack"], id="can_be_ruled_out"),
        pytest.param("de", "Kein Angriff, sondern ein Kabelschaden.", ["attack"], id="not_this_but_that"),
        pytest.param("de", "Das dauert nicht tagelang, wir sind nicht insolvent.", ["days", "unpaid"], id="german"),
        pytest.param("de", "Es fehlt nicht viel, und ein Angriff ist ausgeschlossen.", ["attack"], id="another_clause"),
        pytest.param("de", "Kein Angriff, doch ein Brand ist nicht ausgeschlossen.", ["attack"], id="one_of_two"),
        pytest.param("en", "This was not a cyber attack.", ["attack"], id="plainly"),
        pytest.param("en", "No cable was cut, and there is no fire.", ["cable", "fire"], id="two_claims"),
        pytest.param("en", "We have no news yet, but there was no attack.", ["attack"], id="no_news_but_a_denial"),
        pytest.param("en", "An attack has been ruled out, though the cause is not known.", ["attack"], id="later_no"),
        pytest.param("en", "The rumour of an attack is not true.", ["attack"], id="a_no_within_the_words"),
        pytest.param("fr", "Il ne s'agit pas d'une cyberattaque.", ["attack"], id="french"),
        pytest.param("fr", "La piste d'une attaque est écartée.", ["attack"], id="french_ruled_out"),
        pytest.param("fr", "Aucune fuite de données, une attaque est exclue.", ["attack", "data"], id="french_both"),
        pytest.param("nl", "Er is geen sprake van een aanval.", ["attack"], id="dutch"),
        pytest.param("nl", "Een aanval is uitgesloten.", ["attack"], id="dutch_ruled_out"),
        pytest.param("nl", "Het gerucht over een datalek klopt niet.", ["data"], id="dutch_not_right"),
    ],
)
def test_a_claim_is_denied_by_a_negation_close_to_it(language: str, text: str, denied: list[str]) -> None:
    assert denied_claims(text, TERMS[language]) == denied


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("en", "No news yet. This was an attack.", id="no_in_another_sentence"),
        pytest.param("en", "An attack cannot be ruled out.", id="cannot"),
        pytest.param("en", "An attack has not yet been completely ruled out.", id="not_yet"),
        pytest.param("en", "An attack can't be ruled out at this stage.", id="cant"),
        pytest.param("en", "We do not rule out an attack.", id="not_before_it"),
        pytest.param("en", "Nobody has an attack ruled out.", id="nobody"),
        pytest.param("en", "Neither an attack nor a fire is ruled out.", id="neither_nor"),
        pytest.param("en", "We have no update yet on the attack.", id="no_update"),
        pytest.param("en", "We have not confirmed an attack.", id="not_confirmed"),
        pytest.param("en", "We do not know whether it was an attack.", id="not_known"),
        pytest.param("en", "This was not only an attack.", id="not_only"),
        pytest.param("de", "Der Angriff ist nicht vorbei.", id="not_over"),
        pytest.param("de", "Ein Angriff kann nicht ausgeschlossen werden.", id="nicht_ausgeschlossen"),
        pytest.param("de", "Wir können einen Angriff nicht ausschließen.", id="nicht_ausschliessen"),
        pytest.param("de", "Nicht auszuschließen ist ein Angriff.", id="nicht_auszuschliessen"),
        pytest.param("de", "Niemand kann einen Angriff ausschließen.", id="niemand"),
        pytest.param("de", "Wir wissen noch nicht, ob es ein Angriff war.", id="nicht_ob"),
        pytest.param("de", "Es gibt noch keine Neuigkeiten zum Angriff.", id="keine_neuigkeiten"),
        pytest.param("de", "Wir schließen nicht aus, dass es ein Angriff war.", id="nicht_aus"),
        pytest.param("fr", "Une attaque n'est pas exclue.", id="pas_exclue"),
        pytest.param("fr", "Une attaque ne peut être exclue à ce stade.", id="ne_alone"),
        pytest.param("fr", "Nous n'excluons pas une attaque.", id="n_excluons_pas"),
        pytest.param("fr", "Nous n'avons pas de nouvelles de l'attaque.", id="pas_de_nouvelles"),
        pytest.param("fr", "Nous ne savons pas si c'est une attaque.", id="pas_si"),
        pytest.param("nl", "Een aanval kan niet worden uitgesloten.", id="niet_uitgesloten"),
        pytest.param("nl", "Wij sluiten niet uit dat het een aanval was.", id="niet_uit"),
        pytest.param("nl", "Er is nog geen nieuws over de aanval.", id="geen_nieuws"),
        pytest.param("nl", "Het is niet alleen een aanval.", id="niet_alleen"),
    ],
)
def test_what_is_left_open_is_no_denial(language: str, text: str) -> None:
    assert denied_claims(text, TERMS[language]) == []


def test_blame_of_another_is_denied_by_its_name_or_as_another_operator() -> None:
    assert denies_others("Sans aucun lien avec un autre opérateur.", (), TERMS["fr"])
    assert denies_others("This has nothing to do with Free Mobile.", ["Free Mobile"], TERMS["en"])
    assert not denies_others("Free Mobile is affected as well.", ["Free Mobile"], TERMS["en"])
    assert not denies_others("A fault at Free Mobile cannot be ruled out.", ["Free Mobile"], TERMS["en"])


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for terms in TERMS.values():
        assert set(denied_claims(text, terms)) <= set(CLAIM_KINDS)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "official").mkdir()
    (tmp_path / "official" / "en.toml").write_text('no = ["no"]\n', "utf-8")
    with pytest.raises(ConfigError, match=r"official/en\.toml"):
        load_official(tmp_path)

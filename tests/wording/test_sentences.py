"""Sentences as data: what is missing or names too much is told by file and key, all at once."""

import copy
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.compose import ruleset_of
from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.wording import read_wording
from pipeline.adapters.settings import Settings
from pipeline.adapters.settings.sections import Reference
from pipeline.records.errors import ConfigError
from pipeline.wording.sentences import SENTENCES, wording_of
from tests.wording.shipped import WORDING

FOLDER = reference_folder() / "wording"
SHIPPED: dict[str, dict[str, Any]] = {
    path.name: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))
}


def problems_of(documents: dict[str, dict[str, Any]]) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        wording_of(documents)
    return str(refused.value).splitlines()


def changed(language: str, table: str, name: str, text: object) -> dict[str, dict[str, Any]]:
    documents = copy.deepcopy(SHIPPED)
    documents[f"{language}.toml"].setdefault(table, {})[name] = text
    return documents


@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_can_be_said_in_every_language(key: str) -> None:
    said = {language: WORDING[language].say(key, **dict.fromkeys(SENTENCES[key], "~")) for language in WORDING}
    assert set(said) == {"de", "en", "fr", "nl"}
    for text in said.values():
        assert "{" not in text
        assert text.count("~") >= len(SENTENCES[key])


def test_a_missing_sentence_names_file_key_and_what_to_write() -> None:
    documents = copy.deepcopy(SHIPPED)
    del documents["de.toml"]["summary"]["since"]
    assert problems_of(documents) == ["wording/de.toml: summary.since: is missing; write the sentence with {time}"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Seit {zeit}.", "names {zeit}, which it is not given; must name {time}", id="unknown_field"),
        pytest.param("Seit heute.", "does not name {time}; must name {time}", id="field_left_out"),
        pytest.param("", "must be a text that is not empty", id="empty"),
        pytest.param(7, "must be a text that is not empty", id="no_text"),
        pytest.param("Seit {time.", "write {{ and }} for braces", id="open_brace"),
    ],
)
def test_a_sentence_that_cannot_be_said_is_refused(text: object, words: str) -> None:
    told = problems_of(changed("de", "summary", "since", text))
    assert all(problem.startswith("wording/de.toml: summary.since: ") for problem in told)
    assert any(words in problem for problem in told)


def test_a_sentence_that_nobody_says_is_refused_with_those_beside_it() -> None:
    (told,) = problems_of(changed("fr", "list", "or", "ou"))
    assert told.startswith("wording/fr.toml: list.or: no such sentence; delete it, or take one of list.and,")


def test_all_mistakes_are_told_at_once() -> None:
    documents = changed("de", "summary", "since", "")
    documents["en.toml"]["headline"]["confirmed"] = "Outage."
    documents["fr.toml"] = {}
    told = problems_of(documents)
    assert len([problem for problem in told if problem.startswith("wording/fr.toml: ")]) == len(SENTENCES)
    assert len([problem for problem in told if "en.toml: headline.confirmed: does not name" in problem]) == 3
    assert any("de.toml: summary.since" in problem for problem in told)


def test_a_file_that_is_no_text_or_no_toml_is_told_with_its_path(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "en.toml").write_bytes(b"[summary]\nsince = '\xff'\n")
    (tmp_path / "de.toml").write_text("[summary\n")
    with pytest.raises(ConfigError) as refused:
        read_wording(tmp_path)
    told = str(refused.value)
    assert f"{tmp_path / 'en.toml'}: " in told
    assert f"{tmp_path / 'de.toml'}: " in told


def test_languages_are_the_files_that_are_there(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "nl.toml", tmp_path)
    assert list(read_wording(tmp_path)) == ["nl"]
    shutil.copy(FOLDER / "en.toml", tmp_path / "ga.toml")
    assert list(read_wording(tmp_path)) == ["ga", "nl"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("english.toml", "wording/english.toml: must be called after the code of its language", id="name"),
        pytest.param("en.txt", "there is no file here; copy a <language>.toml", id="none"),
    ],
)
def test_a_folder_without_a_file_of_a_language_is_refused(name: str, words: str, tmp_path: Path) -> None:
    shutil.copy(FOLDER / "en.toml", tmp_path / name)
    with pytest.raises(ConfigError, match=words):
        read_wording(tmp_path)


def test_another_sentence_is_another_ruleset(tmp_path: Path) -> None:
    folder = shutil.copytree(reference_folder(), tmp_path / "reference")
    settings = Settings(reference=Reference(folder=folder))
    before = ruleset_of(settings)
    path = folder / "wording" / "de.toml"
    path.write_text(path.read_text("utf-8").replace("Guten Tag.", "Guten Morgen."), "utf-8")
    assert ruleset_of(settings) != before

"""`tocsin wording check` and `preview`: every remark has file, line and what to do; an incident is told anew."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.adapters.cli.app import app
from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.wording_check import check_wording, load_jargon
from pipeline.adapters.runs.previewing import retold
from pipeline.records.vocabulary import IncidentState
from tests.respond.notices.telling import RULES, incident, occasions


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(reference_folder() / "wording", tmp_path / "wording"))


def change(folder: Path, language: str, old: str, new: str) -> int:
    """Change a sentence; gives its line."""
    path = folder / f"{language}.toml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_what_ships_has_nothing_to_mend() -> None:
    assert check_wording(reference_folder() / "wording") == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("Neu betroffen: {services}.", "Neu betroffen.", "does not name {services}", id="field_left_out"),
        pytest.param("Neu betroffen: {services}.", "Neu: {dienste}.", "names {dienste}", id="unknown_field"),
        pytest.param("Die Störung ist vorbei.", "Der Router läuft.", "'Router' is jargon", id="jargon"),
        pytest.param("Die Störung ist vorbei.", "Sie ist ca. vorbei.", "'ca.' cannot be said", id="not_to_be_said"),
        pytest.param("Nächste Nachricht: {time}.", "x" * 170 + "{time}", "too long for sms", id="too_long"),
        pytest.param("Nächste Nachricht: {time}.", "Ш {time}", "70 characters", id="no_gsm"),
        pytest.param('still = "Die', 'stil = "Die', "no such sentence", id="a_sentence_that_nobody_says"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_what_to_do(folder: Path, old: str, new: str, words: str) -> None:
    line = change(folder, "de", old, new)
    remarks = check_wording(folder)
    assert any(remark.line == line and words in str(remark) for remark in remarks), [str(one) for one in remarks]
    assert all(str(remark).startswith(f"{folder / 'de.toml'}:") for remark in remarks)


def test_a_missing_sentence_points_at_its_table(folder: Path) -> None:
    change(folder, "fr", 'sorry = "Nous vous présentons nos excuses."\n', "")
    (remark,) = check_wording(folder)
    assert "notice.sorry: is missing" in str(remark)
    assert (folder / "fr.toml").read_text("utf-8").splitlines()[remark.line - 1] == "[notice]"


def test_a_file_that_is_no_toml_is_told_with_its_line(folder: Path) -> None:
    (folder / "nl.toml").write_text("[summary\n")
    (remark,) = check_wording(folder)
    assert (remark.path.name, remark.line) == ("nl.toml", 1)


def test_a_language_without_a_list_of_jargon_has_none(folder: Path) -> None:
    (folder / "jargon" / "nl.toml").unlink()
    assert load_jargon(folder, "nl").in_text("de router en de backbone") == []


def test_the_command_says_that_all_is_well() -> None:
    answer = CliRunner().invoke(app, ["wording", "check"])
    assert (answer.exit_code, "nothing to mend" in answer.output) == (0, True)


def test_an_incident_is_told_anew_from_its_revisions() -> None:
    history = [
        incident(3),
        incident(18, numbers=("112",)),
        incident(120, state=IncidentState.RESOLVED, numbers=("112",)),
    ]
    told = occasions(retold(history, RULES))
    assert told == [("confirmed", 3), ("emergency", 18), ("cadence", 78), ("all_clear", 120), ("apology", 120)]

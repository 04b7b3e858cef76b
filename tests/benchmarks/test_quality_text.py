"""The table of bars of texts says what is met, what is missed, and what could not be measured here."""

import json
from pathlib import Path

import pytest

from benchmarks.quality_text_outside import FILES, Outside
from benchmarks.text_lines import Line, tell_verdicts
from pipeline.adapters.reference.language import read_lexicon
from pipeline.ingest.text.understand import TextRules
from training.kinds import GROUPS, OTHERS, group_of_kind
from training.texts import FLAGS, LANGUAGES, TOPICS, read_texts, read_unlearnt_texts


@pytest.fixture(scope="module")
def rules() -> TextRules:
    folder = Path(__file__).resolve().parents[2] / "deploy" / "reference" / "lexicon"
    return TextRules.compile(read_lexicon(folder), (), (), markets=())


def test_a_line_says_whether_its_bar_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [Line("a", 0.9, 0.8), Line("b", 0.9, 0.8, most=True), Line("c", None, 0.8, why="no file"), Line("d", 0.1)]
    assert [line.verdict for line in lines] == ["met", "missed", "unmeasured", ""]
    assert "MISSED" in str(lines[1])
    assert "no file" in str(lines[2])
    assert not tell_verdicts(lines)
    assert tell_verdicts([lines[0], lines[2]])
    assert "1 met, 1 missed, 1 not measured" in capsys.readouterr().out


def test_each_bar_whose_data_are_not_there_is_named_with_its_file(rules: TextRules, tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        lines = list(Outside(folder, FILES, rules).lines())
        assert all(line.value is None and line.bar is not None for line in lines)
        assert {name for name in FILES if all(FILES[name] not in line.why for line in lines)} == set()


def test_data_of_the_users_own_are_measured_by_their_own_names(rules: TextRules, tmp_path: Path) -> None:
    rows = [
        {"text": "kein Internet seit heute früh in Köln", "fault": True, "in_burst": True, "fault_in_context": True},
        {"text": "schöner Tag heute", "fault": False, "in_burst": True, "fault_in_context": False},
    ]
    (tmp_path / "own.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    lines = list(Outside(tmp_path, {**FILES, "german": "own.jsonl"}, rules).lines())
    measured = {line.what: line.value for line in lines if line.value is not None}
    assert measured["de, posts to German operators, a fault: F1"] == 1.0
    assert measured["de, posts to German operators, a fault, short ones in a burst, in context: recall"] == 1.0


def test_labels_of_training_texts_are_read_and_kinds_have_groups() -> None:
    texts = [text for code in LANGUAGES for text in (*read_texts(code), *read_unlearnt_texts(code))]
    assert {flag for text in texts for flag in text.flags} == set(FLAGS)
    assert {topic for text in texts for topic in text.topics} == set(TOPICS)
    services = {"broadband", "fixed_voice", "mobile_voice", "mobile_data", "sms", "tv", "emergency", "other"}
    assert {service for text in texts for service in text.services} <= {*services, "all", "unknown"}
    assert {group_of_kind(text.kind) for text in texts} == {*GROUPS, OTHERS}

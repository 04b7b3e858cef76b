"""`tocsin learn` as a user starts it: labelled posts in, a file of corrections out, and used by a setting."""

import json
from pathlib import Path

import pytest

from pipeline.adapters.cli.exits import Exit
from pipeline.adapters.compose import ruleset_of
from pipeline.adapters.settings import load_settings
from tests.adapters.cli.conftest import Ask

POSTS = 320
TEXT = "@EE is the signal all right in hall {} this evening?"


@pytest.fixture
def stream(tmp_path: Path, ask: Ask) -> Path:
    """Two days of posts that ask and report nothing, with labels beside them, as a care team has them."""
    rows = [("post,text,at", "post_id,fault")]
    for number in range(POSTS):
        at = f"2025-03-{3 + number // (POSTS // 2):02}T{number % 24:02}:{number % 60:02}:00Z"
        rows.append((f"P{number},{TEXT.format(number)},{at}", f"P{number},0"))
    (tmp_path / "posts.csv").write_text("\n".join(post for post, _ in rows) + "\n")
    (tmp_path / "labels.csv").write_text("\n".join(label for _, label in rows) + "\n")
    mapped = ("--map", "post_id=post", "--map", "posted_at=at", "--set", "platform=x", "--set", "operator=ee")
    made = ask("import", "posts.csv", "--kind", "mentions", *mapped, "--set", "lang=en", "-o", "posts.jsonl.zst")
    assert made.exit_code == Exit.OK, made.output
    return tmp_path / "posts.jsonl.zst"


def test_posts_that_people_sorted_correct_what_is_read(stream: Path, ask: Ask) -> None:
    told = ask("learn", stream.name, "labels.csv", "-o", "learnt")
    assert told.exit_code == Exit.OK, told.output
    assert told.stdout.startswith(f"en: in force, {POSTS} lessons until 2025-03-04; a verdict cost ")
    question = ("explain", TEXT.format("nine"), "--market", "GB", "--lang", "en", "--format", "json")
    shipped, corrected = (
        json.loads(ask(*question, *more).stdout)["understood"] for more in ((), ("--set", "reference.learnt=learnt"))
    )
    assert corrected["probability_permille"] < shipped["probability_permille"]
    assert corrected["in_context_permille"] == shipped["in_context_permille"]


def test_a_frozen_folder_is_left_as_it_is_and_a_check_says_so(stream: Path, ask: Ask) -> None:
    told = ask("learn", stream.name, "labels.csv", "-o", "learnt", "--set", "reference.learnt_frozen=true")
    assert told.exit_code == Exit.OK
    assert told.stdout == "nothing was learnt: reference.learnt_frozen is set\n"
    assert not Path("learnt").exists()
    assert ask("learn", stream.name, "labels.csv", "-o", "learnt").exit_code == Exit.OK
    frozen = ("--set", "reference.learnt=learnt", "--set", "reference.learnt_frozen=true")
    checked = ask("config", "check", *frozen)
    assert checked.exit_code == Exit.OK, checked.output
    assert f"corrections en: in force, {POSTS} lessons until 2025-03-04, frozen" in checked.stdout


def test_the_same_recording_twice_changes_nothing(stream: Path, ask: Ask) -> None:
    contents = []
    for _ in range(2):
        assert ask("learn", stream.name, "labels.csv", "-o", "learnt").exit_code == Exit.OK
        contents.append(Path("learnt/corrections.en.tsv").read_bytes())
    assert contents[0] == contents[1]


def test_what_was_learnt_is_part_of_the_ruleset(tmp_path: Path) -> None:
    def ruleset() -> str:
        options = {"reference.learnt": str(tmp_path)}
        return ruleset_of(load_settings(environment={}, options=options).settings)

    before = ruleset()
    (tmp_path / "corrections.en.tsv").write_text("# format 1\n")
    assert ruleset() != before


def test_a_label_that_says_neither_is_named(stream: Path, ask: Ask) -> None:
    Path("labels.csv").write_text("post_id,fault\nP1,maybe\n")
    answer = ask("learn", stream.name, "labels.csv", "-o", "learnt")
    assert answer.exit_code == Exit.USAGE
    assert "labels.csv row 1: must have post_id and fault, the second 1 or 0" in answer.output


def test_a_recording_without_labelled_posts_teaches_nothing(stream: Path, ask: Ask) -> None:
    Path("labels.csv").write_text("post_id,fault\nQ1,1\n")
    answer = ask("learn", stream.name, "labels.csv", "-o", "learnt")
    assert answer.exit_code == Exit.OK
    assert answer.stdout.startswith("nothing was learnt: ")

"""`tocsin diff` as a user starts it: exit codes, tables, JSON and JUnit."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pipeline.adapters.cli.exits import Exit
from pipeline.adapters.runs.diffing import words_for
from pipeline.adapters.runs.replaying import ReplayOptions, replay
from pipeline.adapters.settings import load_settings
from pipeline.evaluate.diff.records import Difference
from tests.adapters.cli.conftest import Run
from tests.adapters.cli.world import LANES

Edit = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def before(night: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the night."""
    loaded = load_settings(environment={}, options={"partitions.lanes": LANES})
    return replay(ReplayOptions(recording=night, out=tmp_path_factory.mktemp("before"), loaded=loaded)).out


def edited(before: Path, after: Path, edit: Edit) -> Path:
    """The same run with every incident's revisions changed a little."""
    shutil.copytree(before, after)
    rows = [json.loads(line) for line in (after / "incidents.jsonl").read_bytes().splitlines()]
    for row in rows:
        edit(row["value"])
    (after / "incidents.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return after


def graver(incident: dict[str, Any]) -> None:
    incident["severity_peak"] = "warning"


def renamed(incident: dict[str, Any]) -> None:
    incident["incident_id"] = "another"


def later(incident: dict[str, Any]) -> None:
    incident["started_at"] = incident["started_at"] and incident["started_at"].replace(":00.000Z", ":20.000Z")


def test_the_same_bytes_are_equal_at_once(before: Path, tocsin: Run, tmp_path: Path) -> None:
    same = shutil.copytree(before, tmp_path / "same")
    for folder in (before, same):
        (folder / "broken.txt").write_text("files that are no results do not count")
    answer = tocsin("diff", str(before), str(same), "--format", "json")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert json.loads(answer.stdout) == {"equal": True, "identical": True}


def test_a_difference_is_told_and_exits_with_1(before: Path, tocsin: Run, tmp_path: Path) -> None:
    after = edited(before, tmp_path / "after", graver)
    answer = tocsin("diff", str(before), str(after))
    assert answer.returncode == Exit.FINDING
    assert "-> warning" in answer.stdout
    assert "1 changed" in answer.stderr
    ignoring = tocsin("diff", str(before), str(after), "--ignore", "verdict")
    assert ignoring.returncode == 0
    assert "no difference that counts" in ignoring.stdout


def test_times_within_the_tolerance_do_not_count(before: Path, tocsin: Run, tmp_path: Path) -> None:
    after = edited(before, tmp_path / "after", later)
    words = ("diff", str(before), str(after), "--ignore", "rest")
    assert tocsin(*words).returncode == Exit.FINDING
    assert tocsin(*words, "--tolerance", "30s").returncode == 0


def test_another_id_is_found_by_content_unless_ids_are_asked_for(before: Path, tocsin: Run, tmp_path: Path) -> None:
    after = edited(before, tmp_path / "after", renamed)
    by_content = tocsin("diff", str(before), str(after), "--ignore", "texts,counts", "--format", "json")
    by_id = tocsin("diff", str(before), str(after), "--align-by", "id", "--format", "json")
    assert by_content.returncode == 0, by_content.stdout
    found = json.loads(by_id.stdout)["diff"]
    assert by_id.returncode == Exit.FINDING
    assert [one["incident_id"] for one in found["appeared"]] == ["another"]
    assert len(found["gone"]) == 1


def test_junit_has_a_case_for_each_incident(before: Path, tocsin: Run, tmp_path: Path) -> None:
    after = edited(before, tmp_path / "after", graver)
    same, other = (tocsin("diff", str(before), str(run), "--format", "junit") for run in (before, after))
    assert (same.returncode, other.returncode) == (0, Exit.FINDING)
    for answer, failures in ((same, 0), (other, 1)):
        suite = ElementTree.fromstring(answer.stdout).find("testsuite[@name='incidents']")  # noqa: S314 - our own
        assert suite is not None
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases) > 0
        assert int(suite.attrib["failures"]) == failures == len(suite.findall("testcase/failure"))
        assert all("netcologne" in case.attrib["name"] for case in cases)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("nowhere", "nowhere"), "nowhere: holds no run.json", id="no_run"),
        pytest.param(("nowhere", "x", "--tolerance", "soon"), "--tolerance soon: must be", id="no_length_of_time"),
        pytest.param(("nowhere", "x", "--ignore", "severty"), "did you mean severity?", id="no_field"),
    ],
)
def test_mistakes_exit_with_2_and_say_what_to_do(words: tuple[str, ...], says: str, tocsin: Run) -> None:
    answer = tocsin("diff", *words)
    assert answer.returncode == Exit.USAGE
    assert says in answer.stderr


def test_a_line_that_cannot_be_understood_is_named(before: Path, tocsin: Run, tmp_path: Path) -> None:
    after = shutil.copytree(before, tmp_path / "after")
    (after / "notices.jsonl").write_text('{"key": "k", "headers": [], "value": {"notice_id": 7}}\n')
    answer = tocsin("diff", str(before), str(after))
    assert answer.returncode == Exit.USAGE
    assert "notices.jsonl line 1: is not what this version writes" in answer.stderr


def test_long_texts_are_shown_where_they_part() -> None:
    same = "Dear customer, we are sorry. " * 5
    change = Difference(group="texts", field="notices", of="update", a=f"{same}until noon", b=f"{same}until one")
    assert "until noon -> ..." in words_for(change)
    assert len(words_for(change)) < 200

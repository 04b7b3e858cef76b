"""Recordings from the command line: checked, counted, redacted; short names lead to the same commands."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.cli.exits import Exit
from pipeline.adapters.recordings.reader import open_recording
from tests.adapters.cli.conftest import Run

KEY = {"TOCSIN__PRIVACY__HASH_KEY": "a key of the test, long enough"}


def test_a_refused_record_is_a_finding_with_its_place(tocsin: Run, night: Path) -> None:
    answer = tocsin("recordings", "validate", str(night))
    assert answer.returncode == Exit.FINDING
    assert "mentions malformed_json: 1" in answer.stdout
    assert "mentions/0/0: " in answer.stdout
    assert "2 of " in answer.stderr


def test_validation_as_json_is_one_line(tocsin: Run, night: Path) -> None:
    answer = tocsin("validate", str(night), "--format", "json")
    found = json.loads(answer.stdout)
    assert sum(kind["records"] for kind in found["refused"]) == 2
    assert found["refused"][0]["examples"][0]["offset"] == 0


def test_statistics_are_a_table_and_json(tocsin: Run, night: Path) -> None:
    table, data = tocsin("recordings", "stats", str(night)), tocsin("stats", str(night), "--format", "json")
    assert table.returncode == 0, table.stderr
    assert "records over time" in table.stdout
    assert "netcologne" in table.stdout
    found = json.loads(data.stdout)
    assert sum(topic["records"] for topic in found["topics"].values()) == open_recording(night).verify().records
    assert found["topics"]["mentions"]["refused"] == 1


@pytest.mark.parametrize("name", ["redact", "recordings redact"])
def test_a_redacted_recording_names_its_redaction_and_nobody(
    tocsin: Run, night: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "red.jsonl.zst"
    answer = tocsin(*name.split(), str(night), "-o", str(out), "--keep-text", "masked", **KEY)
    assert answer.returncode == 0, answer.stderr
    assert "texts masked" in tocsin("recordings", "info", str(out)).stdout
    people = [one.value for one in open_recording(out).records() if one.topic == "tickets" and one.value]
    assert people
    assert not [value for value in people if re.search(rb'"customer":"c[0-9]+-', value)]


def test_a_replay_of_a_masked_recording_counts_the_same_people(tocsin: Run, night: Path, tmp_path: Path) -> None:
    out = tmp_path / "red.jsonl.zst"
    assert tocsin("redact", str(night), "-o", str(out), "--keep-text", "masked", **KEY).returncode == 0
    told = []
    for recording, name in ((night, "given"), (out, "redacted")):
        answer = tocsin("replay", str(recording), "-o", str(tmp_path / name), "--no-report", "--quiet")
        assert answer.returncode == 0, answer.stderr
        lines = (tmp_path / name / "incidents.jsonl").read_bytes().splitlines()
        told.append([(one["emergency"]["claims"], one["posts"], one["state"]) for one in map(_incident, lines)])
    assert told[0] == told[1]
    assert told[0][-1][0] > 1


def _incident(line: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(line)["value"]
    return value


def test_without_a_key_of_one_s_own_nothing_is_redacted(tocsin: Run, night: Path, tmp_path: Path) -> None:
    answer = tocsin("redact", str(night), "-o", str(tmp_path / "red.jsonl.zst"))
    assert answer.returncode == Exit.USAGE
    assert "TOCSIN__PRIVACY__HASH_KEY" in answer.stderr
    assert not (tmp_path / "red.jsonl.zst").exists()


def test_a_recording_is_not_redacted_into_itself(tocsin: Run, night: Path) -> None:
    before = night.read_bytes()
    answer = tocsin("redact", str(night), "-o", str(night), "--force", **KEY)
    assert answer.returncode == Exit.USAGE
    assert night.read_bytes() == before


def test_the_short_names_do_not_lengthen_the_list_of_commands(tocsin: Run) -> None:
    assert "\n  redact" not in tocsin("--help").stdout
    assert "\n  redact" in tocsin("recordings", "--help").stdout

"""Replay end to end: the same recording gives the same files, however it is cut."""

import json
from pathlib import Path

import pytest

from pipeline.adapters.codecs.lines import read_lines
from pipeline.adapters.runs.replaying import Replayed, ReplayOptions, replay
from pipeline.adapters.settings import load_settings
from pipeline.flow import RESULT_NOUNS
from pipeline.records.published.incidents import Incident
from tests.adapters.cli.conftest import Run
from tests.adapters.cli.world import BEGAN_MS, LANES


def options(
    night: Path,
    out: Path,
    batch_records: int = 20_000,
    until_ms: int | None = None,
    since_ms: int | None = None,
) -> ReplayOptions:
    loaded = load_settings(environment={}, options={"partitions.lanes": LANES})
    return ReplayOptions(
        recording=night, out=out, loaded=loaded, batch_records=batch_records, until_ms=until_ms, since_ms=since_ms
    )


@pytest.fixture(scope="module")
def told() -> list[Incident]:
    return []


@pytest.fixture(scope="module")
def whole(night: Path, told: list[Incident], tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(options(night, tmp_path_factory.mktemp("whole")), told.append)


def files_of(folder: Path) -> dict[str, bytes]:
    return {topic: (folder / f"{topic}.jsonl").read_bytes() for topic in RESULT_NOUNS}


def test_emergency_calls_in_tickets_open_an_incident(whole: Replayed, told: list[Incident]) -> None:
    assert whole.incidents, "three tickets a minute that name 112 and nobody was told"
    assert whole.incidents[0].operators[0].operator == "netcologne"
    assert len(told) == whole.counts["incidents"]


def test_every_file_is_json_lines_with_key_headers_and_value(whole: Replayed) -> None:
    for topic in RESULT_NOUNS:
        lines = (whole.out / f"{topic}.jsonl").read_bytes().splitlines()
        assert len(lines) == whole.counts[topic]
        for line in lines:
            assert set(json.loads(line)) == {"key", "headers", "value"}
    assert whole.counts["quarantine"] == 2
    assert whole.records == whole.used + whole.counts["quarantine"]


def test_headers_that_differ_between_runs_are_left_out(whole: Replayed) -> None:
    line = (whole.out / "incidents.jsonl").read_bytes().splitlines()[0]
    names = {name for name, _ in json.loads(line)["headers"]}
    assert "ce_id" in names
    assert not names & {"origin", "ce_recordedtime", "traceparent", "ce_traceparent"}


def test_the_run_says_what_made_it(whole: Replayed) -> None:
    run = json.loads((whole.out / "run.json").read_bytes())
    assert run["counts"] == whole.counts
    assert run["settings"] == {"partitions.lanes": LANES}
    assert len(run["ruleset"]) == 20


def test_series_hold_what_a_report_draws(whole: Replayed) -> None:
    rows = [json.loads(line) for line in read_lines(whole.out / "series.jsonl.zst")]
    assert {row["source"] for row in rows} >= {"tickets"}
    assert all(row["area"].count("/") < 2 for row in rows)
    assert {"observed", "expected", "surprise", "ended_at", "unit"} <= set(rows[0])


def test_any_cut_of_batches_gives_the_same_bytes(night: Path, whole: Replayed, tmp_path: Path) -> None:
    cut = replay(options(night, tmp_path / "cut", batch_records=7))
    assert files_of(cut.out) == files_of(whole.out)


def test_until_ends_early(night: Path, whole: Replayed, tmp_path: Path) -> None:
    short = replay(options(night, tmp_path / "short", until_ms=BEGAN_MS + 60_000))
    assert 0 < short.records < whole.records
    assert short.counts["incidents"] == 0


def test_console_script_gives_the_same_bytes_under_any_hash_seed(
    night: Path, whole: Replayed, tocsin: Run, tmp_path: Path
) -> None:
    for seed in ("0", "4711"):
        out = tmp_path / seed
        answer = tocsin("replay", str(night), "-o", str(out), PYTHONHASHSEED=seed)
        assert answer.returncode == 0, answer.stderr
        assert files_of(out) == files_of(whole.out)
        assert "opened" in answer.stdout
        assert "first evidence" in answer.stdout
        assert f"files: {out}/" in answer.stdout
        assert f"report: {(out / 'report.html').as_uri()}" in answer.stdout
        assert (out / "report.html").is_file()
        assert "\x1b" not in answer.stdout + answer.stderr, "no colours for a pipe"


def test_json_tells_incidents_as_they_change(night: Path, tocsin: Run, tmp_path: Path) -> None:
    answer = tocsin("replay", str(night), "-o", str(tmp_path / "run"), "--no-report", "-f", "json", "--quiet")
    incidents = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.returncode == 0
    assert answer.stderr == ""
    assert incidents[0]["revision"] == 1


def test_since_and_until_cut_a_recording_into_its_records(night: Path, whole: Replayed, tmp_path: Path) -> None:
    middle = BEGAN_MS + 30 * 60_000
    late = replay(options(night, tmp_path / "late", since_ms=middle))
    early = replay(options(night, tmp_path / "early", until_ms=middle - 1))
    assert early.records + late.records == whole.records
    assert 0 < late.records < whole.records
    assert json.loads((late.out / "run.json").read_bytes())["since"] is not None

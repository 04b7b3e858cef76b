"""`tocsin backtest` and the standing measure: sides, kept runs, broken recordings, processes that end, the page."""

import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.cli.exits import Exit
from pipeline.adapters.cli.offline.backtesting import recordings_in
from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.compose import ruleset_of
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.runs.backtesting import Outcome, Plan, Side, backtest
from pipeline.adapters.runs.backtesting.kept import KeptRuns, key_of, parts_of, sha256_of
from pipeline.adapters.runs.backtesting.running import _result
from pipeline.adapters.runs.backtesting.work import Done, Job, run
from pipeline.adapters.runs.replaying import ReplayOptions, replay
from pipeline.adapters.settings import Loaded, load_settings
from pipeline.flow import RESULT_NOUNS
from pipeline.records.clocks import Instant
from pipeline.records.errors import ConfigError, StateError
from pipeline.records.truth import Truth
from tests.adapters.cli.conftest import Run
from tests.adapters.cli.world import BEGAN_MS, LANES, MINUTES

OTHER = ("--set", "correlate.severity.general_share_ppm=1000000")
"""With this the night's outage is localised, else general."""


def loaded(general_share_ppm: int = 500_000) -> Loaded:
    options = {"partitions.lanes": LANES, "correlate.severity.general_share_ppm": general_share_ppm}
    return load_settings(environment={}, options=options)


def files_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / f"{name}.jsonl").read_bytes() for name in RESULT_NOUNS}


def job_for(recording: Path, folder: Path, settings: Loaded) -> Job:
    ruleset = ruleset_of(settings.settings)
    return Job(key=folder.name, folder=folder, recording=recording, loaded=settings, ruleset=ruleset)


@pytest.fixture
def worlds(night: Path, tmp_path: Path) -> Path:
    """A folder with one recording, and a truth in which nothing happened."""
    folder = tmp_path / "worlds"
    folder.mkdir()
    shutil.copyfile(night, folder / "night.jsonl.zst")
    truth = Truth(
        scenario="night",
        title="nothing happened",
        seed=1,
        market="DE",
        time_zone="Europe/Berlin",
        started_at=Instant(BEGAN_MS),
        ended_at=Instant(BEGAN_MS + MINUTES * 60_000),
        shares_ppm={},
        operators=("netcologne",),
        outages=(),
    )
    (folder / "night.truth.json").write_bytes(encode(truth))
    return folder


def test_two_sides_are_compared_and_scored(worlds: Path, tocsin: Run, tmp_path: Path) -> None:
    answer = tocsin("backtest", *OTHER, str(worlds), "-o", "kept", "--jobs", "2", "--format", "json")
    assert answer.returncode == 0, answer.stderr
    row, total = map(json.loads, answer.stdout.splitlines())
    assert row["replayed"] == ["baseline", "new"]
    (pair,) = row["diff"]["changed"]
    assert [(one["field"], one["a"], one["b"]) for one in pair["changes"]] == [("extent", "general", "localised")]
    false = {side: _figure(figures, "false_confirmed") for side, figures in total["score"].items()}
    assert false == {"baseline": 1, "new": 1}, "by this truth nothing happened"
    assert all((Path(tmp_path / run) / "truth.json").is_file() for run in row["runs"].values())


def _figure(figures: list[dict[str, Any]], name: str) -> float:
    return float(next(one["value"] for one in figures if one["name"] == name))


def test_nothing_is_computed_twice_whatever_it_is_called(worlds: Path, tmp_path: Path) -> None:
    def outcomes() -> list[Outcome]:
        sides = (Side(name="old", load=lambda _: loaded()), Side(name="new", load=lambda _: loaded(1_000_000)))
        plan = Plan(sides=sides, recordings=recordings_in([worlds]), folder=tmp_path / "kept", jobs=2)
        return backtest(plan)

    (first,) = outcomes()
    (worlds / "night.jsonl.zst").rename(worlds / "other.jsonl.zst")
    shutil.copyfile(worlds / "other.jsonl.zst", worlds / "copy.jsonl.zst")
    again = outcomes()
    assert set(first.records) == {"old", "new"}
    assert first.runs["old"] != first.runs["new"]
    assert [one.records for one in again] == [{}, {}]
    assert [one.runs for one in again] == [first.runs, first.runs]


def test_the_same_settings_on_both_sides_run_once(night: Path, tmp_path: Path) -> None:
    sides = tuple(Side(name=name, load=lambda _: loaded()) for name in ("old", "new"))
    (outcome,) = backtest(Plan(sides=sides, recordings=[night], folder=tmp_path, jobs=1))
    assert outcome.runs["old"] == outcome.runs["new"]
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_stages_that_are_used_again_give_the_same_bytes_as_a_replay(night: Path, tmp_path: Path) -> None:
    parts: list[float] = []
    for name in ("once", "twice"):
        run(job_for(night, tmp_path / name, loaded()), lambda _key, part: parts.append(part))
    replayed = replay(ReplayOptions(recording=night, out=tmp_path / "replayed", loaded=loaded()))
    assert files_of(tmp_path / "once") == files_of(tmp_path / "twice") == files_of(replayed.out)
    assert parts
    assert all(0 <= part <= 1 for part in parts)


def test_a_broken_recording_is_named_and_the_others_go_on(worlds: Path, tocsin: Run) -> None:
    (worlds / "broken.jsonl.zst").write_bytes((worlds / "night.jsonl.zst").read_bytes()[:900])
    (worlds / "none.jsonl.zst").write_bytes(b"no recording")
    answer = tocsin("backtest", *OTHER, str(worlds), "-o", "kept", "--jobs", "1")
    assert answer.returncode == Exit.USAGE
    assert "2 of 3 recordings could not be used" in answer.stderr
    assert "broken.jsonl.zst: is cut off" in answer.stderr
    assert "none.jsonl.zst: is damaged" in answer.stderr
    assert "night" in answer.stdout
    assert "false confirmed incidents" in answer.stdout


def test_what_a_killed_backtest_left_is_cleared_and_done_again(night: Path, tmp_path: Path) -> None:
    settings = loaded()
    key = key_of(sha256_of(open_recording(night)), ruleset_of(settings.settings))
    half = tmp_path / "runs" / key
    for left in (half, half.with_name(f"{key}.4711.unfinished")):
        left.mkdir(parents=True)
        (left / "incidents.jsonl").write_text("half a line")
    plan = Plan(sides=[Side(name="new", load=lambda _: settings)], recordings=[night], folder=tmp_path, jobs=1)
    (outcome,) = backtest(plan)
    assert outcome.records["new"] > 0
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [key]
    assert Path(json.loads((half / "run.json").read_bytes())["recording"]).name == night.name


def test_one_backtest_at_a_time_works_in_a_folder(tmp_path: Path) -> None:
    with (
        KeptRuns(tmp_path).locked(),
        pytest.raises(ConfigError, match="another backtest works in this folder"),
        KeptRuns(tmp_path).locked(),
    ):
        pass


def test_a_process_that_dies_says_what_to_do() -> None:
    dead: Future[Done] = Future()
    dead.set_exception(BrokenProcessPool())
    with pytest.raises(StateError, match="3 of 9 runs are kept; do the same again with --jobs 1"):
        _result(dead, 3, 9)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name)
def test_no_process_outlives_an_interrupted_backtest(how: signal.Signals, worlds: Path, tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("tocsin")
    words = [str(script), "backtest", *OTHER, str(worlds), "-o", str(tmp_path / "kept"), "--jobs", "2"]
    running = subprocess.Popen(words, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=_hear_interrupts)
    _wait_for_workers(running.pid)
    os.kill(running.pid, how) if how is signal.SIGKILL else os.killpg(running.pid, how)
    _, errors = running.communicate(timeout=300)  # its end closes when the last process that holds it is gone
    assert running.returncode == (Exit.INTERRUPTED if how is signal.SIGINT else -signal.SIGKILL)
    # A worker that is just being started when its parent is killed says so itself.
    assert how is signal.SIGKILL or "Traceback" not in errors.decode()
    assert how is signal.SIGKILL or errors.decode() == "tocsin: interrupted\n"


def _hear_interrupts() -> None:
    """A shell starts its background jobs deaf to Ctrl-C; these tests may be one."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _wait_for_workers(parent: int) -> None:
    """Until both processes are there; each look takes a while by itself."""
    for _ in range(10_000):
        listed = subprocess.run(
            ["ps", "-ww", "-o", "args=", "--ppid", str(parent)], capture_output=True, text=True, check=False
        )
        if sum("spawn_main" in line for line in listed.stdout.splitlines()) == 2:
            return
    pytest.fail("no processes were started")


def test_without_new_settings_there_is_nothing_to_compare(night: Path, tocsin: Run) -> None:
    answer = tocsin("backtest", str(night))
    assert answer.returncode == Exit.USAGE
    assert "--settings NEW.toml" in answer.stderr


def test_wrong_settings_are_refused_before_anything_runs(night: Path, tocsin: Run, tmp_path: Path) -> None:
    answer = tocsin("backtest", "--set", "detect.promise_dys=3", str(night), "-o", "kept")
    assert answer.returncode == Exit.USAGE
    assert "did you mean detect.promise_days?" in answer.stderr
    assert not list((tmp_path / "kept" / "runs").iterdir())


def test_a_folder_gives_its_recordings_and_no_further_parts(tmp_path: Path) -> None:
    names = ("a.jsonl.zst", "b.000.jsonl.zst", "b.001.jsonl.zst", "c.2025.jsonl.zst")
    for name in (*names, "a.truth.json"):
        (tmp_path / name).touch()
    found = [path.name for path in recordings_in([tmp_path, tmp_path / "a.jsonl.zst"])]
    assert found == ["a.jsonl.zst", "b.000.jsonl.zst", "c.2025.jsonl.zst"], "2025 is a year if there is no c.000"
    assert [path.name for path in parts_of(tmp_path / "b.000.jsonl.zst")] == ["b.000.jsonl.zst", "b.001.jsonl.zst"]


@pytest.mark.timeout(600)
def test_a_backtest_is_scored_against_the_operators_own_log(tocsin: Run, night: Path, tmp_path: Path) -> None:
    shutil.copyfile(night, tmp_path / "night.jsonl.zst")
    began = Instant(BEGAN_MS + 600_000)
    rows = [f"{began},,DE/NW/koeln", ",,", f"{Instant(BEGAN_MS - 86_400_000)},{began},DE/NW/koeln"]
    (tmp_path / "log.csv").write_text("\n".join(["start,end,place", *rows]) + "\n", "utf-8")
    words = ("backtest", "night.jsonl.zst", *OTHER, "--truth", "log.csv", "--operator", "netcologne")
    made = tocsin(*words, "--columns", "start=start", "--time-format", "epoch_ms", "--format", "json")
    assert made.returncode == 0, made.stderr
    assert "log.csv:2: has no end: taken as open" in made.stderr
    assert "log.csv:4: left out" in made.stderr
    assert "log.csv: 3 rows: 1 used (1 open), 1 left out, 1 blank" in made.stderr
    score = json.loads(made.stdout.splitlines()[-1])["score"]
    assert set(score) == {"baseline", "new"}
    several = tocsin("backtest", "night.jsonl.zst", *OTHER, "--truth", "log.csv")
    assert several.returncode == Exit.USAGE, "a log that cannot be read fails before anything is replayed"
    assert "has no operator" in several.stderr

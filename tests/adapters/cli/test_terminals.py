"""Any terminal will do: ASCII, Latin-1, none at all, a pipe whose reader has gone; no command ends in a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from pipeline.adapters.cli.streams import escaped_for, nearest
from pipeline.adapters.cli.terminal import Terminal
from pipeline.adapters.recordings.progress import Progress
from tests.adapters.cli.conftest import Run

ASCII: Final = {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LATIN_1: Final = {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1"}
TICKETS: Final = (
    "Nr;Eröffnet;Produkt;Beschreibung\n1;12.02.2025 09:03;Glasfaser;Störung … seit 8 → tot 😡\n2;nie;TV;ö\n"
)
COMMANDS: Final = (
    ("--help",),
    ("version",),
    ("import", "--help"),
    ("import", "--check", "störung.csv"),
    (
        "import",
        "störung.csv",
        "--kind",
        "tickets",
        "--map",
        "opened_at=Eröffnet",
        "--set",
        "operator=x",
        "-o",
        "a.jsonl.zst",
    ),
    ("simulate", "--list"),
    ("recordings", "info", "night.jsonl.zst"),
    ("recordings", "verify", "night.jsonl.zst"),
    ("recordings", "validate", "night.jsonl.zst"),
    ("recordings", "stats", "night.jsonl.zst"),
    ("replay", "night.jsonl.zst", "-o", "a", "--no-report"),
    ("replay", "nächte.jsonl.zst"),
    ("score", "fehlt"),
    ("diff", "fehlt", "auch"),
    ("backtest", "fehlt"),
    ("config", "show"),
    ("config", "example"),
    ("story", "fehlt"),
)


@pytest.fixture
def folder(tmp_path: Path, night: Path) -> Path:
    (tmp_path / "störung.csv").write_text(TICKETS, encoding="utf-8")
    (tmp_path / "night.jsonl.zst").symlink_to(night)
    return tmp_path


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_ends_in_a_traceback_where_only_ascii_can_be_written(
    tocsin: Run, folder: Path, words: tuple[str, ...]
) -> None:
    assert folder
    answer = tocsin(*words, **ASCII)
    assert "Traceback" not in answer.stderr
    assert answer.returncode in {0, 1, 2}
    assert answer.stdout.isascii()


@pytest.mark.parametrize("environment", [ASCII, LATIN_1, {}], ids=["ascii", "latin_1", "utf_8"])
def test_json_means_the_same_on_every_terminal(folder: Path, environment: dict[str, str]) -> None:
    words = ["import", "--check", "störung.csv", "--kind", "tickets", "--format", "json"]
    answer = subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )
    told = json.loads(answer.stdout.decode(environment.get("PYTHONIOENCODING", "utf-8")))
    assert told["file"] == "störung.csv"
    assert told["map"]["opened_at"] == "Eröffnet"
    assert "tot 😡" in json.loads(told["rows"][0]["record"])["text"]


@pytest.mark.parametrize(
    "shell",
    [
        "{tocsin} config example | head -1",
        "{tocsin} simulate --list 2>&1 | head -1",
        "{tocsin} import --check störung.csv 2>&1 | head -1",
        "{tocsin} recordings stats night.jsonl.zst | head -1",
        "{tocsin} version >&-",
        "{tocsin} import --check störung.csv >&-",
        "{tocsin} import --check fehlt.csv 2>&-",
        "{tocsin} replay night.jsonl.zst -o b --no-report | head -1",
    ],
)
def test_a_reader_that_has_gone_is_no_mistake(folder: Path, shell: str) -> None:
    program = f"{sys.executable} -m pipeline"
    answer = subprocess.run(
        ["bash", "-c", shell.format(tocsin=program)], capture_output=True, text=True, check=False, cwd=folder
    )
    assert "Traceback" not in answer.stderr + answer.stdout
    assert "Exception ignored" not in answer.stderr


def test_progress_is_plain_lines_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.adapters.cli.terminal.LINE_SECONDS", 0.0)
    with Terminal().progress("importing") as progress:
        progress(Progress(records=1, time_ms=1_739_350_861_234))
    assert capsys.readouterr().err == "importing 2025-02-12 09:01 UTC\n"
    with Terminal(quiet=True).progress("importing") as progress:
        progress(Progress(records=1, time_ms=1_739_350_861_234))
    assert not capsys.readouterr().err


@pytest.mark.parametrize(("text", "plain"), [("Köln", "Koln"), ("→ ▁█", "-> .#"), ("ß…", "ss..."), ("日", "?")])
def test_what_cannot_be_written_becomes_the_nearest_that_can(text: str, plain: str) -> None:
    assert "".join(map(nearest, text)) == plain


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8", "cp1252"])
def test_escaped_json_is_the_same_json(encoding: str) -> None:
    line = json.dumps({"a": "Köln 😡 → \u2028"}, ensure_ascii=False)
    assert json.loads(escaped_for(encoding, line).encode(encoding).decode(encoding)) == json.loads(line)


def test_a_file_whose_name_is_no_utf_8_is_imported_and_named(folder: Path) -> None:
    name = os.fsdecode(b"st\xf6rung.csv")
    (folder / "störung.csv").rename(folder / name)
    words = (
        "--kind",
        "tickets",
        "--map",
        "opened_at=Eröffnet",
        "--time-format",
        "%d.%m.%Y %H:%M",
        "--time-zone",
        "UTC",
    )
    answer = subprocess.run(
        [sys.executable, "-m", "pipeline", "import", name, *words, "--set", "operator=netcologne", "-o", "a.jsonl.zst"],
        capture_output=True,
        check=False,
        cwd=folder,
    )
    assert answer.returncode == 1, "half of the rows are rejected"
    assert b"1 of 2 rows" in answer.stdout
    assert json.loads((folder / "a.rejected.jsonl").read_text())["file"] == "st\\xf6rung.csv"

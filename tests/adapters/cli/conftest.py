"""The program as a user starts it, and a small recording."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.adapters.cli.app import app
from tests.adapters.cli.world import write_world

Run = Callable[..., subprocess.CompletedProcess[str]]
Ask = Callable[..., Result]


@pytest.fixture
def tocsin(tmp_path: Path) -> Run:
    """Runs the console script in an empty folder; further environment by name."""
    script = Path(sys.executable).with_name("tocsin")
    assert script.is_file(), "the console script is missing: pip install --no-deps --editable ."

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN")}
        return subprocess.run(
            [str(script), *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            cwd=tmp_path,
            env={**inherited, "COLUMNS": "200", **environment},
        )

    return run


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a command in an empty folder, in this process: for answers to which a start of the program adds nothing."""
    monkeypatch.chdir(tmp_path)
    unset = {name: None for name in os.environ if name.startswith("TOCSIN")}

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, words, env={**unset, "COLUMNS": "200"}, prog_name="tocsin")

    return run


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording of `world`."""
    return write_world(tmp_path_factory.mktemp("night") / "night.jsonl.zst")

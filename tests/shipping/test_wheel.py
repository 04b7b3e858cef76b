"""The wheel, away from the checkout: another folder, no home to write to, no make, and only what the demo needs.

The wheel is installed into a bare environment; the packages of locks/run.txt are
lent to it from the environment of the tests, so that nothing is downloaded.
"""

import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from importlib.metadata import distribution
from pathlib import Path

import pytest

from pipeline.adapters.cli.exits import Exit

ROOT = Path(__file__).parents[2]
TICKETS = "id,at,text\n1,2025-02-12T09:02:00Z,no internet in Leeds\n2,2025-02-12T09:03:00Z,nothing works\n"
STORY = """
from pathlib import Path
from pipeline.adapters.cli.offline.story import tell_recording
from pipeline.adapters.cli.terminal import Terminal
from pipeline.stories.plots import NETCOLOGNE
tell_recording(Terminal(quiet=True), NETCOLOGNE, Path("world.jsonl.zst"), Path("story"))
"""
"""Told of a world of three hours: the demo's own takes a minute."""
BUNDLED = """
from pipeline.adapters.cli.offline.replay import bundled
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.runs.folder import truth_beside
assert truth_beside(bundled()).is_file()
print(open_recording(bundled()).path)
"""


class Installed:
    """An environment that has the wheel, and a folder to work in.

    Args:
        environment: With `bin/tocsin`.
        folder: An empty one.
    """

    def __init__(self, environment: Path, folder: Path) -> None:
        self.bin, self.folder = environment / "bin", folder

    def run(self, *words: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment; the home can neither be read nor written, whoever runs the test."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN", "PYTHON", "XDG"))}
        environment = {**kept, "HOME": "/dev/null/home", "COLUMNS": "200", **changed}
        command = [str(self.bin / words[0]), *words[1:]]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )

    def done(self, *words: str) -> str:
        """Run a program that must succeed; what it printed."""
        answer = self.run(*words)
        assert answer.returncode == 0, f"{words}\n{answer.stdout}\n{answer.stderr}"
        return answer.stdout


def _lend(packages: Iterator[str], site: Path) -> None:
    """Link the files of installed packages into another environment."""
    for package in packages:
        known = distribution(package)
        for top in {file.parts[0] for file in known.files or () if ".." not in file.parts}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(known.locate_file(top))))


def _locked() -> Iterator[str]:
    """Packages of the lock that this environment has: not those of another system or Python."""
    pins: Mapping[str, str] = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "locks" / "run.txt").read_text(), re.M))
    return (package for package in pins if package not in ("colorama", "tzdata"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True, timeout=120)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    environment = tmp_path_factory.mktemp("bare") / "venv"
    venv.create(environment, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, timeout=120)
    _lend(_locked(), next(environment.glob("lib/python*/site-packages")))
    return Installed(environment, tmp_path_factory.mktemp("elsewhere"))


def test_it_is_the_wheel_that_runs_and_it_is_typed(installed: Installed) -> None:
    where = installed.done("python", "-c", "import pipeline; print(pipeline.__path__[0])").strip()
    assert where.startswith(str(installed.bin.parent))
    assert (Path(where) / "py.typed").is_file()
    ours = {str(path.relative_to(ROOT / "pipeline")) for path in (ROOT / "pipeline").rglob("*.py")}
    theirs = {str(path.relative_to(where)) for path in Path(where).rglob("*.py")}
    assert ours == theirs, "a pattern of .gitignore keeps files out of the wheel"


def test_a_world_is_simulated_replayed_and_scored(installed: Installed) -> None:
    assert "fibre-cut" in installed.done("tocsin", "simulate", "--list")
    installed.done("tocsin", "simulate", "five-minutes", "--days", "0.12", "-o", "world.jsonl.zst", "--force")
    installed.done("tocsin", "replay", "world.jsonl.zst")
    assert (installed.folder / "runs" / "world" / "report.html").is_file()
    installed.done("tocsin", "score", "runs/world", "--html", "score.html")
    assert (installed.folder / "score.html").is_file()


def test_a_file_of_ones_own_is_imported(installed: Installed) -> None:
    (installed.folder / "tickets.csv").write_text(TICKETS, "utf-8")
    columns = ("--map", "ticket_id=id", "--map", "opened_at=at", "--map", "text=text", "--set", "operator=o2-uk")
    told = installed.done(
        "tocsin", "import", "tickets.csv", "--kind", "tickets", *columns, "--set", "intake=phone", "-o", "own.jsonl.zst"
    )
    assert "2 of 2 rows" in told


def test_a_story_is_told_and_the_demos_recording_is_there(installed: Installed) -> None:
    assert "netcologne-2025" in installed.done("tocsin", "story")
    installed.done("tocsin", "simulate", "five-minutes", "--days", "0.12", "-o", "world.jsonl.zst", "--force")
    assert "What this outage asks of Tocsin" in installed.done("python", "-c", STORY)
    assert (installed.folder / "story" / "story.html").is_file()
    assert installed.done("python", "-c", BUNDLED).strip().startswith(str(installed.bin.parent))


@pytest.mark.parametrize(
    ("words", "needs", "code"),
    [
        pytest.param("demo -o /dev/null/run", "name a folder that can be written with --out", Exit.USAGE, id="demo"),
        pytest.param("gazetteer build", "name a folder with --out", Exit.USAGE, id="gazetteer"),
        pytest.param("broker install", "set TOCSIN_CACHE to a folder", Exit.USAGE, id="broker"),
    ],
)
def test_what_a_command_lacks_it_says_in_one_line(installed: Installed, words: str, needs: str, code: Exit) -> None:
    answer = installed.run("tocsin", *words.split())
    assert answer.returncode == code
    assert needs in answer.stderr
    assert answer.stderr.splitlines()[-1].startswith("tocsin: ")
    assert "Traceback" not in answer.stderr

"""The compiled core says of every text and step what its sources say, and a core of other sources is never met."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from pipeline.compiled import MODULES, PACKAGE, core_for, folder_of_cores
from tools import core as building

ROOT: Final = Path(__file__).resolve().parents[2]
CALLER: Final = """
from pipeline import compiled
from pipeline.ingest.text import matching

print(matching.__file__)
print(compiled.state())
"""


@pytest.fixture(scope="module")
def core() -> Path:
    """The core of these sources; compiled now if `make core` has not been called for them: a minute."""
    return building.core()


def _run(*words: str, root: Path = ROOT, core: str = "on") -> str:
    environment = {**os.environ, "PYTHONPATH": str(root), "TOCSIN_CORE": core}
    done = subprocess.run(
        [sys.executable, *words], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    return done.stdout


def test_compiled_or_not_a_text_says_the_same(core: Path) -> None:
    said: list[Any] = [json.loads(_run("-m", "tests.core.answers", core=switch)) for switch in ("on", "off")]
    assert Path(said[0]["loaded"]).is_relative_to(core)
    assert said[1]["loaded"] == str(PACKAGE / "ingest" / "text" / "matching.py")
    assert len(said[0]["answers"]) > 10_000
    assert said[0]["answers"] == said[1]["answers"]


def test_compiled_or_not_a_step_is_judged_the_same(core: Path) -> None:
    said: list[Any] = [json.loads(_run("-m", "tests.core.verdicts", core=switch)) for switch in ("on", "off")]
    assert Path(said[0]["loaded"]).is_relative_to(core)
    assert said[1]["loaded"] == str(PACKAGE / "detect" / "judge.py")
    assert min(said[0]["found"].values()) > 0, "a world in which nothing stands out would prove little"
    assert said[0] | {"loaded": ""} == said[1] | {"loaded": ""}


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(
            ["tests/ingest/text/test_understand.py", "tests/ingest/text/test_where.py"], id="texts_and_places"
        ),
        pytest.param(
            ["tests/ingest/text/test_emergency.py", "tests/ingest/text/test_who.py"], id="claims_and_operators"
        ),
        pytest.param(
            ["tests/detect/test_counts.py", "tests/detect/test_levels.py", "tests/detect/test_detectors.py"],
            id="detectors",
        ),
        pytest.param(["tests/detect/test_apply.py", "tests/detect/test_registry.py"], id="steps"),
        pytest.param(["tests/detect/account", "tests/detect/test_watching.py"], id="accounts"),
        pytest.param(["tests/golden/test_golden.py", "-k", "outage"], id="golden_outputs"),
    ],
)
def test_the_core_passes_tests_of_its_sources(core: Path, words: list[str]) -> None:
    assert core.is_dir()
    _run("-m", "pytest", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *words)


def test_tests_ask_the_sources() -> None:
    from pipeline.ingest.text import matching

    assert matching.__file__.endswith("matching.py"), "coverage and doctests need the sources: see conftest.py"


@pytest.fixture
def checkout(core: Path, tmp_path: Path) -> Path:
    """Another checkout of these sources, with a core of its own."""
    ignored = shutil.ignore_patterns("__pycache__", "_core", "_share")
    shutil.copytree(PACKAGE, tmp_path / "pipeline", ignore=ignored)
    shutil.copytree(core, folder_of_cores(tmp_path / "pipeline") / core.name)
    return tmp_path


def test_a_checkout_has_its_own_core(checkout: Path) -> None:
    loaded, state = _run("-c", CALLER, root=checkout).splitlines()
    assert Path(loaded).is_relative_to(checkout / "pipeline" / "_core")
    assert state == "rules run in the compiled core"


@pytest.mark.parametrize(
    "changed", ["ingest/text/operators/who.py", "detect/config.py", "records/errors.py", "reference/words.py"]
)
def test_after_a_change_the_sources_run_and_say_so(checkout: Path, changed: str) -> None:
    with (checkout / "pipeline" / changed).open("a") as file:
        file.write("\n# changed\n")
    loaded, state = _run("-c", CALLER, root=checkout).splitlines()
    assert loaded == str(checkout / "pipeline" / "ingest" / "text" / "matching.py")
    assert state.endswith("no compiled core fits these sources (make core)")


def test_a_core_that_this_machine_cannot_load_is_left_alone(checkout: Path) -> None:
    for library in core_for(checkout / "pipeline").rglob("core__mypyc*"):
        library.write_bytes(b"of another machine")
    loaded, _ = _run("-c", CALLER, root=checkout).splitlines()
    assert loaded == str(checkout / "pipeline" / "ingest" / "text" / "matching.py")


def test_another_python_has_another_core(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = core_for()
    monkeypatch.setattr("pipeline.compiled._SUFFIX", ".cpython-399-x86_64-linux-gnu.so")
    assert core_for() != ours
    assert core_for().name.endswith(".cpython-399-x86_64-linux-gnu")


def test_without_a_compiler_one_line_says_so_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    monkeypatch.setattr(building, "core_for", lambda *_: tmp_path / "none")
    building.main([])
    *_, line = capsys.readouterr().out.splitlines()
    assert line == (
        "no compiled core, so rules run by Python alone, more slowly: no C compiler here (no-such-compiler)"
    )


def test_what_is_compiled_is_there() -> None:
    assert [name for name in MODULES if not (PACKAGE / name).is_file()] == []


def test_classes_are_marked_so_that_they_can_be_kept() -> None:
    source = '"""What it is."""\n\nimport re\n\n\nclass Reader:\n    pass\n\n\nclass Hit(NamedTuple):\n    pass\n'
    marked = building.keepable(source)
    assert marked.count("@mypyc_attr") == 1
    assert marked.index("@mypyc_attr") < marked.index("class Reader:")
    assert building.keepable("import re\n") == "import re\n"

"""Every bug we fear is caught by the test that is there to catch it."""

import os
import subprocess
import sys
from collections.abc import Iterable
from typing import Final

import pytest

from tests.mutants.breaking import ROOT, VARIABLE
from tests.mutants.fears import FEARS, Fear
from tests.mutants.fears_of_backups import FEARS_OF_BACKUPS
from tests.mutants.fears_of_people import FEARS_OF_PEOPLE
from tests.mutants.fears_of_stories import FEARS_OF_STORIES
from tests.mutants.fears_of_words import FEARS_OF_WORDS

ALL_FEARS: Final = (*FEARS, *FEARS_OF_BACKUPS, *FEARS_OF_PEOPLE, *FEARS_OF_STORIES, *FEARS_OF_WORDS)

ALL_PASSED: Final = 0
A_TEST_FAILED: Final = 1
"""pytest's exit code; a broken import, an unknown test or a crash has another."""


def run(tests: Iterable[str], mutant: str = "", *, first_only: bool = True) -> subprocess.CompletedProcess[str]:
    """Run tests in a process of their own, with one mutant or none, and without plugins that cost a second each."""
    options = ["-x"] * first_only + ["-q", "--tb=line", "-c", os.devnull, "--rootdir", str(ROOT)]
    options += ["-p", "no:cacheprovider", "-p", "tests.mutants.breaking"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        env={**os.environ, VARIABLE: mutant, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_killers_pass_on_the_code_as_it_is(request: pytest.FixtureRequest) -> None:
    """Otherwise a mutant below would be killed by chance. Where all tests run, these do, and say so themselves."""
    here = {name for item in request.session.items for name in (item.nodeid, item.nodeid.partition("[")[0])}
    elsewhere = sorted({fear.killer for fear in ALL_FEARS} - here)
    if elsewhere:
        unbroken = run(elsewhere)
        assert unbroken.returncode == ALL_PASSED, unbroken.stdout


@pytest.mark.parametrize("fear", ALL_FEARS, ids=lambda fear: fear.name)
def test_a_mutant_is_killed_by_its_test(fear: Fear) -> None:
    fear.broken((ROOT / fear.file).read_text("utf-8"))
    killed = run([fear.killer], fear.name)
    assert killed.returncode == A_TEST_FAILED, f"{fear.why}\n{killed.stdout}{killed.stderr}"
    assert "1 failed" in killed.stdout, killed.stdout


def test_a_stale_mutant_is_told() -> None:
    with pytest.raises(LookupError, match="stale"):
        FEARS[0].broken("something else")
    with pytest.raises(LookupError, match="2 times"):
        FEARS[0].broken(FEARS[0].old * 2)

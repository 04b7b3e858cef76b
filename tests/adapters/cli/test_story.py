"""A story from the command line: a small world made, replayed and told, with its page."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.adapters.cli.exits import Exit
from pipeline.adapters.cli.offline.simulate import names
from pipeline.adapters.cli.offline.story import tell
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.stories.plots import NETCOLOGNE, NEXT, PLOTS
from tests.adapters.cli.conftest import Run

MORNING = replace(NETCOLOGNE, days=0.65)
"""The morning of the outage: half an hour to learn from, so that not all can be seen."""
SEED = 2
"""Not the bundled one."""


def test_stories_are_listed(tocsin: Run) -> None:
    answer = tocsin("story")
    assert answer.returncode == 0
    assert [line.split()[0] for line in answer.stdout.splitlines()[1:]] == list(PLOTS)
    assert len(tocsin("story", "--format", "json").stdout.splitlines()) == len(PLOTS)


def test_every_story_has_its_world() -> None:
    assert set(PLOTS) <= set(names())


def test_an_unknown_story_is_answered_with_the_known_ones(tocsin: Run) -> None:
    answer = tocsin("story", "titanic")
    assert answer.returncode == Exit.USAGE
    assert "orange-2012" in answer.stderr


@pytest.mark.timeout(600)
def test_a_story_is_told_by_its_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    tell(Terminal(quiet=True), MORNING, SEED, tmp_path)
    told = capsys.readouterr().out
    assert "470,000 customers" in told, "a fact of the real outage"
    assert "source: https://" in told
    assert "CONFIRMED" not in told
    clocks = told[told.index("Two clocks:") : told.index("who knew first")]
    for words in ("The outage begins", "Confirmed:", "NetCologne speaks for the first time"):
        assert words in clocks
    assert "the operator’s first word came" in told
    assert "done     Emergency calls that fail are flagged" in told
    assert "done     A draft for the public warning system (CAP)" in told
    assert "missing  Reactions, mood and talk of leaving one day and one week after" in told
    assert "nothing was measured after the end" in told
    page = (tmp_path / "story.html").read_text("utf-8")
    assert "What this outage asks of Tocsin" in page
    assert f"story: {(tmp_path / 'story.html').as_uri()}" in told


@pytest.mark.timeout(600)
def test_a_story_as_json_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    tell(Terminal(Format.JSON, quiet=True), MORNING, SEED, tmp_path)
    told = json.loads(capsys.readouterr().out)
    assert told["story"] == "netcologne-2025"
    assert {beat["side"] for beat in told["clocks"]} == {"happened", "knew"}
    assert len(told["asked"]) == len(NETCOLOGNE.asked) + len(NEXT)
    assert told["lead_seconds"] > 0

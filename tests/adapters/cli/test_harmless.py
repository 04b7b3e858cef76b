"""What strangers wrote cannot command the terminal of whoever looks at it."""

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.cli.harmless import COLOURS, harmless, harmless_json
from pipeline.adapters.cli.terminal import Format, Terminal

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202etxt\r"


@given(st.text())
def test_no_control_character_is_left_but_colours(text: str) -> None:
    shown = harmless(text)
    for code in (0, *COLOURS.values()):
        shown = shown.replace(f"\x1b[{code}m", "")
    assert not {character for character in shown if unicodedata.category(character) == "Cc"} - {"\t", "\n"}


@given(st.text())
def test_json_means_the_same_after_it_was_made_harmless(text: str) -> None:
    line = harmless_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(line) == text
    assert not {chr(code) for code in range(0x7F, 0xA0)} & set(line)


@pytest.mark.parametrize("form", Format)
def test_everything_that_a_command_puts_out_is_harmless(form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(form)
    terminal.say(EVIL)
    terminal.text(EVIL)
    terminal.table([("name", "value"), (EVIL, EVIL)])
    terminal.data({"name": EVIL})
    said = capsys.readouterr()
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(said.out + said.err)


def test_a_file_with_an_evil_name_is_named_harmlessly(tmp_path: Path) -> None:
    path = tmp_path / "may\x1b[2J.jsonl.zst"
    told = subprocess.run(
        [sys.executable, "-m", "pipeline", "recordings", "info", str(path)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 2
    assert "\x1b" not in told.stdout + told.stderr
    assert r"may\x1b[2J" in told.stderr

"""An operator's own files from the command line: what is used, what is not and why, and when there is no recording."""

import json
from pathlib import Path

import pytest

from pipeline.adapters.cli.exits import Exit
from tests.adapters.cli.conftest import Run

TICKETS = (
    "no,opened,class,note\n"
    "1,12.02.2025 09:03,INET,Internet geht nicht\n"
    "2,12.02.2025 09:04,TEL,Telefon tot\n"
    "3,12.02.2025 09:05,FAX,Fax tot\n"
)
WORDS = (
    *("import", "tickets.csv", "--kind", "tickets", "--map", "ticket_id=no", "--map", "opened_at=opened"),
    *("--map", "text=note", "--map", "service=class", "--set", "operator=netcologne", "--set", "area=DE/NW/koeln"),
    *("--time-format", "%d.%m.%Y %H:%M", "--time-zone", "Europe/Berlin", "-o", "t.jsonl.zst"),
)
VALUES = ("--values", "service:INET=broadband", "--values", "service:TEL=fixed_voice")


@pytest.fixture(autouse=True)
def _tickets(tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS)


def test_values_of_theirs_become_ours_and_the_rest_is_named(tocsin: Run, tmp_path: Path) -> None:
    answer = tocsin(*WORDS, *VALUES)
    assert answer.returncode == Exit.OK, answer.stderr
    assert "2 of 3 rows: t.jsonl.zst" in answer.stdout
    assert "rejected, unmapped_value: 1; the first: tickets.csv row 3: service: 'FAX'" in answer.stdout
    assert json.loads((tmp_path / "t.rejected.jsonl").read_text())["row"] == 3


def test_an_import_without_a_usable_row_is_a_finding_and_leaves_no_recording(tocsin: Run, tmp_path: Path) -> None:
    answer = tocsin(*WORDS)
    assert answer.returncode == Exit.FINDING
    assert "none of 3 rows could be used" in answer.stderr
    assert "tickets.csv row 1: Invalid enum value 'INET'" in answer.stderr
    assert not (tmp_path / "t.jsonl.zst").exists()


def test_a_recording_is_replaced_only_if_told_so(tocsin: Run) -> None:
    codes = [tocsin(*WORDS, *VALUES, *more).returncode for more in ((), (), ("--force",))]
    assert codes == [Exit.OK, Exit.USAGE, Exit.OK]


def test_the_example_of_the_documentation_can_be_read(tmp_path: Path) -> None:
    from pipeline.adapters.recordings.intake.importing import read_streams

    page = (Path(__file__).parents[3] / "docs" / "import.md").read_text()
    (tmp_path / "quarter.toml").write_text(page.split("```toml\n")[1].split("```")[0])
    kinds = [stream.kind for stream in read_streams(tmp_path / "quarter.toml")]
    assert kinds == ["mentions", "tickets", "counts", "telemetry"]


@pytest.mark.parametrize("text", ["service", "service:INET", "service:=tv", ":INET=tv"])
def test_a_table_of_another_form_is_refused(tocsin: Run, text: str) -> None:
    answer = tocsin(*WORDS, "--values", text)
    assert answer.returncode == Exit.USAGE
    assert "field:theirs=ours" in answer.stderr

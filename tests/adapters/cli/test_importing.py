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
    assert answer.returncode == Exit.FINDING, "a third is more than a tenth"
    assert answer.stdout.startswith("1 of 3 rows were rejected, more than a tenth")
    assert "2 of 3 rows: t.jsonl.zst" in answer.stdout
    assert "rejected, unmapped_value: 1; the first: tickets.csv row 3: service: 'FAX'" in answer.stdout
    assert json.loads((tmp_path / "t.rejected.jsonl").read_text())["row"] == 3


def test_an_import_without_a_usable_row_is_a_finding_and_leaves_no_recording(tocsin: Run, tmp_path: Path) -> None:
    answer = tocsin(*WORDS)
    assert answer.returncode == Exit.FINDING
    assert "none of 3 rows could be used" in answer.stderr
    assert "tickets.csv row 1: service 'INET': must be one of" in answer.stderr
    assert not (tmp_path / "t.jsonl.zst").exists()


def test_a_recording_is_replaced_only_if_told_so(tocsin: Run) -> None:
    rest = ("--values", "service:FAX=fixed_voice")
    codes = [tocsin(*WORDS, *VALUES, *rest, *more).returncode for more in ((), (), ("--force",))]
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


def test_an_operator_that_nobody_knows_is_refused_with_the_nearest_name(tocsin: Run, tmp_path: Path) -> None:
    words = [word.replace("operator=netcologne", "operator=netkologne") for word in WORDS]
    answer = tocsin(*words, *VALUES, "--values", "service:FAX=fixed_voice")
    assert answer.returncode == Exit.FINDING
    assert 'unknown operator "netkologne" (3 of 3 rows)' in answer.stderr
    assert "nearest known: netcologne; set or map another, or add it in operators.toml" in answer.stderr
    assert not (tmp_path / "t.jsonl.zst").exists()


def test_how_a_file_was_read_is_said_and_may_be_said_by_options(tocsin: Run, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_bytes(TICKETS.replace(",", ";").replace("tot", "tot: für immer").encode("cp1252"))
    answer = tocsin(*WORDS, *VALUES, "--values", "service:FAX=fixed_voice")
    assert answer.returncode == Exit.OK, answer.stderr
    assert "tickets.csv: CSV, cp1252 (a guess" in answer.stdout
    assert "semicolon" in answer.stdout
    said = ("--encoding", "latin-1", "--delimiter", ";", "--quote", "'", "--force")
    answer = tocsin(*WORDS, *VALUES, "--values", "service:FAX=fixed_voice", *said)
    assert "tickets.csv: CSV, latin-1 as said, semicolon, quote ' (as said)" in answer.stdout


def test_rows_in_are_rows_used_rejected_and_left_out(tocsin: Run) -> None:
    window = ("--since", "2025-02-12 09:04 Europe/Berlin", "--until", "2025-02-12T08:05:00Z")
    answer = tocsin(*WORDS, *VALUES, *window, "--format", "json")
    told = json.loads(answer.stdout)
    assert (told["rows"], told["records"], told["outside"], told["rejected"]) == (3, 1, 1, {"unmapped_value": 1})


def test_a_column_that_is_not_there_is_named_with_the_nearest(tocsin: Run) -> None:
    words = [word.replace("opened_at=opened", "opened_at=Opend") for word in WORDS]
    answer = tocsin(*words, *VALUES)
    assert answer.returncode == Exit.USAGE
    assert (
        "--map opened_at=Opend: there is no column 'Opend'; did you mean 'opened'? it has no, opened" in answer.stderr
    )


def test_a_file_of_which_no_row_is_used_is_a_finding_among_good_ones(tocsin: Run, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text(TICKETS.splitlines()[0] + "\n9,never,INET,x\n")
    (tmp_path / "tickets.csv").write_text(TICKETS + "4,12.02.2025 09:06,TEL,weg\n" * 30)
    answer = tocsin(WORDS[0], "more.csv", *WORDS[1:], *VALUES, "--values", "service:FAX=fixed_voice")
    assert answer.returncode == Exit.FINDING
    assert answer.stdout.startswith("no row of more.csv could be used")
    assert (tmp_path / "t.jsonl.zst").exists()

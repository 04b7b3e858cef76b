"""An operator's own files from the command line: what is used, what is not and why, and when there is no recording."""

import json
import shlex
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


SPANISH = (
    "Folio;Fecha de apertura;Municipio;Servicio;Asunto\n7;14/05/2025 07:41;Lugo;Fibra;sin línea\n"
    "8;15/05/2025 08:00;Vigo;Fax;nada\n"
)
DUTCH = "Volgnummer,Geopend op,Gemeente,Dienst,Omschrijving\n7,14/05/2025 07:41,Gent,Internet,geen verbinding\n"
FRENCH = "Référence;Créé le;Commune;Produit;Objet\n7;14/05/2025 07:41;Brest;Fibre;plus rien\n"
GERMAN = "Vorgang;Eröffnet am;Ort;Sparte;Betreff\n7;14.05.2025 07:41;Bonn;Festnetz;tot\n"
ENGLISH = "Case Number,Created On,City,Category,Summary\n7,2025-05-14 07:41:00,Leeds,Broadband,dead\n"


@pytest.mark.parametrize("text", [SPANISH, DUTCH, FRENCH, GERMAN, ENGLISH], ids=["es", "nl", "fr", "de", "en"])
def test_check_proposes_the_columns_of_five_languages_and_writes_nothing(
    tocsin: Run, tmp_path: Path, text: str
) -> None:
    (tmp_path / "own.csv").write_text(text, encoding="cp1252")
    before = sorted(path.name for path in tmp_path.iterdir())
    answer = tocsin("import", "--check", "own.csv", "--set", "operator=netcologne", "--format", "json")
    assert answer.returncode == Exit.OK, answer.stderr
    told = json.loads(answer.stdout)
    columns = text.splitlines()[0].replace(",", ";").split(";")
    assert told["kind"] == "tickets"
    assert told["map"] == dict(zip(("ticket_id", "opened_at", "place", "service", "text"), columns, strict=True))
    assert json.loads(told["rows"][0]["record"])["service"] in {"broadband", "fixed_voice"}
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_command_that_check_proposes_imports_the_file(tocsin: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(GERMAN, encoding="utf-16")
    said = ("--set", "operator=netcologne", "--time-zone", "Europe/Berlin")
    proposed = json.loads(tocsin("import", "--check", "own.csv", *said, "--format", "json").stdout)["command"]
    answer = tocsin(*shlex.split(proposed)[1:])
    assert answer.returncode == Exit.OK, answer.stderr
    assert "1 of 1 rows: own.jsonl.zst" in answer.stdout


def test_check_says_what_it_cannot_know(tocsin: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(SPANISH)
    answer = tocsin("import", "--check", "own.csv")
    assert "missing: operator (--set operator=...)" in answer.stdout
    assert "times: have no zone: name it (--time-zone)" in answer.stdout
    assert "services without a meaning: Fax" in answer.stdout
    assert "2  rejected, unmapped_value: service: 'Fax'" in answer.stdout


def test_check_of_measurements_reads_metric_and_unit_from_the_name_of_the_column(tocsin: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("Time,Site,Latency (ms)\n2025-05-14T07:41:00Z,A1,12.5\n")
    told = json.loads(tocsin("import", "--check", "own.csv", "--format", "json").stdout)
    assert told["kind"] == "telemetry"
    assert "--set unit=ms --set metric=latency" in told["command"]


def test_check_of_a_file_without_a_usable_row_is_a_finding(tocsin: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,b\n1,x\n")
    assert tocsin("import", "--check", "own.csv", "--kind", "tickets").returncode == Exit.FINDING

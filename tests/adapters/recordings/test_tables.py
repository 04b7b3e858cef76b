"""Tables as people have them: whatever program wrote them, every row comes out, readable or refused by name."""

import codecs
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.recordings.format import RecordingError
from pipeline.adapters.recordings.intake.tables import Fault, Row, RowError, Table, Written, rows_of
from pipeline.adapters.recordings.intake.written.documents import values_in
from pipeline.adapters.recordings.intake.written.files import ForeignFile
from pipeline.adapters.recordings.intake.written.layout import character
from pipeline.adapters.recordings.intake.written.quoting import Dialect, Records
from pipeline.records.errors import ConfigError

ROWS = [
    ["Ref", "Début", "Ville", "Message"],
    ["8", "3/2/25 8h", "Évry", "Plus de débit"],
    ["9", "3/2/25 9h", "Gap", ""],
]


def wrote(folder: Path, text: str, encoding: str = "utf-8", name: str = "in.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def fields_of(rows: Sequence[Row]) -> list[list[str]]:
    assert not [row for row in rows if isinstance(row.fields, RowError)]
    return [list(row.fields.values()) for row in rows if not isinstance(row.fields, RowError)]


def faults_of(rows: Sequence[Row]) -> list[tuple[int, Fault]]:
    return [(row.line, row.fields.fault) for row in rows if isinstance(row.fields, RowError)]


def said_of(path: Path, **written: str) -> str:
    with ForeignFile(path) as file:
        return Table(file, Written(**written)).words()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with BOM"),
        ("utf-16", "UTF-16 LE with BOM"),
        ("utf-16-le", "UTF-16 LE without BOM"),
        ("utf-16-be", "UTF-16 BE without BOM"),
        ("utf-32", "UTF-32 with BOM"),
        ("cp1252", "cp1252 (a guess"),
        ("latin-1", "cp1252 (a guess"),
    ],
)
def test_encoding_and_delimiter_are_found_and_said(tmp_path: Path, delimiter: str, encoding: str, said: str) -> None:
    path = wrote(tmp_path, "".join(delimiter.join(row) + "\r\n" for row in ROWS), encoding)
    rows = list(rows_of(path))
    assert fields_of(rows) == ROWS[1:]
    assert not isinstance(rows[0].fields, RowError)
    assert list(rows[0].fields) == ROWS[0]
    assert said in said_of(path)


def test_utf_16_be_with_its_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(codecs.BOM_UTF16_BE + "a;b\n1;é\n".encode("utf-16-be"))
    assert fields_of(list(rows_of(path))) == [["1", "é"]]


def test_first_foreign_letter_on_the_last_line_still_decides_the_encoding(tmp_path: Path) -> None:
    path = wrote(tmp_path, "a;b\n" + "1;plain\n" * 60_000 + "2;Żółć\n".replace("Żółć", "Süd"), "cp1252")
    assert list(rows_of(path))[-1].fields == {"a": "2", "b": "Süd"}


def test_a_few_broken_bytes_in_utf_8_cost_their_rows_only(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("a;b\n1;é\n2;è\n3;ü\n".encode() + b"4;\xff\n" + "5;ö\n".encode())
    assert faults_of(list(rows_of(path))) == [(5, Fault.NOT_UTF8)]
    assert "with 1 broken bytes" in said_of(path)


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_by_which_excel_names_the_delimiter_wins_and_is_no_row(tmp_path: Path, line: str) -> None:
    path = wrote(tmp_path, f"{line}\r\na,b;c\r\n1,5;2,5\r\n")
    assert fields_of(list(rows_of(path))) == [["1,5", "2,5"]]
    assert "semicolon (by its line sep=)" in said_of(path)


def test_what_is_said_wins_over_what_is_found(tmp_path: Path) -> None:
    path = wrote(tmp_path, "a;b,c\n1;2,3\n")
    with ForeignFile(path) as file:
        rows = list(Table(file, Written(delimiter=",", encoding="latin-1")).rows())
    assert fields_of(rows) == [["1;2", "3"]]
    assert "latin-1 as said" in said_of(path, delimiter=",", encoding="latin-1")


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    path = wrote(tmp_path, "Zeit;Wert;Rest\n" + "08:00;1,5;2,5\n" * 20)
    assert fields_of(list(rows_of(path)))[0] == ["08:00", "1,5", "2,5"]


def test_commas_within_texts_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    path = wrote(tmp_path, "id\ttexte\n" + "1\tbonjour, rien ne marche, merci\n" * 20)
    assert fields_of(list(rows_of(path)))[0] == ["1", "bonjour, rien ne marche, merci"]


def test_single_quotes_and_backslashes_are_found(tmp_path: Path) -> None:
    path = wrote(tmp_path, "'a','b'\n'1','x, y'\n'2','l''été'\n")
    assert fields_of(list(rows_of(path))) == [["1", "x, y"], ["2", "l'été"]]
    path = wrote(tmp_path, 'a,b\n1,"he said \\"no\\", twice"\n2,"plain"\n')
    assert fields_of(list(rows_of(path)))[0] == ["1", 'he said "no", twice']


def test_apostrophes_of_french_texts_are_no_quotes(tmp_path: Path) -> None:
    path = wrote(tmp_path, "id,texte\n1,'bonjour' dit-il\n2,l'été n'est pas là\n3,plus d'internet\n")
    assert fields_of(list(rows_of(path)))[2] == ["3", "plus d'internet"]


def test_spaces_after_delimiters_belong_to_no_cell(tmp_path: Path) -> None:
    path = wrote(tmp_path, 'a, b, c\n1, "x, y", 3\n')
    assert fields_of(list(rows_of(path))) == [["1", "x, y", "3"]]


def test_what_stands_above_the_header_and_empty_columns_are_named_and_left_out(tmp_path: Path) -> None:
    path = wrote(tmp_path, "Report of May;;;\n;;;\nid;when;;note;\n1;08:00;x;slow;\n;;;;\n2;08:01;y;dead\n")
    rows = list(rows_of(path))
    assert fields_of(rows) == [["1", "08:00", "x", "slow"], ["2", "08:01", "y", "dead"]]
    assert "header on line 3: 2 lines are no part of the table" in said_of(path)
    assert "column 3 has no name" in said_of(path)


def test_columns_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    path = wrote(tmp_path, "id,note,note\n1,first,second\n")
    (row,) = rows_of(path)
    assert row.fields == {"id": "1", "note": "first", "note 3": "second"}


def test_a_header_that_comes_again_is_no_row(tmp_path: Path) -> None:
    path = wrote(tmp_path, "id,note\n1,x\nid,note\n2,y\n")
    assert faults_of(list(rows_of(path))) == [(3, Fault.NOT_A_ROW)]


def stray(quote_at: int, rows: int = 400) -> str:
    lines = [
        f"{n},2024-03-0{n % 9 + 1} 07:{n % 60:02},{'slow' if n != quote_at else chr(34) + 'slow'}" for n in range(rows)
    ]
    return "no,opened,note\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize("quote_at", [0, 1, 57, 398, 399])
def test_a_quote_that_is_never_closed_costs_its_line_and_no_other(tmp_path: Path, quote_at: int) -> None:
    rows = list(rows_of(wrote(tmp_path, stray(quote_at))))
    assert len(rows) == 400
    assert faults_of(rows) == [(quote_at + 2, Fault.UNCLOSED_QUOTE)]


def test_a_stray_quote_before_rows_that_have_quotes_swallows_nothing(tmp_path: Path) -> None:
    text = 'no,opened,note\n1,2024-03-01,"open\n2,2024-03-02,"closed, well"\n3,2024-03-03,5"\n4,2024-03-04,x\n'
    rows = list(rows_of(wrote(tmp_path, text)))
    assert faults_of(rows) == [(2, Fault.UNCLOSED_QUOTE)]
    assert fields_of(rows[1:]) == [
        ["2", "2024-03-02", "closed, well"],
        ["3", "2024-03-03", '5"'],
        ["4", "2024-03-04", "x"],
    ]


def test_two_stray_quotes_that_would_close_each_other_are_told(tmp_path: Path) -> None:
    lines = [f"{n},2024-03-01 07:{n:02},slow" for n in range(10, 50)]
    lines[3] = '13,2024-03-01 07:13,"slow'
    lines[30] = '40,2024-03-01 07:40,slow"'
    rows = list(rows_of(wrote(tmp_path, "no,opened,note\n" + "\n".join(lines) + "\n")))
    assert len(rows) == 40
    assert faults_of(rows) == [(5, Fault.UNCLOSED_QUOTE)]


def test_texts_over_several_lines_stay_one_row(tmp_path: Path) -> None:
    text = 'no,opened,note\n1,2024-03-01,"Hello,\n\nno service, since 5, please, call\n""now"""\n2,2024-03-02,x\n'
    assert fields_of(list(rows_of(wrote(tmp_path, text)))) == [
        ["1", "2024-03-01", 'Hello,\n\nno service, since 5, please, call\n"now"'],
        ["2", "2024-03-02", "x"],
    ]


@given(lines=st.lists(st.text(alphabet='ab1,;"\t \\', max_size=12), max_size=30), escape=st.sampled_from(["", "\\"]))
def test_every_line_of_a_csv_is_a_row_or_within_one(lines: list[str], escape: str) -> None:
    numbered = [(number, line + "\n") for number, line in enumerate(lines, start=1)]
    seen = [line.strip() == "" for line in lines]
    for record in Records(iter(numbered), Dialect(escape=escape), 3):
        for at in range(record.line, record.line + record.lines):
            assert not seen[at - 1] or record.lines > 1, f"line {at} stands in two rows"
            seen[at - 1] = True
        assert record.lines == 1 or not isinstance(record.cells, RowError), "a refusal costs one line"
    assert all(seen)


@pytest.mark.parametrize(
    ("text", "path", "ids"),
    [
        pytest.param('[{"id":1},{"id":2}]', None, [1, 2], id="array"),
        pytest.param('[\n  {"id":1},\n  {"id":2}\n]\n', None, [1, 2], id="array_over_lines"),
        pytest.param('{"meta":{"n":2},"data":{"items":[{"id":1},{"id":2}]}}', None, [1, 2], id="found_in_an_object"),
        pytest.param('{"a":[{"x":0},{"x":0},{"x":0}],"b":[{"id":1}]}', "b", [1], id="path_said"),
        pytest.param('{"id":1,"tags":[{"t":0},{"t":1}]}', ".", [1], id="the_object_itself"),
        pytest.param('{"id":1}\n{"id":2}\n', None, [1, 2], id="lines"),
        pytest.param('{\n "id": 1\n}\n{\n "id": 2\n}\n', None, [1, 2], id="objects_over_lines"),
        pytest.param('{"m":[{"id":1},{"id":2}]}\n{"m":[{"id":3}]}\n', "m", [1, 2, 3], id="batches_to_a_line"),
        pytest.param("\ufeff[]", None, [], id="empty_array"),
    ],
)
def test_rows_of_json_are_found_however_they_are_wrapped(
    tmp_path: Path, text: str, path: str | None, ids: list[int]
) -> None:
    with ForeignFile(wrote(tmp_path, text, name="in.json")) as file:
        rows = list(Table(file, Written(rows_at=path)).rows())
    assert [row.fields["id"] for row in rows if not isinstance(row.fields, RowError)] == ids
    assert len(rows) == len(ids)


def test_json_in_utf_16_is_read(tmp_path: Path) -> None:
    for text in ('{"id":"é"}\n{"id":"ü"}\n', '[{"id":"é"},{"id":"ü"}]'):
        rows = list(rows_of(wrote(tmp_path, text, "utf-16", "in.json")))
        assert [row.fields for row in rows] == [{"id": "é"}, {"id": "ü"}]


def test_an_array_that_is_cut_off_gives_what_is_whole_and_names_the_rest(tmp_path: Path) -> None:
    whole = json.dumps([{"id": n, "text": "no signal"} for n in range(50)])
    rows = list(rows_of(wrote(tmp_path, whole[:-40], name="in.json")))
    assert [row.fields for row in rows[:-1]] == [{"id": n, "text": "no signal"} for n in range(48)]
    assert isinstance(rows[-1].fields, RowError)
    assert rows[-1].fields.fault is Fault.NOT_JSON


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5), max_size=3), max_size=6))
def test_elements_of_an_array_come_out_as_they_went_in(elements: list[dict[str, object]]) -> None:
    for indent in (None, 1):
        assert [json.loads(value) for value in values_in(json.dumps(elements, indent=indent))] == elements


@given(st.text(alphabet='[]{},:"1a ', max_size=40))
def test_broken_json_ends_and_is_never_lost(text: str) -> None:
    values = list(values_in(text))
    assert bool(values) or not text.strip(" [],") or text.strip().startswith("[")


@pytest.mark.parametrize(
    ("head", "name"), [(b"PK\x03\x04rest", "in.xlsx"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "in.csv")]
)
def test_a_workbook_is_refused_with_what_to_do(tmp_path: Path, head: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(head)
    with pytest.raises(RecordingError, match="save it as CSV"):
        list(rows_of(tmp_path / name))


def test_a_pipe_is_read_though_it_can_be_read_once_only() -> None:
    reading, writing = os.pipe()
    os.write(writing, "a;b\n1;é\n".encode())
    os.close(writing)
    try:
        assert fields_of(list(rows_of(Path(f"/dev/fd/{reading}")))) == [["1", "é"]]
    finally:
        os.close(reading)


def test_a_delimiter_of_two_characters_is_refused() -> None:
    with pytest.raises(ConfigError, match="--delimiter ';;': must be one character"):
        character(";;", "--delimiter")

"""The reference's tables as people keep them: any program's CSV is read, and each mistake has its line."""

from pathlib import Path

import pytest

from pipeline.adapters.reference.folder import read_own_places
from pipeline.reference.gazetteer import Place, Postcode

AREA = "DE/NW/koeln"
ROWS = (
    "area,name,kind,lat,lon,population,names,postcodes\n"
    "DE/NW/koeln/muelheim,Mülheim,part,50.963,7.005,42000,Köln-Mülheim;Mölhem,51063\n"
    'DE/NW/koeln/deutz,"Deutz, rechts",part,50.94,6.975,,,\n'
)
OFFICE = (
    "sep=;\n"
    "area;name;kind;lat;lon;population;names;postcodes\n"
    'DE/NW/koeln/muelheim;Mülheim;part;50,963;7,005;42.000;"Köln-Mülheim;Mölhem";51063\n'
    "DE/NW/koeln/deutz;Deutz, rechts;part;50,94;6,975;;;\n"
).replace("\n", "\r\n")
TABS = ROWS.replace('"Deutz, rechts"', "Deutz# rechts").replace(",", " \t ").replace("#", ",")


def read(tmp_path: Path, data: bytes) -> tuple[list[Place], list[Postcode], list[str]]:
    path = tmp_path / "own_places.csv"
    path.write_bytes(data)
    problems: list[str] = []
    places, codes = read_own_places(path, {"DE", "DE/NW", AREA}, problems)
    return places, codes, [problem.removeprefix(str(path)) for problem in problems]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(ROWS.encode(), id="utf_8"),
        pytest.param(ROWS.encode("utf-8-sig"), id="with_a_mark"),
        pytest.param(ROWS.encode("cp1252"), id="cp1252"),
        pytest.param(ROWS.encode("utf-16"), id="utf_16"),
        pytest.param(OFFICE.encode("cp1252"), id="of_a_german_office"),
        pytest.param(OFFICE.encode("utf-8-sig"), id="of_a_newer_german_office"),
        pytest.param(OFFICE.replace("sep=;\r\n", "").encode(), id="semicolons_that_nobody_announced"),
        pytest.param(TABS.encode(), id="tabs"),
    ],
)
def test_a_table_is_read_as_any_program_writes_it(data: bytes, tmp_path: Path) -> None:
    places, codes, problems = read(tmp_path, data)
    assert problems == []
    assert [(place.name, place.lat, place.population, place.names) for place in places] == [
        ("Mülheim", 50.963, 42_000, ("Köln-Mülheim", "Mölhem")),
        ("Deutz, rechts", 50.94, 0, ()),
    ]
    assert [(code.code, code.area) for code in codes] == [("51063", "DE/NW/koeln/muelheim")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("name,lat\nX,1\n", ":1: has no column area; must have area, name, kind,", id="a_column_missing"),
        pytest.param("area,nom\nDE/NW/x,X\n", ":1: unknown column 'nom'; must have area, name,", id="a_column_of_ours"),
        pytest.param(
            'area,name\nDE/NW/x,"X\nDE/NW/y,Y\n',
            ':2: a quote (") opens a cell and does not close it',
            id="a_quote_that_stays_open",
        ),
        pytest.param("area,name\n\nDE/NW/x,X,Y,Z\n", ":3: has 4 cells, the header has 2", id="too_many_cells"),
        pytest.param("area,name,population\nDE/NW/x,X,many\n", ":2: population: 'many' is no number", id="no_number"),
        pytest.param(
            'area,name,lat\nDE/NW/x,"X\nY",95\n', ":2: lat 95.0, lon None: must be degrees", id="out_of_range"
        ),
    ],
)
def test_each_mistake_is_told_with_its_line(text: str, told: str, tmp_path: Path) -> None:
    _, _, problems = read(tmp_path, text.encode())
    assert any(problem.startswith(told) for problem in problems), problems


def test_a_row_behind_an_open_quote_is_not_lost(tmp_path: Path) -> None:
    places, _, problems = read(tmp_path, b'area,name\nDE/NW/x,"X\nDE/NW/y,Y\nDE/NW/z,Z\n')
    assert [place.name for place in places] == ["Y", "Z"]
    assert len(problems) == 1


def test_a_workbook_is_named_as_one(tmp_path: Path) -> None:
    _, _, problems = read(tmp_path, b"PK\x03\x04" + bytes(40))
    assert "save it as CSV" in problems[0]


def test_an_empty_table_has_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path, b"\n\n") == ([], [], [])

"""Which French town is in which département: names first, then neighbours."""

from typing import Any

from pipeline.adapters.reference.gazetteer.departements import departements


def row(ident: int, name: str, lat: float, lon: float, population: int = 900) -> dict[str, Any]:
    return {
        "geonameid": ident,
        "name": name,
        "latitude": lat,
        "longitude": lon,
        "population": population,
        "admin1code": "84",
        "alternatenames": [],
    }


def commune(name: str, departement: str, population: int = 900) -> dict[str, Any]:
    return {"nom": name, "departement": departement, "region": "84", "population": population}


COMMUNES = [
    *(commune(f"Ain-{n}", "01") for n in range(9)),
    *(commune(f"Drôme-{n}", "26") for n in range(9)),
    commune("Chavannes", "26"),
    commune("Chavannes", "01"),
    commune("Lyon", "26", 15),
]
AIN = [row(n, f"Ain-{n}", 46.0 + n / 100, 5.2) for n in range(9)]
DROME = [row(100 + n, f"Drome {n}", 44.9 + n / 100, 5.0) for n in range(9)]


def test_a_name_of_one_departement_decides_and_accents_do_not_matter() -> None:
    found = departements([*AIN, *DROME], COMMUNES)
    assert {found[n] for n in range(9)} == {"01"}
    assert {found[100 + n] for n in range(9)} == {"26"}


def test_among_namesakes_the_neighbours_decide() -> None:
    rows = [*AIN, *DROME, row(500, "Chavannes", 46.01, 5.21), row(501, "Chavannes", 44.91, 5.01)]
    found = departements(rows, COMMUNES)
    assert (found[500], found[501]) == ("01", "26")


def test_a_place_that_is_no_commune_is_where_its_neighbours_are() -> None:
    assert departements([*AIN, row(600, "Hameau", 46.02, 5.21)], COMMUNES)[600] == "01"


def test_a_far_namesake_of_another_size_is_not_believed() -> None:
    found = departements([*AIN, row(700, "Lyon", 46.02, 5.21, population=40_000)], COMMUNES)
    assert found[700] == "01"

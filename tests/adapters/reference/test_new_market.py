"""A country that does not come along: files and commands alone, from the first ticket to the notices."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner, Result

from pipeline.adapters.cli.app import app
from pipeline.adapters.reference.checking import lacks_of
from pipeline.adapters.reference.folder import load_operators, load_places, reference_folder
from pipeline.adapters.reference.language import read_lexicon
from pipeline.adapters.reference.markets import read_market
from pipeline.adapters.reference.own_market.starting import skeleton
from pipeline.ingest.text.understand import TextRules
from pipeline.records.errors import ConfigError

BEGAN: Final = datetime(2025, 5, 6, 6, 0, tzinfo=UTC)
Rows = Sequence[Mapping[str, str]]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reference of one's own with both examples."""
    folder = tmp_path_factory.mktemp("reference") / "mine"
    for market in ("BE", "CA"):
        answer = tocsin("reference", "new-market", market, "-o", str(folder))
        assert answer.exit_code == 0, answer.output
    return folder


def tocsin(*words: str) -> Result:
    return CliRunner().invoke(app, words, env={"COLUMNS": "200"}, prog_name="tocsin")


def replayed(kind: str, rows: Rows, reference: Path, folder: Path) -> tuple[list[Any], list[Any]]:
    """What rows lead to: the last revision of each incident, and all notices."""
    settings = folder / "tocsin.toml"
    settings.write_text(f'[reference]\nfolder = "{reference}"\n', "utf-8")
    raw, recording, out = folder / "rows.jsonl", folder / "rows.jsonl.zst", folder / "run"
    raw.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    told = ("-c", str(settings))
    imported = tocsin("import", str(raw), "--kind", kind, "-o", str(recording), *told)
    assert imported.exit_code == 0, imported.output
    run = tocsin("replay", str(recording), "-o", str(out), *told)
    assert run.exit_code == 0, run.output
    incidents: dict[str, Any] = {}
    for value in values_of(out / "incidents.jsonl"):
        incidents[value["incident_id"]] = value
    return list(incidents.values()), values_of(out / "notices.jsonl")


def values_of(path: Path) -> list[Any]:
    return [json.loads(line)["value"] for line in path.read_text("utf-8").splitlines()]


def tickets(operator: str, *rows: Mapping[str, str]) -> Rows:
    """Two quiet tickets, the ones that matter from two hours on, and the end of the day."""
    quiet = {"text": "facture"}
    hours = [0.0, *(2 + number / 60 for number in range(len(rows))), 5.0]
    return [
        {
            "ticket_id": f"t{number}",
            "operator": operator,
            "customer": f"c{number}",
            "opened_at": (BEGAN + timedelta(hours=hour)).isoformat(),
            **row,
        }
        for number, (hour, row) in enumerate(zip(hours, (quiet, *rows, quiet), strict=True))
    ]


def posts(operator: str, *texts: str) -> Rows:
    """The same for posts, one a minute."""
    told = ["mooi weer", *texts, "mooi weer"]
    hours = [0.0, *(2 + number / 60 for number in range(len(texts))), 5.0]
    return [
        {
            "post_id": f"p{number}",
            "platform": "x",
            "author": f"a{number}",
            "operator": operator,
            "posted_at": (BEGAN + timedelta(hours=hour)).isoformat(),
            "text": text,
        }
        for number, (hour, text) in enumerate(zip(hours, told, strict=True))
    ]


@pytest.mark.parametrize(
    ("row", "area"),
    [
        pytest.param(
            {"text": "De noodcentrale 112 is niet bereikbaar", "place": "Leuven"}, "BE/VLG/leuven", id="in_dutch"
        ),
        pytest.param(
            {"text": "Impossible de joindre le 112, ça coupe", "place": "Anvers"}, "BE/VLG/antwerpen", id="in_french"
        ),
        pytest.param({"text": "Der Notruf 112 geht nicht", "place": "Eupen"}, "BE/WAL/eupen", id="in_german"),
        pytest.param({"text": "Kan de 101 niet bellen in Mechelen"}, "BE/VLG/mechelen", id="the_place_is_in_the_text"),
        pytest.param({"service": "emergency", "postcode": "B-8000", "intake": "bot"}, "BE/VLG/brugge", id="a_code"),
    ],
)
def test_an_emergency_in_belgium_is_an_incident_in_any_of_its_languages(
    row: Mapping[str, str], area: str, reference: Path, tmp_path: Path
) -> None:
    incidents, notices = replayed("tickets", tickets("proximus", row), reference, tmp_path)
    assert [incident["market"] for incident in incidents] == ["BE"]
    assert incidents[0]["emergency"]["affected"]
    assert [place["area"] for place in incidents[0]["areas"]] == [area]
    assert incidents[0]["summary"]["headline"]["more"]["nl"].startswith(("Storing bij Proximus", "Proximus: "))
    assert {notice["language"] for notice in notices} == {"nl", "fr", "de"}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"text": "Bel 112 als u in nood bent"}, id="advice_in_dutch"),
        pytest.param({"text": "Mon téléphone affiche appels d'urgence uniquement"}, id="what_a_phone_shows"),
        pytest.param({"text": "Betaalde 112 euro en kan niet bellen"}, id="a_price"),
        pytest.param({"text": "Impossible d'appeler le 911"}, id="a_number_of_another_market"),
    ],
)
def test_what_is_no_emergency_in_belgium_opens_nothing(row: Mapping[str, str], reference: Path, tmp_path: Path) -> None:
    assert replayed("tickets", tickets("proximus", row), reference, tmp_path) == ([], [])


def test_french_911_in_canada_is_an_emergency_told_in_english_and_french(reference: Path, tmp_path: Path) -> None:
    rows = posts(
        "rogers",
        "Impossible d'appeler le 911 à Laval, panne chez Rogers",
        "le 911 est injoignable à Laval avec Rogers",
    )
    incidents, notices = replayed("mentions", rows, reference, tmp_path)
    assert [(row["market"], row["operators"][0]["operator"]) for row in incidents] == [("CA", "rogers")]
    assert incidents[0]["emergency"]["numbers"] == ["911"]
    assert [place["area"] for place in incidents[0]["areas"]] == ["CA/QC/laval"]
    assert {notice["language"] for notice in notices} == {"en", "fr"}


@pytest.fixture(scope="module")
def reader(reference: Path) -> TextRules:
    operators, places = load_operators(reference), load_places(reference=reference)
    lexicon = read_lexicon(reference / "lexicon")
    return TextRules.compile(lexicon, places.names(), operators.aliases(), markets=operators.markets.values())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("Rogers network is down again in Toronto", ("rogers",), id="a_word_of_the_trade"),
        pytest.param("No internet with Rogers since noon", ("rogers",), id="before_it"),
        pytest.param("Plus de réseau chez Rogers à Montréal", ("rogers",), id="in_french"),
        pytest.param("Aaron Rogers is down with an injury", (), id="a_quarterback"),
        pytest.param("Great night at Rogers Centre, phone in hand", (), id="a_stadium"),
        pytest.param("Love Mr Rogers and his neighbourhood", (), id="nothing_beside_it"),
    ],
)
def test_a_name_of_people_is_an_operator_only_beside_what_its_file_says(
    reader: TextRules, text: str, named: tuple[str, ...]
) -> None:
    assert reader.understand(text, market="CA").operators == named


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Geen internet in Antwerpen", "BE/VLG/antwerpen"),
        ("Plus d'internet à Anvers depuis ce matin", "BE/VLG/antwerpen"),
        ("Panne à Bruxelles", "BE/BRU/brussel"),
        ("Storing in Brussel", "BE/BRU/brussel"),
        ("Storing in Luik, alles plat", "BE/WAL/liege"),
        ("Kein Netz in Lüttich", "BE/WAL/liege"),
    ],
)
def test_a_town_is_known_by_its_names_in_all_languages_of_its_country(reader: TextRules, text: str, area: str) -> None:
    assert reader.understand(text, market="BE").area == area


def test_bruxelles_is_no_place_of_france(reader: TextRules) -> None:
    assert reader.understand("Panne à Bruxelles", lang="fr", market="FR").area is None


def test_postcodes_are_known_by_what_people_write(reference: Path) -> None:
    places = load_places(reference=reference)
    assert places.by_postcode("BE", "9000") == places.by_postcode("BE", "B-9000") == "BE/VLG/gent"
    assert places.by_postcode("CA", "m5v 2t6") == "CA/ON/toronto"
    assert places.by_postcode("BE", "0001") is None


def test_the_examples_lack_nothing_and_so_does_what_comes_along(reference: Path) -> None:
    for folder in (reference, reference_folder()):
        assert [lack for lack in lacks_of(folder) if lack.weight == "missing"] == []


def test_check_names_all_that_a_new_market_lacks(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert tocsin("reference", "new-market", "PT", "-o", str(folder)).exit_code == 0
    market = folder / "markets" / "PT.toml"
    text = market.read_text("utf-8").replace('holidays = "PT"', 'holidays = "PT/XX"')
    market.write_text(text, "utf-8")
    for path in (folder / "places").iterdir():
        path.unlink()
    answer = tocsin("reference", "check", "--set", f"reference.folder={folder}")
    assert answer.exit_code == 1
    told = answer.output
    for lack in (
        "no lexicon/pt.toml",
        "no wording/pt.toml",
        "no emergency_numbers",
        "holidays = 'PT/XX'",
        "no place at all",
        "no aliases",
        "write its id and name",
        "no customers",
    ):
        assert lack in told, lack


def test_a_skeleton_is_a_market_file_of_any_country(tmp_path: Path) -> None:
    for country in ("NL", "IE", "AU"):
        path = tmp_path / f"{country}.toml"
        path.write_text(skeleton(country), "utf-8")
        file = read_market(path)
        assert file.market.time_zone.partition("/")[0] in ("Europe", "Australia")
        assert file.region
    assert tomllib.loads(skeleton("AU"))["market"]["currency"] == "AUD"
    with pytest.raises(ConfigError, match="must be the ISO 3166-1 code"):
        skeleton("XX")

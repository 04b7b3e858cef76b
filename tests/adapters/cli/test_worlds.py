"""Simulate and import: recordings from nothing and from an operator's own files."""

import csv
import json
from pathlib import Path

import pytest

from pipeline.adapters.cli.exits import Exit
from pipeline.adapters.recordings.reader import open_recording
from tests.adapters.cli.conftest import Run

DAYS = "0.65"  # the morning of the outage: the shortest world of this scenario


@pytest.mark.timeout(600)
def test_the_same_seed_gives_the_same_recording_and_truth(tocsin: Run, tmp_path: Path) -> None:
    for name, seed in (("one", "1"), ("two", "1"), ("other", "2")):
        made = tocsin("simulate", "netcologne-2025", "--seed", seed, "--days", DAYS, "-o", f"{name}.jsonl.zst")
        assert made.returncode == 0, made.stderr
    one, two, other = ((tmp_path / f"{name}.jsonl.zst").read_bytes() for name in ("one", "two", "other"))
    assert one == two != other
    assert (tmp_path / "one.truth.json").read_bytes() == (tmp_path / "two.truth.json").read_bytes()
    assert json.loads((tmp_path / "one.truth.json").read_bytes())["outages"]
    assert open_recording(tmp_path / "one.jsonl.zst").verify().records > 10_000


def test_a_recording_is_not_overwritten_unless_asked(tocsin: Run, night: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.jsonl.zst"
    there.write_bytes(night.read_bytes())
    refused = tocsin("simulate", "netcologne-2025", "--days", DAYS, "-o", str(there))
    assert refused.returncode == Exit.USAGE
    assert "replace it with --force" in refused.stderr
    assert there.read_bytes() == night.read_bytes()


def test_scenarios_are_listed_and_described(tocsin: Run) -> None:
    listed = tocsin("simulate", "--list", "--format", "json")
    described = tocsin("simulate", "netcologne-2025", "--describe")
    worlds = {row["scenario"]: row for row in map(json.loads, listed.stdout.splitlines())}
    assert worlds["netcologne-2025"]["kind"] == "outage"
    assert worlds["netcologne-2025"]["seconds"] == 8 * 86_400
    assert {row["kind"] for row in worlds.values()} >= {"outage", "trap"}
    assert "470,000 customers" in described.stdout
    assert "netcologne acknowledgement: Aktuell haben wir" in described.stdout


def test_a_world_is_drawn_with_its_rates_and_truth(tocsin: Run, tmp_path: Path) -> None:
    words = ("simulate", "netcologne-2025", "--days", DAYS)
    drawn = tocsin(*words, "--describe", "--picture", "pictures/world.svg")
    assert drawn.returncode == 0, drawn.stderr
    assert "up to 470,000" in (tmp_path / "pictures" / "world.svg").read_text("utf-8")
    assert tocsin(*words, "--picture", "world.svg").returncode == Exit.USAGE
    unknown = tocsin(*words, "--describe", "--picture", "world.gif")
    assert unknown.returncode == Exit.USAGE
    assert "must end in .svg" in unknown.stderr


def test_a_name_that_is_nearly_right_gets_the_right_one(tocsin: Run) -> None:
    assert "did you mean fibre-cut?" in tocsin("simulate", "Fibre_cut", "--describe").stderr
    assert "known are at-night" in tocsin("simulate", "xyz", "--describe").stderr


def test_import_maps_fields_and_keeps_what_it_rejects(tocsin: Run, tmp_path: Path) -> None:
    with (tmp_path / "calls.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["when", "calls"])
        rows.writerows([["2025-02-12 09:00", 7], ["2025-02-12 09:05", 9], ["yesterday", 3]])
        rows.writerows([[f"2025-02-12 1{number}:00", 5] for number in range(8)])
    words = ("--kind", "counts", "--map", "observed_at=when", "--map", "value=calls", "--set", "metric=calls_offered")
    more = ("--set", "operator=netcologne", "--set", "area=DE/NW", "--time-format", "%Y-%m-%d %H:%M")
    zoned = (*more, "--time-zone", "Europe/Berlin", "-o", "calls.jsonl.zst", "--format", "json")
    made = tocsin("import", "calls.csv", *words, *zoned)
    assert made.returncode == 0, made.stderr
    assert sum(json.loads(made.stdout)["rejected"].values()) == 1
    assert "yesterday" in (tmp_path / "calls.rejected.jsonl").read_text()
    taken = [record.timestamp for record in open_recording(tmp_path / "calls.jsonl.zst").records()]
    assert (taken[:2], len(taken)) == ([1_739_347_200_000, 1_739_347_500_000], 10)

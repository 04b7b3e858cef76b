"""Worlds to look at: the bundled scenario, and small ones cut out of it."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.simulate.simulate import SimulatedRecord, simulate
from pipeline.simulate.spec.parse import Scenario, parse_toml, scenario_of

ROOT = Path(__file__).parents[2] / "pipeline" / "simulate"
Document = dict[str, Any]


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def encode(body: object) -> bytes:
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def document_of(name: str = "netcologne-2025") -> Document:
    return parse_toml(name, read(f"scenarios/{name}.toml"))


def texts_of(language: str = "de") -> Document:
    return parse_toml(language, read(f"texts/{language}.toml"))


def scenario_with(*changes: Callable[[Document], object]) -> Scenario:
    """The bundled scenario after changes of its document."""
    document = copy.deepcopy(document_of())
    for change in changes:
        change(document)
    return scenario_of(document, texts_of())


def only(document: Document, *towns: str) -> None:
    """Leave only some towns in a scenario."""
    document["areas"] = [area for area in document["areas"] if area["id"].rpartition("/")[2] in towns]
    kept = {area["id"] for area in document["areas"]}
    operators = {area["operator"] for area in document["areas"]}
    for feed in document["feeds"]:
        if "operators" in feed:
            feed["operators"] = [operator for operator in feed["operators"] if operator in operators]
    for outage in document["outages"]:
        outage["areas"] = [area for area in outage["areas"] if area["area"] in kept]
        outage["threads"] = [thread for thread in outage["threads"] if thread["area"] in kept]


def records_of(scenario: Scenario, seed: int = 1, days: float | None = 1.0) -> list[SimulatedRecord]:
    return list(simulate(scenario, seed, days, encode=encode))


@pytest.fixture(scope="session")
def netcologne() -> Scenario:
    return scenario_with()


@pytest.fixture(scope="session")
def day(netcologne: Scenario) -> list[SimulatedRecord]:
    """The day of the outage, as seed 1 has it."""
    return records_of(netcologne)

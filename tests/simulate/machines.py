"""Small worlds of machines, without people: what telemetry and the call centre are tested on."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from statistics import fmean, stdev
from typing import Any

from pipeline.records.clocks import format_instant, parse_instant
from pipeline.simulate.network.telemetry import telemetry_streams
from pipeline.simulate.spec.parse import scenario_of
from pipeline.simulate.world.rhythm import LocalClock
from pipeline.simulate.world.world import Sent, World
from tests.simulate.conftest import Document, texts_of

HOUR = 3_600_000
DAY = 24 * HOUR
BERLIN = LocalClock("Europe/Berlin")
BEGIN = "2025-03-03T00:00"
KOELN, BONN = "DE/NW/koeln", "DE/NW/bonn"


@cache
def texts() -> Document:
    return texts_of()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def at(text: str) -> int:
    """Milliseconds since 1970 of a local time in Germany."""
    return BERLIN.instant_of(local(text))


def stamp(text: str) -> str:
    """A local time in Germany as a record has it."""
    return format_instant(at(text))


def area(area_id: str, operator: str = "alpha", **customers: int) -> Document:
    names = [area_id.rpartition("/")[2].title()]
    return {
        "id": area_id,
        "operator": operator,
        "customers": customers or {"broadband": 10_000, "tv": 4_000},
        "spellings": names,
        "hashtags": names,
        "postcodes": ["50667"],
    }


def feed(*metrics: Document, name: str = "probes", **more: object) -> Document:
    return {
        "name": name,
        "interval_seconds": 60,
        "delay": {"median_ms": 1_000.0, "spread": 0.3, "max_ms": 9_000},
        "rhythm": "day",
        "metrics": list(metrics),
        **more,
    }


def metric(name: str = "success_ratio", **more: object) -> Document:
    usual = {"unit": "ratio", "service": "broadband", "base": 0.95, "down": 0.05, "noise": 0.01}
    return {"name": name, **usual, **more}


def outage(begins: str, ends: str, **more: object) -> Document:
    """An outage that is as deep at once as it will be: a minute down, a minute up."""
    first, last = local(begins), local(ends)
    curve = [
        {"at": first, "share": 0.0},
        {"at": first + timedelta(minutes=1), "share": 1.0},
        {"at": last - timedelta(minutes=1), "share": 1.0},
        {"at": last, "share": 0.0},
    ]
    usual = {
        "id": "outage",
        "cause": "hardware_failure",
        "nature": "technical",
        "extent": "localised",
        "where": [KOELN],
        "services": {"broadband": 1.0},
    }
    return {**usual, "curve": curve, **more}


def world(
    *feeds: Document, seed: int = 1, days: float | None = None, ends: str = "2025-03-05T00:00", **more: Any
) -> World:
    """A world of two days, two towns, and three operators in one of them."""
    document = {
        "name": "machines",
        "title": "Machines",
        "market": "DE",
        "time_zone": "Europe/Berlin",
        "language": "de",
        "texts": "de",
        "starts_at": datetime.fromisoformat(BEGIN),
        "ends_at": datetime.fromisoformat(ends),
        "rhythms": {
            "flat": {"hours": [1.0] * 24, "weekdays": [1.0] * 7},
            "day": {"hours": [0.5] * 6 + [1.0] * 12 + [1.5] * 6, "weekdays": [1.0] * 7},
        },
        "operators": [
            {"id": "alpha", "role": "primary", "spellings": ["Alpha"]},
            {"id": "guest", "role": "hosted", "host": "alpha", "spellings": ["Guest"]},
            {"id": "rival", "role": "rival", "spellings": ["Rival"]},
        ],
        "areas": [area(KOELN), area(BONN), area(KOELN, "guest"), area(KOELN, "rival")],
        "feeds": list(feeds),
        **more,
    }
    return World(scenario_of(document, texts()), seed, days)


def sent(place: World) -> list[Sent]:
    """All telemetry of a world, collector by collector."""
    return [record for _, moments in telemetry_streams(place) for moment in moments for record in moment.records]


def readings(place: World, **fields: object) -> list[Document]:
    """Bodies of telemetry with these fields, in order of collector and time."""
    return [one.body for one in sent(place) if fields.items() <= one.body.items()]


def values(place: World, **fields: object) -> list[float]:
    return [body["value"] for body in readings(place, **fields)]


def between(bodies: list[Document], begins: str, ends: str) -> Iterator[Document]:
    first, last = at(begins), at(ends)
    return (body for body in bodies if first <= parse_instant(body["observed_at"]) < last)


def assert_mean(found: list[float], expected: float) -> None:
    """The mean lies within five standard errors of what it should be; independent figures, at least 100."""
    assert len(found) >= 100
    error = stdev(found) / len(found) ** 0.5
    assert abs(fmean(found) - expected) < 5 * error, f"{fmean(found)}, expected {expected} +- {error}"

"""What `--describe` tells of a world is what its file says, and when it could first be seen."""

import pytest

from pipeline.records.clocks import format_instant
from pipeline.simulate.answer import truth_of
from pipeline.simulate.telling import description
from tests.simulate.small import MINUTE, NOON, Document, outage, world

SILENT = {"share": 0.0}


def fault(kind: str, start: str, end: str, **fields: object) -> Document:
    times = {"starts_at": f"2025-03-12T{start}:00", "ends_at": f"2025-03-12T{end}:00"}
    return {"id": "gone", "kind": kind, "feed": "access", **times, **fields}


@pytest.mark.parametrize(
    ("faults", "minutes"),
    [
        ([], 1),
        ([fault("dead", "11:00", "12:30")], 30),
        ([fault("stuck", "11:00", "12:30")], 30),
        ([fault("dead", "11:00", "12:30", targets=["DE/NW/bonn"])], 1),
        ([fault("dead", "11:00", "12:30", metric="success")], 30),
        ([fault("dead", "11:00", "23:00")], None),
    ],
)
def test_a_feed_that_fails_shows_nothing(faults: list[Document], minutes: int | None) -> None:
    made = world(outages=[outage()], faults=faults, mentions=SILENT, tickets=SILENT)
    seen = truth_of(made).outages[0].visible_at
    assert (seen is None) == (minutes is None)
    if seen is not None and minutes is not None:
        assert NOON + (minutes - 1) * MINUTE < seen <= NOON + minutes * MINUTE


def test_all_that_a_file_says_is_told() -> None:
    surge = {
        "id": "match",
        "starts_at": "2025-03-13T20:00:00",
        "ends_at": "2025-03-13T22:00:00",
        "posts": {"football": 90.0},
        "load": 1.4,
    }
    hit = outage(emergency_numbers=["112"], severity="critical", blamed=["rival"], measured=0.5)
    made = world(outages=[hit], surges=[surge], faults=[fault("dead", "13:00", "14:00", metric="success")])
    told = "\n".join(description(made, truth_of(made), format_instant))
    for part in (
        "80,000 customers, broadband, 2 areas, visible from 2025-03-12T11:00",
        "where: DE/NW/koeln; general",
        "what: outage, cause software_fault, nature technical, severity critical; cannot be called: 112",
        "who: home (primary), guest (hosted); blamed: rival",
        "course: 0% at 2025-03-12T11:00:00.000Z, 100% at 2025-03-12T11:10:00.000Z",
        "figures show 50% of it",
        "complaints in its first hour",
        "surge: match, 2025-03-13T19:00:00.000Z to 2025-03-13T21:00:00.000Z: 90 posts of kind football an hour, load",
        "feed access success is dead: 2025-03-12T12:00:00.000Z to 2025-03-12T13:00:00.000Z",
    ):
        assert part in told, told


def test_how_loud_an_outage_will_be() -> None:
    quiet = world(outages=[outage(reaction=0.01)])
    loud = world(outages=[outage(reaction=1.0)])
    counts = []
    for made in (quiet, loud):
        line = next(line for line in description(made, truth_of(made), format_instant) if "first hour" in line)
        counts.append(int(line.split("about ")[1].split()[0]))
    assert counts[0] * 50 < counts[1]
    assert counts[1] > 100

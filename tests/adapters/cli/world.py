"""Half an hour of a made-up night: tickets that name the emergency number, figures, and records that cannot be used."""

from pathlib import Path
from typing import Final

from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.recordings.format import Manifest, RecordedRecord, raw_topics
from pipeline.adapters.recordings.writer import write_recording
from pipeline.records.clocks import format_instant

BEGAN_MS: Final = 1_739_350_800_000
LANES: Final = 2
MINUTES: Final = 30
TEXTS: Final = (
    "Notruf 112 ist nicht erreichbar, kein Freizeichen, NetCologne in Köln",
    "Internet und Telefon sind seit heute Morgen komplett ausgefallen",
    "Kein Fernsehen, kein Internet in Köln-Ehrenfeld, was ist los?",
)


def write_world(path: Path) -> Path:
    """Write the recording; the same bytes each time."""
    manifest = Manifest(created=format_instant(BEGAN_MS), tool="test", topics=raw_topics(LANES))
    offsets: dict[tuple[str, int], int] = {}
    with_places = []
    for stamp, topic, partition, value in sorted(_records(), key=lambda one: (one[0], _rank(one[1]), one[2])):
        offset = offsets.get((topic, partition), 0)
        offsets[topic, partition] = offset + 1
        with_places.append(
            RecordedRecord(
                topic=topic, partition=partition, offset=offset, timestamp=stamp, key=b"k", headers=(), value=value
            )
        )
    write_recording(path, manifest, with_places)
    return path


def _rank(topic: str) -> int:
    return ("telemetry", "tickets", "mentions", "commands").index(topic)


def _records() -> list[tuple[int, str, int, bytes]]:
    records = []
    for minute in range(MINUTES):
        at = BEGAN_MS + minute * 60_000
        reading = {
            "operator": "netcologne",
            "observed_at": format_instant(at),
            "metric": "registration_success_ratio",
            "value": 0.99,
            "unit": "ratio",
            "area": "DE/NW/koeln",
            "attempts": 500,
        }
        records.append((at + 500, "telemetry", minute % LANES, encode(reading)))
        for number in range(3 if minute > 5 else 0):
            opened = at + number * 17_000
            ticket = {
                "ticket_id": f"T{minute}-{number}",
                "operator": "netcologne",
                "opened_at": format_instant(opened),
                "text": TEXTS[number],
                "area": "DE/NW/koeln",
                "customer": f"c{minute}-{number}",
                "lang": "de",
            }
            records.append((opened + 900, "tickets", number % LANES, encode(ticket)))
    records.append((BEGAN_MS + 90_000, "mentions", 0, b"{"))
    records.append((BEGAN_MS + 95_000, "telemetry", 1, b'{"operator":"nobody","metric":"x"}'))
    return records

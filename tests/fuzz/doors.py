"""The doors that are fuzzed: for each its good inputs, how an input is sent in, and which errors are allowed ends."""

import hashlib
import io
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import zstandard

from pipeline.adapters.codecs.raw import decode_batch
from pipeline.adapters.codecs.unpacking import unpacked
from pipeline.adapters.recordings.format import Manifest, RecordedRecord, RecordingError, raw_topics
from pipeline.adapters.recordings.intake.importing import read_streams
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import write_recording
from pipeline.adapters.reference.belief import load_belief, load_durations, load_kinds
from pipeline.adapters.reference.folder import (
    load_elements,
    load_metrics,
    load_operators,
    read_own_places,
    reference_folder,
)
from pipeline.adapters.reference.language import read_lexicon
from pipeline.adapters.reference.wording import read_wording
from pipeline.adapters.settings.loading import load_settings
from pipeline.ingest.text.masking import masked
from pipeline.records.errors import ConfigError
from pipeline.reference.gazetteer import Place
from pipeline.reference.operators import Operators
from pipeline.reference.places import Places
from pipeline.simulate.spec.parse import load_document, load_scenario
from tests.fuzz import tables, web
from tests.fuzz.door import Door

ROOT = Path(__file__).parents[2]
SIMULATE = ROOT / "pipeline" / "simulate"
SCENARIO = "at-night"
SOURCES = ("telemetry", "tickets", "mentions", "commands")
STREAMS = b'[[stream]]\ninputs = ["a.csv"]\nkind = "tickets"\n[stream.time]\nformat = "%Y"\nzone = "Europe/Berlin"\n'


SMALL = Places.from_rows(
    [
        Place(area=area, name=area, kind=kind, lat=50.9, lon=6.9)
        for area, kind in (
            ("DE", "nation"),
            ("DE/NW", "region"),
            ("DE/NW/bonn", "town"),
            ("DE/NW/rhein-sieg-kreis", "district"),
            ("DE/NW/rhein-sieg-kreis/siegburg", "town"),
        )
    ],
    [],
)


def _settings(folder: Path, data: bytes) -> None:
    path = folder / "tocsin.toml"
    path.write_bytes(data)
    load_settings(path, {}, needs_kafka=False)


def _streams(folder: Path, data: bytes) -> None:
    path = folder / "streams.toml"
    path.write_bytes(data)
    read_streams(path)


def _reference(name: str, load: Callable[[Path], object], folder: Path, data: bytes) -> None:
    own = folder / "reference"
    if not own.is_dir():
        shutil.copytree(reference_folder(), own, ignore=shutil.ignore_patterns("gazetteer"))
    path = own / name
    good = path.read_bytes()
    path.write_bytes(data)
    try:
        load(own)
    finally:
        path.write_bytes(good)


def _elements(operators: Operators, folder: Path, data: bytes) -> None:
    path = folder / "elements.csv"
    path.write_bytes(data)
    load_elements(folder, operators=operators, places=SMALL)


def _own_places(folder: Path, data: bytes) -> None:
    path, problems = folder / "own_places.csv", list[str]()
    path.write_bytes(data)
    read_own_places(path, {"DE", "DE/NW", "DE/NW/koeln"}, problems)
    if any(not problem.startswith(str(path)) for problem in problems):
        raise AssertionError(f"a mistake without its file: {problems}")


def _scenario(_folder: Path, data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    own = f"scenarios/{SCENARIO}.toml"

    def read(name: str) -> str:
        return text if name == own else (SIMULATE / name).read_text("utf-8")

    load_document(SCENARIO, read)
    load_scenario(SCENARIO, read)


def _raw(_folder: Path, data: bytes) -> None:
    headers = (("content-type", b"application/cloudevents+json"),) if len(data) % 2 else ()
    for source in SOURCES:
        record = RecordedRecord(
            topic=source, partition=0, offset=0, timestamp=0, key=data[:8], value=data, headers=headers
        )
        outcomes = decode_batch(source, [record, record])
        if len(outcomes) != 2:
            raise AssertionError(f"{source}: two records in, {len(outcomes)} outcomes")


def _recording(folder: Path, data: bytes) -> None:
    """Pack the lines; every other input gets the right checksum, so that its records are read, too."""
    lines = data.splitlines(keepends=True)
    if len(data) % 2 and len(lines) > 2:
        digest = hashlib.sha256(b"".join(lines[1:-1])).hexdigest().encode()
        lines[-1] = b'{"end":true,"records":%d,"heartbeats":0,"sha256":"%s","more":false}\n' % (len(lines) - 2, digest)
    path = folder / "fuzzed.jsonl.zst"
    path.write_bytes(zstandard.compress(b"".join(lines)))
    recording = open_recording(path)
    recording.verify()
    list(recording.records())


def _recorded() -> bytes:
    """Lines of a good recording with a ticket and a record that is no JSON."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "good.jsonl.zst"
        records = [
            RecordedRecord(
                topic="tickets",
                partition=0,
                offset=offset,
                timestamp=offset,
                key=b"k",
                value=value,
                headers=(("h", b"x"),),
            )
            for offset, value in enumerate((b'{"id":"T1"}', b"\xff\x00", b'{"id":"T2"}'))
        ]
        write_recording(path, Manifest(created="2025-01-01T00:00:00Z", tool="fuzz", topics=raw_topics(1)), records)
        return b"".join(unpacked(io.BytesIO(path.read_bytes()), ".zst"))


def _text(_folder: Path, data: bytes) -> None:
    masked(data.decode("utf-8", "replace"))


_TABLES: Final[Mapping[str, Callable[[Path], object]]] = {
    "operators": load_operators,
    "metrics": load_metrics,
    "belief": load_belief,
    "durations": load_durations,
    "explanations": load_kinds,
}
"""Tables of the reference that are one file each, and what opens them."""


def doors() -> dict[str, Door]:
    """Make all doors, by name."""
    reference = reference_folder()
    raw = [
        path.read_bytes()
        for source in SOURCES
        for path in sorted((ROOT / "schemas" / "examples" / source).rglob("*.json"))
    ]
    settings = (ROOT / "deploy" / "tocsin.example.toml").read_bytes()
    return {
        "settings": Door([settings, settings.replace(b"\n# ", b"\n")], _settings, (ConfigError,)),
        "streams": Door([STREAMS], _streams, (ConfigError,)),
        **{
            name: Door(
                [(reference / f"{name}.toml").read_bytes()], partial(_reference, f"{name}.toml", load), (ConfigError,)
            )
            for name, load in _TABLES.items()
        },
        "elements": Door(
            [(reference / "elements.example.csv").read_bytes()],
            partial(_elements, load_operators(reference)),
            (ConfigError,),
        ),
        "own_places": Door(
            [text := (reference / "own_places.example.csv").read_bytes(), text.decode().encode("utf-16")], _own_places
        ),
        "scenario": Door([(SIMULATE / "scenarios" / f"{SCENARIO}.toml").read_bytes()], _scenario, (ConfigError,)),
        "raw": Door(raw, _raw),
        "recordings": Door([_recorded()], _recording, (RecordingError,)),
        "lexicon": Door(
            [(reference / "lexicon" / "en.toml").read_bytes()],
            partial(_reference, "lexicon/en.toml", lambda folder: read_lexicon(folder / "lexicon")),
            (ConfigError,),
        ),
        "wording": Door(
            [(reference / "wording" / "en.toml").read_bytes()],
            partial(_reference, "wording/en.toml", lambda folder: read_wording(folder / "wording")),
            (ConfigError,),
        ),
        **tables.doors(),
        **web.doors(),
        "texts": Door([b"@max o2 kaputt max@example.org 06 12 34 56 78 https://example.org"], _text),
    }

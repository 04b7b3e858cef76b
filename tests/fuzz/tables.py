"""The doors of foreign tables and of texts: import, INGEST's lane, and the rules that read what people write."""

import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import zstandard

from pipeline.adapters.recordings.format import RecordingError
from pipeline.adapters.recordings.intake.importing import ImportOptions, import_recording
from pipeline.adapters.recordings.intake.kinds import Stream
from pipeline.adapters.reference.folder import gazetteer_folder, load_operators, load_places, reference_folder
from pipeline.adapters.reference.texts import TextSources, kept_for, text_rules
from pipeline.adapters.shipped import cache_folder
from pipeline.ingest.apply import Lane
from pipeline.ingest.config import IngestConfig
from pipeline.ingest.text.understand import TextRules
from pipeline.records.clocks import SOURCES
from pipeline.records.errors import ConfigError
from tests.fuzz.door import Door
from tests.ingest.world import NOON, Raw, command, post, reading, rules, ticket

ENCODINGS: Final = ("auto", "utf-8-sig", "utf-8", "cp1252", "latin-1", "utf-16", "idna", "rot13")
PACKED: Final[tuple[tuple[str, Callable[[bytes], bytes]], ...]] = (
    ("", bytes),
    (".gz", gzip.compress),
    (".zst", zstandard.compress),
)
CSV: Final = (
    b"id,at,what,town\nT1,2025-02-12T11:00:00Z,internet down,50667\n"
    b'T2,2025-02-12T12:00:00+01:00,"two\nlines",Bonn\nT3,2025-02-12T11:05:00Z,,\n'
)
ROWS: Final = (
    b'{"id":"T1","at":"2025-02-12T11:00:00Z","what":"internet down","town":"Bonn"}\n'
    b'{"id":"T2","at":"2025-02-12T11:01:00Z","what":null,"town":{"x":[1]}}\n'
)
ARRAY: Final = b'{"meta":1,"rows":[' + ROWS.replace(b"\n", b",")[:-1] + b"]}"
HTML: Final = b"id,at,what\n1,1739350980,<p>no&nbsp;net</p><br>@<i>o2</i>\n"
OFFICE: Final = (
    'sep=;\r\nid;at;what;town\r\nT1;12.02.2025 09:03;"für\r\nimmer";Köln\r\nT2;12.02.2025 09:04 CET;1.234,5;\r\n'
).encode("utf-16")
POSTS: Final = (
    "o2 down in #Köln since 09:30, 112 does not work!! @max max@example.org 06.12.34.56.78",
    "Plus de réseau à Brest, toujours rien, impossible d'appeler le 112 https://example.org/a?b=1",
    "Internet kaputt in Berlin-Mitte &amp; Leeds <b>EE</b> three bt o2 O2 ee",
)


def _imported(folder: Path, data: bytes) -> None:
    """Import the rows as CSV or JSON lines, plain or packed; each row must be used or rejected."""
    form = {b"{": "json", b"[": "json"}.get(data[:1], "csv")
    turn = 0 if data in {CSV, ROWS, ARRAY, OFFICE} else 1 + len(data)
    suffix, pack = PACKED[turn % len(PACKED)]
    path = folder / f"rows.{form}{suffix}"
    packed = pack(data)
    path.write_bytes(packed[:-3] if turn % 7 == 1 else packed)
    stream = Stream(
        inputs=(path,),
        kind="tickets",
        encoding=ENCODINGS[turn % len(ENCODINGS)],
        map={"ticket_id": "id", "opened_at": "at", "text": "what", "place": "town"},
        set={"operator": "netcologne", "market": "DE", "service": "broadband"},
    )
    out = folder / "out.jsonl.zst"
    out.unlink(missing_ok=True)
    made = import_recording(ImportOptions(streams=(stream,), out=out, created="2025-02-12T12:00:00Z", lanes=1))
    if made.tally.rows != made.written.records + made.tally.rejected.total():
        raise AssertionError(f"{made.tally.rows} rows in, {made.written.records} used, {made.tally.rejected} rejected")


def _lane(_folder: Path, data: bytes) -> None:
    """Take the record as one of each source, twice; what goes in must be used or refused."""
    lane = Lane(0, rules(IngestConfig(lanes=1, signals_partitions=1)), {})
    for source in SOURCES:
        record = Raw(source, NOON, data, key=data[:9], headers=(("ce_type", data[:5]),) if len(data) % 2 else ())
        if lane.take(source, [record, record], None) != 2:
            raise AssertionError(f"{source}: a record was not taken")
    batch = lane.close()
    if batch.used + len(batch.quarantined) != 2 * len(SOURCES):
        raise AssertionError(f"{2 * len(SOURCES)} in, {batch.used} used, {len(batch.quarantined)} refused")


@cache
def _rules() -> TextRules:
    folder = reference_folder()
    sources = TextSources(folder, load_operators(folder), load_places)
    return text_rules(sources, kept_for(folder, gazetteer_folder(), cache_folder() / "texts"))


def _understood(_folder: Path, data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for lang, market in ((None, None), ("de", "DE"), ("fr", "FR"), ("en", "GB")):
        _rules().understand(text, lang=lang, market=market, operator="o2-uk")


def doors() -> dict[str, Door]:
    """The doors, by name."""
    records = [record.value or b"" for record in (reading(), ticket(NOON, 1), post(NOON, 1), command(NOON, 1))]
    return {
        "importers": Door([CSV, ROWS, ARRAY, OFFICE, HTML], _imported, (RecordingError, ConfigError)),
        "lane": Door(records, _lane),
        "understand": Door([text.encode() for text in POSTS], _understood),
    }

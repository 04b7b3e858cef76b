"""People through every door: what marked records leave behind is what the table in SECURITY.md says, and no more."""

import os
from base64 import b64decode
from pathlib import Path
from typing import Final

import orjson
import pytest
import zstandard
from typer.testing import CliRunner

from pipeline.adapters.cli.app import app
from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.compose import compose
from pipeline.adapters.recordings.format import Manifest, RecordedRecord, raw_topics
from pipeline.adapters.recordings.keeping import KeepText
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import write_recording
from pipeline.adapters.settings import load_settings
from pipeline.ingest.apply import Lane
from pipeline.records.clocks import format_instant
from tests.adapters.cli.world import BEGAN_MS, LANES

KEY: Final = {"TOCSIN__PRIVACY__HASH_KEY": "a key of the test, long enough"}

NEVER: Final = (
    *("zqauthor", "zqcustomer", "zqpost", "zqticket", "zqhandle", "zqmail", "zqlink", "zqplace", "zqheader", "zqfield"),
    *("zqkey", "zqsymptom", "zqsegment", "zqbroken", "zq50667", "4711001", "01511234567", "0151 1234567"),
)
"""Marks of who somebody is: no output holds one."""

WORD: Final = "zqword"
"""A word of a text: examples and masked quarantine hold it."""

STAFF: Final = ("zqstaff", "zqteam", "zqreason")
"""Marks of staff who give orders: every order has an owner."""

WITH_WORDS: Final = {"incidents.jsonl", "quarantine.jsonl", "report.html", "story.html", "notices.jsonl"}
WITH_STAFF: Final = {"incidents.jsonl", "decisions.jsonl", "report.html", "story.html"}

TEXT: Final = (
    f"Notruf 112 ist nicht erreichbar, kein Freizeichen, NetCologne in Köln, {WORD} @zqhandle, Kunde 4711001, "
    "ruft 0151 1234567 an, zqmail@zqmail.example, https://zqlink.example/zqlink"
)

CALL: Final = f"Notruf 112 ist nicht erreichbar, kein Freizeichen, NetCologne in Köln @zqhandle {WORD}"
"""A claim that an emergency number cannot be reached: one is enough for an incident."""


def _records() -> list[tuple[int, str, bytes]]:
    records: list[tuple[int, str, bytes]] = []
    for number in range(100):
        at = BEGAN_MS + 300_000 + number * 15_000
        when = format_instant(at)
        ticket = {
            **{
                "ticket_id": f"zqticket{number}",
                "operator": "netcologne",
                "opened_at": when,
                "text": CALL if number % 3 == 0 else TEXT,
            },
            **{"customer": f"zqcustomer{number}", "postcode": "zq50667", "place": "zqplace", "lang": "de"},
            **{"area": "DE/NW/koeln", "segment": "zqsegment", "symptom": "zqsymptom", "nickname": "zqfield"},
        }
        post = {
            **{"post_id": f"zqpost{number}", "platform": "x", "posted_at": when, "author": f"zqauthor{number}"},
            **{"text": f"NetCologne Köln: {TEXT}", "area": "DE/NW/koeln", "operator": "netcologne", "lang": "de"},
        }
        reading = {
            **{"operator": "netcologne", "observed_at": when, "metric": "registration_success_ratio", "value": 0.9},
            **{"unit": "ratio", "area": "DE/NW/koeln", "attempts": 500, "engineer": "zqfield"},
        }
        records += [(at, "tickets", encode(ticket)), (at, "mentions", encode(post)), (at, "telemetry", encode(reading))]
        if number == 30:
            late = {"opened_at": format_instant(at - 280_000), "ticket_id": "zqticketlate"}
            order = {
                **{"command_id": "zqcommand", "market": "DE", "target": "netcologne@DE/NW", "kind": "silence"},
                **{"by": "zqstaff", "team": "zqteam", "reason": "zqreason", "operator": "netcologne"},
                **{"until": format_instant(at + 600_000)},
            }
            records += [
                (at, "tickets", encode(ticket | late)),
                (at, "tickets", encode(ticket | {"operator": "nobody"})),
                (at, "tickets", encode(ticket | {"service": "zqenum zqenum"})),
                (at, "mentions", encode(post | {"posted_at": "zqbroken zqbroken zqbroken"})),
                (at, "mentions", b'{"author": "zqauthor, zqbroken'),
                (at, "telemetry", encode(reading | {"unit": "zqenum zqenum"}) + b"zqbroken"),
                (at, "commands", encode(order)),
            ]
    return records


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording in which everybody is marked."""
    path = tmp_path_factory.mktemp("marked") / "marked.jsonl.zst"
    offsets: dict[str, int] = {}
    placed = []
    ranks = list(raw_topics(LANES))
    for at, topic, value in sorted(_records(), key=lambda record: (record[0], ranks.index(record[1]))):
        offset = offsets[topic] = offsets.get(topic, -1) + 1
        headers = (("ce_subject", b"zqheader"), ("ce_id", b"zqheader"))
        placed.append(RecordedRecord(topic, 0, offset, at + 900, b"zqkey", headers, value))
    write_recording(path, Manifest(created=format_instant(BEGAN_MS), tool="test", topics=raw_topics(LANES)), placed)
    return path


def holding(mark: str, contents: dict[str, bytes]) -> set[str]:
    return {name for name, content in contents.items() if mark.encode() in content}


def readable(path: Path) -> bytes:
    """The bytes of a file: a compressed one unpacked, and values in Base64 beside their lines."""
    content = path.read_bytes()
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(content).read()
    if path.name != "quarantine.jsonl":
        return content
    lines = [orjson.loads(line) for line in content.splitlines()]
    return content + b"".join(b64decode(line[name] or "") for line in lines for name in ("key", "value"))


def asked(*words: str) -> bytes:
    """What a command prints and logs."""
    unset = {name: None for name in os.environ if name.startswith("TOCSIN")}
    answer = CliRunner().invoke(app, words, env={**unset, **KEY}, prog_name="tocsin")
    assert answer.exit_code == 0, answer.output
    return answer.output.encode()


@pytest.fixture(scope="module")
def left(marked: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All that a replay leaves, by the name of the file, with what it prints."""
    out = tmp_path_factory.mktemp("run") / "run"
    printed = asked("replay", str(marked), "-o", str(out))
    contents = {path.name: readable(path) for path in out.rglob("*") if path.is_file()}
    assert {"incidents.jsonl", "quarantine.jsonl", "report.html"} <= set(contents)
    return contents | {"printed": printed}


def test_the_marked_records_are_heard_and_refused(left: dict[str, bytes]) -> None:
    assert left["incidents.jsonl"].count(b"\n") > 0
    reasons = ("late", "unknown_operator", "unknown_service", "bad_time", "malformed_json")
    assert [reason for reason in reasons if reason.encode() not in left["quarantine.jsonl"]] == []
    assert left["quarantine.jsonl"].count(b"tocsin.errors.reason") >= 6


@pytest.mark.parametrize("mark", NEVER)
def test_nobody_is_named_in_anything_that_a_replay_leaves(left: dict[str, bytes], mark: str) -> None:
    if mark == "zqplace":
        assert holding(mark, left) <= {"quarantine.jsonl"}, "a place is words: masked, it stays in quarantine"
    elif mark == "zqsymptom":
        assert holding(mark, left) <= {"incidents.jsonl", "report.html"}, "a code for what fails, told with its reports"
    else:
        assert holding(mark, left) == set()


def test_a_wrong_code_is_shown_where_it_is_to_be_repaired(left: dict[str, bytes]) -> None:
    assert holding("zqenum", left) <= {"quarantine.jsonl", "report.html", "printed"}
    assert holding("zqenum", left) >= {"quarantine.jsonl", "report.html"}


def test_words_reach_examples_and_pages_only(left: dict[str, bytes]) -> None:
    found = holding(WORD, left)
    assert "incidents.jsonl" in found, "examples are shown"
    assert found <= WITH_WORDS


@pytest.mark.parametrize("mark", STAFF)
def test_staff_are_named_where_their_orders_are_told(left: dict[str, bytes], mark: str) -> None:
    assert holding(mark, left) <= WITH_STAFF


def test_signals_and_states_hold_no_name_of_a_person(marked: Path) -> None:
    """Signals are what the other stages know of people; their states are made of nothing else."""
    settings = load_settings(environment={}, options={"partitions.lanes": LANES}).settings
    ingest = compose(settings, lambda: 0).ingest
    lane = Lane(0, ingest.rules, {})
    for source in raw_topics(LANES):
        records = [record for record in open_recording(marked).records() if record.topic == source]
        lane.take(source, records, None)
    signals = {"signals": b"".join(map(encode, lane.close().envelopes))}
    assert holding(WORD, signals) == holding("zqstaff", signals) == {"signals"}
    assert [mark for mark in NEVER if holding(mark, signals) and mark != "zqsymptom"] == []


@pytest.mark.parametrize("keep", list(KeepText))
def test_a_redacted_recording_holds_no_mark_but_words_that_are_kept(
    marked: Path, tmp_path: Path, keep: KeepText
) -> None:
    out = tmp_path / "redacted.jsonl.zst"
    printed = asked("recordings", "redact", str(marked), "-o", str(out), "--keep-text", keep.value)
    contents = {"recording": readable(out), "printed": printed}
    kept = {WORD, "zqplace", "zqreason"} if keep is KeepText.MASKED else set()
    assert {mark for mark in (*NEVER, "zqenum", WORD, *STAFF) if holding(mark, contents)} == kept

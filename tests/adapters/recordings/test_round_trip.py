"""A recording gives back what was put into it, to the byte, or says that it cannot."""

import hashlib
import json
import shutil
import subprocess
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.recordings.format import (
    Manifest,
    RecordedRecord,
    RecordingError,
    TopicInfo,
    raw_topics,
    value_part,
)
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import RecordingWriter, Written, write_recording
from pipeline.records.raw.record import HEARTBEAT_HEADERS, RawRecord

MANIFEST = Manifest(created="2025-02-12T09:00:00.000Z", tool="test", topics=raw_topics(3))

awkward = st.sampled_from(
    [
        b"",
        b"null",
        b'"text"',
        b'{"a":1}',
        b'{"a": 1}',
        b'{"a":\n1}',
        b'{"a":1,"a":2}',
        b"1e5",
        b"1.0",
        b"-0",
        b"NaN",
        b"1e999",
        b"123456789012345678901234567890",
        rb'"\ud800"',
        rb'"\u00e9"',
        '"é"'.encode(),
        "\ud800".encode("utf-8", "surrogatepass"),
        b"\xff\xfe",
        b"a\nb\r\n",
        b"\x00",
        b"[" * 10_000,
        b"[" * 300 + b"]" * 300,
        b"[" * 1_000 + b"]" * 1_000,
        b"[" * 5_000 + b"]" * 5_000,
        b'{"end":true,"records":0,"heartbeats":0,"sha256":"","more":false}',
    ]
)
some_bytes = st.one_of(st.binary(max_size=40), awkward)
json_bytes = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
).map(lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"))
header_names = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


def in_order(records: list[RecordedRecord]) -> list[RecordedRecord]:
    topics = list(MANIFEST.topics)
    return sorted(records, key=lambda r: (r.timestamp, topics.index(r.topic), r.partition))


records_in_order = st.lists(
    st.builds(
        RecordedRecord,
        topic=st.sampled_from(list(MANIFEST.topics)),
        partition=st.integers(0, 2),
        offset=st.integers(0, 2**62),
        timestamp=st.integers(-1, 2**50),
        key=st.none() | some_bytes,
        headers=st.lists(st.tuples(header_names, some_bytes), max_size=3).map(tuple),
        value=st.none() | some_bytes | json_bytes,
        timestamp_type=st.integers(0, 1),
    ),
    max_size=12,
).map(in_order)


def write(path: Path, records: list[RecordedRecord], part_bytes: int | None = None) -> Written:
    return write_recording(path, MANIFEST, records, part_bytes=part_bytes)


def some_records(number: int = 50) -> list[RecordedRecord]:
    return [RecordedRecord("tickets", 0, n, 1_000 + n, b"k", (), b'{"n":%d}' % n) for n in range(number)]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    write(tmp_path / "a.jsonl.zst", some_records())
    return tmp_path / "a.jsonl.zst"


def lines_of(path: Path) -> list[bytes]:
    return zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes()).splitlines(keepends=True)


def rewrite(path: Path, lines: list[bytes]) -> None:
    path.write_bytes(zstandard.ZstdCompressor().compress(b"".join(lines)))


@settings(deadline=None)  # it writes files
@given(records=records_in_order, part_bytes=st.none() | st.integers(1, 2_000))
def test_what_was_written_is_read_to_the_byte(records: list[RecordedRecord], part_bytes: int | None) -> None:
    with TemporaryDirectory() as folder:
        written = write(Path(folder) / "a.jsonl.zst", records, part_bytes)
        recording = open_recording(Path(folder) / "a.jsonl.zst")
        assert list(recording.records()) == records
        contents = recording.verify()
    assert contents.records == written.records == len(records)
    assert contents.heartbeats == written.heartbeats
    assert contents.parts == len(written.paths)
    assert contents.first_ms == (records[0].timestamp if records else None)
    assert contents.last_ms == (records[-1].timestamp if records else None)


@settings(deadline=None)  # it writes files
@given(records=records_in_order)
def test_other_tools_can_write_each_line_anew_and_nothing_is_lost(records: list[RecordedRecord]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl.zst"
        write(path, records)
        for line, record in zip(lines_of(path)[1:-1], records, strict=True):
            fields = json.loads(line)
            if fields["value_enc"] == "json":
                assert orjson.dumps(orjson.loads(line)["value"]) == record.value


@pytest.mark.parametrize(("depth", "encoding"), [(99, b"json"), (100, b"utf8"), (1_000, b"utf8")])
def test_deep_nesting_is_kept_as_text_since_readers_differ_in_how_deep_they_go(depth: int, encoding: bytes) -> None:
    wide = b",".join([b"[]"] * 250)
    value = b"[" * depth + b"]" * depth
    assert value_part(b"[%b,%b]" % (value, wide)).endswith(b'"value_enc":"%b"' % encoding)
    assert value_part(b"[%b]" % wide).endswith(b'"value_enc":"json"')


def test_null_header_value_stays_null(tmp_path: Path) -> None:
    record = RecordedRecord("tickets", 0, 0, 1, None, (("a", None), ("b", b"")), None)  # type: ignore[arg-type]
    write(tmp_path / "a.jsonl.zst", [record])
    assert list(open_recording(tmp_path / "a.jsonl.zst").records()) == [record]


def test_recorded_record_fits_what_rules_take() -> None:
    record: RawRecord = some_records(1)[0]
    assert record.offset == 0


def test_same_records_give_the_same_file(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl.zst", some_records())
    write(tmp_path / "b.jsonl.zst", some_records())
    assert (tmp_path / "a.jsonl.zst").read_bytes() == (tmp_path / "b.jsonl.zst").read_bytes()


def test_line_tools_read_it(recording: Path) -> None:
    zstdcat, jq = shutil.which("zstdcat"), shutil.which("jq")
    assert zstdcat, "install zstd and jq (apt-get install zstd jq)"
    assert jq, "install zstd and jq (apt-get install zstd jq)"
    text = subprocess.run([zstdcat, recording], check=True, capture_output=True).stdout
    picked = subprocess.run([jq, "-c", "select(.offset==7).value"], input=text, check=True, capture_output=True).stdout
    assert picked == b'{"n":7}\n'


def test_file_cut_off_anywhere_is_refused(recording: Path) -> None:
    whole = recording.read_bytes()
    for length in range(len(whole)):
        recording.write_bytes(whole[:length])
        with pytest.raises(RecordingError, match=r"a\.jsonl\.zst: .*(again)"):
            list(open_recording(recording).records())


def test_lines_cut_off_anywhere_are_refused(recording: Path) -> None:
    text = b"".join(lines_of(recording))
    for length in range(0, len(text), 7):
        rewrite(recording, [text[:length]])
        with pytest.raises(RecordingError, match=r"again|not the manifest"):
            open_recording(recording).verify()


def test_changed_byte_anywhere_is_refused(recording: Path) -> None:
    whole = recording.read_bytes()
    for at in range(len(whole)):
        recording.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        with pytest.raises(RecordingError):
            list(open_recording(recording).records())


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param(
            lambda lines: lines[:-1], r"is cut off after line 50: its last line is not the trailer", id="no_trailer"
        ),
        pytest.param(lambda lines: lines[:20] + lines[21:], r"has 49 records .* says 50", id="a_record_is_missing"),
        pytest.param(lambda lines: [*lines[:20], lines[19], *lines[20:]], r"has 51 records", id="a_record_is_double"),
        pytest.param(
            lambda lines: [*lines[:20], lines[20].replace(b'"n":19', b'"n":18'), *lines[21:]],
            r"has 50 records with sha256 .* the trailer says 50",
            id="a_record_is_changed",
        ),
        pytest.param(lambda lines: [*lines[:20], b"{]\n", *lines[21:]], r"line 21 is damaged: JSON", id="not_json"),
        pytest.param(lambda lines: [*lines[:20], lines[-1], *lines[21:]], r"line 21 is damaged", id="trailer_inside"),
        pytest.param(
            lambda lines: [*lines[:20], lines[20].replace(b"tickets", b"letters"), *lines[21:]],
            r"line 21: topic 'letters' is not in the manifest",
            id="unknown_topic",
        ),
        pytest.param(
            lambda lines: [*lines[:20], lines[20].replace(b'"key_enc":"utf8"', b'"key_enc":"base64"'), *lines[21:]],
            r"line 21 is damaged: base64",
            id="wrong_encoding",
        ),
        pytest.param(lambda lines: [*lines, lines[-1]], r"line 52 is damaged", id="two_trailers"),
        pytest.param(lambda lines: lines[1:], r"line 1 is not the manifest", id="no_manifest"),
        pytest.param(
            lambda lines: [lines[0].replace(b'recording":1', b'recording":2'), *lines[1:]],
            r"line 1 is not the manifest of a recording: Invalid enum value 2",
            id="format_of_the_future",
        ),
    ],
)
def test_damage_is_told_by_file_and_line(recording: Path, damage: object, says: str) -> None:
    assert callable(damage)
    rewrite(recording, damage(lines_of(recording)))
    with pytest.raises(RecordingError, match=r"a\.jsonl\.zst: " + says):
        list(open_recording(recording).records())


def test_something_behind_the_end_is_refused(recording: Path) -> None:
    recording.write_bytes(recording.read_bytes() + b"x")
    with pytest.raises(RecordingError, match="goes on after its end"):
        open_recording(recording).verify()


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    written = write(tmp_path / "a.jsonl.zst", some_records(), part_bytes=2_000)
    assert len(written.paths) > 3
    assert written.paths[0].name == "a.000.jsonl.zst"
    return list(written.paths)


def test_parts_are_found_from_the_name_and_from_the_first(parts: list[Path], tmp_path: Path) -> None:
    for path in (tmp_path / "a.jsonl.zst", parts[0]):
        assert list(open_recording(path).records()) == some_records()


def test_each_part_is_about_as_large_as_asked_for(parts: list[Path]) -> None:
    for path in parts[:-1]:
        assert 2_000 <= sum(map(len, lines_of(path)[1:-1])) < 2_000 + 200


@pytest.mark.parametrize("missing", [1, -1])
def test_missing_part_is_named(parts: list[Path], missing: int) -> None:
    parts[missing].unlink()
    with pytest.raises(RecordingError, match=rf"{parts[missing].name}: is missing"):
        open_recording(parts[0]).verify()


def test_part_of_another_recording_is_refused(parts: list[Path], tmp_path: Path) -> None:
    other = [RecordedRecord("tickets", 0, n, 5 + n, b"k", (), b'{"n":%d}' % n) for n in range(50)]
    written = write(tmp_path / "b.jsonl.zst", other, part_bytes=2_000)
    written.paths[2].replace(parts[2])
    with pytest.raises(RecordingError, match="belongs to another recording"):
        open_recording(parts[0]).verify()


def test_exchanged_parts_are_refused(parts: list[Path]) -> None:
    first, second = parts[1].read_bytes(), parts[2].read_bytes()
    parts[1].write_bytes(second)
    parts[2].write_bytes(first)
    with pytest.raises(RecordingError, match=r"is part 2 after .* must be part 1"):
        open_recording(parts[0]).verify()


def test_reading_from_the_middle_is_refused(parts: list[Path]) -> None:
    with pytest.raises(RecordingError, match="is part 2; open part 000"):
        open_recording(parts[2])


@pytest.mark.parametrize(
    ("record", "says"),
    [
        pytest.param(RecordedRecord("letters", 0, 0, 5, None, (), None), "manifest has only", id="unknown_topic"),
        pytest.param(RecordedRecord("tickets", 3, 0, 5, None, (), None), "manifest has only", id="unknown_partition"),
        pytest.param(RecordedRecord("tickets", 1, 0, 4, None, (), b"x"), "merge the partitions first", id="earlier"),
        pytest.param(RecordedRecord("telemetry", 2, 0, 5, None, (), b"x"), "merge", id="earlier_source"),
        pytest.param(RecordedRecord("commands", 2, 0, 5, None, HEARTBEAT_HEADERS, b""), "merge", id="heartbeat_behind"),
    ],
)
def test_record_out_of_order_or_place_is_refused(tmp_path: Path, record: RecordedRecord, says: str) -> None:
    first = RecordedRecord("tickets", 0, 0, 5, None, (), b"x")
    with pytest.raises(RecordingError, match=says):
        write(tmp_path / "a.jsonl.zst", [first, record])
    assert not list(tmp_path.iterdir()), "what could not be finished must not stay behind"


def test_producers_clock_may_go_back_within_a_partition(tmp_path: Path) -> None:
    records = [RecordedRecord("tickets", 0, n, at, None, (), b"x") for n, at in enumerate([5, 3, 5, 6])]
    write(tmp_path / "a.jsonl.zst", records)
    assert list(open_recording(tmp_path / "a.jsonl.zst").records()) == records


def test_unfinished_recording_has_no_final_name(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.jsonl.zst", MANIFEST)
    writer.write_all(some_records())
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl.zst.partial"]
    writer.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl.zst"]


def test_existing_file_is_not_written_over(recording: Path) -> None:
    with pytest.raises(RecordingError, match="exists already"):
        write(recording, [])


@pytest.mark.parametrize("name", ["a.jsonl", "a.zst", "a"])
def test_name_must_say_what_it_is(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordingError, match=r"must end in \.jsonl\.zst"):
        write(tmp_path / name, [])


def test_missing_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="there is no such recording"):
        open_recording(tmp_path / "a.jsonl.zst")


def test_lanes_are_as_many_as_the_source_with_the_most_partitions_has() -> None:
    uneven = {"tickets": TopicInfo(partitions=2), "mentions": TopicInfo(partitions=3)}
    manifest = Manifest(created="x", tool="test", topics=uneven, has_heartbeats=True)
    assert (manifest.lanes, manifest.is_even) == (3, False)
    assert sorted(manifest.absent(2)) == ["commands", "telemetry", "tickets"]
    with pytest.raises(RecordingError, match="holds no raw topic"):
        _ = Manifest(created="x", tool="test", topics={"incidents": TopicInfo(partitions=1)}).lanes


def peak_bytes_of_reading(path: Path) -> int:
    tracemalloc.start()
    for _ in open_recording(path).records():
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_recording(tmp_path: Path) -> None:

    for name, number in (("short", 10_000), ("long", 40_000)):
        records = (
            RecordedRecord("tickets", 0, n, n, None, (), hashlib.shake_128(b"%d" % n).digest(150))  # hard to compress
            for n in range(number)
        )
        write_recording(tmp_path / f"{name}.jsonl.zst", MANIFEST, records)
    short, long = (peak_bytes_of_reading(tmp_path / f"{name}.jsonl.zst") for name in ("short", "long"))
    assert long < 1.2 * short, f"{short} bytes for 10,000 records, {long} for 40,000: what holds on to them?"

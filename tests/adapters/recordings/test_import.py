"""Foreign files become recordings: every row is either in the recording or among the rejected, with its reason."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.recordings.format import RecordedRecord, RecordingError
from pipeline.adapters.recordings.heartbeats import playable
from pipeline.adapters.recordings.intake.fields import RowReader, pairs_of
from pipeline.adapters.recordings.intake.importing import Imported, ImportOptions, import_recording, read_streams
from pipeline.adapters.recordings.intake.kinds import Stream
from pipeline.adapters.recordings.intake.tables import Fault, RowError
from pipeline.adapters.recordings.progress import Progress
from pipeline.adapters.recordings.reader import open_recording
from pipeline.records.errors import ConfigError
from pipeline.records.partitioner import partition_for

CREATED = "2026-11-22T09:00:00.000Z"
POST = {"id": "p1", "ts": "2025-02-12T09:00:00Z", "operator": "@Koeln", "text": "kein Netz"}
MAP = {"post_id": "id", "posted_at": "ts"}
SET = {"platform": "mastodon"}


def stream(path: Path, kind: str = "mentions", **more: Any) -> Stream:
    return Stream(inputs=(path,), kind=kind, **more)


def bring_in(folder: Path, *streams: Stream, **more: Any) -> Imported:
    return import_recording(ImportOptions(streams=streams, out=folder / "out.jsonl.zst", created=CREATED, **more))


def records_in(folder: Path) -> list[RecordedRecord]:
    return list(open_recording(folder / "out.jsonl.zst").records())


def values_in(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(record.value or b"") for record in records_in(folder)]


def rejected_in(folder: Path) -> list[tuple[int, str, str]]:
    lines = (folder / "out.rejected.jsonl").read_text().splitlines()
    return [(line["row"], line["reason"], line["message"]) for line in map(json.loads, lines)]


def jsonl(folder: Path, rows: Sequence[object], name: str = "in.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def csv(folder: Path, text: str, name: str = "in.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def test_posts_from_json_lines(tmp_path: Path) -> None:
    tables = {"operator": {"@Koeln": "netcologne"}}
    done = bring_in(tmp_path, stream(jsonl(tmp_path, [POST]), map=MAP, set=SET, values=tables))
    (record,) = records_in(tmp_path)
    assert record == RecordedRecord(
        "mentions",
        partition_for(b"p1", 4),
        0,
        1_739_350_800_000,
        b"p1",
        (),
        b'{"operator":"netcologne","platform":"mastodon","post_id":"p1","posted_at":"2025-02-12T09:00:00.000Z",'
        b'"text":"kein Netz"}',
    )
    assert done.rejected is None
    assert (done.tally.rows, done.tally.first_ms, done.tally.last_ms) == (1, record.timestamp, record.timestamp)


def test_tickets_from_csv(tmp_path: Path) -> None:
    text = "\ufeffnr;opened\r\n".replace(";", ",") + '"T1",12.02.2025 10:00\r\n\r\n"T2",12.02.2025 09:00\r\n'
    made = stream(
        csv(tmp_path, text),
        "tickets",
        time_format="%d.%m.%Y %H:%M",
        time_zone="Europe/Berlin",
        map={"ticket_id": "nr", "opened_at": "opened", "text": "Ticket {nr}"},
        set={"operator": "netcologne"},
    )
    bring_in(tmp_path, made)
    assert values_in(tmp_path) == [
        {
            "intake": "import",
            "opened_at": f"2025-02-12T{hour}:00:00.000Z",
            "operator": "netcologne",
            "text": f"Ticket {number}",
            "ticket_id": number,
        }
        for hour, number in (("08", "T2"), ("09", "T1"))
    ]


def test_counts_become_telemetry(tmp_path: Path) -> None:
    made = stream(
        csv(tmp_path, "timestamp,value\n2015-02-26 21:42:53,57\n"),
        "counts",
        time_format="%Y-%m-%d %H:%M:%S",
        time_zone="UTC",
        map={"observed_at": "timestamp"},
        set={"metric": "posts", "operator": "o2-uk", "area": "GB", "interval_seconds": 300},
    )
    bring_in(tmp_path, made)
    assert values_in(tmp_path) == [
        {
            "area": "GB",
            "interval_seconds": 300,
            "metric": "posts",
            "observed_at": "2015-02-26T21:42:53.000Z",
            "operator": "o2-uk",
            "unit": "count",
            "value": 57.0,
        }
    ]
    assert records_in(tmp_path)[0].topic == "telemetry"
    assert records_in(tmp_path)[0].key == b"GB"


def test_kpi_values_keep_their_unit_and_go_by_element(tmp_path: Path) -> None:
    row = {"at": 1_739_350_800, "kpi": 0.97, "node": "bts-7", "n": "1200"}
    made = stream(
        jsonl(tmp_path, [row]),
        "telemetry",
        time_format="epoch_s",
        map={"observed_at": "at", "value": "kpi", "element": "node", "attempts": "n"},
        set={"metric": "attach", "operator": "x", "unit": "ratio"},
    )
    bring_in(tmp_path, made)
    (value,) = values_in(tmp_path)
    assert (value["value"], value["unit"], value["attempts"]) == (0.97, "ratio", 1200)
    assert records_in(tmp_path)[0].key == b"bts-7"


def test_nested_fields_are_reached_both_ways(tmp_path: Path) -> None:
    row = POST | {"user": {"name": "ann"}, "likes": 3, "official": True}
    made = stream(jsonl(tmp_path, [row]), map=MAP | {"author": "user.name", "engagement.likes": "likes"}, set=SET)
    bring_in(tmp_path, made)
    (value,) = values_in(tmp_path)
    assert (value["author"], value["official"], value["engagement"]["likes"]) == ("ann", True, 3)


def test_post_without_an_id_gets_one_from_its_content(tmp_path: Path) -> None:
    row = {name: POST[name] for name in ("ts", "text")}
    other = row | {"text": "wieder da"}
    bring_in(tmp_path, stream(jsonl(tmp_path, [row, row, other]), map={"posted_at": "ts"}, set=SET))
    first, second, third = sorted(value["post_id"] for value in values_in(tmp_path))
    assert len({first, second, third}) == 2, "the same post twice is one post"
    assert len(first) == 20


def test_table_of_values_may_have_a_rest(tmp_path: Path) -> None:
    rows = [POST, POST | {"operator": "@Bonn"}]
    tables = {"operator": {"@Koeln": "netcologne", "*": "other"}}
    bring_in(tmp_path, stream(jsonl(tmp_path, rows), map=MAP, set=SET, values=tables))
    assert sorted(value["operator"] for value in values_in(tmp_path)) == ["netcologne", "other"]


def test_every_bad_row_is_kept_with_its_number_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    rows: list[bytes] = [
        json.dumps(POST).encode(),
        b"{",
        b"[1]",
        b'{"id":"\\ud800","ts":"2025-02-12T09:00:00Z","text":"x"}',
        b'{"id":"\xff"}',
        json.dumps(POST | {"ts": "yesterday"}).encode(),
        json.dumps(POST | {"ts": "2025-02-12T09:00:00"}).encode(),
        json.dumps(POST | {"ts": "9999-12-31T23:59:59Z"}).encode(),
        json.dumps({"id": "p2", "text": "x"}).encode(),
        json.dumps({"id": "p2", "ts": POST["ts"]}).encode(),
        json.dumps(POST | {"operator": "@Bonn"}).encode(),
        json.dumps(POST | {"likes": "many"}).encode(),
        json.dumps(POST | {"text": ["x"]}).encode(),
        json.dumps(POST | {"id": 7}).encode(),
    ]
    path.write_bytes(b"\n".join(rows))
    fields = MAP | {"engagement.likes": "likes"}
    tables = {"operator": {"@Koeln": "netcologne"}}
    done = bring_in(tmp_path, stream(path, map=fields, set=SET, values=tables, encoding="utf-8"))
    assert [value["post_id"] for value in values_in(tmp_path)] == ["p1", "7"]
    assert [(row, reason) for row, reason, _ in rejected_in(tmp_path)] == [
        (2, "not_json"),
        (3, "not_a_row"),
        (4, "not_json"),
        (5, "not_json"),
        (6, "bad_time"),
        (7, "bad_time"),
        (8, "bad_time"),
        (9, "missing_field"),
        (10, "missing_field"),
        (11, "unmapped_value"),
        (12, "bad_number"),
        (13, "schema_mismatch"),
    ]
    messages = {row: message for row, _, message in rejected_in(tmp_path)}
    assert messages[7] == (
        "posted_at: '2025-02-12T09:00:00': '2025-02-12T09:00:00' has no offset: name its time zone "
        "(--time-zone, time.zone)"
    )
    assert messages[11] == "operator: '@Bonn' is not in values.operator; add it, or a '*' for the rest"
    assert done.tally.rows == done.written.records + done.tally.rejected.total() == 14
    assert done.rejected == tmp_path / "out.rejected.jsonl"


def test_bad_csv_rows_cost_themselves_only(tmp_path: Path) -> None:
    text = "observed_at,value\n2025-02-12T09:00:00Z,1\n2025-02-12T09:00:00Z\n2025-02-12T09:00:00Z,\udcff\n"
    text += '"2025-02-12T09:00:00Z"x,3\n2025-02-12T09:00:00Z,nan\n2025-02-12T09:00:00Z,much\n2025-02-12T09:00:10Z,6\n'
    made = stream(csv(tmp_path, text), "counts", encoding="utf-8", set={"metric": "m", "operator": "x", "area": "DE"})
    bring_in(tmp_path, made)
    assert [value["value"] for value in values_in(tmp_path)] == [1.0, 6.0]
    assert [(row, reason) for row, reason, _ in rejected_in(tmp_path)] == [
        (2, "not_a_row"),
        (3, "not_utf8"),
        (4, "not_a_row"),
        (5, "schema_mismatch"),
        (6, "bad_number"),
    ]


def test_reading_without_a_place_is_rejected(tmp_path: Path) -> None:
    made = stream(
        csv(tmp_path, "observed_at,value\n2025-02-12T09:00:00Z,1\n"), "counts", set={"metric": "m", "operator": "x"}
    )
    bring_in(tmp_path, made)
    assert rejected_in(tmp_path) == [
        (1, "missing_field", "area, element: one of them is needed; set it (--set area=GB)")
    ]


def test_too_many_bad_rows_stop_the_import(tmp_path: Path) -> None:
    path = jsonl(tmp_path, [POST, {}, POST, {}, POST])
    with pytest.raises(RecordingError) as stop:
        bring_in(tmp_path, stream(path, map=MAP, set=SET), errors_max=1)
    assert str(stop.value) == (
        "2 of 4 rows are rejected, more than --max-errors 1; the first: in.jsonl row 2: missing_field: posted_at: "
        f"'ts' is empty or not there. All are in {tmp_path}/out.rejected.jsonl: "
        "correct the mapping, or allow more"
    )
    assert len(rejected_in(tmp_path)) == 2
    assert not (tmp_path / "out.jsonl.zst").exists()


@settings(deadline=None, max_examples=50)  # it writes files
@given(
    order=st.permutations(range(12)),
    run_records=st.integers(1, 20),
    heartbeats=st.booleans(),
    part_bytes=st.none() | st.integers(5_000, 20_000),
)
def test_order_of_rows_and_size_of_runs_change_nothing(
    order: list[int], run_records: int, heartbeats: bool, part_bytes: int | None
) -> None:
    rows = [POST | {"id": f"p{n}", "ts": f"2025-02-12T09:00:{n * 5:02}Z"} for n in range(12)]
    played = []
    for arranged, options in (
        (rows, {}),
        ([rows[n] for n in order], {"run_records": run_records, "heartbeats": heartbeats, "part_bytes": part_bytes}),
    ):
        with TemporaryDirectory() as name:
            folder = Path(name)
            bring_in(folder, stream(jsonl(folder, arranged), map=MAP, set=SET), **options)
            played.append(list(playable(open_recording(folder / "out.jsonl.zst"))))
            assert {path.name.split(".")[0] for path in folder.iterdir()} == {"in", "out"}, "runs must not stay behind"
    assert played[0] == played[1]


def test_rows_of_one_time_stay_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [POST | {"id": "same", "text": str(n)} for n in range(30)]
    bring_in(tmp_path, stream(jsonl(tmp_path, rows), map=MAP, set=SET), run_records=4)
    assert [value["text"] for value in values_in(tmp_path)] == [str(n) for n in range(30)]


def test_streams_of_several_kinds_meet_in_one_recording(tmp_path: Path) -> None:
    jsonl(tmp_path, [POST], "posts.jsonl")
    csv(tmp_path, "id,ts\nT1,1739350799\n", "tickets.csv")
    plan = tmp_path / "plan.toml"
    plan.write_text(
        """
        [[stream]]
        kind = "mentions"
        inputs = ["posts.jsonl"]
        map = { post_id = "id", posted_at = "ts" }
        set = { platform = "mastodon", official = false }
        values.operator = { "@Koeln" = "netcologne" }
        [[stream]]
        kind = "tickets"
        inputs = ["tickets.csv"]
        time = { format = "epoch_s" }
        map = { ticket_id = "id", opened_at = "ts" }
        set = { operator = "netcologne" }
        """
    )
    bring_in(tmp_path, *read_streams(plan))
    assert [record.topic for record in records_in(tmp_path)] == ["tickets", "mentions"]
    assert open_recording(tmp_path / "out.jsonl.zst").lanes == 4


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.ZstdCompressor().compress], ids=[".gz", ".zst"])
def test_compressed_input_is_read_as_it_is(tmp_path: Path, compress: Any) -> None:
    suffix = ".gz" if compress is gzip.compress else ".zst"
    path = tmp_path / f"in.jsonl{suffix}"
    path.write_bytes(compress(json.dumps(POST).encode()))
    bring_in(tmp_path, stream(path, map=MAP, set=SET))
    assert len(records_in(tmp_path)) == 1


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[Progress] = []
    path = jsonl(tmp_path, [POST] * 10_000)
    options = ImportOptions(streams=(stream(path, map=MAP, set=SET),), out=tmp_path / "out.jsonl.zst", created=CREATED)
    import_recording(options, told.append)
    assert told == [Progress(records=10_000, time_ms=1_739_350_800_000)]


@pytest.mark.parametrize(
    ("made", "says"),
    [
        pytest.param({"kind": "posts"}, r"kind = 'posts': must be one of counts, mentions", id="kind"),
        pytest.param({"map": {"body": "x"}}, r"map\.body: mentions have no such field; they have post_id", id="field"),
        pytest.param({"map": MAP, "set": {"post_id": "x"}}, r"set\.post_id: is mapped too", id="twice"),
        pytest.param({"form": "xlsx"}, r"format = 'xlsx': must be auto, jsonl, json or csv", id="format"),
        pytest.param({"encoding": "klingon"}, r"encoding 'klingon': is not known", id="encoding"),
        pytest.param({"inputs": ()}, r"inputs: name at least one file", id="no_files"),
        pytest.param({"time_format": "iso"}, r"time\.format = 'iso': must be auto, rfc3339, epoch_s", id="time_format"),
        pytest.param({"time_zone": "Köln"}, r"time\.zone = 'Köln': must be an IANA", id="zone"),
    ],
)
def test_stream_that_cannot_be_is_refused_before_reading(made: dict[str, Any], says: str) -> None:
    fields: dict[str, Any] = {"inputs": (Path("in.jsonl"),), "kind": "mentions"} | made
    with pytest.raises(ConfigError, match=says):
        RowReader(Stream(**fields))


def test_all_mistakes_are_named_at_once() -> None:
    wrong = Stream(inputs=(), kind="tickets", form="xlsx", map={"body": "x"})
    with pytest.raises(ConfigError) as refusal:
        RowReader(wrong)
    assert len(str(refusal.value).splitlines()) == 3


@pytest.mark.parametrize(
    "text", ["kind = 1", "kind = 'tickets'\ncolour = 'red'", "kind = [", "[[stream]]\nkind = 'x'\ntime = 'now'"]
)
def test_plan_that_cannot_be_read_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"plan\.toml: "):
        read_streams(tmp_path / "plan.toml")


@pytest.mark.parametrize("options", [{"lanes": 0}, {"errors_max": -1}, {"streams": ()}])
def test_impossible_numbers_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    fields: dict[str, Any] = {
        "streams": (stream(tmp_path),),
        "out": tmp_path / "out.jsonl.zst",
        "created": CREATED,
    } | options
    with pytest.raises(ConfigError):
        ImportOptions(**fields)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"in\.jsonl: cannot be read"):
        bring_in(tmp_path, stream(tmp_path / "in.jsonl", map=MAP))


def test_mapping_on_the_command_line_needs_an_equals_sign() -> None:
    assert pairs_of(["text=a=b"], "--map") == {"text": "a=b"}
    for wrong in ("text", "=body"):
        with pytest.raises(ConfigError, match=r"--map .*: must be field=what"):
            pairs_of([wrong], "--map")


def test_clock_that_is_set_back_means_the_first_of_the_two_hours() -> None:
    reader = RowReader(
        Stream(
            inputs=(Path("x.csv"),),
            kind="tickets",
            time_format="%Y-%m-%d %H:%M",
            time_zone="Europe/Berlin",
            set={"operator": "x"},
        )
    )
    made = reader.read({"opened_at": "2025-10-26 02:30"})
    assert json.loads(made.value)["opened_at"] == "2025-10-26T00:30:00.000Z"


def test_fault_stands_in_front_of_its_message() -> None:
    assert str(RowError(Fault.BAD_TIME, "posted_at: 'x'")) == "bad_time: posted_at: 'x'"

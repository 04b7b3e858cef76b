"""The folder of a run: what differs only in when and where it was written is the same file."""

import json
import random
from pathlib import Path

import pytest

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.runs.folder import RunFolder, canonical, line_of
from pipeline.flow import RESULT_NOUNS


def said(topic: str, key: bytes | None, value: bytes | None, **headers: str) -> Message:
    """A message with headers."""
    return Message(topic, key, value, tuple((name, text.encode()) for name, text in headers.items()))


STORY = [
    said("incidents", b"b", b'{"revision":1}', revision="1"),
    said("incidents", b"a", b'{"revision":1}', revision="1"),
    said("incidents", b"b", b'{"revision":2}', revision="2"),
    said("incidents", b"a", b'{"revision":10}', revision="10"),
    said("decisions", b"z", b'{"n":1}'),
    said("decisions", b"a", b'{"n":2}'),
    said("quarantine", None, b"\xff\x00\n{"),
    said("quarantine", b"\xfe", None),
]


def files_of(path: Path, story: list[Message]) -> dict[str, bytes]:
    with RunFolder(path) as folder:
        for message in story:
            folder.write(message)
    return {topic: (path / f"{topic}.jsonl").read_bytes() for topic in RESULT_NOUNS}


def test_a_file_holds_what_the_canonical_form_says(tmp_path: Path) -> None:
    files = files_of(tmp_path, STORY)
    for topic in RESULT_NOUNS:
        assert files[topic].splitlines() == canonical(topic, [one for one in STORY if one.topic == topic])
    assert [json.loads(line)["value"]["revision"] for line in files["incidents"].splitlines()] == [1, 10, 1, 2]


def test_files_do_not_depend_on_how_keys_were_interleaved(tmp_path: Path) -> None:
    one = files_of(tmp_path / "one", STORY)
    mixed = STORY.copy()
    random.Random(1).shuffle(mixed)
    mixed.sort(key=lambda message: dict(message.headers).get("revision", b"").rjust(3))
    assert files_of(tmp_path / "other", mixed) == one


def test_an_earlier_run_leaves_nothing_behind(tmp_path: Path) -> None:
    files_of(tmp_path, STORY)
    assert set(files_of(tmp_path, []).values()) == {b""}


@pytest.mark.parametrize("name", ["origin", "ce_recordedtime", "traceparent", "tocsin.errors.offset"])
def test_where_and_when_it_was_written_is_left_out(name: str) -> None:
    one = said("incidents", b"a", b"{}", **{name: "1", "state": "confirmed"})
    other = said("incidents", b"a", b"{}", **{name: "2", "state": "confirmed"})
    assert line_of(one) == line_of(other)


@pytest.mark.parametrize("name", ["revision", "state", "ce_id", "ce_time", "tocsin.errors.reason"])
def test_what_it_says_is_not_left_out(name: str) -> None:
    assert line_of(said("incidents", b"a", b"{}", **{name: "1"})) != line_of(
        said("incidents", b"a", b"{}", **{name: "2"})
    )


def test_quarantined_bytes_of_any_kind_are_one_line_of_json() -> None:
    lines = canonical("quarantine", [one for one in STORY if one.topic == "quarantine"])
    assert {(row["key"], row["value"]) for row in map(json.loads, lines)} == {(None, "/wAKew=="), ("/g==", None)}
    assert all(b"\n" not in line for line in lines)

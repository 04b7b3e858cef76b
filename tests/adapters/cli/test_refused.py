"""Refusals that arrive while the stages run: told by their reason, at a length that does not grow with their number."""

import pytest

from pipeline.adapters.cli.refused import KINDS_MAX, QuarantineTeller
from pipeline.adapters.cli.terminal import Terminal
from pipeline.records.raw.record import RawRecord
from tests.ingest.world import Raw


def refused(reason: str, number: int = 0, topic: str = "tickets") -> RawRecord:
    words = {"topic": topic, "reason": reason, "exception.message": f"ticket T{number}"}
    headers = tuple((f"tocsin.errors.{name}", text.encode()) for name, text in words.items())
    return Raw("quarantine", 0, b"", headers=headers)


def test_a_feed_that_is_refused_whole_takes_a_line_for_each_power_of_ten(capsys: pytest.CaptureFixture[str]) -> None:
    teller = QuarantineTeller(Terminal())
    for number in range(1, 12_346):
        teller.hear(refused("schema_mismatch", number))
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if line.startswith("refused: ")] == [
        f"refused: {count} of tickets, schema mismatch: ticket T{number}"
        for count, number in [
            ("a record", 1),
            ("10 records", 10),
            ("100 records", 100),
            ("1,000 records", 1_000),
            ("10,000 records", 10_000),
        ]
    ]
    teller.tell()
    assert capsys.readouterr().err == "refused meanwhile: 12,345 of tickets, schema mismatch\n"


def test_the_fix_of_a_reason_is_said_once_a_topic(capsys: pytest.CaptureFixture[str]) -> None:
    teller = QuarantineTeller(Terminal())
    for number in range(10):
        teller.hear(refused("late", number, "telemetry"))
        teller.hear(refused("late", number, "mentions"))
    said = capsys.readouterr().err
    assert said.count("ingest.steady_lag_ms_max") == 2


def test_rubbish_on_quarantine_is_counted_and_bounded(capsys: pytest.CaptureFixture[str]) -> None:
    teller = QuarantineTeller(Terminal())
    teller.hear(Raw("quarantine", 0, None, headers=(("tocsin.errors.reason", b"\xff\x1b[2J"),)))
    for number in range(2 * KINDS_MAX):
        teller.hear(refused(f"reason {number}"))
    teller.tell()
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert len(said.splitlines()) == KINDS_MAX + 1


def test_nothing_is_said_where_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    QuarantineTeller(Terminal()).tell()
    assert capsys.readouterr().err == ""

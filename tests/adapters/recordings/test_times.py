"""Times of strangers: the zone in the text wins, the machine's own never matters, and what lies is told."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pipeline.adapters.recordings.intake.times import FIRST_MS, Told, time_reader
from pipeline.records.clocks import DAY_MS
from pipeline.records.errors import ConfigError

MACHINES = ("UTC", "America/New_York", "Asia/Kolkata", "Europe/Dublin", "Australia/Lord_Howe")


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000)


@pytest.fixture(params=MACHINES)
def _machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands in another zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_machine")
@pytest.mark.parametrize(
    ("pattern", "zone", "text", "meant"),
    [
        ("%a %b %d %H:%M:%S %Z %Y", "Europe/Paris", "Sat Jul 06 11:08:00 UTC 2024", "2024-07-06T11:08:00Z"),
        ("%a %b %d %H:%M:%S %Z %Y", "Europe/Paris", "Sat Jul 06 11:08:00 GMT 2024", "2024-07-06T11:08:00Z"),
        ("%a %b %d %H:%M:%S %Z %Y", "Europe/Paris", "Sat Jul 06 11:08:00 CEST 2024", "2024-07-06T09:08:00Z"),
        ("%d/%m/%Y %H:%M:%S %Z", None, "06/07/2024 11:08:00 BST", "2024-07-06T10:08:00Z"),
        ("%d/%m/%Y %H:%M:%S %Z", None, "06/01/2024 11:08:00 EST", "2024-01-06T16:08:00Z"),
        ("%d/%m/%Y %H:%M:%S %Z", None, "06/07/2024 11:08:00 -0330", "2024-07-06T14:38:00Z"),
        ("%d/%m/%Y %H:%M:%S %Z", "Europe/Dublin", "06/07/2024 11:08:00 IST", "2024-07-06T10:08:00Z"),
        ("%d/%m/%Y %H:%M:%S %Z", "Asia/Kolkata", "06/07/2024 11:08:00 IST", "2024-07-06T05:38:00Z"),
        ("%d/%m/%Y %H:%M:%S %z", "Europe/Dublin", "06/07/2024 11:08:00 +0530", "2024-07-06T05:38:00Z"),
        ("%d.%m.%Y %H:%M", "Europe/Berlin", "06.07.2024 11:08", "2024-07-06T09:08:00Z"),
        ("auto", "Europe/Berlin", "2024-07-06 11:08:00 UTC", "2024-07-06T11:08:00Z"),
        ("auto", None, "2024-07-06 11:08:00 America/Montreal", "2024-07-06T15:08:00Z"),
        ("auto", None, "2024-07-06 11:08 MESZ", "2024-07-06T09:08:00Z"),
        ("rfc3339", "Europe/Berlin", "2024-07-06T11:08:00+05:30", "2024-07-06T05:38:00Z"),
    ],
)
def test_zone_of_the_text_wins_wherever_the_machine_stands(
    pattern: str, zone: str | None, text: str, meant: str
) -> None:
    assert time_reader(pattern, zone)(text) == ms(meant)


@pytest.mark.usefixtures("_machine")
@pytest.mark.parametrize("text", ["06/07/2024 11:08:00 XYZT", "06/07/2024 11:08:00 IST"])
def test_a_zone_that_nobody_knows_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match=rf"time zone '{text[-4:].strip()}' is not known: write an offset"):
        time_reader("%d/%m/%Y %H:%M:%S %Z", None)(text)


def test_hour_that_comes_twice_and_hour_that_is_missing_are_counted() -> None:
    read = time_reader("%Y-%m-%d %H:%M", "Europe/Berlin")
    assert read("2024-10-27 02:15") == ms("2024-10-27T00:15:00Z"), "the first of the two"
    assert read("2024-03-31 02:15") == ms("2024-03-31T01:15:00Z"), "03:15 on the new clock"
    assert read("2024-07-06 02:15") == ms("2024-07-06T00:15:00Z")
    assert read.told == {Told.REPEATED_HOUR: 1, Told.MISSING_HOUR: 1}


def test_an_offset_beside_the_time_makes_the_hour_that_comes_twice_plain() -> None:
    read = time_reader("auto", "Europe/Berlin")
    assert read("2024-10-27 02:15 CET") - read("2024-10-27 02:15 CEST") == 3_600_000
    assert not read.told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1720264080", Told.EPOCH_S),
        ("1720264080.25", Told.EPOCH_S),
        ("1720264080250", Told.EPOCH_MS),
        ("1720264080250000", Told.EPOCH_US),
        ("1720264080250000000", Told.EPOCH_NS),
        ("1.72026408e9", Told.EPOCH_S),
    ],
)
def test_unit_of_an_epoch_is_told_from_its_size(text: str, told: Told) -> None:
    read = time_reader("auto", None)
    assert read(text) // 1_000 == 1_720_264_080
    assert read.told == {told: 1}


@pytest.mark.parametrize(
    ("pattern", "text", "fix"),
    [
        ("epoch_ms", "1720264080", "epoch_s"),
        ("epoch_s", "1720264080250", "epoch_ms"),
        ("epoch_s", "1720264080250000", "epoch_us"),
        ("epoch_ms", "1720264080250000000", "epoch_ns"),
        ("epoch_ns", "1720264080250", "epoch_ms"),
        ("rfc3339", "1720264080", "epoch_s"),
    ],
)
def test_epoch_of_another_unit_is_refused_with_the_right_one(pattern: str, text: str, fix: str) -> None:
    with pytest.raises(ValueError, match=f"it looks like {fix} \\(--time-format {fix}\\)"):
        time_reader(pattern, None)(text)


@pytest.mark.parametrize("text", ["0", "12", "1999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "-5"])
def test_a_time_before_2000_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"--time-format"):
        time_reader("auto", None)(text)


def test_a_time_more_than_a_day_ahead_is_refused() -> None:
    now = ms("2025-02-12T09:00:00Z")
    read = time_reader("auto", None, now + DAY_MS)
    assert read("2025-02-13T08:59:00Z") < now + DAY_MS
    with pytest.raises(ValueError, match="more than a day in the future"):
        read("2025-02-14T09:00:00Z")
    assert time_reader("auto", None)("2000-01-01T00:00:00Z") == FIRST_MS


def test_seconds_may_be_there_or_not() -> None:
    read = time_reader("%d.%m.%Y %H:%M", "UTC")
    assert read("06.07.2024 11:08:30") - read("06.07.2024 11:08") == 30_000
    assert read.told == {Told.SECONDS: 1}
    read = time_reader("%d.%m.%Y %H:%M:%S", "UTC")
    assert read("06.07.2024 11:08:30") - read("06.07.2024 11:08") == 30_000
    with pytest.raises(ValueError, match="does not match"):
        read("06.07.2024")


@pytest.mark.parametrize("pattern", ["iso", "", "unix"])
def test_a_format_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match=r"time\.format = .*: must be auto, rfc3339"):
        time_reader(pattern, None)


def test_what_is_read_does_not_depend_on_what_was_read_before() -> None:
    first, second = time_reader("auto", "Europe/Paris"), time_reader("auto", "Europe/Paris")
    texts = ["1720264080", "2024-07-06 11:08", "20240706T110800Z", "2024-07-06 11:08 CET"]
    assert [first(text) for text in texts] == [second(text) for text in reversed(texts)][::-1]
    assert datetime.fromtimestamp(first(texts[2]) / 1_000, UTC).hour == 11

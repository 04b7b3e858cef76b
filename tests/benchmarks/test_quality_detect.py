"""The measure of single series: what counts as a false alarm, what an oracle can do, and what a missed bar does."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import quality_detect
from benchmarks.quality_detect import Corpus, Kept, Met, nab_of
from benchmarks.quality_sections import SERIES
from benchmarks.streams import LEARNING_DAYS, Stream, Watched, oracle_delays, synthetic, threshold_at

MINUTE = 60_000
DAY = 1_440


def watched(alarms: list[int], events: list[tuple[int, int, float]], days: int = 9) -> Watched:
    values = np.zeros(days * DAY)
    values[alarms] = 5.0
    return Watched(Stream("one", MINUTE, np.zeros(days * DAY, dtype=np.int64), events), values)


@pytest.mark.parametrize(
    ("alarms", "false"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([LEARNING_DAYS * DAY - 90], 0, id="while_it_learns"),
        pytest.param([8 * DAY], 1, id="one"),
        pytest.param([8 * DAY, 8 * DAY + 60, 8 * DAY + 120], 1, id="within_an_hour_of_the_last_they_are_one"),
        pytest.param([8 * DAY, 8 * DAY + 61], 2, id="two"),
        pytest.param([8 * DAY + 310], 0, id="three_hours_after_an_event"),
        pytest.param([8 * DAY + 541], 1, id="later"),
    ],
)
def test_false_alarms_are_those_outside_events(alarms: list[int], false: int) -> None:
    one = watched(alarms, [(8 * DAY + 300, 8 * DAY + 360, 4.0)])
    assert one.false_alarms(5.0) == false
    assert one.days == pytest.approx(2 - 4 / 24)


def test_a_delay_counts_from_the_begin_and_is_capped() -> None:
    events = [(8 * DAY, 8 * DAY + 60, 4.0), (8 * DAY + 300, 8 * DAY + 360, 0.0)]
    assert watched([8 * DAY + 4], events).delays(5.0) == [(4.0, 5.0), (0.0, 60.0)]


def test_the_threshold_is_the_lowest_that_sees_no_more_than_promised() -> None:
    values = np.zeros(9 * DAY)
    values[[7 * DAY + 10, 7 * DAY + 200, 8 * DAY]] = (6.0, 7.0, 8.0)
    one = Watched(Stream("one", MINUTE, np.zeros(9 * DAY, dtype=np.int64), []), values)
    assert threshold_at([one], 2.0) == pytest.approx(7.05)
    assert threshold_at([one], 1.0) == pytest.approx(6.05)


def test_a_threshold_does_not_keep_its_promise_by_alarming_all_the_time() -> None:
    values = np.zeros(9 * DAY)
    values[7 * DAY :: 30] = 3.0
    values[7 * DAY :: 120] = 5.0
    values[8 * DAY] = 7.0
    one = Watched(Stream("one", MINUTE, np.zeros(9 * DAY, dtype=np.int64), []), values)
    assert [one.false_alarms(threshold) for threshold in (3.0, 5.0, 7.0)] == [1, 24, 1]
    assert threshold_at([one], 2.0) == pytest.approx(5.05)


def test_an_oracle_finds_what_is_large_at_once_and_waits_for_what_is_small() -> None:
    streams = [synthetic(seed, 20.0, 21, (1.5, 4.0, 0.0), bursts=True) for seed in (61, 62)]
    found = oracle_delays(streams, 7.0)
    small, large, none = (np.median([delay for each, delay in found if each == size]) for size in (1.5, 4.0, 0.0))
    assert max(large, none) <= 10 < small


def test_tweets_lie_in_the_folder_of_ones_own_data_or_beside_it(tmp_path: Path) -> None:
    (tmp_path / "nab").mkdir()
    (tmp_path / "text").mkdir()
    assert nab_of(str(tmp_path)) == nab_of(str(tmp_path / "text")) == tmp_path / "nab"
    assert nab_of(str(tmp_path / "text" / "more")) is None
    assert nab_of(None) is None


TINY = ["--streams", "2", "--days", "10"]


def test_the_figures_stand_beside_an_oracle_and_their_bars(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TOCSIN_DATA", raising=False)
    monkeypatch.setattr(quality_detect, "DROPS", (0.5, 0.0))
    monkeypatch.setattr(quality_detect, "put_alone", lambda _: pytest.fail("a quick look writes nothing"))
    assert quality_detect.main(TINY) in (0, 1)
    said = capsys.readouterr().out
    assert "oracle: RMD" in said
    assert "(C) were left out, as TOCSIN_DATA named no folder" in said
    assert "| A: RMD / oracle at 1 a week |" in said
    assert "| B: collapse within 15 min at 1 a week (oracle 1.000) | 1.00 | ≥ 0.99 | yes |" in said
    assert "| 6 streams, surges (A) |" in said


def test_a_promise_is_kept_if_no_group_sees_more_than_promised_at_any_threshold() -> None:
    assert Kept("A, tweets", [0.5, 1.0, 0.0]).row == "| A, tweets | 0.50 | 1.00 | 0.00 | ≤ 1 | yes |"
    assert Kept("A, tweets", [0.5, 0.2, 1.01]).row == "| A, tweets | 0.50 | 0.20 | 1.01 | ≤ 1 | **no** |"


@pytest.mark.parametrize("is_met", [True, False])
def test_a_missed_bar_is_an_error_once_the_page_is_written(is_met: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[list[str]] = []
    monkeypatch.delenv("TOCSIN_DATA", raising=False)
    monkeypatch.setattr(quality_detect, "STREAMS", 1)
    monkeypatch.setattr(
        quality_detect, "measure", lambda name, *_: Corpus(name, [], [Met("one", 1.0, "≤ 1", is_met)], ["1", "2", "3"])
    )
    monkeypatch.setattr(quality_detect, "put_alone", written.append)
    assert quality_detect.main([]) == (0 if is_met else 1)
    (part,) = written
    assert part[0] == SERIES
    assert (f"| one | 1.00 | ≤ 1 | {'yes' if is_met else '**no**'} |" in part) is True

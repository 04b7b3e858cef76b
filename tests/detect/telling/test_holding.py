"""Talk that stands out and is held back is told once a burst, whenever that is."""

import pytest

from pipeline.detect.detectors.detector import Verdict
from pipeline.detect.state import HeardSeries
from pipeline.detect.telling.holding import begins_burst, words_of
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.anomalies import BURST_PAUSE_MS


def test_each_burst_begins_once_and_a_pause_ends_it() -> None:
    heard, minutes = HeardSeries(), (5, 6, 14, 15, 24, 35, 36, 60)
    assert [minute for minute in minutes if begins_burst(heard, minute * MINUTE_MS)] == [5, 35, 60]
    assert BURST_PAUSE_MS == 10 * MINUTE_MS


@pytest.mark.parametrize(("people", "why"), [(2, "2 of at least 3 people spoke"), (3, "talk of a town")])
def test_the_words_say_why(people: int, why: str) -> None:
    seen = Verdict(12.0, 0.31, 6.2, 9.0, "surge", 0, alarm=True)
    assert words_of(seen, people, 3).startswith("stands out (12, expected 0.31, surprise 6.2)")
    assert why in words_of(seen, people, 3)

"""The fixed rule beside which Tocsin is measured on sparse streams of posts."""

from pathlib import Path

import pytest

from benchmarks.quality_sparse import (
    STREAM,
    Judged,
    Post,
    Row,
    Warned,
    judged,
    known_of,
    section,
    stream_in,
    told,
    warnings_of,
)
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS

QUIET = [Post(hour * HOUR_MS, understood=False) for hour in range(72)]


def burst(at: int, posts: int, understood: int) -> list[Post]:
    return [Post(at + number * MINUTE_MS, understood=number < understood) for number in range(posts)]


@pytest.mark.parametrize(
    ("posts", "understood", "warned"),
    [(4, 4, False), (5, 2, False), (5, 3, True), (12, 3, True), (20, 3, True)],
)
def test_rule_wants_posts_that_are_understood(posts: int, understood: int, warned: bool) -> None:
    assert bool(warnings_of(QUIET + burst(3 * DAY_MS, posts, understood))) is warned


def test_rule_wants_six_times_the_usual_and_a_day_of_it() -> None:
    busy = [Post(minute * 10 * MINUTE_MS, understood=True) for minute in range(3 * 144)]
    assert warnings_of(busy) == []
    assert warnings_of(busy + burst(3 * DAY_MS, 7, 7)) == []
    assert warnings_of(busy + burst(3 * DAY_MS, 20, 20)) != []
    assert warnings_of(burst(0, 20, 20)) == []


def test_warnings_within_six_hours_are_one() -> None:
    first, second = burst(3 * DAY_MS, 8, 8), burst(3 * DAY_MS + 5 * HOUR_MS, 8, 8)
    assert len(warnings_of(QUIET + first + second)) == 1
    assert len(warnings_of(QUIET + first + burst(3 * DAY_MS + 9 * HOUR_MS, 8, 8))) == 2


def test_each_outage_is_found_once_and_the_rest_are_others() -> None:
    outages = [("att", 100, 200), ("att", 900, 950)]
    warned = [Warned(120, "att", ""), Warned(150, "att", ""), Warned(150, "verizon", ""), Warned(500, "att", "")]
    assert list(told("fixed rule", warned, outages)) == ["  fixed rule: 1 of 2 outages, 2 others"]


@pytest.mark.parametrize(
    ("tocsin", "as_good"),
    [
        pytest.param(Judged(2, 1), True, id="the_same"),
        pytest.param(Judged(3, 0), True, id="better"),
        pytest.param(Judged(1, 0), False, id="fewer_outages"),
        pytest.param(Judged(3, 2), False, id="more_warnings_of_nothing"),
    ],
)
def test_as_good_as_the_rule_is_who_finds_as_many_and_warns_no_more_often_of_nothing(
    tocsin: Judged, as_good: bool
) -> None:
    rows = [Row("one", 2, Judged(1, 1), Judged(0, 0)), Row("two", 2, Judged(1, 0), tocsin)]
    *_, all_of_them = section(rows)
    assert all_of_them == f"| all | 4 | 2, 1 | {tocsin.found}, {tocsin.others} | {'yes' if as_good else '**no**'} |"


def test_one_warning_may_find_two_outages_and_is_no_other() -> None:
    assert judged([Warned(120, "att", "")], [("att", 100, 200), ("att", 110, 130)]) == Judged(2, 0)


def test_a_real_stream_lies_in_the_folder_of_ones_own_data_or_in_its_texts(tmp_path: Path) -> None:
    assert stream_in(None) is stream_in(str(tmp_path)) is None
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / STREAM).touch()
    assert stream_in(str(tmp_path)) == stream_in(str(tmp_path / "text")) == tmp_path / "text" / STREAM
    known = known_of(tmp_path / "stream.jsonl.zst", is_stream=True)
    assert known is not None
    assert all(begin < end for _, begin, end in known)
    assert known_of(tmp_path / "stream.jsonl.zst", is_stream=False) is None

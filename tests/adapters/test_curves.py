"""The curves of a run: a long series is thinned out to its end, and no peak is lost."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.codecs.lines import each_line, read_lines
from pipeline.adapters.runs.curves import FILE, SeriesFile
from pipeline.records.clocks import Instant
from pipeline.records.inner.judgements import Judgement
from pipeline.records.series import Series

MINUTE = 60_000
LONG = Series("o2", "DE/NW", "DE/NW", "", "", "", "tickets", "complaints", "count")
SHORT = Series("o2", "DE/BY", "DE/BY", "", "", "", "tickets", "complaints", "count")


def judgement(series: Series, minute: int, surprise: float | None = 0.0) -> Judgement:
    return Judgement(series=series, ended_at=Instant(minute * MINUTE), observed=1.0, expected=1.0, surprise=surprise)


def kept(folder: Path, series: Series) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in read_lines(folder / FILE)]
    return [row for row in rows if row["area"] == series.area]


@pytest.mark.parametrize(("count", "resolution"), [(10, 1), (11, 2), (20, 2), (41, 8)])
def test_a_long_series_reaches_the_end_of_the_run(tmp_path: Path, count: int, resolution: int) -> None:
    with SeriesFile(tmp_path, most=10) as curves:
        for minute in range(count):
            curves.take([judgement(LONG, minute, float(minute))])
        curves.take([judgement(SHORT, 5)])
    rows = kept(tmp_path, LONG)
    assert len(rows) <= 10
    assert len(rows) == -(-count // resolution)
    assert rows[-1]["surprise"] == count - 1
    assert (curves.resolution, len(kept(tmp_path, SHORT))) == (resolution, 1), "a short series keeps all of its lines"
    assert curves.written + curves.thinned == count + 1
    assert curves.written == len(rows) + 1


def test_a_peak_either_way_stays_when_a_curve_is_thinned_out(tmp_path: Path) -> None:
    with SeriesFile(tmp_path, most=10) as curves:
        for minute in range(40):
            curves.take([judgement(LONG, minute, {13: 9.0, 26: -7.0, 30: None}.get(minute, 0.5))])
    surprises = [row["surprise"] for row in kept(tmp_path, LONG)]
    assert (len(surprises), surprises.count(9.0), surprises.count(-7.0)) == (10, 1, 1)


def test_lines_come_whole_however_the_file_is_cut(tmp_path: Path) -> None:
    lines = [b"x" * size for size in (0, 1, 70_000, 3)]
    (tmp_path / "plain.jsonl").write_bytes(b"\n".join(lines))
    assert list(each_line(tmp_path / "plain.jsonl")) == lines

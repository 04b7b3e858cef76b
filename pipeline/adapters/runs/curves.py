"""The curves of a run: what DETECT saw and expected, for the report to draw.

A curve helps a reader where it sums up: nations and regions, not villages and
single elements. So only those are kept, and of each no more than fits a page:
what is left out is counted, never silently gone.

A long run is drawn to its end: a series with too many lines is thinned out
when the run is over, as only then its length is known. Two neighbours become
one, or four, or eight; the most surprising of them stays, so that every peak
stays in the picture. Lines keep their order within a series.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from pipeline.adapters.codecs.lines import LineWriter, each_line
from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.records.inner.judgements import Judgement
from pipeline.records.series import Series

FILE: Final = "series.jsonl.zst"
LINES_MAX: Final = 20_000
"""Most lines of one series: two weeks of minutes; a longer one is thinned out."""
SERIES_MAX: Final = 2_000
_DEPTH_MAX: Final = 2


def is_drawn(series: Series) -> bool:
    """Whether a report may draw this series: of a nation or region, and of people only the sum over all services.

    >>> is_drawn(Series("o2", "DE/NW", "DE/NW", "", "", "", "tickets", "complaints", "count"))
    True
    >>> is_drawn(Series("o2", "DE/NW", "DE/NW/koeln", "", "", "", "tickets", "complaints", "count"))
    False
    """
    if series.element or series.area.count("/") >= _DEPTH_MAX:
        return False
    return series.source == "telemetry" or not (series.service or series.item)


class _Drawn(msgspec.Struct, frozen=True):
    """Of a line, which series it is of and how surprising it was."""

    operator: str
    area: str
    service: str
    item: str
    source: str
    measure: str
    unit: str
    surprise: float | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.operator, self.area, self.service, self.item, self.source, self.measure, self.unit)


_DRAWN: Final = decoder(_Drawn)


def thinned(lines: Iterable[bytes], counts: Mapping[tuple[str, ...], int], most: int) -> Iterator[bytes]:
    """Thin out each series that has too many lines, to the half, a quarter, an eighth...

    Args:
        lines: Lines of a `series.jsonl`.
        counts: How many lines each series has, by its seven names.
        most: Most lines of one series, 1 or more.

    Yields:
        The lines that stay; of each group of neighbours the one of the greatest surprise either way, the first of
        several, as soon as its group is complete.
    """
    steps = {key: step_of(count, most) for key, count in counts.items()}
    groups: dict[tuple[str, ...], tuple[int, float, bytes]] = {}
    for line in lines:
        drawn = _DRAWN.decode(line)
        step = steps[drawn.key]
        size, greatest, kept = groups.pop(drawn.key, (0, -1.0, b""))
        surprise = abs(drawn.surprise or 0.0)
        if surprise > greatest:
            greatest, kept = surprise, line
        if size + 1 >= step:
            yield kept
        else:
            groups[drawn.key] = (size + 1, greatest, kept)
    yield from (kept for _, _, kept in groups.values())


def step_of(count: int, most: int) -> int:
    """Of how many lines one is kept so that no more than `most` stay: a power of two.

    >>> step_of(20_000, 20_000), step_of(20_001, 20_000), step_of(90_000, 20_000)
    (1, 2, 8)
    """
    step = 1
    while -(-count // step) > most:
        step *= 2
    return step


class SeriesFile:
    """Takes judgements as they come, writes those that a report may draw.

    Each line: operator, area, service, item, source, measure, unit, ended_at
    (RFC 3339), observed, expected, surprise; the last three may be null, which
    is "not measured" and "no verdict".

    Args:
        folder: Folder of the run.
        most: Most lines of one series, 1 or more.

    Attributes:
        written: Lines in the file; when it is closed, those that stay.
        thinned: Lines that were left out as their series has too many.
        dropped: Lines of series that were left out wholly, as there are too many series.
        resolution: Steps of which the coarsest series keeps one; 1 if none was thinned out.
    """

    def __init__(self, folder: Path, most: int = LINES_MAX) -> None:
        self._path, self._most = folder / FILE, most
        self._lines = LineWriter(self._path)
        self._counts: dict[Series, int] = {}
        self.written = self.dropped = self.thinned = 0
        self.resolution = 1

    def take(self, judged: Sequence[Judgement]) -> None:
        """Hear what was judged."""
        for judgement in judged:
            if is_drawn(judgement.series):
                self._write(judgement)

    def _write(self, judgement: Judgement) -> None:
        series = judgement.series
        count = self._counts.get(series, 0)
        if not count and len(self._counts) >= SERIES_MAX:
            self.dropped += 1
            return
        self._counts[series] = count + 1
        self.written += 1
        self._lines.write(
            encode(
                {
                    "operator": series.operator,
                    "area": series.area,
                    "service": series.service,
                    "item": series.item,
                    "source": series.source,
                    "measure": series.measure,
                    "unit": series.unit,
                    "ended_at": judgement.ended_at,
                    "observed": judgement.observed,
                    "expected": judgement.expected,
                    "surprise": judgement.surprise,
                }
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()
        self.resolution = step_of(max(self._counts.values(), default=0), self._most)
        if self.resolution > 1:
            self._thin_out()

    def _thin_out(self) -> None:
        counts: dict[tuple[str, ...], int] = {
            (
                series.operator,
                series.area,
                series.service,
                series.item,
                series.source,
                series.measure,
                series.unit,
            ): count
            for series, count in self._counts.items()
        }
        beside = self._path.with_name(f".{FILE}")
        before, self.written = self.written, 0
        with LineWriter(beside) as lines:
            for line in thinned(each_line(self._path), counts, self._most):
                lines.write(line)
                self.written += 1
        self.thinned = before - self.written
        beside.replace(self._path)

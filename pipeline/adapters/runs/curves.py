"""The curves of a run: what DETECT saw and expected, for the report to draw.

A curve helps a reader where it sums up: nations and regions, not villages and
single elements. So only those are kept, and of each no more than fits a page:
what is left out is counted, never silently gone.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pipeline.adapters.codecs.lines import LineWriter
from pipeline.adapters.codecs.wire import encode
from pipeline.records.inner.judgements import Judgement
from pipeline.records.series import Series

FILE: Final = "series.jsonl.zst"
LINES_MAX: Final = 20_000
"""Most lines of one series: two weeks of minutes."""
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


class SeriesFile:
    """Takes judgements as they come, writes those that a report may draw.

    Each line: operator, area, service, item, source, measure, unit, ended_at
    (RFC 3339), observed, expected, surprise; the last three may be null, which
    is "not measured" and "no verdict".

    Args:
        folder: Folder of the run.
    """

    def __init__(self, folder: Path) -> None:
        self._lines = LineWriter(folder / FILE)
        self._counts: dict[Series, int] = {}
        self.written = self.dropped = 0

    def take(self, judged: Sequence[Judgement]) -> None:
        """Hear what was judged."""
        for judgement in judged:
            if is_drawn(judgement.series):
                self._write(judgement)

    def _write(self, judgement: Judgement) -> None:
        series = judgement.series
        count = self._counts.get(series, 0)
        if count >= LINES_MAX or (not count and len(self._counts) >= SERIES_MAX):
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

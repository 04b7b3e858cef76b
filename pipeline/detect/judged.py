"""What was judged, told only to who asks: reports do, a live run does not.

A week of one operator has a million judgements, and writing them out cost a tenth
of DETECT. So a step keeps what it takes to make them, and makes them when read.
"""

from collections.abc import Sequence
from typing import NamedTuple, overload

from pipeline.detect.detectors.detector import Verdict
from pipeline.detect.rollup import series_of
from pipeline.records.clocks import Instant
from pipeline.records.inner.judgements import Judgement


class Note(NamedTuple):
    """One series, one step, as the judge left it."""

    key: str
    operator: str
    scope_area: str
    end: int
    observed: float
    verdict: Verdict | None

    def told(self) -> Judgement:
        """As a record."""
        verdict = self.verdict
        return Judgement(
            series=series_of(self.key, self.operator, self.scope_area),
            ended_at=Instant(self.end),
            observed=self.observed,
            expected=round(verdict.expected, 6) if verdict is not None else None,
            surprise=round(verdict.surprise, 6) if verdict is not None else None,
        )


class Judged(Sequence[Judgement]):
    """Judgements that are made when they are read.

    Args:
        notes: In their order; not copied.
    """

    def __init__(self, notes: list[Note]) -> None:
        self._notes = notes

    def __len__(self) -> int:
        return len(self._notes)

    @overload
    def __getitem__(self, index: int) -> Judgement: ...

    @overload
    def __getitem__(self, index: slice) -> "Judged": ...

    def __getitem__(self, index: int | slice) -> "Judgement | Judged":
        if isinstance(index, slice):
            return Judged(self._notes[index])
        return self._notes[index].told()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Judged) and self._notes == other._notes

    __hash__ = None  # type: ignore[assignment]  # like a list

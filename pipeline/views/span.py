"""A stretch of time, and where each moment of it lies on a drawing.

Every drawing is 1,000 units wide, so that a page can stretch it to any screen.
"""

from dataclasses import dataclass
from typing import Final

from pipeline.records.clocks import MINUTE_MS

WIDTH: Final = 1_000
"""Width of every drawing, in its own units; 10 are one per cent."""


@dataclass(frozen=True, slots=True)
class Span:
    """A window of time and where it lies on a drawing."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        """At least a minute."""
        return max(self.end_ms - self.start_ms, MINUTE_MS)

    def x(self, time_ms: float) -> float:
        """Horizontal place, 0 to 1000, cut at the edges."""
        return min(max((time_ms - self.start_ms) / self.length_ms, 0.0), 1.0) * WIDTH

    def percent(self, time_ms: float) -> float:
        """The same in per cent, for elements of the page."""
        return round(self.x(time_ms) / 10, 3)

    def holds(self, time_ms: float) -> bool:
        """Is it inside?"""
        return self.start_ms <= time_ms <= self.end_ms

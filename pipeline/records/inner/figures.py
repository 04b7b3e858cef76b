"""Figures: sums of a few followed series at a coarse step, for those who must know how something went.

RESPOND hears of incidents only, but must say whether a backup is healthy, whether people wait
shorter since it helps, and how they speak a week later. So DETECT passes sums of followed series on,
judged by nobody: a figure neither opens nor closes an incident.

What was not seen has no figure. So "nothing came" and "a sum of zero" differ.
"""

from typing import Final, NamedTuple, Self

import msgspec

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.fixed_point import Exact
from pipeline.records.inner.talk import TALK

FIGURE_MS: Final = 5 * MINUTE_MS
"""Length of a figure's step. Call centres report every 5 to 15 minutes, and a person decides no faster."""


class FollowedFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Sums of one followed series over one step of five minutes.

    Attributes:
        operator: Id of the operator.
        area: Nation of the scope; for an element, the area of its series.
        source: Raw topic: telemetry, tickets or mentions.
        measure: Metric of telemetry, or what is counted of people.
        service: Empty for all.
        item: Empty for all.
        element: Empty for all.
        unit: Canonical unit of the series.
        ended_at: End of the step, a whole number of five minutes.
        count: Telemetry: attempts or readings that the sum stands for. People: minutes in which something came. It
            is above 0.
        total: Sum in steps of the unit (`fixed_point.SCALES`); of telemetry value x attempts, of people each
            ticket or post once a minute.
    """

    operator: str
    area: str
    source: str
    measure: str
    service: str = ""
    item: str = ""
    element: str = ""
    unit: str = "count"
    ended_at: Instant
    count: Exact
    total: Exact


class FigureName(NamedTuple):
    """Which figure of an operator is meant.

    Attributes:
        measure: Metric of telemetry, or what is counted of people.
        source: Raw topic.
        service: Empty for all.
        item: Empty for all.
        element: Id of an element, empty for all; an element's figure has one name wherever the element stands.
        area: Empty for the market's own nation, and for an element.
    """

    measure: str
    source: str = "telemetry"
    service: str = ""
    item: str = ""
    element: str = ""
    area: str = ""

    @classmethod
    def of_talk(cls, subject: str) -> Self:
        """Name of the figure that counts the posts of a subject of `records.inner.talk`."""
        return cls(TALK, "mentions", item=subject)

    @classmethod
    def of(cls, figure: FollowedFigure, market: str) -> Self:
        """Name of a figure within a market."""
        area = "" if figure.element or figure.area == market else figure.area
        return cls(figure.measure, figure.source, figure.service, figure.item, figure.element, area)

    @property
    def key(self) -> str:
        """The name in one piece, for a map; no field holds the separator."""
        return "\x1f".join(self)


class PaneFigures(msgspec.Struct, frozen=True, kw_only=True):
    """All figures that became known at one pane end in a market.

    Attributes:
        market: Whose operators' figures they are.
        at: End of the pane in which they became known.
        figures: In order of operator and name.
    """

    market: str
    at: Instant
    figures: tuple[FollowedFigure, ...]

"""Anomalies: panes that stand out, and how far time is sealed.

DETECT writes one `Sealed` per market whenever time moves, empty or not:
CORRELATE works a pane end once all partitions of DETECT have passed it.
"""

from typing import Final, Literal

import msgspec

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.examples import Example
from pipeline.records.inner.figures import FollowedFigure
from pipeline.records.inner.signals import EmergencyClaim, OfficialPost, PlacedCommand
from pipeline.records.inner.talk import TalkSum, WholeComplaint
from pipeline.records.inner.weighings import Weighing
from pipeline.records.series import Series

BURST_PAUSE_MS: Final = 10 * MINUTE_MS
"""A series that did not stand out for so long has ended its burst: what it says then is another one, and told."""


class Anomaly(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a series that stands out.

    Attributes:
        ended_at: End of the step that was judged; a step is one or more panes.
        step_ms: Length of the step, ms.
        started_at: When the deviation began, as the detector estimates it.
        direction: Says whether there was more than expected, or less.
        observed: What was measured, in the series' unit, per step for counts; rounded to 6 digits after the point.
        expected: What a normal step would have, in the series' unit, rounded as `observed`.
        surprise: -log10 p, capped at 300.
        evidence: The detector's accumulated evidence, where it has one (natural log).
        detector: Name of the detector, a label of metrics.
        records: Distinct tickets or posts of the step, or readings.
        people: Who wrote them, each once.
        symptoms: Symptom to count.
        learnt_hours: How long the detector had listened to the series (people's words: to their source) before.
        places: Place to how many people of the step named it, of a nation's sum only; the most named ones.
    """

    operator: str
    scope_area: str
    area: str
    element: str = ""
    service: str = ""
    item: str = ""
    source: str
    measure: str
    unit: str = "count"
    ended_at: Instant
    step_ms: int
    started_at: Instant
    direction: Literal["surge", "drop"]
    observed: float
    expected: float
    surprise: float
    evidence: float = 0.0
    detector: str
    records: int = 0
    people: int = 0
    symptoms: dict[str, int] = {}
    examples: list[Example] = []
    learnt_hours: int = 0
    places: dict[str, int] = {}

    @property
    def series(self) -> Series:
        """Which series stands out."""
        return Series(
            self.operator,
            self.scope_area,
            self.area,
            self.element,
            self.service,
            self.item,
            self.source,
            self.measure,
            self.unit,
        )


class FeedSilence(msgspec.Struct, frozen=True, kw_only=True):
    """A feed stopped, or came back: neither an outage nor an all-clear.

    Attributes:
        area: Scope's area whose feed it is.
        since: Last time that the feed said anything.
        ended: True when it speaks again.
    """

    operator: str
    area: str
    source: str
    measure: str = ""
    since: Instant
    ended: bool = False


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """How much an operator's nation scope talked in a step, whether it stands out or not.

    Rides along only while the operator has an anomaly: ratios and care figures
    of an open incident are drawn from it.
    """

    operator: str
    source: str
    measure: str
    service: str = ""
    unit: str = "count"
    observed: float
    expected: float | None = None
    people: int = 0


class MeasuredPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place in which figures of an operator's services are measured, whether they are well or not.

    Told when the first such figure is heard, and once a day: it says where an operator is.

    Attributes:
        services: Services of which there are figures, sorted; '' for one that names none.
    """

    operator: str
    area: str
    services: list[str]


class SealedPane(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one pane, once it is sealed.

    Attributes:
        end: End of the pane: the rules' "now".
        figures: Sums of followed series that are complete now, judged by nobody.
        figures_omitted: Sums that were left out of them, because a scope followed too many series.
        complaints: Tickets and posts of hot places that wait for an answer, judged by nobody.
        talk: What is said of hot operators, by subject, judged by nobody.
        measured: Places of which it is told anew what is measured there.
    """

    end: Instant
    anomalies: list[Anomaly] = []
    silences: list[FeedSilence] = []
    activity: list[Activity] = []
    officials: list[OfficialPost] = []
    claims: list[EmergencyClaim] = []
    commands: list[PlacedCommand] = []
    weighings: list[Weighing] = []
    figures: list[FollowedFigure] = []
    figures_omitted: int = 0
    complaints: list[WholeComplaint] = []
    talk: list[TalkSum] = []
    measured: list[MeasuredPlace] = []


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """How far a partition of DETECT has sealed time, and what it found, for one market.

    A record too large is split; only the last part moves `sealed_to`.

    Attributes:
        partition: Partition of `signals`, 0 to partitions - 1.
        sealed_to: All panes that end at or before it are complete.
        panes: Those with content, in order of time.
    """

    market: str
    epoch: int
    partition: int
    partitions: int
    sealed_to: Instant
    panes: list[SealedPane] = []

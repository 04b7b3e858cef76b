"""A run as its pages see it: what was published, what was seen, what was true.

Curves are kept as plain arrays: an hour of a series is sixty numbers three
times, not sixty objects. `pipeline.adapters.runs.reading` fills a run from its
folder; nothing here opens a file.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec

from pipeline.records.clocks import HOUR_MS, Instant
from pipeline.records.published.decisions import Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.raw.feeds import FeedCount, FeedName
from pipeline.records.truth import Truth
from pipeline.records.vocabulary import IncidentState
from pipeline.views.refusals import Refusals, refusals_of
from pipeline.views.span import Span

_NAN: Final = float("nan")


class CurveKey(NamedTuple):
    """Which series a curve belongs to."""

    operator: str
    area: str
    service: str
    item: str
    source: str
    measure: str
    unit: str


@dataclass(slots=True)
class Curve:
    """What was seen and expected of one series; nan where nothing was measured, or no verdict given.

    Attributes:
        ended_ms: Ends of the judged steps, rising.
        surprise_max: Greatest -log10 p of all steps; 0 without any verdict.
    """

    ended_ms: "array[int]" = field(default_factory=lambda: array("q"))
    observed: "array[float]" = field(default_factory=lambda: array("d"))
    expected: "array[float]" = field(default_factory=lambda: array("d"))
    surprise: "array[float]" = field(default_factory=lambda: array("d"))
    surprise_max: float = 0.0

    def add(self, ended_ms: int, row: Mapping[str, Any]) -> None:
        """Append a step."""
        surprise = row.get("surprise")
        self.ended_ms.append(ended_ms)
        self.observed.append(_number(row.get("observed")))
        self.expected.append(_number(row.get("expected")))
        self.surprise.append(_number(surprise))
        self.surprise_max = max(self.surprise_max, surprise or 0.0)


class FeedLine(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one feed's records, as `run.json` keeps it."""

    source: str
    operator: str
    kind: str
    count: FeedCount


class RunFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`run.json`: what made the files beside it; a field that is missing is not known."""

    recording: str = ""
    first: Instant | None = None
    last: Instant | None = None
    until: Instant | None = None
    tocsin: str = ""
    ruleset: str = ""
    settings: dict[str, Any] = {}
    records: int = 0
    used: int = 0
    counts: dict[str, int] = {}
    feeds: tuple[FeedLine, ...] = ()
    series_lines: int = 0
    series_lines_dropped: int = 0
    series_resolution: int = 1
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All that a run's folder holds.

    Attributes:
        name: Name of the run's folder.
        histories: Revisions of each incident, rising; incidents by opening.
        quarantined: Refused records by stage and reason, with one message each.
        operator_names: For people, by operator id.
        area_names: Names of regions and nations, by path.
        operator_sizes: Customers that the reference says an operator has in its market.
    """

    name: str
    facts: RunFacts
    histories: tuple[tuple[Incident, ...], ...]
    notices: tuple[Notice, ...]
    decisions: tuple[Decision, ...]
    quarantined: Mapping[tuple[str, str], tuple[int, str]]
    curves: Mapping[CurveKey, Curve]
    truth: Truth | None
    operator_names: Mapping[str, str]
    area_names: Mapping[str, str]
    failovers: tuple[Failover, ...] = ()
    followups: tuple[Followup, ...] = ()
    operator_sizes: Mapping[str, int] = field(default_factory=dict)


def refusals_in(run: Run) -> Refusals:
    """What the run did not hear; the words of a reason are those of one record, as run.json keeps none."""
    said = {reason: words for (_, reason), (_, words) in run.quarantined.items()}
    return refusals_of(
        {
            FeedName(feed.source, feed.operator, feed.kind): msgspec.structs.replace(feed.count, said=said)
            for feed in run.facts.feeds
        }
    )


def limits_of(run: Run) -> Span:
    """First and last moment of the recording, as far as the files tell."""
    times = [time_ms for curve in run.curves.values() for time_ms in (curve.ended_ms[0], curve.ended_ms[-1])]
    times += [int(incident.updated_at) for history in run.histories for incident in history]
    start = run.facts.first if run.facts.first is not None else min(times, default=0)
    end = run.facts.until or run.facts.last or max(times, default=int(start) + HOUR_MS)
    return Span(int(start), max(int(end), int(start) + 1))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else _NAN


def surer(revisions: Sequence[Incident]) -> Sequence[Incident]:
    """Revisions whose numbers count: a suspicion's may be a whole nation's, so they stand only where it stayed one."""
    return [revision for revision in revisions if revision.state != IncidentState.SUSPECTED] or revisions

"""What CORRELATE and RESPOND hold now: open incidents, silent feeds, drafts that wait, clocks that run.

It is read from their state, not counted up and down: a count of openings less closings would begin at zero after
each restart; the state knows. It is read after each take-over, and at most once a second while transactions are
committed, in the loop that changes it, so it may be ahead of what is committed by one batch.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.observing.metrics import definitions as d
from pipeline.adapters.observing.metrics.counting import Metrics
from pipeline.adapters.observing.metrics.families import Families
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.stages.contracts import StatefulStage
from pipeline.correlate.state import MarketState, OpenIncident
from pipeline.records.clocks import SOURCES
from pipeline.records.published.notices import Notice
from pipeline.records.raw.record import RawRecord
from pipeline.records.vocabulary import IncidentState, Severity
from pipeline.respond.remembered.replies import ReplyMemory
from pipeline.respond.state import IncidentCase

LOOK_SECONDS: Final = 1.0
"""A scrape sees the state as it was at most so long ago; to look costs about a millisecond a hundred drafts."""

_OPEN: Final = (IncidentState.SUSPECTED, IncidentState.CONFIRMED, IncidentState.RECOVERING)
_GRAVITIES: Final = tuple(severity for severity in Severity if severity is not Severity.CLEARED)
_MILLISECONDS: Final = 1_000


class WatchedStage:
    """CORRELATE as it is, and its states remembered as they are loaded; fits `StatefulStage`.

    Args:
        stage: CORRELATE.
    """

    def __init__(self, stage: StatefulStage) -> None:
        self.name, self.source, self.hold_back, self.ruleset = stage.name, stage.source, stage.hold_back, stage.ruleset
        self.loaded: dict[int, Any] = {}
        self._stage = stage

    def new_state(self, partition: int) -> Any:
        """A state that has seen nothing."""
        return self._stage.new_state(partition)

    def apply(self, state: Any, record: RawRecord) -> list[Message]:
        """Change the state in place."""
        return self._stage.apply(state, record)

    def slots(self, state: Any, *, all_slots: bool) -> dict[bytes, bytes | None]:
        """Encode what changed, or all."""
        return self._stage.slots(state, all_slots=all_slots)

    def load(self, partition: int, slots: Mapping[bytes, bytes]) -> Any:
        """The state that these slots hold."""
        state = self.loaded[partition] = self._stage.load(partition, slots)
        return state

    def markets(self) -> Iterator[MarketState]:
        """What CORRELATE holds of each market."""
        for held in self.loaded.values():
            yield from (slot for slot in held.state.correlate.slots.values() if isinstance(slot, MarketState))

    def cases(self) -> Iterator[IncidentCase]:
        """What RESPOND holds of each incident."""
        for held in self.loaded.values():
            yield from (slot for slot in held.state.respond.slots.values() if isinstance(slot, IncidentCase))


class HeldGauges(Observer):
    """Sets the gauges.

    Args:
        families: Families of metrics that the figures are added to.
        stage: The stage whose states are looked at.
        counts: Is told of incidents that were loaded, so that their severities are not counted again.
        now: A clock in seconds that never goes back.
    """

    def __init__(
        self,
        families: Families,
        stage: WatchedStage,
        counts: Metrics | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._families, self._stage, self._counts, self._now = families, stage, counts, now
        self._is_stale, self._looked_at = False, now()
        self._look()

    def taking_over(self, stage: str, partitions: int) -> None:
        """What was owned is somebody else's until it is loaded again."""
        del stage, partitions
        self._stage.loaded.clear()

    def assigned(self, stage: str, partitions: int) -> None:
        """All states are loaded."""
        del stage, partitions
        if self._counts is not None:
            for incident in self._incidents():
                self._counts.know(incident.incident_id, str(incident.severity.peak))
        self._look()

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:
        """States have changed."""
        del stage, messages, seconds
        self._is_stale = True
        self._look_if_due()

    def alive(self, stage: str) -> None:
        """The loop came round: look at what changed since the last look."""
        del stage
        self._look_if_due()

    def _look_if_due(self) -> None:
        if self._is_stale and self._now() - self._looked_at >= LOOK_SECONDS:
            self._look()

    def _look(self) -> None:
        self._is_stale, self._looked_at = False, self._now()
        incidents = [incident for incident in self._incidents() if incident.state in _OPEN]
        self._show_incidents([incident for incident in incidents if not incident.identity.exercise])
        silent = Counter(feed.source for market in self._stage.markets() for feed in market.silent)
        for source in SOURCES:
            self._families.gauge(d.FEEDS_SILENT).labels(source).set(silent[source])
        cases = [case for case in self._stage.cases() if not case.incident.exercise]
        self._show_notices([notice for case in cases for notice in case.notices.live.values()])
        self._show_reports(cases)
        self._show_replies([case.replies for case in cases if not case.is_over])

    def _incidents(self) -> Iterator[OpenIncident]:
        for market in self._stage.markets():
            yield from market.incidents

    def _show_incidents(self, incidents: Sequence[OpenIncident]) -> None:
        found = Counter((incident.state, incident.severity.peak) for incident in incidents)
        gauge = self._families.gauge(d.INCIDENTS_OPEN)
        for state in _OPEN:
            for severity in _GRAVITIES:
                gauge.labels(str(state), str(severity)).set(found[state, severity])
        claims = Counter(bool(i.handling.acknowledged_at) for i in incidents if i.dossier.emergency is not None)
        for is_acknowledged in (False, True):
            label = str(is_acknowledged).lower()
            self._families.gauge(d.EMERGENCIES).labels(label).set(claims[is_acknowledged])

    def _show_notices(self, notices: Sequence[Notice]) -> None:
        gauge = self._families.gauge(d.NOTICES_OPEN)
        gauge.clear()
        for (kind, state), count in Counter((notice.kind, notice.state) for notice in notices).items():
            gauge.labels(kind, state).set(count)
        drafts = [notice for notice in notices if notice.state == "draft"]
        _show_least(self._families, d.DRAFT_OLDEST, ((draft.kind, draft.drafted_at) for draft in drafts))
        _show_least(self._families, d.DRAFT_DUE, ((draft.kind, draft.due_at) for draft in drafts))

    def _show_reports(self, cases: Iterable[IncidentCase]) -> None:
        clocks = [(profile, clock) for case in cases for profile, clock in case.followups.reports.items()]
        running = ((profile, clock.due_at) for profile, clock in clocks if clock.done_at is None and not clock.ended)
        _show_least(self._families, d.REPORT_DUE, running)

    def _show_replies(self, queues: Sequence[ReplyMemory]) -> None:
        waiting = [row for queue in queues for row in queue.waiting.values()]
        counts = {
            "waiting": len(waiting),
            "overdue": sum(row.overdue for row in waiting),
            "answered": sum(queue.answered for queue in queues),
            "handed_over": sum(queue.handed_over for queue in queues),
            "displaced": sum(queue.displaced for queue in queues),
        }
        for outcome, count in counts.items():
            self._families.gauge(d.REPLIES).labels(outcome).set(count)
        _show_least(self._families, d.REPLY_OLDEST, ((row.priority, row.at) for row in waiting))


def _show_least(families: Families, definition: d.Definition, moments: Iterable[tuple[str, int | None]]) -> None:
    """Set a gauge to the least moment of each label; a label without one is absent."""
    gauge = families.gauge(definition)
    gauge.clear()
    least: dict[str, int] = {}
    for label, moment in moments:
        if moment is not None:
            least[label] = min(moment, least.get(label, moment))
    for label, moment in least.items():
        gauge.labels(label).set(moment / _MILLISECONDS)

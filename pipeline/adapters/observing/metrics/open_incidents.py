"""How many incidents are open, by severity: read from the state of CORRELATE, not counted up and down.

A count of openings less closings would begin at zero after each restart; the
state knows. It is read after each take-over and each commit, in the loop that
changes it, so it may be ahead of what is committed by one batch.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.observing.metrics.families import Families
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.stages.contracts import StatefulStage
from pipeline.records.raw.record import RawRecord
from pipeline.records.vocabulary import IncidentState, Severity

_OPEN: Final = frozenset({IncidentState.SUSPECTED, IncidentState.CONFIRMED, IncidentState.RECOVERING})


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


class OpenIncidents(Observer):
    """Sets the gauge.

    Args:
        families: Families of metrics that the figures are added to.
        stage: The stage whose states are looked at.
    """

    def __init__(self, families: Families, stage: WatchedStage) -> None:
        self._gauge, self._stage = families.incidents_open, stage
        self._count()

    def taking_over(self, stage: str, partitions: int) -> None:
        """What was owned is somebody else's until it is loaded again."""
        del stage, partitions
        self._stage.loaded.clear()

    def assigned(self, stage: str, partitions: int) -> None:
        """All states are loaded."""
        del stage, partitions
        self._count()

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:
        """States have changed."""
        del stage, messages, seconds
        self._count()

    def _count(self) -> None:
        markets = (market for held in self._stage.loaded.values() for market in held.state.correlate.slots.values())
        incidents = (incident for market in markets for incident in market.incidents)
        found = Counter(incident.severity.now for incident in incidents if incident.state in _OPEN)
        for severity in Severity:
            if severity is not Severity.CLEARED:  # it is over: no open one is
                self._gauge.labels(str(severity)).set(found[severity])

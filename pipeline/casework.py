"""CORRELATE and RESPOND in one step: what follows from a change is written together with it.

They share a partition and a transaction, and keep their states apart: a market is a slot
of CORRELATE's, a case one of RESPOND's. RESPOND hears, in the order of event time, that time has
passed, which figures became known, what people ordered and how incidents changed; CORRELATE never hears of RESPOND.

Time that passes is told before what happens next. So what falls due between two panes
is written between them, wherever the log was cut.
"""

from collections.abc import Mapping
from typing import Self

import msgspec

from pipeline.correlate.apply import apply as correlate
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import CorrelateState, MarketState
from pipeline.records.clocks import PANE_MS, Instant, pane_of
from pipeline.records.effects import Effects
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.changes import Change, QuestionAsked, QuestionEnded, WorkCancelled, WorkOrdered
from pipeline.records.inner.figures import PaneFigures
from pipeline.records.inner.pane_ends import PaneEnd, PaneTalk
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision
from pipeline.respond.apply import DUTIES, RespondInput
from pipeline.respond.apply import apply as respond
from pipeline.respond.config import RespondRules
from pipeline.respond.duties import Duty
from pipeline.respond.state import RespondState
from pipeline.respond.state import slot_type as respond_slot_type
from pipeline.respond.telling import told


class CaseworkState:
    """The states of CORRELATE and of RESPOND for one partition of `anomalies`, side by side.

    Args:
        partition: Partition of `anomalies`.
    """

    def __init__(self, partition: int) -> None:
        self.correlate, self.respond = CorrelateState(partition), RespondState(partition)

    @classmethod
    def restored(cls, partition: int, slots: Mapping[str, msgspec.Struct]) -> Self:
        """Both states from their saved slots.

        Raises:
            StateError: If a slot is neither a market's nor one of RESPOND's.
        """
        state = cls(partition)
        markets = {name: slot for name, slot in slots.items() if respond_slot_type(name) is None}
        others = {name: slot for name, slot in slots.items() if name not in markets}
        state.correlate = CorrelateState.restored(partition, markets)
        state.respond = RespondState.restored(partition, others)
        return state

    @property
    def slots(self) -> Mapping[str, msgspec.Struct]:
        """The slots of both."""
        return {**self.correlate.slots, **self.respond.slots}


def slot_type(name: str) -> type[msgspec.Struct]:
    """Type of a slot, for the codec.

    >>> slot_type("DE").__name__, slot_type("case|DE|0a1b").__name__
    ('MarketState', 'IncidentCase')
    """
    return respond_slot_type(name) or MarketState


class _Respond:
    """RESPOND in the hands of a step: hears, and gathers what follows.

    Args:
        state: Changes in place.
        market: Whose incidents change.
        rules: What RESPOND knows beforehand.
        duties: Its rules.
    """

    def __init__(self, state: RespondState, market: str, rules: RespondRules, duties: tuple[Duty, ...]) -> None:
        self._state, self._market, self._rules, self._duties = state, market, rules, duties
        self._told_to = -1
        self.changed: set[str] = set()

    def hear(self, heard: RespondInput) -> tuple[object, ...]:
        """What follows from what happened."""
        effects = respond(self._state, heard, self._rules, self._duties)
        self.changed |= effects.changed
        return effects.outputs

    def hear_change(self, change: Change) -> tuple[object, ...]:
        """The revision with what followed from it so far, and what follows now."""
        followed = self.hear(change)
        case = self._state.case(self._market, change.after.incident_id)
        return (change.after if case is None else told(case, change.after), *followed)

    def hear_time(self, at: int) -> tuple[object, ...]:
        """What fell due up to the end of a pane."""
        if at <= self._told_to:
            return ()
        self._told_to = at
        return self.hear(PaneEnd(market=self._market, at=Instant(at)))


def apply(
    state: CaseworkState,
    sealed: Sealed,
    correlating: tuple[CorrelateConfig, CorrelateReference],
    responding: RespondRules,
    duties: tuple[Duty, ...] = DUTIES,
) -> Effects:
    """Correlate what one partition of DETECT has sealed, and let RESPOND hear what came of it.

    Args:
        state: State of both; changes in place.
        sealed: The record to take in.
        correlating: Settings of CORRELATE, and what it knows beforehand.
        responding: Settings of RESPOND, and the sentences it says.
        duties: Rules of RESPOND.

    Returns:
        Each changed incident, followed by what it calls for; decisions; what fell due, in its place in time.
    """
    effects = correlate(state.correlate, sealed, *correlating)
    listener = _Respond(state.respond, sealed.market, responding, duties)
    outputs: list[object] = []
    for output in effects.outputs:
        if isinstance(output, PlacedCommand):
            outputs += listener.hear_time(pane_of(output.at))
            outputs += listener.hear(output)
            continue
        if isinstance(output, PaneFigures | PaneTalk | QuestionAsked | QuestionEnded | WorkOrdered | WorkCancelled):
            outputs += listener.hear_time(int(output.at) - PANE_MS)
            outputs += listener.hear(output)
            continue
        if isinstance(output, Change | Decision):
            outputs += listener.hear_time(int(output.at) - PANE_MS)
        outputs += listener.hear_change(output) if isinstance(output, Change) else (output,)
    outputs += listener.hear_time(state.correlate.slots[sealed.market].worked_to)
    return Effects(tuple(outputs), effects.changed | listener.changed, effects.judged)

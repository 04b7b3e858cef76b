"""Event-time panes: when is a pane complete, and what rides in it?

A pane is sealed when the least clock of all lanes and sources has passed its
end. A lane or source that was never heard is at minus infinity: it holds
everything back, since nobody knows what it would have said.
"""

from collections.abc import Mapping

from pipeline.detect.config import DetectConfig
from pipeline.detect.rollup import key_of
from pipeline.detect.slots.replies import take_replies
from pipeline.detect.slots.times import TimeSlot
from pipeline.detect.state import DetectState, slot_name
from pipeline.records.clocks import PANE_MS, SOURCES, pane_of
from pipeline.records.effects import Refused
from pipeline.records.errors import Reason, StateError
from pipeline.records.inner.partials import Partial, SeriesPartial, merged
from pipeline.records.inner.signals import EmergencyClaim, Envelope, LooseReply, OfficialPost, PlacedCommand
from pipeline.records.partitioner import partition_of_market
from pipeline.records.series import Scope, nation_of


def end_of(time_ms: int) -> int:
    """End of the pane that holds a time: a command applies before the pane that ends after it.

    >>> end_of(1739350860000), end_of(1739350869999)
    (1739350870000, 1739350870000)
    """
    return pane_of(time_ms) + PANE_MS


def check(state: DetectState, envelope: Envelope) -> None:
    """Does the envelope belong to this state?

    Raises:
        StateError: Another epoch, count of partitions, or partition, a layout that is over, or another count of lanes
            in one layout; the state must not be touched.
    """
    time = state.time
    where = f"partition {state.partition}: envelope of epoch {envelope.epoch}, lane {envelope.lane}"
    if envelope.partition != state.partition:
        raise StateError(f"{where} was written for partition {envelope.partition}: the log is mixed up")
    if not 0 <= envelope.lane < envelope.lanes:
        raise StateError(f"{where}: lane must be 0 to {envelope.lanes - 1}")
    if not time.epoch:
        return
    if envelope.layout < time.layout:
        raise StateError(f"{where} is of layout {envelope.layout}, {time.layout} has begun: layouts never go back")
    names = ("epoch", "partitions") if envelope.layout > time.layout else ("epoch", "partitions", "lanes")
    for name in names:
        mine, theirs = getattr(time, name), getattr(envelope, name)
        if mine != theirs:
            raise StateError(f"{where} says {name} = {theirs}, the state {mine}: a new epoch needs a state of its own")


class Intake:
    """Takes envelopes into open panes.

    Args:
        state: Changes in place.
        config: Names the markets.
        market_of: Operator to market.
    """

    def __init__(self, state: DetectState, config: DetectConfig, market_of: Mapping[str, str]) -> None:
        self._state, self._market_of = state, market_of
        self._time, self._markets = state.time, frozenset(config.markets)
        self._open: dict[tuple[str, str], dict[int, dict[str, Partial]]] = {}
        self.refused: list[Refused] = []
        self.changed: set[str] = set()

    def market(self, operator: str, area: str = "") -> str:
        """Home of an operator; of an unknown one, the nation of the area."""
        return self._market_of.get(operator) or nation_of(area)

    def take(self, envelope: Envelope) -> None:
        """Add all that the envelope says to open panes; what cannot be used is refused."""
        time = self._time
        if not time.epoch:
            time.epoch, time.partitions = envelope.epoch, envelope.partitions
        if envelope.layout > time.layout or not time.lanes:
            time.layout, time.lanes, time.clocks = envelope.layout, envelope.lanes, {}
        for part in envelope.partials:
            if part.partial.count and self._accepts(part, part.pane, self.market(part.operator, part.scope_area)):
                self._add(part)
        time.officials += [
            official
            for official in envelope.officials
            if self._accepts(official, official.at, self.market(official.operator))
        ]
        time.claims += [claim for claim in envelope.claims if self._accepts(claim, claim.at, claim.market)]
        time.commands += [
            command for command in envelope.commands if self._accepts(command, command.at, command.command.market)
        ]
        if envelope.replies:
            take_replies(time, [reply for reply in envelope.replies if self._accepts_reply(reply)])
        advance(time, envelope)

    def _accepts_reply(self, reply: LooseReply) -> bool:
        """As all else, but every partition has it: that of its market refuses it for all."""
        market = nation_of(reply.area)
        if self._accepts(reply, reply.at, market):
            return True
        if partition_of_market(market, self._time.partitions) != self._state.partition:
            self.refused.pop()
        return False

    def _accepts(
        self, content: SeriesPartial | OfficialPost | EmergencyClaim | PlacedCommand | LooseReply, at: int, market: str
    ) -> bool:
        if market not in self._markets:
            words = f"{type(content).__name__}: market {market!r} is not one of {', '.join(sorted(self._markets))}"
            self.refused.append(Refused(Reason.UNKNOWN_MARKET, words, content))
            return False
        sealed_to = self._time.sealed_to
        if end_of(at) <= sealed_to:
            words = f"{type(content).__name__} of {at}: its pane was sealed, time stands at {sealed_to}"
            self.refused.append(Refused(Reason.LATE_PARTIAL, words, content))
            return False
        return True

    def _add(self, part: SeriesPartial) -> None:
        panes = self._panes_of(part.operator, part.scope_area)
        leaves = panes.get(part.pane)
        if leaves is None:
            leaves = panes[int(part.pane)] = {}
        key = key_of(part)
        known = leaves.get(key)
        leaves[key] = part.partial if known is None else merged([known, part.partial])

    def _panes_of(self, operator: str, area: str) -> dict[int, dict[str, Partial]]:
        """Open panes of a scope that changes, looked up once: an envelope holds many series of each."""
        panes = self._open.get((operator, area))
        if panes is None:
            scope = Scope(operator, area)
            panes = self._open[operator, area] = self._state.scope(scope).panes
            self.changed.add(slot_name(scope))
        return panes


def advance(time: TimeSlot, envelope: Envelope) -> None:
    """Move a lane's clocks; they never go back."""
    for source, clock in envelope.clocks.items():
        name = f"{envelope.lane}/{source}"
        if int(clock) > time.clocks.get(name, -1):
            time.clocks[name] = int(clock)


def watermark(time: TimeSlot) -> int | None:
    """The least clock of all lanes and sources, or None while one was never heard.

    >>> watermark(TimeSlot(lanes=1, clocks={f"0/{source}": 5 for source in SOURCES}))
    5
    """
    if not time.lanes or len(time.clocks) < time.lanes * len(SOURCES):
        return None
    return min(time.clocks.values())

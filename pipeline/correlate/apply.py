"""CORRELATE's heart: sealed panes in, incidents and the decisions behind them out.

Each partition of DETECT says how far it has sealed time. A pane end is worked
once, when all have passed it, with the content of all of them in one fixed
order: so no interleaving, no split and no restart can change what comes out.

Empty panes are not visited one by one: the next content or the next timer is
found, and time jumps there. That is the same as visiting all, because nothing
but content and timers changes an incident. Figures are no content for it: they are handed on to
RESPOND, and wake no incident.
"""

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.life.course import due_at, pane_end_at
from pipeline.correlate.life.windows import next_start
from pipeline.correlate.pane import PaneContent, talk_of_pane, work_pane
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import CorrelateState, MarketState
from pipeline.records.clocks import PANE_MS
from pipeline.records.effects import Effects, Refused
from pipeline.records.errors import Reason, StateError
from pipeline.records.inner.anomalies import Sealed


def apply(state: CorrelateState, sealed: Sealed, config: CorrelateConfig, reference: CorrelateReference) -> Effects:
    """Take in what one partition of DETECT has sealed; work every pane end that is complete by it.

    Args:
        state: State of the input partition; changes in place.
        sealed: One record of `anomalies`.
        config: Settings.
        reference: Operators, places, markets.

    Returns:
        Changes of incidents and decisions, in order of pane, each pane's figures before them and its talk behind;
        refusals for what came too late; the market's name as changed slot.

    Raises:
        StateError: If the record cannot be: another number of partitions, or one beyond them.
    """
    market = state.slots.get(sealed.market)
    if market is None:
        market = state.slots[sealed.market] = MarketState(market=sealed.market)
    _enter_epoch(market, sealed)
    outputs: list[object] = list(_take(market, sealed))
    while (end := _next_pane_end(market, config)) is not None:
        content = PaneContent.of(market.pending.pop(end, []))
        outputs += content.figures_of(market.market, end)
        if content.concerns_incidents or end == _next_timer_end(market, config):
            outputs += work_pane(market, end, content, config, reference)
        outputs += talk_of_pane(content, market.market, end)
        market.worked_to = end
    market.worked_to = max(market.worked_to, _sealed_by_all(market))
    return Effects(outputs=tuple(outputs), changed=frozenset({sealed.market}))


def _enter_epoch(market: MarketState, sealed: Sealed) -> None:
    where = f"market {sealed.market}, epoch {sealed.epoch}, partition {sealed.partition} of {sealed.partitions}"
    if not 0 <= sealed.partition < sealed.partitions:
        message = f"{where}: must be 0 to {sealed.partitions - 1}: the log is not one of ours"
        raise StateError(message)
    if sealed.epoch < market.epoch:
        message = f"{where}: epoch {market.epoch} was read already; epochs never go back"
        raise StateError(message)
    if sealed.epoch > market.epoch:
        market.epoch, market.partitions, market.sealed_to = sealed.epoch, sealed.partitions, {}
        return
    if sealed.partitions != market.partitions:
        message = f"{where}: this epoch has {market.partitions} partitions; a new number needs a new epoch"
        raise StateError(message)


def _take(market: MarketState, sealed: Sealed) -> list[Refused]:
    """Keep panes until all partitions have passed them; refuse those that were passed already."""
    known_to = market.sealed_to.get(sealed.partition, -1)
    refused = []
    for pane in sealed.panes:
        if pane.end <= max(known_to, market.worked_to) or pane.end % PANE_MS:
            passed = f"sealed to {known_to}, worked to {market.worked_to}"
            words = f"pane {int(pane.end)} of partition {sealed.partition}: {passed}"
            refused.append(Refused(Reason.LATE_PARTIAL, words, pane))
            continue
        market.pending.setdefault(int(pane.end), []).append(pane)
    market.sealed_to[sealed.partition] = max(known_to, int(sealed.sealed_to))
    return refused


def _sealed_by_all(market: MarketState) -> int:
    if len(market.sealed_to) < market.partitions:
        return -1
    return min(market.sealed_to.values())


def _next_pane_end(market: MarketState, config: CorrelateConfig) -> int | None:
    """The next pane end with content or a timer, if all partitions have passed it."""
    sealed_to = _sealed_by_all(market)
    ends = [min(market.pending)] if market.pending else []
    if (timer_end := _next_timer_end(market, config)) is not None:
        ends.append(timer_end)
    end = min(ends, default=None)
    return end if end is not None and end <= sealed_to else None


def _next_timer_end(market: MarketState, config: CorrelateConfig) -> int | None:
    """The next pane end at which a timer of an incident or a window runs out; None without timers."""
    dues = [due_at(incident, config, market.worked_to) for incident in market.incidents]
    if (starts_at := next_start(market)) is not None:
        dues.append(starts_at)
    return pane_end_at(min(dues), market.worked_to) if dues else None

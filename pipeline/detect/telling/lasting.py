"""A level that lasts: a person says that it is usual from now on, or it has lasted for so long that it must be.

The order rides in the log as all orders do, and reaches every partition, since any of them may hold series of the
operator. For ten minutes each series that it is about, and that stands apart, is moved to where it is, once; whether an
outage is likely there or not. What the account of evidence believes is left alone: figures that are as usual now speak
against an outage, and it cools by itself, so CORRELATE hears of it as of any other end.

Who plans work may say so beforehand: of a window of maintenance with `usual` the order is in force once the window is
over, and what swings back has had five minutes. Work that is called off changes nothing. Nobody has looked yet, and
work may break what it should mend: how many people say or use something, what is unhealthy, and levels where an outage
is likely are not taken for usual by such an order, but for those that `metrics.toml` calls healthy: a delay that grows
from 20 to 35 ms makes an outage likely by itself, and is what new routers may do. It is said once, and a person may
still say `usual`.

CORRELATE, which answers who ordered the work, obeys an id once and has room for so many windows. What it refuses
changes nothing here either, nor does an id that is tried again: both count the same orders, as every partition hears
all of them.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from pipeline.detect.account.keeping import likely_areas
from pipeline.detect.findings import JudgeRules
from pipeline.detect.panes import end_of
from pipeline.detect.rollup import counts_people, key_fields
from pipeline.detect.slots.orders import LevelWork, OrdersSlot, orders_name
from pipeline.detect.state import DetectState, ScopeState, UsualLevels
from pipeline.records.clocks import MINUTE_MS, Instant, parse_instant
from pipeline.records.ids import content_id
from pipeline.records.inner.changes import COMMANDS_MAX, LEVEL_WORKS_MAX, work_id_of
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision
from pipeline.records.raw.commands import Command
from pipeline.records.series import is_within
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.reference.metrics import Role

ACCEPT_MS: Final = 10 * MINUTE_MS
"""For so long an order is in force: feeds report every five minutes at least; what begins later is something new."""

SETTLES_MS: Final = 5 * MINUTE_MS
"""After work things come up one by one; a level is not taken from the middle of it. A judgement."""

ORDERS_MAX: Final = 256
"""Orders that a scope remembers: as many as CORRELATE has windows, since works of a year may be planned at once."""


def hear_usual(state: DetectState, sealed_to: int, forgotten: list[tuple[ScopeState, UsualLevels, int]]) -> set[str]:
    """Hand orders to the scopes that they are about, before their steps are judged.

    Args:
        state: Its scopes change in place.
        sealed_to: How far time has moved, ms.
        forgotten: Gets the orders for which a scope had no room, with the scope and the time, ms.

    Returns:
        Names of the slots that changed.
    """
    changed = set()
    orders = [placed for placed in state.time.commands if end_of(placed.at) <= sealed_to]
    for _, of_pane in groupby(sorted(orders, key=lambda placed: placed.order), key=lambda placed: end_of(placed.at)):
        for placed in _first_heard(state, of_pane):
            changed.add(orders_name(placed.command.market))
            if placed.command.usual and _has_room(state.orders(placed.command.market), placed):
                changed |= _remember(state, placed, forgotten)
            elif placed.command.kind == "dismiss" and not placed.command.exercise:
                changed |= _call_off(state, placed.command)
    return changed


def _first_heard(state: DetectState, of_pane: Iterable[PlacedCommand]) -> list[PlacedCommand]:
    """The orders of a pane whose ids are new; the oldest ids are forgotten after the pane, as in CORRELATE."""
    fresh = []
    known: dict[str, dict[str, None]] = {}
    for placed in of_pane:
        market, name = placed.command.market, placed.command.command_id
        if market not in known:
            known[market] = dict.fromkeys(state.orders(market).heard)
        if name not in known[market]:
            known[market][name] = None
            fresh.append(placed)
    for market, ids in known.items():
        state.orders(market).heard = list(ids)[-COMMANDS_MAX:]
    return fresh


def _has_room(slot: OrdersSlot, placed: PlacedCommand) -> bool:
    """Is an order one that CORRELATE takes as well? Of work so many may stand."""
    command = placed.command
    if command.kind != "maintenance" or command.until is None:
        return True
    slot.works = [work for work in slot.works if work.until > end_of(placed.at)]
    if sum(work.market == command.market for work in slot.works) >= LEVEL_WORKS_MAX:
        return False
    slot.works = [*slot.works, LevelWork(command.command_id, command.market, int(parse_instant(command.until)))]
    return True


def _remember(
    state: DetectState, placed: PlacedCommand, forgotten: list[tuple[ScopeState, UsualLevels, int]]
) -> set[str]:
    command, changed = placed.command, set()
    operator, area = command.operator_and_area
    for name, scope in state.scopes():
        is_there = not area or is_within(scope.area, area) or is_within(area, scope.area)
        if scope.operator != operator or not is_there:
            continue
        if any(known.order == command.command_id for known in scope.usual):
            continue
        told = UsualLevels(
            order=command.command_id,
            by=command.by,
            at=_in_force_at(placed),
            area=area,
            service=command.service or "",
            market=command.market,
            planned=command.kind == "maintenance",
        )
        known = [*(order for order in scope.usual if order.at + ACCEPT_MS > scope.judged_to), told]
        if len(known) > ORDERS_MAX:  # what is in force has had its time; work that is planned has not
            now = end_of(placed.at)
            in_force = [order for order in known if order.at <= now]
            left = min(in_force, key=lambda order: order.at) if in_force else told
            known.remove(left)
            forgotten.append((scope, left, now))
        scope.usual = known
        changed.add(name)
    return changed


def _in_force_at(placed: PlacedCommand) -> int:
    """From when on an order holds, ms; INGEST has read the end of its work."""
    said_at, until = end_of(placed.at), placed.command.until
    if placed.command.kind != "maintenance" or until is None:
        return said_at
    return max(said_at, parse_instant(until) + SETTLES_MS)


def _call_off(state: DetectState, command: Command) -> set[str]:
    """Forget an order whose work a person ended, by the order's id or by the work's."""
    changed = set()

    def stands(work: LevelWork | UsualLevels) -> bool:
        ids = work.order, work_id_of(command.market, work.order)
        return work.market != command.market or command.target not in ids

    slot = state.orders(command.market)
    slot.works = [work for work in slot.works if stands(work)]
    for name, scope in state.scopes():
        kept = [order for order in scope.usual if stands(order)]
        if len(kept) < len(scope.usual):
            scope.usual = kept
            changed.add(name)
    return changed


def told_forgotten(scope: ScopeState, order: UsualLevels, at: int) -> Decision:
    """Say that a scope has no room for an order.

    Args:
        scope: Is not changed.
        order: The one that is forgotten.
        at: When, ms.
    """
    subject = f"{scope.operator}/{scope.area}"
    words = f"order {order.order} is forgotten, as {ORDERS_MAX} wait: say `usual` again once its levels have changed"
    kind, reason = DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED
    return Decision(
        decision_id=content_id("detect", kind, subject, order.order, scope.area, reason, at),
        stage="detect",
        kind=kind,
        subject=subject,
        reason=reason,
        text=words[:200],
        at=Instant(at),
        market=order.market,
    )


class Lasting:
    """Which levels are to be taken for usual in one step of one scope.

    Args:
        scope: Its orders remember what was moved.
        end: End of the step, ms.
        rules: What is healthy, and from when on an outage is likely.
    """

    def __init__(self, scope: ScopeState, end: int, rules: JudgeRules) -> None:
        in_force = [order for order in scope.usual if order.at <= end < order.at + ACCEPT_MS]
        self._orders = sorted(in_force, key=lambda order: order.planned)
        self._likely: frozenset[str] = frozenset()
        if any(order.planned for order in in_force):
            self._likely = likely_areas(scope.accounts, rules.config.freeze_above)
        self._metrics = rules.metrics
        self._not_taken: dict[str, tuple[UsualLevels, str]] = {}

    def covers(self, key: str, value: float) -> bool:
        """Is a series to be moved to where it is, if it stands apart?

        Args:
            key: Name of the series.
            value: Where it is, in its unit.
        """
        order = self._order_of(key) if self._orders else None
        if order is not None and order.planned and (words := self._why_not(key, value)):
            self._not_taken[key] = order, words
            return False
        return order is not None

    def moved(self, key: str, level: float) -> str:
        """Note that a series was moved, and say why.

        Args:
            key: Name of the series.
            level: What is usual from now on, in its unit.
        """
        order = self._order_of(key) if self._orders and key not in self._not_taken else None
        if order is None:
            return "stood apart for longer than an outage lasts: its level is usual from now on"
        order.done.append(key)
        return f"level of about {level:.4g} is usual from now on: {order.by} said so, order {order.order}"

    def not_taken(self, key: str) -> str:
        """Note that a series stands out, and was not moved, and say why; '' if no order wanted that, or it was said.

        Args:
            key: Name of the series.
        """
        if key not in self._not_taken:
            return ""
        order, words = self._not_taken[key]
        order.done.append(key)
        return f"not taken for usual after the work of order {order.order}: {words}; if it is well, say so (usual)"

    def _order_of(self, key: str) -> UsualLevels | None:
        """The order that is about a series: rather one of a person who looked than one given before the work."""
        fields = key_fields(key)
        for order in self._orders:
            is_there = not order.area or is_within(fields.area, order.area)
            if is_there and order.service in ("", fields.service) and key not in order.done:
                return order
        return None

    def _why_not(self, key: str, value: float) -> str:
        """Why a level is nothing that work was to change; '' if it may be."""
        fields = key_fields(key)
        if counts_people(fields):
            return "so many people say that something fails"
        metric = self._metrics.of(fields.measure, fields.unit)
        if metric.healthy:
            return "" if metric.healthy[0] <= value <= metric.healthy[1] else f"{value:.4g} is not healthy"
        if fields.unit == "count" and metric.role is not Role.RESOURCE:
            return f"{value:.4g} counts customers who use it"
        if any(is_within(area, fields.area) or is_within(fields.area, area) for area in self._likely):
            return "an outage is likely there"
        return ""

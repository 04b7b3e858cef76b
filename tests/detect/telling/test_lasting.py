"""A level that lasts: taken for usual by a person's word, at once, or after long enough; and said either way."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from pipeline.adapters.reference.folder import load_metrics
from pipeline.detect.slots.orders import AllOrders, LevelWork
from pipeline.detect.slots.times import TimeSlot
from pipeline.detect.state import DetectState
from pipeline.detect.telling.lasting import ORDERS_MAX, hear_usual
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, Instant, format_instant
from pipeline.records.inner.changes import work_id_of
from pipeline.records.inner.partials import SeriesPartial
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.raw.commands import Command
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from tests.detect.world import (
    BONN,
    KOELN,
    MONDAY,
    QUICK,
    Run,
    background,
    crowd,
    decode_slot,
    encode_slot,
    envelope,
    reading,
)
from tests.flows import arrived, results
from tests.ingest.world import NOON, command
from tests.ingest.world import reading as figure

CHANGED_AT = MONDAY + 12 * HOUR_MS
SAID_AT = CHANGED_AT + HOUR_MS


def usual(at: int, target: str = f"netcologne@{KOELN}", **more: Any) -> PlacedCommand:
    command = Command(
        command_id="c1", market="DE", target=target, kind="dismiss", by="ina", reason="a tariff", usual=True, **more
    )
    return PlacedCommand(at=Instant(at), command=command)


def work(at: int, until: int, **more: Any) -> PlacedCommand:
    """Work that is to change what is usual, planned beforehand."""
    facts: dict[str, Any] = {
        "command_id": "w1",
        "target": "netcologne@DE/NW",
        "kind": "maintenance",
        "usual": True,
    } | more
    command = Command(market="DE", by="ina", reason="new routers", until=format_instant(until), **facts)
    return PlacedCommand(at=Instant(at), command=command)


def slower(
    minutes: int, area: str = KOELN, measure: str = "round_trip_ms", after_ms: float = 35.0
) -> list[SeriesPartial]:
    """Half a day of round trips of 20 ms, and from then on of 35 ms."""
    return [
        reading(
            MONDAY + minute * MINUTE_MS,
            (20.0 if minute < 720 else after_ms) + (minute % 5) / 5,
            area,
            unit="ms",
            attempts=1,
            measure=measure,
            service="broadband",
        )
        for minute in range(minutes)
    ]


def told(parts: Sequence[SeriesPartial], until: int, *orders: PlacedCommand) -> Run:
    """Live to the order, take it, live on."""
    run = Run()
    first = [part for part in parts if part.pane < SAID_AT]
    run.live(first, SAID_AT)
    run.take(envelope([], SAID_AT, commands=list(orders)))
    run.live([part for part in parts if part.pane >= SAID_AT], until)
    return run


def new_levels(run: Run) -> list[str]:
    return [
        decision.subject
        for decision in run.decisions
        if (decision.kind, decision.reason) == (DecisionKind.CHANGED, DecisionReason.NEW_LEVEL)
    ]


def after(run: Run, at: int) -> list[str]:
    """Areas that stood out later than some minutes after a time."""
    return [anomaly.area for anomaly in run.anomalies if anomaly.ended_at > at + 30 * MINUTE_MS]


def test_what_a_person_takes_for_usual_stands_out_no_longer_and_is_said() -> None:
    parts = slower(1_000)
    until = MONDAY + 1_000 * MINUTE_MS
    assert after(told(parts, until), SAID_AT)
    run = told(parts, until, usual(SAID_AT, "netcologne@DE/NW"))
    areas = ("DE/NW", KOELN)
    assert new_levels(run) == [f"netcologne/{area}/broadband/telemetry/round_trip_ms" for area in areas]
    assert not after(run, SAID_AT)
    assert [decision.text for decision in run.decisions if "ina said so" in decision.text]


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(usual(SAID_AT, f"netcologne@{BONN}"), id="of_another_town"),
        pytest.param(usual(SAID_AT, "o2"), id="of_another_operator"),
        pytest.param(usual(SAID_AT, service="tv"), id="of_another_service"),
    ],
)
def test_a_word_about_something_else_changes_nothing(order: PlacedCommand) -> None:
    run = told(slower(1_000), MONDAY + 1_000 * MINUTE_MS, order)
    assert new_levels(run) == []
    assert after(run, SAID_AT)


def test_more_people_than_before_are_usual_from_now_on() -> None:
    until = MONDAY + 1_000 * MINUTE_MS
    parts = background(1, MONDAY, CHANGED_AT, 1.0) + crowd(CHANGED_AT, 280, 12)
    assert after(told(parts, until), SAID_AT)
    run = told(parts, until, usual(SAID_AT, "netcologne"))
    assert new_levels(run)
    assert not after(run, SAID_AT)


def test_what_begins_later_is_something_new() -> None:
    parts = [part for part in slower(1_000) if part.pane < CHANGED_AT or part.pane > SAID_AT + 15 * MINUTE_MS]
    run = told(parts, MONDAY + 1_000 * MINUTE_MS, usual(SAID_AT))
    assert new_levels(run) == []


def test_an_order_that_comes_twice_and_a_restart_change_nothing() -> None:
    parts, until = slower(1_000), MONDAY + 1_000 * MINUTE_MS
    once, twice = told(parts, until, usual(SAID_AT)), Run()
    twice.live([part for part in parts if part.pane < SAID_AT], SAID_AT)
    twice.take(envelope([], SAID_AT, commands=[usual(SAID_AT)]))
    twice.restart()
    for part in (part for part in parts if part.pane >= SAID_AT):
        at = int(part.pane)
        again = [usual(at)] if at == SAID_AT + 20 * MINUTE_MS else []
        twice.take(envelope([part], at + MINUTE_MS, commands=again))
    twice.take(envelope([], until))
    assert new_levels(twice) == new_levels(once)
    assert twice.anomalies == once.anomalies


def test_what_has_lasted_for_longer_than_an_outage_is_said_to_be_usual() -> None:
    run = Run(replace(QUICK, hot_ms_max=2 * HOUR_MS))
    run.live(background(1, MONDAY, CHANGED_AT, 1.0) + crowd(CHANGED_AT, 400, 4), MONDAY + 1_200 * MINUTE_MS)
    assert any("longer than an outage" in decision.text for decision in run.decisions)


def planned(*orders: PlacedCommand, parts: Sequence[SeriesPartial] | None = None) -> Run:
    """Orders of two hours before the level changes, and a day with it."""
    said_at = CHANGED_AT - 2 * HOUR_MS
    parts = slower(1_000, measure="latency_ms") if parts is None else parts
    run = Run(metrics=load_metrics())
    run.live([part for part in parts if part.pane < said_at], said_at)
    for number, order in enumerate(orders):
        at = said_at + number * MINUTE_MS
        run.take(envelope([], at, commands=[msgspec.structs.replace(order, at=Instant(at))]))
    run.restart()
    run.live([part for part in parts if part.pane >= said_at + len(orders) * MINUTE_MS], MONDAY + 1_000 * MINUTE_MS)
    return run


def test_the_level_after_planned_work_is_usual_once_it_is_over_and_settled_and_is_said() -> None:
    over_at = CHANGED_AT + 20 * MINUTE_MS
    run = planned(work(0, over_at))
    assert new_levels(run) == [f"netcologne/{area}/broadband/telemetry/latency_ms" for area in ("DE/NW", KOELN)]
    (said_at,) = {int(decision.at) for decision in run.decisions if decision.reason == DecisionReason.NEW_LEVEL}
    assert over_at + 5 * MINUTE_MS <= said_at <= over_at + 7 * MINUTE_MS
    assert not after(run, over_at)


@pytest.mark.parametrize("named", ["w1", work_id_of("DE", "w1")], ids=["by_its_order", "by_its_id"])
def test_work_that_is_called_off_changes_no_level(named: str) -> None:
    off = usual(0, named)
    off = msgspec.structs.replace(off, command=msgspec.structs.replace(off.command, usual=False))
    run = planned(work(0, CHANGED_AT + 20 * MINUTE_MS), off)
    assert new_levels(run) == []
    assert after(run, CHANGED_AT)


@pytest.mark.parametrize("facts", [{"market": "FR"}, {"exercise": True}], ids=["of_another_market", "in_an_exercise"])
def test_what_is_no_word_about_that_work_does_not_call_it_off(facts: dict[str, Any]) -> None:
    off = usual(0, "w1")
    off = msgspec.structs.replace(off, command=msgspec.structs.replace(off.command, usual=False, **facts))
    assert new_levels(planned(work(0, CHANGED_AT + 20 * MINUTE_MS), off))


def test_of_too_many_orders_work_that_is_planned_is_kept_and_what_is_forgotten_is_said() -> None:
    def numbered(order: PlacedCommand, name: str) -> PlacedCommand:
        return msgspec.structs.replace(order, command=msgspec.structs.replace(order.command, command_id=name))

    run = Run()
    run.live(slower(10), MONDAY + 10 * MINUTE_MS)
    at, later = MONDAY + 11 * MINUTE_MS, MONDAY + 20 * HOUR_MS
    words = [usual(at, "netcologne") for _ in range(10)]
    orders = [numbered(order, f"said-{number}") for number, order in enumerate(words)]
    works = [numbered(work(at, later, target="netcologne"), f"work-{number}") for number in range(ORDERS_MAX)]
    run.take(envelope([], at + MINUTE_MS, commands=[*works[:-2], *orders, *works[-2:]]))
    for _, scope in run.state.scopes():
        assert {order.order for order in scope.usual} == {f"work-{number}" for number in range(ORDERS_MAX)}
    told = [decision for decision in run.decisions if decision.reason == DecisionReason.LIMIT_REACHED]
    assert len(told) == 10 * len(run.state.scopes())
    assert all("said-" in decision.text for decision in told)


def sessions(minutes: int) -> list[SeriesPartial]:
    """Half a week of a thousand sessions, and from then on two in five of them."""
    return [
        reading(
            MONDAY + minute * MINUTE_MS,
            float((1_000 if minute < 720 else 400) + minute % 5),
            unit="count",
            attempts=1,
            measure="active_sessions",
            service="broadband",
        )
        for minute in range(-4 * 1_440, minutes)
    ]


BROKEN = {
    "sessions": (sessions(1_000), "customers who use it"),
    "slow": (slower(1_000, measure="latency_ms", after_ms=400.0), "is not healthy"),
    "unknown": (slower(1_000), "an outage is likely there"),
    "people": (background(1, MONDAY, CHANGED_AT, 1.0) + crowd(CHANGED_AT, 280, 12), "say that something fails"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_work_breaks_is_not_taken_for_usual_unseen_and_that_is_said_once(what: str) -> None:
    parts, why = BROKEN[what]
    over_at = CHANGED_AT + 20 * MINUTE_MS
    run = planned(work(0, over_at), parts=parts)
    assert new_levels(run) == []
    assert after(run, over_at)
    told = [decision for decision in run.decisions if decision.kind == DecisionKind.REFUSED]
    assert all(why in decision.text for decision in told)
    assert len({decision.subject for decision in told}) == len(told) >= 1


def test_after_planned_work_a_person_who_has_looked_may_still_say_that_it_is_usual() -> None:
    parts, over_at = BROKEN["sessions"][0], CHANGED_AT + 20 * MINUTE_MS
    run = Run(metrics=load_metrics())
    for part in parts:
        at = int(part.pane)
        orders = {CHANGED_AT - HOUR_MS: [work(at, over_at)], over_at + 7 * MINUTE_MS: [usual(at, "netcologne")]}
        run.take(envelope([part], at + MINUTE_MS, commands=orders.get(at, [])))
    assert new_levels(run)
    assert not after(run, over_at + 7 * MINUTE_MS)


def test_work_that_does_not_say_so_changes_no_level() -> None:
    assert new_levels(planned(work(0, CHANGED_AT + 20 * MINUTE_MS, usual=False))) == []


@pytest.mark.parametrize("partitions", [1, 5])
def test_the_order_reaches_whichever_partition_holds_the_series_and_is_obeyed_once(partitions: int) -> None:
    records = [
        figure(NOON + minute * MINUTE_MS + second, value=0.99 if minute < 90 else 0.93, metric="page_success_ratio")
        for minute in range(150)
        for second in (0, 30_000)
    ]
    facts = {"kind": "dismiss", "target": "netcologne", "reason": "a tariff", "usual": True}
    records.append(command(NOON + 120 * MINUTE_MS, 7, **facts))
    told = results(arrived(sorted(records, key=lambda record: record.timestamp), 1), partitions=partitions)
    decisions = [msgspec.json.decode(line)["value"] for line in told["decisions"]]
    levels = [row for row in decisions if row["reason"] == "new_level"]
    assert {row["stage"] for row in levels} == {"detect", "correlate"}
    assert len([row for row in levels if row["stage"] == "correlate"]) == 1
    assert len({row["subject"] for row in levels}) == len(levels) == 4


def ordering(market: str, *names: str) -> list[PlacedCommand]:
    """Works of a market, planned at once."""
    placed = work(MONDAY, MONDAY + HOUR_MS)
    return [
        msgspec.structs.replace(placed, command=msgspec.structs.replace(placed.command, market=market, command_id=name))
        for name in names
    ]


OLD_WORKS = [LevelWork("w1", "DE", MONDAY + HOUR_MS), LevelWork("w1", "FR", MONDAY + HOUR_MS)]
OLDER: dict[str, tuple[str, TimeSlot | AllOrders]] = {
    "before_there_was_a_slot": ("~time", TimeSlot(works=OLD_WORKS)),
    "of_all_markets": ("~orders", AllOrders({"DE": ["w1", "w0"], "FR": ["w1"]}, OLD_WORKS)),
    "of_all_markets_and_no_ids": ("~orders", AllOrders({}, OLD_WORKS)),
}


@pytest.mark.parametrize("older", OLDER)
def test_an_order_that_was_heard_before_an_upgrade_is_not_used_again(older: str) -> None:
    name, slot = OLDER[older]
    state = DetectState(0, {name: decode_slot(name, encode_slot(slot))})
    for _ in range(2):
        state.time.commands = ordering("DE", "w1", "w2")
        hear_usual(state, MONDAY + MINUTE_MS, [])
        slots = {name: encode_slot(slot) for name, slot in state.slots.items()}
        state = DetectState(0, {name: decode_slot(name, slot) for name, slot in slots.items()})
    assert [work.order for work in state.orders("DE").works] == ["w1", "w2"]
    assert sorted({*state.orders("DE").heard} - {"w0"}) == ["w1", "w2"]
    assert (state.orders("FR").heard, state.orders("FR").works) == (["w1"], OLD_WORKS[1:])


def test_of_orders_only_the_slot_of_their_market_changes_and_only_by_new_ones() -> None:
    state = DetectState(0)
    state.time.commands = ordering("DE", "w1") + ordering("FR", "w1")
    assert hear_usual(state, MONDAY + MINUTE_MS, []) == {"~orders|DE", "~orders|FR"}
    before = encode_slot(state.orders("FR"))
    state.time.commands = ordering("FR", "w1") + ordering("DE", "w2", "w1")
    assert hear_usual(state, MONDAY + MINUTE_MS, []) == {"~orders|DE"}
    assert encode_slot(state.orders("FR")) == before
    assert hear_usual(state, MONDAY + MINUTE_MS, []) == set()

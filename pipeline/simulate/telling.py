"""Telling what happens in a world, in lines for people: all that its file says, and how loud it will be.

Whoever writes a world sees in them whether it is the one that was meant, before it is simulated.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from textwrap import shorten
from typing import Final

from pipeline.records.truth import TrueOutage, Truth
from pipeline.simulate.spec.events import OutageIn
from pipeline.simulate.spec.scenario import ScenarioFile
from pipeline.simulate.visible import complaints_of_first_hour
from pipeline.simulate.world.world import World

MESSAGE_CHARS: Final = 80
"""Most characters of an operator's own post."""

AREAS_SHOWN: Final = 6

When = Callable[[int], str]
"""A moment, in milliseconds, as people of the market write it."""


def description(world: World, truth: Truth, when: When) -> Iterator[str]:
    """What happens in a world, a line each.

    Args:
        world: The world.
        truth: What is true in it.
        when: Writes moments.
    """
    file = world.file
    yield f"{truth.title}\n{when(truth.started_at)} to {when(truth.ended_at)}, seed {truth.seed}"
    for outage, spec in zip(truth.outages, file.outages, strict=True):
        hit = next(hit for hit in world.outages if hit.spec is spec)
        yield from _of_outage(world, outage, spec, when)
        yield f"    people: about {complaints_of_first_hour(world, hit):.0f} complaints in its first hour"
    for trap in truth.traps:
        yield f"  trap: {trap.kind}, {when(trap.started_at)} to {when(trap.ended_at)}: {', '.join(trap.operators)}"
    yield from _beside(world, file, when)
    for fact in file.facts:
        yield f"  source: {fact}"


def _of_outage(world: World, outage: TrueOutage, spec: OutageIn, when: When) -> Iterator[str]:
    def at(local: datetime) -> str:
        return when(world.clock.instant_of(local))

    seen = "never seen from outside" if outage.visible_at is None else f"visible from {when(outage.visible_at)}"
    yield (
        f"  outage: {when(outage.started_at)} to {when(outage.ended_at)}, "
        f"{outage.customers:,} customers, {', '.join(outage.services)}, {len(outage.areas)} areas, {seen}"
    )
    places = sorted({area.area for area in outage.areas})
    more = f" and {len(places) - AREAS_SHOWN} more" if len(places) > AREAS_SHOWN else ""
    yield f"    where: {', '.join(places[:AREAS_SHOWN])}{more}; {outage.extent}"
    yield (
        f"    what: {outage.kind}, cause {outage.cause}, nature {outage.nature}, severity {outage.severity or 'untold'}"
        + (f"; cannot be called: {', '.join(outage.emergency_numbers)}" if outage.emergency_numbers else "")
    )
    roles = [f"{operator.operator} ({operator.role})" for operator in outage.operators]
    yield f"    who: {', '.join(roles)}" + (f"; blamed: {', '.join(outage.blamed)}" if outage.blamed else "")
    yield "    course: " + ", ".join(f"{point.share:.0%} at {at(point.at)}" for point in spec.curve)
    yield (
        f"    figures show {spec.measured:.0%} of it"
        + (f", and elements {', '.join(spec.elements)}" if spec.elements else "")
        + f"; people react {spec.reaction:g} times as usual"
    )
    for planted in spec.planted:
        told = f"{planted.count} {planted.source} of kind {planted.kind}"
        yield f"    planted: {told}, {at(planted.starts_at)} to {at(planted.ends_at)}"
    for thread in spec.threads:
        yield f"    thread: {thread.kind}, {at(thread.at)}, {thread.replies} replies, {thread.reposts} reposts"
    for message in outage.messages:
        text = shorten(message.text, MESSAGE_CHARS, placeholder=" …")
        yield f"    {when(message.posted_at)} {message.operator} {message.kind}: {text}"


def _beside(world: World, file: ScenarioFile, when: When) -> Iterator[str]:
    """What else a file lets happen: crowds, broken feeds, changed levels, commands."""

    def at(local: datetime) -> str:
        return when(world.clock.instant_of(local))

    for surge in file.surges:
        said = [*_kinds("posts", surge.posts), *_kinds("tickets", surge.tickets)]
        used = [f"load {surge.load:g}"] * (surge.load != 1.0) + [f"calls {surge.calls:g}"] * (surge.calls != 1.0)
        yield f"  surge: {surge.id}, {at(surge.starts_at)} to {at(surge.ends_at)}: {', '.join([*said, *used])}"
    for fault in file.faults:
        metric = f" {fault.metric}" if fault.metric else ""
        yield f"  feed {fault.feed}{metric} is {fault.kind}: {at(fault.starts_at)} to {at(fault.ends_at)}"
    for shift in file.shifts:
        yield f"  from {at(shift.at)} on {shift.feed} {shift.metric} is {shift.factor:g} times what it was"
    for command in file.commands:
        yield f"  command: {at(command.at)} {command.by}: {command.kind} {command.target}"


def _kinds(of: str, rates: Mapping[str, float]) -> Iterable[str]:
    return (f"{rate:.0f} {of} of kind {kind} an hour" for kind, rate in rates.items())

"""What no single field of a scenario can know: that names exist, and that times are in order."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from pipeline.reference.calendars import is_calendar
from pipeline.simulate.spec.events import FeedFault, OutageIn, Planted, Statement, Surge, Thread
from pipeline.simulate.spec.scenario import AreaIn, FeedIn, OperatorIn, ScenarioFile
from pipeline.simulate.spec.wording import Wording

TECHNOLOGIES: Final = frozenset({"2G", "3G", "4G", "5G", "DSL", "cable", "fibre"})
"""What can be down beside a TV channel."""


def scenario_problems(file: ScenarioFile, wording: Wording | None) -> list[str]:
    """Find what does not fit together.

    Args:
        file: The scenario, its footprints made.
        wording: Its texts; without them, the kinds of text are not checked.

    Returns:
        One sentence for each mistake, in the order of the file.
    """
    names = _Names(file)
    problems = [*_frame(file), *_twices(file), *_footprints(file, names), *_feeds(file, names), *_desks(file, names)]
    problems += _rhythms(file)
    for at, outage in enumerate(file.outages):
        problems += (f"scenario.outages[{at}] {outage.id!r}: {problem}" for problem in _outage(file, outage, names))
    problems += _traps(file, names)
    if wording is not None:
        problems += _kinds(file, wording)
    return problems


class _Names:
    """What can be named."""

    def __init__(self, file: ScenarioFile) -> None:
        self.operators = {operator.id for operator in file.operators}
        self.network = {operator.id for operator in file.operators if operator.role in {"primary", "hosted"}}
        self.areas = {area.id for area in file.areas}
        self.served = {(area.operator, area.id) for area in file.areas}
        self.serving = {operator for operator, _ in self.served}
        self.elements = {element.id for element in file.elements}
        self.feeds = {feed.name: feed for feed in file.feeds}
        self.platforms = {platform.name for platform in file.mentions.platforms} if file.mentions is not None else set()
        self.intakes = {desk.intake for desk in file.tickets.desks} if file.tickets is not None else set()
        self.items = TECHNOLOGIES | {channel.name for channel in file.channels}

    def below(self, prefixes: Iterable[str], operators: Iterable[str] = ()) -> set[tuple[str, str]]:
        """Footprints of operators (all, if empty) at or below areas (everywhere, if empty)."""
        among, where = set(operators), tuple(prefixes)
        return {
            (operator, area)
            for operator, area in self.served
            if (not among or operator in among)
            and (not where or any(area == place or area.startswith(f"{place}/") for place in where))
        }


def _frame(file: ScenarioFile) -> Iterator[str]:
    try:
        ZoneInfo(file.time_zone)
    except (KeyError, ValueError, OSError):
        yield f"scenario.time_zone = {file.time_zone!r}: is no IANA time zone, such as Europe/Berlin"
    if file.holidays is not None and not is_calendar(file.holidays):
        words = "must be a country or region that the package holidays knows: DE, DE/NW, BE"
        yield f"scenario.holidays = {file.holidays!r}: is no calendar; {words}"
    for where, at in _times(file, "scenario"):
        if at.tzinfo is not None:
            yield f"{where} = {at}: times are local; leave out the zone"
    if not _naive(file.starts_at) < _naive(file.ends_at):
        yield f"scenario.ends_at = {file.ends_at}: must be after starts_at = {file.starts_at}"
    roles = [operator.role for operator in file.operators]
    if roles.count("primary") != 1:
        yield f"scenario.operators: {roles.count('primary')} have the role primary; must be exactly one"


def _times(part: Any, where: str) -> Iterator[tuple[str, datetime]]:
    """All times in a scenario, with their places."""
    if isinstance(part, datetime):
        yield where, part
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _times(getattr(part, name), f"{where}.{name}")
    elif isinstance(part, tuple):
        for at, point in enumerate(part):
            yield from _times(point, f"{where}[{at}]")


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


def _twices(file: ScenarioFile) -> Iterator[str]:
    yield from _twice("operators", (operator.id for operator in file.operators))
    yield from _twice("places", (place.id for place in file.places))
    yield from _twice("towns", file.towns)
    for operator in file.operators:
        yield from _twice("areas", (area.id for area in file.areas if area.operator == operator.id))
    yield from _twice("channels", (channel.name for channel in file.channels))
    yield from _twice("elements", (element.id for element in file.elements))
    yield from _twice("feeds", (feed.name for feed in file.feeds))
    yield from _twice("outages", (outage.id for outage in file.outages))
    yield from _twice("traps", (trap.id for trap in file.traps))
    yield from _twice("surges", (surge.id for surge in file.surges))
    yield from _twice("faults", (fault.id for fault in file.faults))


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"scenario.{what}: {name!r} stands there twice"
        seen.add(name)


def _footprints(file: ScenarioFile, names: _Names) -> Iterator[str]:
    yield from _unknown("scenario.towns", file.towns, {place.id for place in file.places}, "in places")
    for operator in file.operators:
        yield from (f"scenario.operators {operator.id!r}: {problem}" for problem in _operator(file, operator, names))
    for area in file.areas:
        yield from _area(area, names)
    for element in file.elements:
        if element.operator not in names.operators:
            yield f"scenario.elements {element.id!r}: operator {element.operator!r} is not in operators"


def _unknown(where: str, used: Iterable[str], known: Iterable[str], what: str) -> Iterator[str]:
    for name in sorted(set(used) - set(known)):
        yield f"{where}: {name!r} is not {what}"


def _operator(file: ScenarioFile, operator: OperatorIn, names: _Names) -> Iterator[str]:
    if operator.host is not None and operator.host not in names.operators - {operator.id}:
        yield f"host {operator.host!r} is no other of the operators"
    if operator.reach and not file.towns:
        yield "has a reach, but the world has no towns"
    if operator.role == "primary" and not names.below((), (operator.id,)):
        yield "is primary and has no customers; give it a reach, or areas"


def _area(area: AreaIn, names: _Names) -> Iterator[str]:
    if area.operator not in names.operators:
        yield f"scenario.areas {area.id!r}: operator {area.operator!r} is not in operators"
    if area.people == 0:
        yield f"scenario.areas {area.id!r}: has no customers"


def _feeds(file: ScenarioFile, names: _Names) -> Iterator[str]:
    for feed in file.feeds:
        where, items = f"scenario.feeds {feed.name!r}", (metric.item for metric in feed.metrics if metric.item)
        yield from _unknown(f"{where}: element", feed.elements, names.elements, "in elements")
        yield from _unknown(f"{where}: operator", feed.operators, names.serving, "one that has customers")
        yield from _unknown(f"{where}: item", items, names.items, "a channel or a technology")
    for fault in file.faults:
        yield from (f"scenario.faults {fault.id!r}: {problem}" for problem in _fault(fault, names))
        yield from _span(file, f"faults {fault.id!r}", fault.starts_at, fault.ends_at)
    for at, shift in enumerate(file.shifts):
        yield from (f"scenario.shifts[{at}]: {problem}" for problem in _measures(shift.feed, shift.metric, names))
        yield from _span(file, f"shifts[{at}]", shift.at, file.ends_at)


def _fault(fault: FeedFault, names: _Names) -> Iterator[str]:
    yield from _measures(fault.feed, fault.metric, names)
    feed = names.feeds.get(fault.feed)
    measured = names.areas if feed is None or not feed.elements else set(feed.elements)
    for target in fault.targets:
        if target not in measured:
            yield f"target {target!r} is not measured by it"


def _measures(feed: str, metric: str | None, names: _Names) -> Iterator[str]:
    found: FeedIn | None = names.feeds.get(feed)
    if found is None:
        yield f"feed {feed!r} is not in feeds"
    elif metric is not None and metric not in {metric.name for metric in found.metrics}:
        yield f"metric {metric!r} is not one of feed {feed!r}"


def _desks(file: ScenarioFile, names: _Names) -> Iterator[str]:
    if file.care is not None and file.care.operator not in names.operators:
        yield f"scenario.care.operator = {file.care.operator!r}: is not in operators"
    asked = file.tickets.operators if file.tickets is not None else ()
    yield from _unknown("scenario.tickets.operators", asked, names.serving, "one that has customers")
    yield from _statements("statements", file.statements, names)
    desks = file.tickets.desks if file.tickets is not None and file.care is None else ()
    for intake in (desk.intake for desk in desks if desk.per_answered_call > 0):
        yield f"scenario.tickets desk {intake!r}: per_answered_call needs a [care]"


def _statements(where: str, statements: tuple[Statement, ...], names: _Names) -> Iterator[str]:
    for at, statement in enumerate(statements):
        if statement.operator not in names.operators:
            yield f"scenario.{where}[{at}]: operator {statement.operator!r} is not in operators"


def _rhythms(file: ScenarioFile) -> Iterator[str]:
    named = [(f"feeds {feed.name!r}", feed.rhythm) for feed in file.feeds]
    if file.mentions is not None:
        named.append(("mentions", file.mentions.rhythm))
    if file.tickets is not None:
        named += [(f"tickets desk {desk.intake!r}", desk.rhythm) for desk in file.tickets.desks]
    if file.care is not None:
        named.append(("care", file.care.rhythm))
    for where, rhythm in named:
        if rhythm not in file.rhythms:
            yield f"scenario.{where}: rhythm {rhythm!r} is not in rhythms"
    for name, weights in file.rhythms.items():
        if not sum(weights.hours) > 0 or not sum(weights.weekdays) > 0:
            yield f"scenario.rhythms.{name}: all weights are 0"


def _span(file: ScenarioFile, where: str, starts_at: datetime, ends_at: datetime) -> Iterator[str]:
    starts, ends = _naive(starts_at), _naive(ends_at)
    if not starts < ends:
        yield f"scenario.{where}: must end after {starts_at}, not at {ends_at}"
    if starts < _naive(file.starts_at) or ends > _naive(file.ends_at):
        yield f"scenario.{where}: must lie between {file.starts_at} and {file.ends_at}"


def _outage(file: ScenarioFile, outage: OutageIn, names: _Names) -> Iterator[str]:
    yield from _hit(file, outage, names)
    yield from _unknown("element", outage.elements, names.elements, "in elements")
    yield from _unknown("item", outage.items, names.items, "a channel or a technology")
    yield from _unknown("blamed", outage.blamed, names.operators, "in operators")
    healthy = names.serving - (set(outage.operators) or names.network)
    yield from _unknown(
        "collateral", (collateral.operator for collateral in outage.collateral), healthy, "healthy, with customers"
    )
    for planted in outage.planted:
        yield from _planted(file, planted, names)
    for thread in outage.threads:
        yield from _thread(thread, names)
    yield from _statements(f"outages {outage.id!r} statements", outage.statements, names)
    yield from _curve(file, outage)


def _hit(file: ScenarioFile, outage: OutageIn, names: _Names) -> Iterator[str]:
    down = set(outage.operators) or names.network
    yield from _unknown("operator", down, names.operators, "in operators")
    yield from _unknown("area", (hit.area for hit in outage.areas), names.areas, "in areas")
    for prefix in outage.where:
        if not names.below((prefix,), down):
            yield f"where {prefix!r}: no operator that is down has customers there"
    yield from _twice(f"outages {outage.id!r} areas", (hit.area for hit in outage.areas))
    if bool(outage.areas) == bool(outage.where):
        yield "must have either areas or where"
    hit = names.below([*outage.where, *(area.area for area in outage.areas)], down)
    services = {service for area in file.areas if (area.operator, area.id) in hit for service in area.customers}
    for service in sorted(set(outage.services) - services - {"emergency"}):
        yield f"service {service!r}: nobody who is hit has it"


def _planted(file: ScenarioFile, planted: Planted, names: _Names) -> Iterator[str]:
    yield from _span(file, f"planted {planted.kind!r}", planted.starts_at, planted.ends_at)
    for area in planted.areas:
        if area not in names.areas:
            yield f"planted {planted.kind!r}: area {area!r} is not in areas"
    if planted.source == "mentions" and not names.platforms:
        yield f"planted {planted.kind!r}: the world has no mentions"
    if planted.source == "tickets" and not names.intakes:
        yield f"planted {planted.kind!r}: the world has no tickets"
    if planted.intake is not None and planted.intake not in names.intakes:
        yield f"planted {planted.kind!r}: intake {planted.intake!r} is no desk"


def _thread(thread: Thread, names: _Names) -> Iterator[str]:
    if thread.area not in names.areas:
        yield f"thread {thread.kind!r}: area {thread.area!r} is not in areas"
    if thread.operator is not None and (thread.operator, thread.area) not in names.served:
        yield f"thread {thread.kind!r}: operator {thread.operator!r} has no customers in {thread.area!r}"
    if thread.platform not in names.platforms:
        yield f"thread {thread.kind!r}: platform {thread.platform!r} is not in mentions.platforms"


def _curve(file: ScenarioFile, outage: OutageIn) -> Iterator[str]:
    times = [_naive(point.at) for point in outage.curve]
    if any(later <= earlier for earlier, later in pairwise(times)):
        yield "curve: each point must be later than the one before"
    if outage.curve[0].share != 0 or outage.curve[-1].share != 0:
        yield "curve: must begin and end with share = 0.0"
    if not any(point.share > 0 for point in outage.curve):
        yield "curve: nothing is ever down"
    if times[0] < _naive(file.starts_at) or times[-1] > _naive(file.ends_at):
        yield f"curve: must lie between {file.starts_at} and {file.ends_at}"


def _traps(file: ScenarioFile, names: _Names) -> Iterator[str]:
    for trap in file.traps:
        yield from _span(file, f"traps {trap.id!r}", trap.starts_at, trap.ends_at)
        for operator in sorted(set(trap.operators) - names.operators):
            yield f"scenario.traps {trap.id!r}: operator {operator!r} is not in operators"
    for surge in file.surges:
        yield from _span(file, f"surges {surge.id!r}", surge.starts_at, surge.ends_at)
        yield from (f"scenario.surges {surge.id!r}: {problem}" for problem in _surge(file, surge, names))
    for thread in file.threads:
        yield from (f"scenario.threads: {problem}" for problem in _thread(thread, names))


def _surge(file: ScenarioFile, surge: Surge, names: _Names) -> Iterator[str]:
    primary = [operator.id for operator in file.operators if operator.role == "primary"]
    whose = [surge.operator] if surge.operator is not None else primary
    for prefix in surge.where or ("",):
        if not names.below([prefix] if prefix else [], whose):
            yield f"operator {whose!r} has no customers in {prefix or 'any area'!r}"
    if surge.posts and not names.platforms:
        yield "has posts, but the world has no mentions"
    if surge.tickets and not names.intakes:
        yield "has tickets, but the world has no tickets"


def _kinds(file: ScenarioFile, wording: Wording) -> Iterator[str]:
    posted = _posted(file)
    needed = {("mentions", kind) for kind in posted}
    if file.tickets is not None:
        needed |= {(desk.intake, kind) for desk in file.tickets.desks for kind in _complained(file)}
    for voice, kind in sorted(needed):
        if not wording.knows(voice, kind):
            yield f"texts.pools: {voice}.{kind} is needed by the scenario and missing"
    platforms = file.mentions.platforms if file.mentions is not None else ()
    for kind in sorted(posted):
        if not any(not platform.kinds or kind in platform.kinds for platform in platforms):
            yield f"scenario.mentions.platforms: none takes texts of kind {kind!r}"


def _posted(file: ScenarioFile) -> set[str]:
    """Kinds of post that a world may write."""
    if file.mentions is None:
        return set()
    kinds = {kind.kind for kind in file.mentions.everyday} | ({"recovery"} if file.outages else set())
    for outage in file.outages:
        kinds |= set(outage.speaks or {"complaint": 1.0}) | {talk.kind for talk in outage.talk}
        kinds |= {collateral.kind for collateral in outage.collateral}
        kinds |= {planted.kind for planted in outage.planted if planted.source == "mentions"}
    for surge in file.surges:
        kinds |= set(surge.posts)
    threads = [*file.threads, *(thread for outage in file.outages for thread in outage.threads)]
    return kinds | {f"{thread.kind}_{part}" for thread in threads for part in ("root", "reply")}


def _complained(file: ScenarioFile) -> set[str]:
    """Kinds of ticket that every desk of a world may write."""
    kinds = set(file.tickets.everyday_kinds) if file.tickets is not None else set()
    for outage in file.outages:
        kinds |= set(outage.ticket_speaks or {"complaint": 1.0}) | {talk.kind for talk in outage.ticket_talk}
        kinds |= {planted.kind for planted in outage.planted if planted.source == "tickets"}
    for surge in file.surges:
        kinds |= set(surge.tickets)
    return kinds

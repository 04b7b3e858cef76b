"""What no single field of a scenario can know: that names exist, and that times are in order."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

from pipeline.simulate.events import OutageIn, Statement
from pipeline.simulate.scenario import AreaIn, ScenarioFile
from pipeline.simulate.wording import Wording


def scenario_problems(file: ScenarioFile, wording: Wording | None) -> list[str]:
    """Find what does not fit together.

    Args:
        file: The scenario.
        wording: Its texts; without them, the kinds of text are not checked.

    Returns:
        One sentence for each mistake, in the order of the file.
    """
    problems = [*_frame(file), *_references(file), *_rhythms(file)]
    for at, outage in enumerate(file.outages):
        problems += (f"scenario.outages[{at}] {outage.id!r}: {problem}" for problem in _outage(file, outage))
    if wording is not None:
        problems += _kinds(file, wording)
    return problems


def _frame(file: ScenarioFile) -> Iterator[str]:
    try:
        ZoneInfo(file.time_zone)
    except (KeyError, ValueError, OSError):
        yield f"scenario.time_zone = {file.time_zone!r}: is no IANA time zone, such as Europe/Berlin"
    if file.starts_at >= file.ends_at:
        yield f"scenario.ends_at = {file.ends_at}: must be after starts_at = {file.starts_at}"
    zoned = [name for name in ("starts_at", "ends_at") if getattr(file, name).tzinfo is not None]
    zoned += [f"outages {outage.id!r}" for outage in file.outages if any(p.at.tzinfo for p in outage.curve)]
    for name in zoned:
        yield f"scenario.{name}: times are local; leave out the zone"
    roles = [operator.role for operator in file.operators]
    if roles.count("primary") != 1:
        yield f"scenario.operators: {roles.count('primary')} have the role primary; must be exactly one"
    yield from _twice("operators", (operator.id for operator in file.operators))
    yield from _twice("areas", (area.id for area in file.areas))
    yield from _twice("elements", (element.id for element in file.elements))
    yield from _twice("feeds", (feed.name for feed in file.feeds))
    yield from _twice("outages", (outage.id for outage in file.outages))


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"scenario.{what}: {name!r} stands there twice"
        seen.add(name)


def _references(file: ScenarioFile) -> Iterator[str]:
    operators = {operator.id for operator in file.operators}
    elements = {element.id for element in file.elements}
    for area in file.areas:
        yield from _area(area, operators)
    for element in file.elements:
        if element.operator not in operators:
            yield f"scenario.elements {element.id!r}: operator {element.operator!r} is not in operators"
    for feed_name, name in ((feed.name, name) for feed in file.feeds for name in feed.elements):
        if name not in elements:
            yield f"scenario.feeds {feed_name!r}: element {name!r} is not in elements"
    if file.care is not None and file.care.operator not in operators:
        yield f"scenario.care.operator = {file.care.operator!r}: is not in operators"
    yield from _statements("statements", file.statements, operators)
    desks = file.tickets.desks if file.tickets is not None and file.care is None else ()
    for intake in (desk.intake for desk in desks if desk.per_answered_call > 0):
        yield f"scenario.tickets desk {intake!r}: per_answered_call needs a [care]"


def _area(area: AreaIn, operators: set[str]) -> Iterator[str]:
    if area.operator not in operators:
        yield f"scenario.areas {area.id!r}: operator {area.operator!r} is not in operators"
    if area.people == 0:
        yield f"scenario.areas {area.id!r}: has no customers"


def _statements(where: str, statements: tuple[Statement, ...], operators: set[str]) -> Iterator[str]:
    for at, statement in enumerate(statements):
        if statement.operator not in operators:
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


def _outage(file: ScenarioFile, outage: OutageIn) -> Iterator[str]:
    areas = {area.id for area in file.areas}
    named = [("area", hit.area) for hit in outage.areas] + [("thread: area", thread.area) for thread in outage.threads]
    for what, area in named:
        if area not in areas:
            yield f"{what} {area!r} is not in areas"
    yield from _twice(f"outages {outage.id!r} areas", (hit.area for hit in outage.areas))
    for name in sorted(set(outage.elements) - {element.id for element in file.elements}):
        yield f"element {name!r} is not in elements"
    yield from _statements(f"outages {outage.id!r} statements", outage.statements, {o.id for o in file.operators})
    yield from _curve(file, outage)


def _curve(file: ScenarioFile, outage: OutageIn) -> Iterator[str]:
    times = [point.at for point in outage.curve]
    if any(later <= earlier for earlier, later in pairwise(times)):
        yield "curve: each point must be later than the one before"
    if outage.curve[0].share != 0 or outage.curve[-1].share != 0:
        yield "curve: must begin and end with share = 0.0"
    if not any(point.share > 0 for point in outage.curve):
        yield "curve: nothing is ever down"
    if times[0] < file.starts_at or times[-1] > file.ends_at:
        yield f"curve: must lie between {file.starts_at} and {file.ends_at}"


def _kinds(file: ScenarioFile, wording: Wording) -> Iterator[str]:
    needed = {("mentions", kind) for kind in _posted(file)}
    if file.tickets is not None:
        kinds = {*file.tickets.everyday_kinds, *(talk.kind for outage in file.outages for talk in outage.ticket_talk)}
        kinds |= {"complaint"} if file.outages else set()
        needed |= {(desk.intake, kind) for desk in file.tickets.desks for kind in kinds}
    for voice, kind in sorted(needed):
        if not wording.knows(voice, kind):
            yield f"texts.pools: {voice}.{kind} is needed by the scenario and missing"
    platforms = file.mentions.platforms if file.mentions is not None else ()
    for kind in sorted(_posted(file)):
        if not any(not each.kinds or kind in each.kinds for each in platforms):
            yield f"scenario.mentions.platforms: none takes texts of kind {kind!r}"


def _posted(file: ScenarioFile) -> set[str]:
    """Kinds of post that a world may write."""
    if file.mentions is None:
        return set()
    kinds = {each.kind for each in file.mentions.everyday} | ({"complaint", "recovery"} if file.outages else set())
    for outage in file.outages:
        kinds |= {talk.kind for talk in outage.talk}
        kinds |= {f"{thread.kind}_{part}" for thread in outage.threads for part in ("root", "reply")}
    return kinds

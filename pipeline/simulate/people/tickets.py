"""Tickets: what customers complain of, desk by desk and area by area.

Agents write a ticket for some of the calls that they answer, so in an outage
their number is held down by the queue, and comes late: an honest world gives
tickets no head start. App and button have no queue, but know only what the
menu offers.
"""

from collections.abc import Iterator

from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.simulate.people.care import CallCentre, served_by
from pipeline.simulate.people.crowd import Crowd
from pipeline.simulate.people.desks import Agent
from pipeline.simulate.people.everyday import everyday_times
from pipeline.simulate.people.talk import Topics
from pipeline.simulate.seeds import burst_factor, pick, poisson
from pipeline.simulate.spec.events import Planted
from pipeline.simulate.spec.scenario import AreaIn, CareIn, Desk, Reaction, ScenarioFile, Tickets
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.surges import SurgeInTime
from pipeline.simulate.world.world import Moment, Sent, World

Streams = Iterator[tuple[str, Iterator[Moment]]]


def ticket_streams(world: World, tickets: Tickets) -> Streams:
    """All desks of a world in all areas: a name, and the moments of its stream."""
    areas = ticket_areas(world.file, tickets)
    people = sum(area.people for area in areas)
    for desk in tickets.desks:
        for area in areas if desk.everyday_per_hour else ():
            per_hour = desk.everyday_per_hour * tickets.share * area.people / people
            yield f"tickets {desk.intake} {area.operator} {area.id}", _everyday(world, tickets, desk, area, per_hour)
        if desk.per_answered_call and world.file.care is not None:
            yield f"tickets {desk.intake} calls", _answered(world, tickets, desk, world.file.care)
    for outage in world.outages:
        yield from _outage_streams(world, tickets, outage)
    for surge in world.surges:
        if surge.spec.tickets:
            yield f"tickets surge {surge.spec.id}", _surge(world, tickets, surge)


def ticket_areas(file: ScenarioFile, tickets: Tickets) -> list[AreaIn]:
    """Footprints whose customers complain here: of the operators named; if none are, of all but rivals."""
    usual = (operator.id for operator in file.operators if operator.role != "rival")
    operators = frozenset(tickets.operators or usual)
    return [area for area in file.areas if area.operator in operators]


def hotline_areas(world: World, tickets: Tickets, care: CareIn) -> list[AreaIn]:
    """List the footprints that write tickets and call the call centre.

    Args:
        world: The world.
        tickets: Says which areas write tickets.
        care: The call centre, which serves its operator's customers and those of hosted brands.
    """
    served = served_by(care.operator, world)
    return [area for area in ticket_areas(world.file, tickets) if area.operator in served]


def _outage_streams(world: World, tickets: Tickets, outage: Outage) -> Streams:
    name = f"outage {outage.spec.id}"
    areas = ticket_areas(world.file, tickets)
    for desk in tickets.desks:
        for area in world.hit_by(outage) if desk.reaction is not None else ():
            if area in areas and desk.reaction is not None:
                stream = _reaction(world, tickets, desk, desk.reaction, outage, area)
                yield f"tickets {desk.intake} {name} {area.operator} {area.id}", stream
    for number, planted in enumerate(outage.spec.planted):
        if planted.source == "tickets":
            yield f"tickets {name} planted {number}", _planted(world, tickets, outage, planted, number)


def _everyday(world: World, tickets: Tickets, desk: Desk, area: AreaIn, per_hour: float) -> Iterator[Moment]:
    agent = Agent(world, tickets, desk.intake, "everyday", area.operator, area.id)
    kinds = tuple(tickets.everyday_kinds.items())
    for hour, times in everyday_times(world, agent.chance, desk.rhythm, per_hour, tickets.burst_k):
        yield Moment(hour, [r for at in times for r in agent.write(area, at, pick(agent.chance, kinds), desk.intake)])


def _answered(world: World, tickets: Tickets, desk: Desk, care: CareIn) -> Iterator[Moment]:
    """What agents write of the calls that they answered: one stream, as there is one queue."""
    agent = Agent(world, tickets, desk.intake, "calls")
    chance, areas = agent.chance, hotline_areas(world, tickets, care)
    people, kinds = [area.people for area in areas], tuple(tickets.everyday_kinds.items())
    topics = [(o, Topics(world.clock, o.spec.ticket_talk, o.spec.ticket_speaks)) for o in world.outages]
    centre, bursts = CallCentre(world, care), 1.0
    for minute in world.minutes() if areas else ():
        if minute % HOUR_MS == 0:
            bursts = burst_factor(chance, tickets.burst_k)
        calls = centre.minute(minute)
        written = calls.answered * desk.per_answered_call
        upset, usual = written * calls.about_outage, written * (1 - calls.about_outage) * bursts
        records: list[Sent] = []
        for _ in range(poisson(chance, (upset + usual) * tickets.share)):
            at = minute + chance.randrange(MINUTE_MS)
            hit = _who_calls(world, areas, minute) if chance.random() * (upset + usual) < upset else []
            if hit:
                (number, area), _ = chance.choices(hit, [weight for _, weight in hit])[0]
                outage, talk = topics[number]
                records += agent.write(area, at, talk.draw(chance, at), desk.intake, outage)
            else:
                area = chance.choices(areas, people)[0]
                records += agent.write(area, at, pick(chance, kinds), desk.intake)
        if records:
            yield Moment(minute, records)


def _who_calls(world: World, areas: list[AreaIn], minute: int) -> list[tuple[tuple[int, AreaIn], float]]:
    """Outages and footprints by customers hit; by customers once hit, while those who waited are answered."""
    begun = [(number, o) for number, o in enumerate(world.outages) if o.started_at <= minute and o.spec.reaction > 0]
    hit = [((number, area), o.people_hit(area, minute) * o.spec.reaction) for number, o in begun for area in areas]
    if not any(weight > 0 for _, weight in hit):
        hit = [
            ((number, area), float(o.affected(area)))
            for number, o in begun[-1:]
            for area in areas
            if (area.operator, area.id) in o.footprints
        ]
    return [pair for pair in hit if pair[1] > 0]


def _reaction(
    world: World, tickets: Tickets, desk: Desk, reaction: Reaction, outage: Outage, area: AreaIn
) -> Iterator[Moment]:
    """What those who are hit complain of at a desk without a queue."""
    agent = Agent(world, tickets, desk.intake, "outage", outage.spec.id, area.operator, area.id)
    chance, crowd = agent.chance, Crowd(outage, area, reaction)
    topics = Topics(world.clock, outage.spec.ticket_talk, outage.spec.ticket_speaks)
    for minute in world.within(crowd.minutes()):
        expected = crowd.voices(minute, world.busy(desk.rhythm, minute)).complaints
        records: list[Sent] = []
        for _ in range(poisson(chance, expected * tickets.share)):
            at = minute + chance.randrange(MINUTE_MS)
            records += agent.write(area, at, topics.draw(chance, at), desk.intake, outage)
        if records:
            yield Moment(minute, records)


def _planted(world: World, tickets: Tickets, outage: Outage, planted: Planted, number: int) -> Iterator[Moment]:
    intake = planted.intake or tickets.desks[0].intake
    agent = Agent(world, tickets, intake, "outage", outage.spec.id, "planted", str(number))
    for at, area in world.planted(agent.chance, outage, planted):
        yield Moment(at, agent.write(area, at, planted.kind, intake, outage, planted.service))


def _surge(world: World, tickets: Tickets, surge: SurgeInTime) -> Iterator[Moment]:
    """What a crowd complains of: at the desks that are open, as much as they usually take."""
    agent = Agent(world, tickets, "surge", surge.spec.id)
    chance, kinds, care = agent.chance, tuple(surge.spec.tickets.items()), world.file.care
    areas, people = world.customers_of(surge.operator, surge.spec.where)
    calls = care.calls_per_hour if care is not None else 0.0
    usual = [(desk, desk.everyday_per_hour + calls * desk.per_answered_call) for desk in tickets.desks]
    for minute in world.within(surge.minutes()) if areas else ():
        expected = sum(surge.spec.tickets.values()) / 60 * surge.level(minute + MINUTE_MS // 2) * tickets.share
        count = poisson(chance, expected)
        if not count:
            continue
        open_desks = tuple((desk.intake, rate * world.busy(desk.rhythm, minute)) for desk, rate in usual)
        records: list[Sent] = []
        for _ in range(count):
            at, area = minute + chance.randrange(MINUTE_MS), chance.choices(areas, people)[0]
            records += agent.write(area, at, pick(chance, kinds), pick(chance, open_desks))
        yield Moment(minute, records)

"""When could anybody have seen an outage? By expectation, not by what a seed happened to draw.

An outage shows when one complaint is to be expected in what is written, or
when two in a hundred customers of an area that somebody measures are hit, as
far as figures show it. Whoever finds it sooner was lucky or wrong; a delay is
best counted from here. Complaints are known to the minute, figures to five
seconds. The call centre's own figures do not count: they follow complaints.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.simulate.people.care import CallCentre
from pipeline.simulate.people.crowd import Crowd
from pipeline.simulate.people.tickets import hotline_areas, ticket_areas
from pipeline.simulate.spec.scenario import AreaIn, FeedIn, MetricIn, Reaction
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.surges import lies_in
from pipeline.simulate.world.world import World

MEASURED_MIN = 0.02
FINE_MS = 5_000
"""Shortest pause between two readings is longer than this."""
COMPLAINTS_MIN = 1.0
QUEUE_BEFORE_MS = 60 * MINUTE_MS
"""A call centre forgets how it stood within this time."""


def visible_at(world: World, outage: Outage) -> int | None:
    """First moment at which an outage shows in what the world writes, in milliseconds; None if it never does."""
    moments = [
        at
        for at in (_first_complaint(world, outage), _first_figure(world, outage), _first_planted(world, outage))
        if at is not None and at < world.ended_at
    ]
    return max(outage.started_at, min(moments)) if moments else None


def _first_planted(world: World, outage: Outage) -> int | None:
    """When the first planted message is expected: of n messages, when n / (n + 1) of one has been written."""
    groups = [
        (planted.count, world.clock.instant_of(planted.starts_at), world.clock.instant_of(planted.ends_at))
        for planted in outage.spec.planted
        if getattr(world.file, planted.source) is not None
    ]
    count = sum(weight for weight, _, _ in groups)
    if not count:
        return None

    def written(at: int) -> float:
        return sum(weight * min(1.0, max(0.0, (at - start) / (end - start))) for weight, start, end in groups)

    start, end = min(start for _, start, _ in groups), max(end for _, _, end in groups)
    return start + bisect_left(range(start, end), count / (count + 1), key=written)


def complaints_of_first_hour(world: World, outage: Outage) -> float:
    """Posts and tickets about an outage that are to be expected in its first hour; planted ones do not count."""
    return sum(count for minute, count in _complaints(world, outage) if minute < outage.started_at + HOUR_MS)


def _first_complaint(world: World, outage: Outage) -> int | None:
    written = 0.0
    for minute, count in _complaints(world, outage):
        written += count
        if written >= COMPLAINTS_MIN:
            return minute
    return None


def _complaints(world: World, outage: Outage) -> Iterator[tuple[int, float]]:
    """Minutes from the beginning of an outage on, and how many complaints are to be expected in each."""
    sources = _sources(world, outage)
    minutes = [crowd.minutes() for crowd, _, _ in sources] or [range(outage.started_at, outage.ended_at, MINUTE_MS)]
    first = outage.started_at - outage.started_at % MINUTE_MS
    calls = _CallsOfOutage(world, outage, first)
    for minute in world.within(range(first, max(minute.stop for minute in minutes), MINUTE_MS)):
        written = calls.tickets(minute) + sum(
            crowd.voices(minute, world.busy(rhythm, minute)).complaints * share for crowd, rhythm, share in sources
        )
        yield minute, written


def _sources(world: World, outage: Outage) -> list[tuple[Crowd, str, float]]:
    """Who may complain: the crowd, its rhythm, and which share of what it says is written."""
    file, hit = world.file, world.hit_by(outage)
    heard: list[tuple[list[AreaIn], Reaction, str, float]] = []
    if file.mentions is not None:
        heard.append((hit, file.mentions.reaction, file.mentions.rhythm, file.mentions.share))
    if file.tickets is not None:
        served = ticket_areas(file, file.tickets)
        here = [area for area in hit if area in served]
        desks = [(desk.reaction, desk.rhythm) for desk in file.tickets.desks if desk.reaction is not None]
        heard += [(here, reaction, rhythm, file.tickets.share) for reaction, rhythm in desks]
    return [
        (Crowd(outage, area, reaction), rhythm, share) for areas, reaction, rhythm, share in heard for area in areas
    ]


class _CallsOfOutage:
    """Tickets of the call centre about an outage; call `tickets` for every minute in turn."""

    def __init__(self, world: World, outage: Outage, first: int) -> None:
        file = world.file
        self._per_answer, self._centre = 0.0, None
        if file.tickets is not None and file.care is not None and outage.spec.reaction > 0:
            areas = hotline_areas(world, file.tickets, file.care)
            if any((area.operator, area.id) in outage.footprints for area in areas):
                self._per_answer = sum(desk.per_answered_call for desk in file.tickets.desks) * file.tickets.share
                self._centre = CallCentre(world, file.care)
                for minute in range(max(world.started_at, first - QUEUE_BEFORE_MS), first, MINUTE_MS):
                    self._centre.minute(minute)

    def tickets(self, minute_ms: int) -> float:
        """Expected in the minute that begins at `minute_ms`."""
        if self._centre is None:
            return 0.0
        calls = self._centre.minute(minute_ms)
        return calls.answered * calls.about_outage * self._per_answer


def _first_figure(world: World, outage: Outage) -> int | None:
    """When a feed shows it first, to five seconds: in an area that it measures, or in an element.

    A feed that is dead, stuck, broken, late or ahead shows nothing meanwhile.
    """
    seen = [figure for area in world.hit_by(outage) if (figure := _of_area(world, outage, area)).silences]
    elements = sorted({name for feed in world.file.feeds for name in feed.elements} & set(outage.spec.elements))
    seen += [_of_element(world, outage, name) for name in elements]
    first = outage.started_at - outage.started_at % MINUTE_MS

    def shows(at: int) -> bool:
        return any(figure.share(at) >= MEASURED_MIN and figure.is_heard(at) for figure in seen)

    if not seen:
        return None
    minutes = world.within(range(first, outage.ended_at + MINUTE_MS, MINUTE_MS))
    late = next((minute for minute in minutes if shows(minute)), None)
    return (
        late if late is None else next(at for at in range(late - MINUTE_MS + FINE_MS, late + 1, FINE_MS) if shows(at))
    )


class _Shown(NamedTuple):
    """What an outage moves of an area or an element, and when each of its figures is not heard."""

    share: Callable[[int], float]
    silences: list[list[tuple[int, int]]]

    def is_heard(self, at: int) -> bool:
        """Does one of its figures tell the truth just then?"""
        return any(all(not start <= at < end for start, end in figure) for figure in self.silences)


def _of_area(world: World, outage: Outage, area: AreaIn) -> _Shown:
    """An area; nothing is heard of it if no feed measures it, or none of its figures moves."""
    figures = [
        (feed, metric)
        for feed in world.file.feeds
        if not feed.elements and area.operator in (feed.operators or (world.primary,))
        for metric in feed.metrics
        if _moves(outage, metric)
    ]
    silences = [_silences(world, *figure, area.id) for figure in figures]
    return _Shown(lambda at: outage.hit(area.operator, area.id, at) * outage.spec.measured, silences)


def _of_element(world: World, outage: Outage, name: str) -> _Shown:
    figures = [(feed, metric) for feed in world.file.feeds if name in feed.elements for metric in feed.metrics]
    return _Shown(lambda at: outage.hit_element(name, at), [_silences(world, *figure, name) for figure in figures])


def _silences(world: World, feed: FeedIn, metric: MetricIn, target: str) -> list[tuple[int, int]]:
    """When a metric of a target is not told as it is."""
    return [
        (world.clock.instant_of(fault.starts_at), world.clock.instant_of(fault.ends_at))
        for fault in world.file.faults
        if fault.feed == feed.name
        and fault.metric in (None, metric.name)
        and (not fault.targets or lies_in(target, fault.targets))
    ]


def _moves(outage: Outage, metric: MetricIn) -> bool:
    """A figure of all channels does not show that one is black."""
    served = metric.service is None or metric.service in outage.services
    return served and (not outage.spec.items or metric.item in outage.spec.items)

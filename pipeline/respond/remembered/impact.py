"""Who was without service, and how long: customers over time and by area, as intervals.

Regulators count customers times minutes, and compensation counts days of single areas. An incident says
only how many are without service now, and so the case keeps how that number went. A number that was not known, or
that of a suspicion, which may be a whole nation's, stands for nothing: the next known one is taken to have held before
it, back to the start.
"""

from typing import Final, NamedTuple

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.incident_parts import AreaShare, Interval
from pipeline.records.published.incidents import Incident
from pipeline.records.series import is_within
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.remembered.followups import AreaImpact, CustomerSpan, ImpactMemory

SPANS_MAX: Final = 64
"""Changes of the number that are kept apart; older ones are added up and cannot be cut any more."""

AREAS_MAX: Final = 256
"""Areas that are remembered; a revision names 40 at most."""


class Reach(NamedTuple):
    """A number of customers, or of customers times milliseconds: least, likely or middle, greatest."""

    low: int
    middle: int
    high: int


def reach_of(numbers: Interval) -> Reach:
    """An interval with its likely value, or the middle where none is likelier.

    >>> reach_of(Interval(low=10, high=30)), reach_of(Interval(low=10, high=30, likely=12)).middle
    (Reach(low=10, middle=20, high=30), 12)
    """
    middle = (numbers.low + numbers.high) // 2 if numbers.likely is None else numbers.likely
    return Reach(numbers.low, middle, numbers.high)


def take_in(memory: ImpactMemory, incident: Incident, at: int) -> None:
    """Note how many are without service now.

    Args:
        memory: Changes in place.
        incident: The revision that says so.
        at: Its time, ms.
    """
    if incident.state == IncidentState.SUSPECTED:
        return
    if incident.customers_affected is not None:
        low, middle, high = reach_of(incident.customers_affected)
        last = memory.spans[-1] if memory.spans else None
        if last is None or (last.low, last.middle, last.high) != (low, middle, high):
            is_likely = incident.customers_affected.likely is not None
            memory.spans.append(CustomerSpan(since=at, low=low, middle=middle, high=high, is_likely=is_likely))
    while len(memory.spans) > SPANS_MAX:
        _fold(memory, began_at(incident))
    for share in incident.areas:
        _take_in_area(memory, share, at)


def _take_in_area(memory: ImpactMemory, share: AreaShare, at: int) -> None:
    area = memory.areas.get(share.area)
    if area is None:
        if len(memory.areas) >= AREAS_MAX:
            memory.areas_omitted += 1
            return
        area = memory.areas[share.area] = AreaImpact(since=int(share.since or at))
    area.back_at = None if share.back_at is None else int(share.back_at)
    numbers = share.customers_affected
    if numbers is None:
        return
    reach, is_likely = reach_of(numbers), numbers.likely is not None
    if (is_likely, reach.middle) > (area.is_likely, area.middle):
        (area.low, area.middle, area.high), area.is_likely = reach, is_likely


def _fold(memory: ImpactMemory, began: int) -> None:
    """Add the oldest span up; the one after it is the oldest then."""
    first, second = memory.spans[0], memory.spans[1]
    length = max(0, second.since - _since(memory, began))
    low, middle, high = memory.folded
    memory.folded = (low + first.low * length, middle + first.middle * length, high + first.high * length)
    del memory.spans[0]


def _since(memory: ImpactMemory, began: int) -> int:
    """Where the oldest span begins: at the start of the outage, until spans were added up."""
    first = memory.spans[0].since
    return first if any(memory.folded) else min(first, began)


def began_at(incident: Incident) -> int:
    """When it began, as far as is known, ms."""
    return int(incident.started_at or incident.opened_at)


def customer_minutes(memory: ImpactMemory, incident: Incident, until: int) -> Interval | None:
    """Customers times minutes without service.

    Args:
        memory: How the number went.
        incident: Its latest revision: when it began, and when it ended.
        until: No minute after this counts, ms.

    Returns:
        None if the number was never known.
    """
    if not memory.spans:
        return None
    low, middle, high = _summed(memory, incident, until)
    return Interval(
        low=low // MINUTE_MS, high=high // MINUTE_MS, likely=middle // MINUTE_MS, basis="customers over time"
    )


def reached_at(memory: ImpactMemory, incident: Incident, minutes: int, now: int) -> int | None:
    """When the likely customers times minutes reach a number, if nothing changes.

    Args:
        memory: How the number went.
        incident: Its latest revision.
        minutes: Customers times minutes, above 0.
        now: Nothing is known after this, ms.

    Returns:
        A moment, ms, which may have passed; None if it is not reached.
    """
    if not memory.spans:
        return None
    lacking = minutes * MINUTE_MS - _summed(memory, incident, now).middle
    if lacking <= 0:
        return now
    rate = memory.spans[-1].middle
    return now + -(-lacking // rate) if rate > 0 and incident.ended_at is None else None


def _summed(memory: ImpactMemory, incident: Incident, until: int) -> Reach:
    end = until if incident.ended_at is None else min(until, int(incident.ended_at))
    starts = [_since(memory, began_at(incident)), *(span.since for span in memory.spans[1:])]
    ends = [*starts[1:], end]
    lengths = [max(0, min(end, stop) - start) for start, stop in zip(starts, ends, strict=True)]
    parts = list(zip(memory.spans, lengths, strict=True))
    low, middle, high = memory.folded
    return Reach(
        low + sum(span.low * length for span, length in parts),
        middle + sum(span.middle * length for span, length in parts),
        high + sum(span.high * length for span, length in parts),
    )


def incident_worst(memory: ImpactMemory) -> Reach | None:
    """The number of the whole incident at its worst, of those that are kept apart; a likely one before a middle."""
    spans = [span for span in memory.spans if span.is_likely] or memory.spans
    worst = max(spans, key=lambda span: (span.middle, span.high), default=None)
    return None if worst is None else Reach(worst.low, worst.middle, worst.high)


def counted_areas(memory: ImpactMemory) -> dict[str, AreaImpact]:
    """Areas with customers that hold no other such area, so that each customer is counted once; by path."""
    known = {path: area for path, area in sorted(memory.areas.items()) if area.high > 0}
    return {
        path: area
        for path, area in known.items()
        if not any(other != path and is_within(other, path) for other in known)
    }

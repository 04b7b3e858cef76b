"""The truth of a world, written down: what a run of it is scored against.

It is computed from the same functions as everything that the world writes, so
the two cannot differ; it is rounded nowhere but to whole customers.
"""

import math
from itertools import pairwise

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.truth import Respite, TrueArea, TrueOperator, TrueOutage, TrueTrap, Truth
from pipeline.records.vocabulary import PPM
from pipeline.simulate.people.official import true_messages
from pipeline.simulate.spec.events import TrapIn
from pipeline.simulate.spec.scenario import AreaIn
from pipeline.simulate.visible import visible_at
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.world import World


def truth_of(world: World) -> Truth:
    """Everything that is true in a world."""
    file = world.file
    written = {"mentions": file.mentions, "tickets": file.tickets}
    return Truth(
        scenario=file.name,
        title=file.title,
        seed=world.seed,
        market=file.market,
        time_zone=file.time_zone,
        started_at=Instant(world.started_at),
        ended_at=Instant(world.ended_at),
        shares_ppm={name: round(source.share * PPM) for name, source in written.items() if source is not None},
        operators=tuple(operator.id for operator in file.operators),
        outages=tuple(true_outage(world, outage) for outage in world.outages),
        traps=tuple(true_trap(world, trap) for trap in file.traps),
    )


def true_trap(world: World, trap: TrapIn) -> TrueTrap:
    """Write down what looked like an outage and was none."""
    return TrueTrap(
        trap_id=trap.id,
        kind=trap.kind,
        started_at=Instant(world.clock.instant_of(trap.starts_at)),
        ended_at=Instant(world.clock.instant_of(trap.ends_at)),
        operators=trap.operators or (world.primary,),
    )


def true_outage(world: World, outage: Outage) -> TrueOutage:
    """Write down what was true of an outage.

    Args:
        world: Where it happens; areas and operators that are not hit are left out.
        outage: The outage.
    """
    spec = outage.spec
    first = outage.started_at - outage.started_at % MINUTE_MS
    minutes = range(first, outage.ended_at + MINUTE_MS, MINUTE_MS)
    moments = sorted({*minutes, *outage.turns()})
    peaks = [(area, max(outage.people_hit(area, at) for at in moments)) for area in world.hit_by(outage)]
    here = [area for area, peak in peaks if peak > 0]
    seen = visible_at(world, outage)
    return TrueOutage(
        outage_id=spec.id,
        kind=spec.kind,
        severity=spec.severity,
        visible_at=None if seen is None else Instant(seen),
        started_at=Instant(outage.started_at),
        full_at=Instant(outage.full_at),
        first_back_at=Instant(outage.first_back_at),
        ended_at=Instant(outage.ended_at),
        operators=tuple(
            TrueOperator(operator=operator.id, role=operator.true_role)
            for operator in world.file.operators
            if any(area.operator == operator.id for area in here)
        ),
        areas=tuple(_true_area(outage, area, peak) for area, peak in peaks if peak > 0),
        services=tuple(sorted(spec.services)),
        items=spec.items,
        element=spec.suspected_element,
        cause=spec.cause,
        nature=spec.nature,
        extent=spec.extent,
        emergency_numbers=spec.emergency_numbers,
        customers=round(max((_hit(outage, here, at) for at in moments), default=0.0)),
        hit_per_minute=tuple(round(_hit(outage, here, at)) for at in minutes),
        messages=true_messages(world, spec.statements),
        blamed=spec.blamed,
    )


def _true_area(outage: Outage, area: AreaIn, peak: float) -> TrueArea:
    stretches = outage.down(area.operator, area.id)
    respites = [(end, start) for (_, end), (start, _) in pairwise(stretches) if start - end >= MINUTE_MS]
    return TrueArea(
        area=area.id,
        operator=area.operator,
        customers=area.people,
        share_ppm=round(peak / area.people * PPM),
        lag_seconds=outage.footprints[area.operator, area.id].lag_ms // 1_000,
        back_at=Instant(stretches[-1][1]) if stretches else None,
        respites=tuple(Respite(begins_at=Instant(begin), ends_at=Instant(end)) for begin, end in respites),
    )


def _hit(outage: Outage, areas: list[AreaIn], time_ms: int) -> float:
    return math.fsum(outage.people_hit(area, time_ms) for area in areas)

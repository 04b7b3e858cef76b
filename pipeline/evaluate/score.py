"""A run scored: each world by itself, then all of them together with intervals.

`score_world` judges, `combine` counts. Worlds are never averaged: their
outages, incidents and operator days are added up, and chance is shown by
drawing whole worlds again (`bootstrap`).
"""

from collections.abc import Sequence

import msgspec

from pipeline.evaluate.figures.bootstrap import WORLDS_MIN, draws_of, interval, quantile
from pipeline.evaluate.figures.calibration import Bin, reliability
from pipeline.evaluate.figures.definitions import FIGURES, is_false
from pipeline.evaluate.figures.shapes import Definition, Group, Total, Unit, forecasts_of
from pipeline.evaluate.judging.facts import IncidentScore, OutageScore, TrapScore, WorldScore
from pipeline.evaluate.judging.matching import FALSE, Match, match
from pipeline.evaluate.judging.outages import judge
from pipeline.evaluate.sides.lives import Life, life_of
from pipeline.evaluate.sides.worlds import KnownWorld, world_of
from pipeline.records.published.incidents import Incident
from pipeline.records.truth import Truth


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of all worlds together.

    Attributes:
        value: None if there is nothing to say.
        low: Lower end of the 95 % interval over worlds; None below five worlds that have such a figure.
        high: Upper end.
        n: How many things it is made of: outages, incidents, forecasts.
        worlds: How many worlds have any.
    """

    name: str
    group: Group
    title: str
    unit: Unit
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    worlds: int = 0


class KindRow(msgspec.Struct, frozen=True, kw_only=True):
    """All outages of one kind.

    Attributes:
        confirmed_seconds: Median from the true start to confirmed; None if none was.
        place_right: Outages with an exact place, of `placed`.
    """

    kind: str
    outages: int
    confirmed: int
    suspected: int
    merged: int
    missed: int
    splits: int
    suspected_seconds: float | None
    confirmed_seconds: float | None
    place_right: int
    placed: int
    severity_right: int
    graded: int


class TrapRow(msgspec.Struct, frozen=True, kw_only=True):
    """All traps of one kind: how many were withstood, and incidents of those that were not."""

    kind: str
    traps: int
    withstood: int
    confirmed: int
    suspected: int


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a score says."""

    seed: int
    worlds: tuple[WorldScore, ...]
    figures: tuple[Figure, ...]
    kinds: tuple[KindRow, ...]
    traps: tuple[TrapRow, ...]
    reliability: tuple[Bin, ...]

    def figure(self, name: str) -> Figure:
        """One figure by its name."""
        return next(figure for figure in self.figures if figure.name == name)


def score_world(truth: Truth | KnownWorld, histories: Sequence[Sequence[Incident]]) -> WorldScore:
    """Score one run.

    Args:
        truth: Truth of a simulated world, or what an operator's log knows.
        histories: For each incident its revisions, in any order; those without any are passed over.
    """
    world = world_of(truth) if isinstance(truth, Truth) else truth
    lives = sorted(
        (life_of(rows, world.ended_at) for rows in histories if rows),
        key=lambda life: (life.opened_at, life.incident_id),
    )
    matches = match(world, lives)
    return WorldScore(
        **world.frame(),
        operators=len(world.operators),
        days=world.days,
        outages=_outages(world, lives, matches),
        incidents=tuple(_incident(world, life, match) for life, match in zip(lives, matches, strict=True)),
        traps=_traps(world, lives, matches),
    )


def combine(worlds: Sequence[WorldScore], seed: int = 1) -> Score:
    """Add worlds up.

    Args:
        worlds: In the order in which they are to be told; their order does not change any figure's value.
        seed: Seed of the bootstrap: same worlds and seed, same intervals.
    """
    draws = draws_of(len(worlds), seed) if len(worlds) >= WORLDS_MIN else []
    outages = [outage for world in worlds for outage in world.outages]
    traps = [trap for world in worlds for trap in world.traps]
    return Score(
        seed=seed,
        worlds=tuple(worlds),
        figures=tuple(_figure(definition, worlds, draws) for definition in FIGURES),
        kinds=tuple(_kind(kind, [outage for outage in outages if outage.kind == kind]) for kind in _kinds(outages)),
        traps=tuple(_trap_row(kind, [trap for trap in traps if trap.kind == kind]) for kind in _kinds(traps)),
        reliability=reliability([forecast for world in worlds for forecast in forecasts_of(world)]),
    )


def false_incidents(world: WorldScore) -> list[IncidentScore]:
    """Incidents about nothing real, the confirmed ones first, then by opening."""
    return sorted(
        (incident for incident in world.incidents if is_false(incident)),
        key=lambda incident: (not incident.confirmed, incident.opened_at, incident.incident_id),
    )


def _outages(world: KnownWorld, lives: Sequence[Life], matches: Sequence[Match]) -> tuple[OutageScore, ...]:
    own = {match.outage: life for life, match in zip(lives, matches, strict=True) if match.verdict == "found"}
    merged = {
        number: life.incident_id
        for life, match in reversed(list(zip(lives, matches, strict=True)))
        for number in match.merged
    }
    splits = [match.outage for match in matches if match.verdict == "split"]
    return tuple(
        judge(outage, own.get(number), world, splits.count(number), merged.get(number))
        for number, outage in enumerate(world.outages)
    )


def _incident(world: KnownWorld, life: Life, match: Match) -> IncidentScore:
    trap = None if match.trap is None else world.traps[match.trap]
    return IncidentScore(
        incident_id=life.incident_id,
        verdict=match.verdict,
        confirmed=life.confirmed_at is not None,
        dismissed=life.dismissed,
        real=True if match.verdict in ("found", "split") else False if match.verdict in FALSE else None,
        opened_at=life.opened_at,
        confirmed_at=life.confirmed_at,
        over_at=life.over_at,
        operators=tuple(sorted(life.roles)),
        areas=life.areas,
        severity=life.severity,
        confidence_ppm=life.confidence_ppm,
        peak_ppm=life.peak_ppm,
        says_emergency=life.emergency_said_at is not None,
        outage_id=None if match.outage is None else world.outages[match.outage].outage_id,
        merged=tuple(world.outages[number].outage_id for number in match.merged),
        trap_id=trap.trap_id if trap else None,
        trap_kind=trap.kind if trap else None,
    )


def _traps(world: KnownWorld, lives: Sequence[Life], matches: Sequence[Match]) -> tuple[TrapScore, ...]:
    fell = [(match.trap, life.confirmed_at is not None) for life, match in zip(lives, matches, strict=True)]
    return tuple(
        TrapScore(
            trap_id=trap.trap_id,
            kind=trap.kind,
            started_at=trap.started_at,
            ended_at=trap.ended_at,
            operators=trap.operators,
            confirmed=fell.count((number, True)),
            suspected=fell.count((number, False)),
        )
        for number, trap in enumerate(world.traps)
    )


def _figure(definition: Definition, worlds: Sequence[WorldScore], draws: Sequence[Sequence[int]]) -> Figure:
    value, counts = definition.how.over(worlds)
    having = sum(count > 0 for count in counts)
    ends = None
    if having >= WORLDS_MIN and not isinstance(definition.how, Total):
        ends = interval(value, draws)
    return Figure(
        name=definition.name,
        group=definition.group,
        title=definition.title,
        unit=definition.unit,
        value=value(range(len(worlds))),
        low=ends[0] if ends else None,
        high=ends[1] if ends else None,
        n=round(sum(counts)),
        worlds=having,
    )


def _kinds(rows: Sequence[OutageScore] | Sequence[TrapScore]) -> list[str]:
    return sorted({row.kind for row in rows})


def _kind(kind: str, rows: Sequence[OutageScore]) -> KindRow:
    fates = [row.fate for row in rows]
    placed = [row.place for row in rows if row.place is not None]
    graded = [row.severity_steps for row in rows if row.severity_steps is not None]
    return KindRow(
        kind=kind,
        outages=len(rows),
        confirmed=fates.count("confirmed"),
        suspected=fates.count("suspected"),
        merged=fates.count("merged"),
        missed=fates.count("missed"),
        splits=sum(row.splits for row in rows),
        suspected_seconds=quantile([row.suspected_seconds for row in rows if row.suspected_seconds is not None], 0.5),
        confirmed_seconds=quantile([row.confirmed_seconds for row in rows if row.confirmed_seconds is not None], 0.5),
        place_right=placed.count("exact"),
        placed=len(placed),
        severity_right=graded.count(0),
        graded=len(graded),
    )


def _trap_row(kind: str, rows: Sequence[TrapScore]) -> TrapRow:
    return TrapRow(
        kind=kind,
        traps=len(rows),
        withstood=sum(not row.confirmed for row in rows),
        confirmed=sum(row.confirmed for row in rows),
        suspected=sum(row.suspected for row in rows),
    )

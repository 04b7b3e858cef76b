"""The worst cases, drawn: what really happened above what we said, on one axis of time.

Worst is first what people would have wanted to know and were not told, then
what they were told and was not so, then what was late or in the wrong place.
One drawing for each outage, with all incidents that had to do with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pipeline.evaluate.judging.facts import IncidentScore, OutageScore
from pipeline.evaluate.judging.matching import FALSE
from pipeline.evaluate.judging.scored import ScoredRun
from pipeline.evaluate.sides.lives import Life, life_of
from pipeline.evaluate.sides.worlds import KnownOutage
from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.views.drawing import Tick, short, ticks_of
from pipeline.views.span import Span
from pipeline.views.words import STATE_ICONS, Clock, counted, lasting, plain

CASES_MAX: Final = 16
LIVES_MAX: Final = 4
"""Incidents drawn of one case; more are counted."""
HEIGHT: Final = 26
"""Height of a row of the drawing, in its own units and in pixels."""

_LATE_SECONDS: Final = 600
_AIR: Final = 0.08
_AIR_MIN_MS: Final = 15 * MINUTE_MS
_LENGTH_MAX_MS: Final = 48 * HOUR_MS
_PERCENT_PER_LETTER: Final = 0.75
_SEEN: Final = ("suspected", "confirmed", "recovering", "resolved")


class Shape(NamedTuple):
    """A stretch of a row: an SVG path, and what it says."""

    path: str
    kind: str
    percent: float
    wide: float
    label: str
    title: str


class Mark(NamedTuple):
    """A moment of a row."""

    percent: float
    kind: str
    icon: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One row of a drawing."""

    title: str
    about: str
    shapes: tuple[Shape, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One of the worst.

    Attributes:
        badge: In a word: missed, merged, false ...
        facts: What was right and wrong, a line each.
        heard: Had any incident to do with it?
        run: Name of the world.
        incidents: Ids of those drawn.
    """

    badge: str
    kind: str
    title: str
    run: str
    when: str
    facts: tuple[str, ...]
    ticks: tuple[Tick, ...]
    rows: tuple[CaseRow, ...]
    incidents: tuple[str, ...] = ()
    heard: bool = True
    omitted: int = 0


class _FoundCase(NamedTuple):
    """A case before it is drawn; the greater its badness, the worse."""

    badness: tuple[int, float]
    run: ScoredRun
    outage: OutageScore | None
    incident: IncidentScore | None


def cases_of(runs: Sequence[ScoredRun], cases_max: int = CASES_MAX) -> tuple[list[Case], int]:
    """The worst cases, and how many more there are."""
    found = [case for run in runs for case in _of_run(run)]
    worst = sorted(found, key=lambda case: case.badness, reverse=True)
    return [_drawn(case) for case in worst[:cases_max]], max(len(worst) - cases_max, 0)


def _of_run(run: ScoredRun) -> Iterable[_FoundCase]:
    for outage in run.score.outages:
        badness = _badness(outage)
        if badness[0]:
            yield _FoundCase(badness, run, outage, None)
    for incident in run.score.incidents:
        if incident.verdict in FALSE and incident.confirmed:
            yield _FoundCase(
                (7 if incident.says_emergency else 5, (incident.confidence_ppm or 0) / 1e6), run, None, incident
            )


def _badness(outage: OutageScore) -> tuple[int, float]:
    length = (outage.ended_at - outage.started_at) / 1_000
    if outage.fate in ("missed", "merged"):
        return (9 if outage.severe else 6 if outage.fate == "missed" else 4), length
    if outage.fate == "suspected":
        return (8 if outage.severe else 4), length
    if outage.emergency_found is False:
        return 7, length
    late = outage.confirmed_seconds or 0.0
    if late > _LATE_SECONDS or outage.place == "wrong" or outage.healthy_named:
        return 3, late
    return (2, late) if outage.splits or outage.place not in ("exact", None) or outage.severity_steps else (0, late)


def _drawn(found: _FoundCase) -> Case:
    run, clock = found.run, Clock(found.run.world.time_zone)
    lives = {rows[0].incident_id: life_of(rows, run.world.ended_at) for rows in run.histories if rows}
    judged = {incident.incident_id: incident for incident in run.score.incidents}
    outage = _outage_of(run, found)
    near = _near(found, [(judged[name], life) for name, life in lives.items()], outage)
    span = _span(outage, [life for _, life in near[:LIVES_MAX]], run)
    rows = [_truth_row(outage, span, clock)] if outage else _behind(found, span, clock)
    rows += [_life_row(incident, life, span, clock) for incident, life in near[:LIVES_MAX]]
    rows += [_firsts_row(near[0][1], span, clock)] if near and near[0][1].now.leads else []
    rows += [_words_row(outage, span, clock)] if outage and outage.messages else []
    badge, title, facts = _told(found, outage)
    start, end = (at // MINUTE_MS * MINUTE_MS for at in (span.start_ms, span.end_ms))
    return Case(
        badge=badge,
        kind="false" if outage is None else badge,
        title=title,
        run=run.score.name,
        when=f"{clock.full(start)} – {clock.moment(end, start)}",
        facts=tuple(facts),
        ticks=tuple(ticks_of(span, clock)),
        rows=tuple(rows),
        incidents=tuple(incident.incident_id for incident, _ in near[:LIVES_MAX]),
        heard=bool(near),
        omitted=max(len(near) - LIVES_MAX, 0),
    )


def _outage_of(run: ScoredRun, found: _FoundCase) -> KnownOutage | None:
    if found.outage is None:
        return None
    return next(outage for outage in run.world.outages if outage.outage_id == found.outage.outage_id)


def _near(
    found: _FoundCase, pairs: Sequence[tuple[IncidentScore, Life]], outage: KnownOutage | None
) -> list[tuple[IncidentScore, Life]]:
    """Incidents that had to do with it: its own first, then those of the same operators and time."""
    if found.incident is not None:
        return [pair for pair in pairs if pair[0].incident_id == found.incident.incident_id]
    if outage is None or found.outage is None:
        return []
    own, name = found.outage.incident_id, found.outage.outage_id
    early = outage.started_at - HOUR_MS
    kept = [
        (incident, life)
        for incident, life in pairs
        if incident.incident_id == own
        or incident.outage_id == name
        or (life.roles.keys() & {*outage.roles, *outage.blamed} and life.seen_in(early, outage.ended_at))
    ]
    return sorted(kept, key=lambda pair: (pair[0].incident_id != own, pair[1].opened_at, pair[0].incident_id))


def _span(outage: KnownOutage | None, lives: Sequence[Life], run: ScoredRun) -> Span:
    starts = [life.opened_at for life in lives] + ([outage.started_at] if outage else [])
    ends = [life.over_at for life in lives] + ([outage.ended_at] if outage else [])
    if outage:  # a suspicion of days before must not make its own outage a dot
        starts = [max(at, outage.started_at - _LENGTH_MAX_MS // 8) for at in starts]
        ends = [min(at, outage.ended_at + _LENGTH_MAX_MS // 8) for at in ends]
    start, end = min(starts), min(max(ends), min(starts) + _LENGTH_MAX_MS)
    air = max(round((end - start) * _AIR), _AIR_MIN_MS)
    return Span(max(start - air, run.world.started_at), min(end + air, run.world.ended_at))


def _truth_row(outage: KnownOutage, span: Span, clock: Clock) -> CaseRow:
    """A band with its ramps: full height where as many are down as ever."""
    start, end = outage.started_at, outage.ended_at
    full = start if outage.full_at is None else outage.full_at
    back = end if outage.first_back_at is None else outage.first_back_at
    low, high = HEIGHT - 3, 3
    points = ((start, low), (full, high), (max(back, full), high), (end, low))
    path = "M" + "L".join(f"{short(span.x(at))} {y}" for at, y in points) + "Z"
    customers = sum(hit.customers or 0 for hit in outage.hits)
    label = f"{customers:,} down" if customers else "down"
    title = f"really down {_between(start, end, clock)}; worst from {clock.time(full)}, first back {clock.time(back)}"
    shape = _shape(path, (full, max(back, full)), span, ("truth", label, title))
    marks = []
    if outage.visible_at is not None and span.holds(outage.visible_at):
        words = f"anybody could see it from {clock.time(outage.visible_at)}"
        marks.append(Mark(span.percent(outage.visible_at), "visible", "◇", words))
    who = ", ".join(f"{name} ({role})" if role else name for name, role in outage.roles.items())
    return CaseRow(title="What really happened", about=who, shapes=(shape,), marks=tuple(marks))


def _behind(found: _FoundCase, span: Span, clock: Clock) -> list[CaseRow]:
    """What made a false incident look real: a trap, or somebody else's outage."""
    one = found.incident
    assert one is not None
    for trap in found.run.world.traps:
        if trap.trap_id == one.trap_id:
            left, right = span.x(trap.started_at), span.x(trap.ended_at)
            path = f"M{short(left)} 3H{short(right)}V{HEIGHT - 3}H{short(left)}Z"
            title = f"{plain(trap.kind)} {_between(trap.started_at, trap.ended_at, clock)}"
            shape = _shape(path, (trap.started_at, trap.ended_at), span, ("trap", plain(trap.kind), title))
            return [CaseRow(title="The trap", about=", ".join(trap.operators), shapes=(shape,))]
    others = [outage for outage in found.run.world.outages if outage.outage_id == one.outage_id]
    return [_truth_row(outage, span, clock) for outage in others]


def _shape(path: str, ends: tuple[int, int], span: Span, words: tuple[str, str, str]) -> Shape:
    kind, label, title = words
    left, right = span.percent(ends[0]), span.percent(ends[1])
    wide = round(right - left, 3)
    return Shape(path, kind, left, wide, label if wide >= _PERCENT_PER_LETTER * len(label) else "", title)


def _life_row(incident: IncidentScore, life: Life, span: Span, clock: Clock) -> CaseRow:
    ends = [at for at, _ in life.steps[1:]] + [int(life.now.updated_at)]
    shapes = []
    for (at, state), end in zip(life.steps, ends, strict=True):
        if state not in _SEEN or end < span.start_ms or at > span.end_ms or end == at:
            continue
        left, right = span.x(at), max(span.x(end), span.x(at) + 1)
        path = f"M{short(left)} 3H{short(right)}V{HEIGHT - 3}H{short(left)}Z"
        title = f"{state} {_between(at, end, clock)}"
        shapes.append(_shape(path, (at, end), span, (state, f"{STATE_ICONS[state]} {state}", title)))
    marks = []
    if life.dismissed and span.holds(life.over_at):
        marks.append(Mark(span.percent(life.over_at), "dismissed", "○", f"dismissed {clock.time(life.over_at)}"))
    who = ", ".join(incident.operators) or "nobody in particular"
    return CaseRow(
        title=f"{plain(incident.verdict)}",
        about=f"{who} · {incident.incident_id[:10]}",
        shapes=tuple(shapes),
        marks=tuple(marks),
    )


def _firsts_row(life: Life, span: Span, clock: Clock) -> CaseRow:
    """First evidence of each source, as the ledger of the first incident drawn has it."""
    rows = [(str(lead.source), int(lead.first_evidence_at)) for lead in life.now.leads]
    marks = [
        Mark(span.percent(at), source, "▸", f"first evidence in {source} {clock.time(at)}")
        for source, at in rows
        if span.holds(at)
    ]
    about = ", ".join(f"{source} {clock.time(at)}" for source, at in rows)
    return CaseRow(title="First evidence", about=about, marks=tuple(marks))


def _words_row(outage: KnownOutage, span: Span, clock: Clock) -> CaseRow:
    marks = [
        Mark(
            span.percent(int(message.posted_at)),
            "word",
            str(number),
            f"{clock.full(int(message.posted_at))} {message.platform} {message.text}",
        )
        for number, message in enumerate(outage.messages, start=1)
        if span.holds(int(message.posted_at))
    ]
    first = clock.moment(min(int(message.posted_at) for message in outage.messages), outage.started_at)
    about = f"{counted(len(outage.messages), 'post')}, the first {first}"
    return CaseRow(title="Operator’s own posts", about=about, marks=tuple(marks))


def _told(found: _FoundCase, outage: KnownOutage | None) -> tuple[str, str, list[str]]:
    if found.incident is not None:
        one = found.incident
        why = f"fell for a trap: {plain(one.trap_kind)}" if one.trap_kind else plain(one.verdict)
        who = ", ".join(one.operators) or "nobody in particular"
        sure = "" if one.confidence_ppm is None else f", {one.confidence_ppm / 10_000:.0f} % sure"
        facts = [f"Nothing was wrong with {who}.", f"Confirmed as {one.severity}{sure}.", _areas(one.areas)]
        return "false", why, facts
    assert found.outage is not None
    assert outage is not None
    judged = found.outage
    title = f"{plain(judged.kind)}, {', '.join(judged.operators)}"
    length = lasting(judged.ended_at - judged.started_at)
    grave = plain(judged.severity) if judged.severity else "of no stated severity"
    return judged.fate, title, [f"{length}, {grave}. {_areas(judged.areas)}", *_wrongs(judged)]


def _areas(areas: Sequence[str]) -> str:
    shown = ", ".join(areas[:3]) or "no place"
    return f"{shown} and {len(areas) - 3} more" if len(areas) > 3 else shown


def _wrongs(outage: OutageScore) -> Iterable[str]:
    """What was not right, in words."""
    if outage.fate == "merged":
        yield f"Swallowed by incident {outage.incident_id}, which is about another outage."
    if outage.suspected_seconds is not None:
        yield f"Suspected {_after(outage.suspected_seconds)}."
    if outage.confirmed_seconds is not None:
        yield f"Confirmed {_after(outage.confirmed_seconds)}."
    if outage.place not in ("exact", None):
        words = {"ancestor": "too wide", "descendant": "too narrow", "wrong": "wrong"}
        yield f"Place {words[str(outage.place)]}: {outage.areas_right} of {outage.areas_named} areas right."
    yield from _more_wrongs(outage)


def _more_wrongs(outage: OutageScore) -> Iterable[str]:
    """Who, how grave, and what else."""
    if outage.roles_mixed or outage.healthy_named:
        healthy = f"; healthy: {', '.join(outage.healthy_named)}" if outage.healthy_named else ""
        yield f"Operators: {outage.roles_right} of {outage.roles_true} roles right{healthy}."
    if outage.severity_steps:
        way = "mild" if outage.severity_steps < 0 else "grave"
        yield f"Severity {counted(abs(outage.severity_steps), 'step')} too {way}."
    if outage.emergency_found is False:
        yield "Emergency calls failed, and it did not say so."
    if outage.splits:
        yield f"{counted(outage.splits, 'further incident')} about the same."


def _after(seconds: float) -> str:
    return f"{lasting(seconds * 1_000)} {'before it began' if seconds < 0 else 'after it began'}"


def _between(start: int, end: int, clock: Clock) -> str:
    return f"{clock.full(start)} – {clock.moment(end, start)} ({lasting(end - start)})"

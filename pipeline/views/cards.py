"""Cards: what an incident's last revision says, arranged for reading.

The last revision is not enough in one respect: to fit in its record it may
have dropped examples that an earlier revision still had. So examples come
from the latest revision that has some for the same series.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incident_parts import EvidenceExample, EvidenceItem
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import PPM
from pipeline.views.belief import BeliefTold, belief_of
from pipeline.views.drawing import Tick, line, ticks_of
from pipeline.views.panels import CARE, HEIGHT
from pipeline.views.run import Run
from pipeline.views.span import Span
from pipeline.views.stories import Story, result_of
from pipeline.views.words import Clock, interval, lasting, measure_of, plain, quantity

DECISIONS_MAX: Final = 400
NOTICES_MAX: Final = 48
CARDS_MAX: Final = 12
"""The page must stay small enough to mail; the rest stands in the files beside it."""
LEFT_UNDONE: Final = frozenset({"suppressed", "refused", "withdrawn"})
"""Kinds of decision by which something was not done, or taken back."""

_DECISION_ICONS: Final[Mapping[str, str]] = {
    "opened": "+",
    "changed": "↻",
    "reopened": "↺",
    "resolved": "✓",
    "closed": "■",
    "dismissed": "○",
    "sent": "✎",
    "suppressed": "⊘",
    "refused": "⊘",
    "withdrawn": "⊘",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure that a reader looks for first."""

    title: str
    value: str
    note: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """What one series says; the same figures of several areas share a row."""

    source: str
    what: str
    areas: str
    when: str
    observed: str
    expected: str
    surprise: str
    steps: int
    contribution_ppm: int
    examples: tuple[EvidenceExample, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateRow:
    """One estimate of the end, on an axis of its own."""

    made: str
    says: str
    basis: str
    left: float
    width: float
    likely: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """How the estimated end moved; `over` is where it really ended, as far as we know."""

    rows: tuple[EstimateRow, ...]
    ticks: tuple[Tick, ...]
    over: float | None
    over_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How much was back, when."""

    areas: str
    customers: str
    ticks: tuple[Tick, ...]
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftGroup:
    """Drafts of one kind and language."""

    kind: str
    language: str
    drafted_ms: int
    drafts: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything that the page says of one incident."""

    story: Story
    result: str
    tiles: tuple[Tile, ...]
    evidence: tuple[EvidenceRow, ...]
    estimates: Estimates | None
    resolution: Resolution | None
    belief: BeliefTold | None
    drafts: tuple[DraftGroup, ...]
    drafts_omitted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One thing done, or left undone."""

    at: str
    icon: str
    kind: str
    undone: bool
    stage: str
    subject: str
    href: str
    reason: str
    text: str


def card_of(run: Run, story: Story, clock: Clock) -> Card:
    """Arrange one incident for a page.

    Args:
        run: The run that it is of.
        story: The incident.
        clock: Writes times as they are read where the incident was.
    """
    drafts = sorted(
        story.notices,
        key=lambda notice: (notice.drafted_at, notice.kind, notice.language, notice.audience, notice.outlet),
    )
    return Card(
        story=story,
        result=result_of(story, clock),
        tiles=tuple(_tiles(story, clock)),
        evidence=tuple(_evidence(run, story, clock)),
        estimates=_estimates(story, clock),
        resolution=_resolution(story, clock),
        belief=belief_of(story.revisions),
        drafts=tuple(_drafts(drafts[:NOTICES_MAX])),
        drafts_omitted=max(len(drafts) - NOTICES_MAX, 0),
    )


def _tiles(story: Story, clock: Clock) -> Iterable[Tile]:
    now, began = story.now, None if story.outage is None else int(story.outage.started_at)
    yield Tile(title="Suspected", value=clock.time(story.suspected_ms), note=_after(story.suspected_ms, began))
    if story.confirmed_ms is not None:
        reasons = [str(step.reason) for step in now.state_history if step.state == "confirmed"]
        note = _after(story.confirmed_ms, began) or plain(reasons[0] if reasons else None)
        yield Tile(title="Confirmed", value=clock.moment(story.confirmed_ms, story.suspected_ms), note=note)
    said, word = now.communication, story.first_word_ms
    if word is not None and said is not None:
        late = lasting(word - (story.confirmed_ms or story.suspected_ms))
        side = "after" if word >= (story.confirmed_ms or story.suspected_ms) else "before"
        grade = "" if said.grade is None else f", grade {said.grade}"
        value = clock.moment(word, story.suspected_ms)
        yield Tile(title="Operator’s first word", value=value, note=f"{late} {side} confirmation{grade}", kind="word")
    else:
        yield Tile(title="Operator’s first word", value="none", note="nothing was heard", kind="word")
    peak = story.customers_peak
    if peak is not None and peak.customers_affected is not None:
        numbers = peak.customers_affected
        likely = numbers.high if numbers.likely is None else numbers.likely
        true = "" if story.outage is None else f"; really {story.outage.customers:,}"
        note = f"{numbers.low:,} – {numbers.high:,}{true}"
        yield Tile(title="Customers affected, at most", value=f"{likely:,}", note=note)
    if now.emergency is not None and now.emergency.affected:
        numbers_text = ", ".join(now.emergency.numbers) or "emergency numbers"
        note = now.emergency.verification_text or "claimed"
        yield Tile(title="Emergency calls", value=f"{numbers_text} unreachable", note=note, kind="emergency")


def _after(at: int, began: int | None) -> str:
    if began is None:
        return ""
    return f"{lasting(at - began)} {'after' if at >= began else 'before'} it really began"


def _evidence(run: Run, story: Story, clock: Clock) -> Iterable[EvidenceRow]:
    examples = _examples(story)
    groups: dict[tuple[object, ...], list[EvidenceItem]] = {}
    for item in story.now.evidence:
        same = (
            item.source,
            item.measure,
            item.operator,
            item.service,
            item.item,
            item.element,
            item.observed,
            item.first_at,
        )
        groups.setdefault(same, []).append(item)
    for items in groups.values():
        first = items[0]
        shown = next((examples[_series(item)] for item in items if _series(item) in examples), ())
        unit = str(first.unit or "count")
        yield EvidenceRow(
            source="call centre" if first.measure in CARE else first.source,
            what=_what(run, first),
            areas=", ".join(_area_name(run, story, item.area) for item in items),
            when=f"{clock.full(int(first.first_at))} – {clock.moment(int(first.last_at), int(first.first_at))}",
            observed="–" if first.observed is None else quantity(float(first.observed), unit),
            expected="–" if first.expected is None else quantity(float(first.expected), unit),
            surprise="–" if first.surprise_milli is None else f"{first.surprise_milli / 1_000:.1f}",
            steps=first.panes,
            contribution_ppm=min(sum(item.contribution_ppm or 0 for item in items), PPM),
            examples=shown,
            more=max(max(len(item.examples) + item.examples_omitted for item in items) - len(shown), 0),
        )


def _series(item: EvidenceItem) -> tuple[object, ...]:
    return (item.source, item.measure, item.area, item.operator, item.service, item.item, item.element)


def _examples(story: Story) -> dict[tuple[object, ...], tuple[EvidenceExample, ...]]:
    latest: dict[tuple[object, ...], tuple[EvidenceExample, ...]] = {}
    for revision in story.revisions:
        for item in revision.evidence:
            if any(example.text for example in item.examples):
                latest[_series(item)] = item.examples
    return latest


def _what(run: Run, item: EvidenceItem) -> str:
    operator = run.operator_names.get(item.operator, item.operator)
    element = f" · {item.element}" if item.element else ""
    return f"{operator} · {measure_of(item.measure, item.service or '', item.item or '')}{element}"


def _area_name(run: Run, story: Story, area: str) -> str:
    named = {area.area: area.name for area in story.now.areas if area.name}
    return named.get(area) or run.area_names.get(area) or area


def _estimates(story: Story, clock: Clock) -> Estimates | None:
    now = story.now
    made = [*(now.estimated_end_history or ()), *((now.estimated_end,) if now.estimated_end else ())]
    if not made:
        return None
    over = int(story.outage.ended_at) if story.outage else None if now.ended_at is None else int(now.ended_at)
    ends = [int(estimate.latest) for estimate in made] + ([over] if over else [])
    span = Span(min(int(estimate.made_at) for estimate in made), max(ends) + 10 * MINUTE_MS)
    rows = []
    for estimate in made:
        made_at = int(estimate.made_at)
        likely = "" if estimate.likely is None else f"{clock.moment(int(estimate.likely), made_at)}, "
        says = f"{clock.moment(int(estimate.earliest), made_at)} – {clock.moment(int(estimate.latest), made_at)}"
        left = span.percent(int(estimate.earliest))
        rows.append(
            EstimateRow(
                made=clock.moment(made_at, story.suspected_ms),
                says=f"{likely}between {says}",
                basis=plain(estimate.stated_by or estimate.basis),
                left=left,
                width=round(span.percent(int(estimate.latest)) - left, 3),
                likely=None if estimate.likely is None else span.percent(int(estimate.likely)),
            )
        )
    what = "really over" if story.outage else "over, as we estimate"
    text = "" if over is None else f"{what} {clock.moment(over, story.suspected_ms)}"
    return Estimates(
        rows=tuple(rows),
        ticks=tuple(ticks_of(span, clock)),
        over=None if over is None else span.percent(over),
        over_text=text,
    )


def _resolution(story: Story, clock: Clock) -> Resolution | None:
    points = story.now.resolution_curve or ()
    if not points:
        return None
    end = max(story.last_seen_ms(), int(points[-1].at)) + 10 * MINUTE_MS
    span = Span(story.suspected_ms, end)

    def path(shares: Sequence[tuple[int, int | None]]) -> str:
        known = [(at, value) for at, value in shares if value is not None]
        if not known:
            return ""
        places: list[tuple[float, float] | None] = [(0.0, float(HEIGHT))]
        before = float(HEIGHT)
        for at, value in known:
            y = HEIGHT * (1 - value / PPM)
            places += [(span.x(at), before), (span.x(at), y)]
            before = y
        return line([*places, (span.x(end), before)])

    last = points[-1]
    when = clock.moment(int(last.at), story.suspected_ms)
    customers = (
        "" if last.customers_back_ppm is None else f" and {last.customers_back_ppm / 10_000:.0f} % of the customers"
    )
    return Resolution(
        areas=path([(int(point.at), point.areas_back_ppm) for point in points]),
        customers=path([(int(point.at), point.customers_back_ppm) for point in points]),
        ticks=tuple(ticks_of(span, clock)),
        last=f"{last.areas_back_ppm / 10_000:.0f} % of the areas{customers} back at {when}",
    )


def _drafts(notices: Sequence[Notice]) -> Iterable[DraftGroup]:
    groups: dict[tuple[int, str, str], list[Notice]] = {}
    for notice in notices:
        groups.setdefault((int(notice.drafted_at), str(notice.kind), notice.language), []).append(notice)
    for (at, kind, language), drafts in groups.items():
        yield DraftGroup(kind=plain(kind), language=language, drafted_ms=at, drafts=tuple(drafts))


def decisions_of(
    decisions: Sequence[Decision], stories: Sequence[Story], clock: Clock
) -> tuple[list[DecisionRow], int]:
    """What was done and what was not, in order of time.

    Args:
        decisions: All decisions of a run.
        stories: Incidents of the run, to link each decision with its own.
        clock: Writes times as they are read where the run was.

    Returns:
        The rows, and how many are left out: when there are too many, those that
        merely brought numbers up to date go first.
    """
    numbers = {story.now.incident_id: story for story in stories}
    kept = list(decisions)
    if len(kept) > DECISIONS_MAX:
        kept = [
            decision
            for decision in kept
            if decision.kind != "changed" or decision.reason not in ("evidence_changed", "estimate_changed")
        ]
    kept = kept[:DECISIONS_MAX]
    return [_decision(decision, numbers, clock) for decision in kept], len(decisions) - len(kept)


def _decision(decision: Decision, stories: Mapping[str, Story], clock: Clock) -> DecisionRow:
    story = stories.get(decision.incident_id or decision.subject)
    told = story is not None and story.told
    return DecisionRow(
        at=clock.full(int(decision.at)),
        icon=_DECISION_ICONS.get(str(decision.kind), "•"),
        kind=plain(decision.kind),
        undone=str(decision.kind) in LEFT_UNDONE,
        stage=decision.stage,
        subject=f"incident {story.number}" if story is not None else decision.subject,
        href=f"#{story.anchor}" if story is not None and told else "",
        reason=plain(decision.reason),
        text=decision.text,
    )


__all__ = ["Card", "card_of", "decisions_of", "interval"]

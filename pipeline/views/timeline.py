"""The timeline: states, first evidence, words and drafts above the curves, on one axis of time.

The same rows are drawn for each window - around an incident, and the whole
recording - so that changing the window needs no script.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.views.drawing import Tick, envelope, line, short, ticks_of
from pipeline.views.panels import HEIGHT, Chosen, Panel, estimate_axis, panel_of, steps
from pipeline.views.run import Run
from pipeline.views.span import Span
from pipeline.views.stories import Story
from pipeline.views.words import STATE_ICONS, Clock, counted, lasting, plain

WINDOWS_MAX: Final = 2
"""Close looks at incidents; the rest is seen in the whole recording."""

_PERCENT_PER_LETTER: Final = 0.75
"""A band narrower than its words has its words in the tooltip only."""
_FLIP_PERCENT: Final = 72.0
"""Right of this a flag's words stand on its left."""
_OVERLAP_MAX: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of a row: `kind` is its class, `x` and `width` in units of the drawing."""

    x: str
    width: str
    percent: float
    percent_wide: float
    kind: str
    label: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A moment of a row."""

    percent: float
    kind: str
    icon: str
    label: str
    title: str
    flipped: bool
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """One row above the curves."""

    kind: str
    title: str
    about: str
    bands: tuple[Band, ...] = ()
    flags: tuple[Flag, ...] = ()
    rows: int = 1
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Customers affected: what was estimated, and what was true."""

    likely: tuple[str, ...]
    spread: tuple[str, ...]
    true: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Panels of one source."""

    name: str
    title: str
    about: str
    panels: tuple[Panel, ...]
    omitted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineWindow:
    """The timeline within one window of time.

    Attributes:
        shade: What really happened, drawn behind every panel: place and width.
        guides: Moments drawn through every panel: class and path.
    """

    number: int
    name: str
    when: str
    ticks: tuple[Tick, ...]
    lanes: tuple[TimelineRow, ...]
    impact: Impact | None
    groups: tuple[Group, ...]
    shade: tuple[tuple[str, str], ...]
    guides: tuple[tuple[str, str], ...]
    start_ms: int
    length_ms: int


def windows_of(
    run: Run, stories: Sequence[Story], chosen: Sequence[Chosen], limits: Span, clock: Clock
) -> list[TimelineWindow]:
    """Arrange a close look at each of the weightiest incidents, then the whole recording.

    Args:
        run: The run.
        stories: Its incidents, the weightiest first.
        chosen: Curves that are drawn.
        limits: From the first record of the run to its last.
        clock: Writes times as they are read where the run was.
    """
    told = [story for story in stories if story.told]
    spans: list[tuple[str, Span]] = []
    for story in told:
        span = story.span(limits)
        if len(spans) < WINDOWS_MAX and all(_overlap(span, other) < _OVERLAP_MAX for _, other in spans):
            spans.append((f"Around incident {story.number}", span))
    if not spans or _overlap(spans[0][1], limits) < 1:
        spans.append(("Whole recording", limits))
    return [_window(run, (number, name, span), stories, chosen, clock) for number, (name, span) in enumerate(spans)]


def _overlap(span: Span, other: Span) -> float:
    common = min(span.end_ms, other.end_ms) - max(span.start_ms, other.start_ms)
    return max(common, 0) / max(span.length_ms, other.length_ms)


def _window(
    run: Run, place: tuple[int, str, Span], stories: Sequence[Story], chosen: Sequence[Chosen], clock: Clock
) -> TimelineWindow:
    number, name, span = place
    told = [story for story in stories if story.told]
    rows = [_states(story, span, clock) for story in (told or stories)[: 2 * WINDOWS_MAX]]
    head = told[0] if told else None
    lanes = [*_truths(run, span, clock), *rows]
    if head is not None:
        lanes += [_firsts(head, span, clock), _words(head, span, clock), _drafts(head, span, clock)]
    return TimelineWindow(
        number=number,
        name=name,
        when=_between(span, clock),
        ticks=tuple(ticks_of(span, clock)),
        lanes=tuple(lane for lane in lanes if lane.bands or lane.flags),
        impact=_impact(run, told, span),
        groups=tuple(_group(run, story, span, clock) for story in chosen),
        shade=tuple((band.x, band.width) for lane in lanes if lane.kind == "truth" for band in lane.bands),
        guides=_guides(head, span),
        start_ms=span.start_ms,
        length_ms=span.length_ms,
    )


def _between(span: Span, clock: Clock) -> str:
    start, end = (at // MINUTE_MS * MINUTE_MS for at in (span.start_ms, span.end_ms))
    return f"{clock.full(start)} – {clock.moment(end, start)}"


def _group(run: Run, chosen: Chosen, span: Span, clock: Clock) -> Group:
    panels = tuple(panel_of(run, key, curve, span, clock) for key, curve in chosen.curves)
    return Group(name=chosen.name, title=chosen.title, about=chosen.about, panels=panels, omitted=chosen.omitted)


def _band(span: Span, ends: tuple[int, int], kind: str, words: tuple[str, str]) -> Band | None:
    start, end = max(ends[0], span.start_ms), min(ends[1], span.end_ms)
    if end <= span.start_ms or start >= span.end_ms:
        return None
    width = max(span.x(end) - span.x(start), 1.0)
    wide = round(width / 10, 3)
    return Band(
        x=short(span.x(start)),
        width=short(width),
        percent=span.percent(start),
        percent_wide=wide,
        kind=kind,
        label=words[0] if wide >= _PERCENT_PER_LETTER * len(words[0]) else "",
        title=words[1],
    )


def _states(story: Story, span: Span, clock: Clock) -> TimelineRow:
    history = story.now.state_history
    bands = []
    for index, step in enumerate(history):
        if step.state in ("closed", "dismissed"):
            continue
        end = int(history[index + 1].at) if index + 1 < len(history) else story.until_ms
        state = str(step.state)
        when = f"{clock.full(int(step.at))} – {clock.moment(end, int(step.at))}"
        title = f"{state} {when} ({lasting(end - step.at)}): {plain(step.reason)}"
        bands.append(_band(span, (int(step.at), end), state, (f"{STATE_ICONS[state]} {state}", title)))
    return TimelineRow(
        kind="states",
        title=f"Incident {story.number}",
        about=story.name,
        bands=tuple(band for band in bands if band is not None),
        href=f"#{story.anchor}" if story.told else "",
    )


def _truths(run: Run, span: Span, clock: Clock) -> list[TimelineRow]:
    bands = []
    for outage in run.truth.outages if run.truth else ():
        times = (int(outage.started_at), int(outage.ended_at))
        words = f"{outage.customers:,} down"
        when = f"{clock.full(times[0])} – {clock.moment(times[1], times[0])} ({lasting(times[1] - times[0])})"
        turns = f"worst from {clock.time(int(outage.full_at))}, first back {clock.time(int(outage.first_back_at))}"
        title = f"really down {when}; {turns}"
        bands.append(_band(span, times, "truth", (words, title)))
    kept = tuple(band for band in bands if band is not None)
    return [TimelineRow(kind="truth", title="What really happened", about="known since it is simulated", bands=kept)]


def _flag(span: Span, at: int, kind: str, words: tuple[str, str, str], row: int = 0) -> Flag | None:
    if not span.holds(at):
        return None
    icon, label, title = words
    percent = span.percent(at)
    flipped = percent > _FLIP_PERCENT and kind != "word"
    return Flag(percent=percent, kind=kind, icon=icon, label=label, title=title, flipped=flipped, row=row)


def _firsts(story: Story, span: Span, clock: Clock) -> TimelineRow:
    """First evidence of each source, a row each, so that near ones stay readable."""
    flags: list[Flag | None] = []
    shown = [lead for lead in story.now.leads if span.holds(int(lead.first_evidence_at))]
    for row, lead in enumerate(shown):
        at = int(lead.first_evidence_at)
        ahead = "" if lead.lead_seconds is None else f", {lasting(lead.lead_seconds * 1_000)} ahead of the next"
        label = f"{lead.source} {clock.time(at)}{ahead}"
        found = "" if lead.found_at is None else f"; found {clock.time(int(lead.found_at))}"
        flags.append(_flag(span, at, lead.source, ("▸", label, f"first evidence in {label}{found}"), row))
    rows = len(shown)
    emergency = story.now.emergency
    if emergency is not None and emergency.affected and emergency.first_claim_at is not None:
        at = int(emergency.first_claim_at)
        label = f"emergency calls: first claim {clock.time(at // MINUTE_MS * MINUTE_MS)}"
        flags.append(_flag(span, at, "emergency", ("✚", label, label), rows))
        rows += 1
    return TimelineRow(
        kind="firsts",
        title="First evidence",
        about="per source",
        flags=tuple(flag for flag in flags if flag is not None),
        rows=max(rows, 1),
    )


def _words(story: Story, span: Span, clock: Clock) -> TimelineRow:
    flags = []
    for number, word in enumerate(story.words, start=1):
        title = f"{clock.full(word.at)} {word.platform} {word.text}".strip()
        flags.append(_flag(span, word.at, "word", ("◆", str(number), title)))
    kept = tuple(flag for flag in flags if flag is not None)
    return TimelineRow(kind="words", title="Operator’s own posts", about="numbered; texts below", flags=kept)


def _drafts(story: Story, span: Span, clock: Clock) -> TimelineRow:
    times: dict[tuple[int, str], int] = {}
    for notice in story.notices:
        key = (int(notice.drafted_at), str(notice.kind))
        times[key] = times.get(key, 0) + 1
    flags = []
    for (at, kind), count in sorted(times.items()):
        label = f"{clock.time(at)} {counted(count, 'draft')}: {plain(kind)}"
        flags.append(_flag(span, at, "draft", ("✎", label, label)))
    kept = readable([flag for flag in flags if flag is not None])
    about = f"{counted(len(story.notices), 'text')}; a person approves"
    return TimelineRow(kind="drafts", title="Notices drafted", about=about, flags=kept)


def readable(flags: Sequence[Flag]) -> tuple[Flag, ...]:
    """Flags of one row; a label that would run into another flag is left to its title.

    Args:
        flags: In order of time.
    """
    kept = []
    for number, flag in enumerate(flags):
        wide = _PERCENT_PER_LETTER * (len(flag.label) + 2)
        beside = flags[max(number - 1, 0)] if flag.flipped else flags[min(number + 1, len(flags) - 1)]
        has_room = beside is flag or abs(beside.percent - flag.percent) >= wide
        kept.append(flag if has_room else replace(flag, icon="", label=""))
    return tuple(kept)


def _guides(story: Story | None, span: Span) -> tuple[tuple[str, str], ...]:
    if story is None:
        return ()
    moments = (("confirmed", story.confirmed_ms), ("word", story.first_word_ms))
    return tuple(
        (kind, f"M{short(span.x(at))} 0V{HEIGHT}") for kind, at in moments if at is not None and span.holds(at)
    )


def _impact(run: Run, stories: Sequence[Story], span: Span) -> Impact | None:
    seen = [
        s
        for s in stories
        if s.customers_peak is not None and s.suspected_ms < span.end_ms and s.until_ms > span.start_ms
    ]
    if not seen:
        return None
    outages = run.truth.outages if run.truth else ()
    tops = [float(i.customers_affected.high) for s in seen for i in s.revisions if i.customers_affected]
    axis = estimate_axis([*tops, *(float(outage.customers) for outage in outages)])
    likely, spread = [], []
    for story in seen:
        until = min(story.until_ms, story.last_seen_ms())
        kept = [i for i in story.revisions if i.updated_at <= until]
        known = [(int(i.updated_at), i.customers_affected) for i in kept if i.customers_affected]
        guess = [(at, float(n.high if n.likely is None else n.likely)) for at, n in known]
        low, high = ([(at, float(getattr(n, edge))) for at, n in known] for edge in ("low", "high"))
        likely.append(line(steps(guess, span, axis, until)))
        spread.append(envelope(steps(high, span, axis, until), steps(low, span, axis, until)))
    truth = [
        None if not span.holds(at) else (span.x(at), axis.y(float(hit)))
        for outage in outages
        for at, hit in _minutes(int(outage.started_at), outage.hit_per_minute)
    ]
    return Impact(likely=tuple(likely), spread=tuple(spread), true=line(truth), high=f"{axis.high / 1.05:,.0f}")


def _minutes(start_ms: int, hit: Sequence[int]) -> list[tuple[int, int]]:
    return [(start_ms + index * MINUTE_MS, count) for index, count in enumerate(hit)]

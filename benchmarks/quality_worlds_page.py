"""The page of the standing measure, docs/quality.md: bars, figures, kinds, calibration, and what went wrong."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Final, NamedTuple

from benchmarks.quality_worlds_bars import BARS, MISSED, WEEKS_BARS, Bar
from benchmarks.quality_worlds_chosen import SEED_MIN, World
from pipeline.evaluate.judging.facts import OutageScore, WorldScore
from pipeline.evaluate.judging.scored import ScoredRun
from pipeline.evaluate.score import Score, combine, false_incidents
from pipeline.records.clocks import DAY_MS, format_instant
from pipeline.views.score.wording import NOTHING, grouped, heading, interval_of, said, title_of

SHORT: Final = "five_minutes"
CELLS: Final = "cell_fault"
CELLS_SECONDS: Final = 1_200
CELLS_SHARE: Final = 0.7
SLOW_SECONDS: Final = 1_800
"""A confirmation that comes later, after anybody could see the outage, is listed among what went wrong."""
FAILURES_TOLD: Final = 60

ABOUT_BARS: Final = (
    "A bar is what we promise. Series and posts alone have a part of their own. Measured elsewhere: relevance and "
    "service of a text (`benchmarks/quality_text.py`), how soon a draft is ready (`benchmarks/bench_respond.py`). Not "
    "measured: storm compression, telemetry alone at one false alarm in a hundred, lengths to one pane. Rates per "
    "operator count all operators of a world, those too of whom only posts are heard."
)


class Measured(NamedTuple):
    """All that was measured.

    Attributes:
        worlds: Which, in the order of `scored`.
        total: All together.
        rulesets: That they ran under.
        made: Hash of their recordings.
        call: What measures it again.
    """

    worlds: Sequence[World]
    scored: Sequence[ScoredRun]
    total: Score
    rulesets: Sequence[str]
    made: str
    call: str = "make quality"

    @property
    def weeks(self) -> list[WorldScore]:
        """Worlds of four weeks or more."""
        return [run.score for world, run in zip(self.worlds, self.scored, strict=True) if world.is_weeks]


class Failure(NamedTuple):
    """Something that went wrong; the lowest rank is the gravest."""

    rank: int
    world: World
    what: str


def page(measured: Measured) -> Iterator[str]:
    """The page, line by line; the same code gives the same page."""
    total = measured.total
    yield from _head(measured)
    yield from ("## Against our bars", "", "| figure | value | 95 % interval | bar | met |", "|---|---|---|---|---|")
    yield from _bars(total, BARS)
    yield from _bars_by_kind([outage for world in total.worlds for outage in world.outages])
    yield from ("", ABOUT_BARS, "")
    yield from _weeks(measured)
    yield from ("## All figures", "")
    for title, figures in grouped(total):
        yield from (f"| {title} | value | 95 % interval | of |", "|---|---|---|---|")
        yield from (f"| {title_of(o)} | {said(o.value, o.unit)} | {interval_of(o)} | {o.n or ''} |" for o in figures)
        yield ""
    yield from _kinds(total)
    yield from _reliability(total)
    yield from _failures(measured.worlds, measured.scored)


def _head(measured: Measured) -> Iterator[str]:
    worlds, total = measured.worlds, measured.total
    seeds = ", ".join(map(str, sorted({world.seed for world in worlds})))
    yield from ("# How good the rules are: the standing measure", "")
    yield f"Made by `{measured.call}`; not edited by hand. Tocsin {version('tocsin')}, ruleset"
    yield f"{', '.join(measured.rulesets)}, worlds {measured.made} (a hash of their recordings)."
    yield ""
    weeks = f", {len(measured.weeks)} of them of four weeks" if measured.weeks else ""
    scenarios = len({world.name for world in worlds})
    yield f"{len(worlds)} worlds of {scenarios} scenarios{weeks}: {heading(total)}."
    yield f"{sum(map(quiet_days, total.worlds)):,.0f} operator-days without an outage of that operator."
    yield f"Seeds {seeds}: kept for this measure (from {SEED_MIN} on), and not used to develop rules. Intervals: 95 %,"
    yield "whole worlds drawn again (percentile bootstrap). Formulas: docs/scoring.md. The worlds are made up, as hard"
    yield "as we could make them; no figure here is a promise about a real network."
    yield ""


def quiet_days(world: WorldScore) -> float:
    """Days of all operators in which the operator had no outage; what else happens in normal life, happens in them."""
    down = sum((outage.ended_at - outage.started_at) * len(outage.operators) for outage in world.outages)
    return world.operators * world.days - down / DAY_MS


def _bars(score: Score, bars: Sequence[Bar]) -> Iterator[str]:
    for asked in bars:
        one = score.figure(asked.figure)
        value = said(one.value, one.unit)
        yield f"| {title_of(one)} | {value} | {interval_of(one)} | {asked.words} | {asked.met(one.value)} |"


def _bars_by_kind(outages: Sequence[OutageScore]) -> Iterator[str]:
    short = [outage for outage in outages if outage.kind == SHORT]
    if short:
        yield _counted("outages of five minutes confirmed", [one.fate == "confirmed" for one in short], 1.0, "all")
    cells = [outage for outage in outages if outage.kind == CELLS]
    if cells:
        title = f"cell faults suspected within {CELLS_SECONDS // 60} min of the first visible effect"
        yield _counted(title, [_is_soon(one) for one in cells], CELLS_SHARE, f"≥ {CELLS_SHARE * 100:.0f} %")


def _is_soon(outage: OutageScore) -> bool:
    seconds = outage.suspected_visible_seconds
    return seconds is not None and seconds <= CELLS_SECONDS


def _counted(title: str, good: Sequence[bool], least: float, words: str) -> str:
    met = "yes" if sum(good) >= least * len(good) else MISSED
    return f"| {title} | {sum(good)} of {len(good)} | | {words} | {met} |"


def _weeks(measured: Measured) -> Iterator[str]:
    if not measured.weeks:
        return
    weeks = combine(measured.weeks)
    yield from ("## In worlds of four weeks", "")
    yield f"{heading(weeks)}; {sum(map(quiet_days, weeks.worlds)):,.0f} operator-days without an outage."
    yield from ("", "| figure | value | 95 % interval | bar | met |", "|---|---|---|---|---|")
    yield from _bars(weeks, WEEKS_BARS)
    yield from ("", "| world | operators | outages | confirmed | false incidents | false suspicions |")
    yield "|---|---|---|---|---|---|"
    for world in measured.weeks:
        false = false_incidents(world)
        confirmed = sum(one.confirmed for one in false)
        suspected = sum(not one.confirmed and not one.faint for one in false)
        found = sum(outage.fate == "confirmed" for outage in world.outages)
        cells = (world.name, world.operators, len(world.outages), found, confirmed, suspected)
        yield f"| {' | '.join(map(str, cells))} |"
    yield ""


def _kinds(total: Score) -> Iterator[str]:
    yield from ("## By kind of outage", "")
    titles = "outage | of | confirmed | only suspected | merged | missed | splits | confirmed after | place exact"
    yield f"| {titles} | severity exact |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for row in total.kinds:
        counts = (row.outages, row.confirmed, row.suspected, row.merged, row.missed, row.splits)
        place = f"{row.place_right} of {row.placed}" if row.placed else NOTHING
        grave = f"{row.severity_right} of {row.graded}" if row.graded else NOTHING
        cells = (row.kind, *map(str, counts), said(row.confirmed_seconds, "seconds"), place, grave)
        yield f"| {' | '.join(cells)} |"
    yield from (
        "",
        "`confirmed after`: median from the true start. `splits`: further incidents about the same outage.",
        "",
    )
    yield from ("## By kind of trap", "", "| trap | of | withstood | false incidents | false suspicions |")
    yield "|---|---|---|---|---|"
    for trap in total.traps:
        yield f"| {trap.kind} | {trap.traps} | {trap.withstood} | {trap.confirmed} | {trap.suspected} |"
    yield ""


def _reliability(total: Score) -> Iterator[str]:
    yield from ("## Does its confidence come true?", "", "| said | incidents | mean of what was said | came true |")
    yield "|---|---|---|---|"
    for row in total.reliability:
        said_by = f"{row.low * 100:.0f} to {row.high * 100:.0f} %"
        yield f"| {said_by} | {row.count} | {said(row.said, 'share')} | {said(row.came_true, 'share')} |"
    yield from ("", "An incident counts with its confidence when it was decided (docs/scoring.md).", "")


def _failures(worlds: Sequence[World], scored: Sequence[ScoredRun]) -> Iterator[str]:
    found = sorted(failure for world, run in zip(worlds, scored, strict=True) for failure in failures(world, run))
    yield from ("## What went wrong, the gravest first", "")
    if not found:
        yield "Nothing: no outage was missed, no incident was false, no place wrong."
        return
    yield from ("| scenario | seed | what | again with |", "|---|---|---|---|")
    for failure in found[:FAILURES_TOLD]:
        yield f"| {failure.world.name} | {failure.world.seed} | {failure.what} | `{failure.world.command}` |"
    if len(found) > FAILURES_TOLD:
        yield from ("", f"And {len(found) - FAILURES_TOLD} more, less grave.")


def failures(world: World, run: ScoredRun) -> Iterator[Failure]:
    """What went wrong in one world: outages not found, incidents about nothing, wrong places, emergency calls."""
    for outage in run.score.outages:
        yield from _failures_of(world, outage)
    for incident in false_incidents(run.score):
        trap = f", in the trap {incident.trap_kind}" if incident.trap_kind else ""
        who = ", ".join(incident.operators) or "nobody"
        if incident.confirmed:
            rank = 2 if incident.severity in ("critical", "major") else 5
            when = format_instant(incident.opened_at)[: len("2025-02-12T09:00")].replace("T", " ")
            yield Failure(rank, world, f"false incident about {who}, {incident.severity}, opened {when} UTC{trap}")


def _failures_of(world: World, outage: OutageScore) -> Iterator[Failure]:
    grave = "severe " if outage.severe else ""
    what = f"outage {outage.kind} of {', '.join(outage.operators)}"
    if outage.fate == "missed":
        seen = "" if outage.visible_at is not None else ", which nobody could see"
        yield Failure(0 if outage.severe else 3, world, f"{grave}{what}: missed{seen}")
    elif outage.fate != "confirmed":
        word = "only suspected" if outage.fate == "suspected" else "merged into another's incident"
        yield Failure(1 if outage.severe else 4, world, f"{grave}{what}: {word}")
    elif outage.confirmed_visible_seconds is not None and outage.confirmed_visible_seconds > SLOW_SECONDS:
        after = said(outage.confirmed_visible_seconds, "seconds")
        yield Failure(7, world, f"{grave}{what}: confirmed {after} after anybody could see it")
    if outage.emergency_found is False:
        yield Failure(1, world, f"{what}: emergency calls failed and it was not said")
    if outage.emergency_false:
        yield Failure(4, world, f"{what}: said that emergency calls fail, which they did not")
    if outage.place == "wrong":
        yield Failure(6, world, f"{what}: wrong place")
    if outage.healthy_named:
        yield Failure(6, world, f"{what}: said to be of {', '.join(outage.healthy_named)} as well, who were healthy")

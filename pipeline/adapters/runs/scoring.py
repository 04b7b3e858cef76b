"""Runs and their truth, opened for a score: folders in, figures out.

A score needs a run's incidents and nothing else of it, so the curves, which
are most of a folder, stay closed.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from pipeline.adapters.codecs.lines import read_lines
from pipeline.adapters.codecs.wire import decoder
from pipeline.adapters.reference.folder import load_operators, load_places
from pipeline.adapters.runs.incident_log import Log, LogForm, read_log
from pipeline.evaluate.judging.facts import WorldScore
from pipeline.evaluate.judging.scored import Histories, ScoredRun
from pipeline.evaluate.score import Score, score_world
from pipeline.evaluate.sides.operator_log import LogRow, RunSpan, world_of_log
from pipeline.evaluate.sides.worlds import world_of
from pipeline.records.clocks import Instant, format_instant
from pipeline.records.errors import ConfigError
from pipeline.records.published.incidents import Incident
from pipeline.records.truth import TrueOutage, Truth

T = TypeVar("T")

RUN: Final = "run.json"
TRUTH: Final = "truth.json"
INCIDENTS: Final = "incidents.jsonl"
_BLANK_SHOWN: Final = 5


class RunTimes(msgspec.Struct, frozen=True, kw_only=True):
    """What a score needs of `run.json`: the first and last time of the recording, and where it was cut on each side."""

    first: Instant | None = None
    last: Instant | None = None
    since: Instant | None = None
    until: Instant | None = None


class _Line(msgspec.Struct, frozen=True):
    value: Incident


def read_world(run_dir: Path, truth_path: Path | None = None) -> tuple[Truth, Histories]:
    """Read what a score of a simulated run needs.

    A replay that was cut with `--until` is scored on what began before the cut, and one that was cut with `--since`
    on what ended after it.

    Args:
        run_dir: Folder that `tocsin replay` wrote.
        truth_path: Its truth; None = truth.json in the folder.

    Raises:
        ConfigError: If it is no such folder, the truth is missing or of another time, or a file cannot be understood.
    """
    histories = read_histories(run_dir)
    path = truth_path or run_dir / TRUTH
    if not path.is_file():
        raise ConfigError(f"{path}: no such file; name the truth with --truth TRUTH.json, or an operator's own LOG.csv")
    truth, times = _decoded(path, path.read_bytes(), Truth), read_times(run_dir)
    if times.first is not None and times.last is not None and not _meet(truth, times.first, times.last):
        real, run = _span(truth.started_at, truth.ended_at), _span(times.first, times.last)
        raise ConfigError(f"{path}: is the truth of {real}, and {run_dir} a run of {run}: name that of its recording")
    return _cut(_begun(truth, times.since), times.until), histories


def _meet(truth: Truth, first: Instant, last: Instant) -> bool:
    """Whether a truth can be that of a run: the truth of another world makes misses and false ones of all."""
    return truth.started_at <= last and first <= truth.ended_at


def _span(first: Instant, last: Instant) -> str:
    return f"{format_instant(first)} to {format_instant(last)}"


def _begun(truth: Truth, since: Instant | None) -> Truth:
    if since is None or since <= truth.started_at:
        return truth
    return msgspec.structs.replace(
        truth,
        started_at=since,
        outages=tuple(outage for outage in truth.outages if outage.ended_at > since),
        traps=tuple(trap for trap in truth.traps if trap.ended_at > since),
    )


def _cut(truth: Truth, until: Instant | None) -> Truth:
    if until is None or until >= truth.ended_at:
        return truth
    return msgspec.structs.replace(
        truth,
        ended_at=until,
        outages=tuple(_seen_by(outage, until) for outage in truth.outages if outage.started_at < until),
        traps=tuple(trap for trap in truth.traps if trap.started_at < until),
    )


def _seen_by(outage: TrueOutage, until: Instant) -> TrueOutage:
    """What showed only after the cut could not be seen before it."""
    hidden = outage.visible_at is not None and outage.visible_at >= until
    return msgspec.structs.replace(outage, visible_at=None) if hidden else outage


def score_run(run_dir: Path, truth_path: Path | None = None) -> ScoredRun:
    """Read and score one run of a simulated world; raises as `read_world` does."""
    truth, histories = read_world(run_dir, truth_path)
    world = world_of(truth)
    return ScoredRun(world=world, histories=histories, score=score_world(world, histories))


class OwnLog(NamedTuple):
    """An operator's own log that was read, ready for runs to be scored against.

    Attributes:
        operators: That it speaks of, beside those of its rows.
        market: The market of these operators; empty if there is none.
    """

    path: Path
    log: Log
    operators: tuple[str, ...]
    market: str
    time_zone: str


def open_log(path: Path, form: LogForm) -> OwnLog:
    """Read an operator's own incident log.

    Args:
        path: CSV.
        form: How it is written.

    Raises:
        ConfigError: Lists every mistake in the log.
    """
    operators = load_operators()
    log = read_log(path, form, load_places(), operators)
    named = (form.operator,) if form.operator else ()
    known = [operators.get(name) for name in (*named, *(row.operator for row in log.rows))]
    market = next((operator.market for operator in known if operator is not None), "")
    zone = operators.markets[market].time_zone if market in operators.markets else "UTC"
    return OwnLog(path, log, named, market, zone)


def score_against_log(run_dir: Path, own: OwnLog, name: str = "") -> tuple[ScoredRun, tuple[LogRow, ...]]:
    """Score one run against an operator's own incident log.

    Args:
        run_dir: Folder that `tocsin replay` wrote.
        own: The log.
        name: Name of the run, for people; that of its folder if empty.

    Returns:
        The run, and the rows that do not lie wholly in its time and are left out.

    Raises:
        ConfigError: If the folder cannot be understood.
    """
    times, histories = read_times(run_dir), read_histories(run_dir)
    first, last = times.first, times.until or times.last
    if first is None or last is None:
        raise ConfigError(f"{run_dir / RUN}: says no first and last time; replay the recording again")
    span = RunSpan(int(first), int(last), own.market, own.time_zone)
    world, outside = world_of_log(own.log.rows, span, name or run_dir.resolve().name, own.operators)
    scored = ScoredRun(world=world, histories=histories, score=score_world(world, histories))
    return scored, outside


def said_of_log(own: OwnLog, outside: Sequence[LogRow]) -> Iterator[str]:
    """What became of every row of a log that is not simply used, a line for each, and then the sum.

    Args:
        own: The log.
        outside: Rows that were left out, by `score_against_log`, of every run that was scored.
    """
    for row in outside:
        yield f"{own.path}:{row.line}: left out: not wholly in the run's time"
    opened = [row for row in own.log.rows if row.ended_at is None and row not in outside]
    for row in opened:
        yield f"{own.path}:{row.line}: has no end: taken as open to the end of the run"
    rows, blank = len(own.log.rows), len(own.log.blank)
    if blank:
        shown = ", ".join(map(str, own.log.blank[:_BLANK_SHOWN])) + (", ..." if blank > _BLANK_SHOWN else "")
        yield f"{own.path}: {blank:,} blank row{'' if blank == 1 else 's'} skipped, line {shown}"
    if outside or opened or blank:
        counts = f"{rows - len(outside):,} used ({len(opened):,} open), {len(outside):,} left out, {blank:,} blank"
        yield f"{own.path}: {rows + blank:,} rows: {counts}"


def read_times(run_dir: Path) -> RunTimes:
    """The times of a run's `run.json`.

    Raises:
        ConfigError: If it is missing or cannot be understood.
    """
    path = run_dir / RUN
    if not path.is_file():
        raise ConfigError(f"{run_dir}: holds no {RUN}: must be a folder that `tocsin replay` wrote")
    return _decoded(path, path.read_bytes(), RunTimes)


def read_histories(run_dir: Path) -> Histories:
    """All incidents of a run with their revisions, by opening.

    Raises:
        ConfigError: If it is no run's folder, or a line cannot be understood.
    """
    read_times(run_dir)
    path = run_dir / INCIDENTS
    if not path.is_file():
        raise ConfigError(
            f"{path}: is missing, though a run without incidents has an empty one; replay the recording again"
        )
    by_id: dict[str, list[Incident]] = {}
    for number, line in enumerate(read_lines(path), start=1):
        incident = _decoded(f"{path} line {number}", line, _Line).value
        by_id.setdefault(incident.incident_id, []).append(incident)
    rows = [tuple(sorted(revisions, key=lambda incident: incident.revision)) for revisions in by_id.values()]
    return tuple(sorted(rows, key=lambda history: (history[-1].opened_at, history[-1].incident_id)))


def figures_of(score: Score) -> Mapping[str, tuple[float | None, float | None, float | None, str]]:
    """All figures by name, in the order in which they are shown: value, lower and upper end, unit."""
    return {figure.name: (figure.value, figure.low, figure.high, figure.unit) for figure in score.figures}


def worlds_of(runs: Sequence[ScoredRun]) -> list[WorldScore]:
    """The scores of some runs, in their order."""
    return [run.score for run in runs]


def _decoded(what: object, data: bytes, kind: type[T]) -> T:
    try:
        return decoder(kind).decode(data)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{what}: is not what this version writes: {error}; replay the recording again") from None

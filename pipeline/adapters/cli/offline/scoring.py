"""`tocsin score`: how good some runs were, against what was true or against an operator's own log."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.options import Form, Quiet
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.runs.incident_log import LogForm
    from pipeline.evaluate.judging.scored import ScoredRun
    from pipeline.evaluate.score import KindRow, Score

CASES_TOLD: Final = 12

Runs = Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders that `tocsin replay` wrote.")]
Floors = Annotated[list[str] | None, typer.Option("--min", metavar="NAME=VALUE", help="A figure below it is exit 1.")]
Ceilings = Annotated[list[str] | None, typer.Option("--max", metavar="NAME=VALUE", help="A figure above it is exit 1.")]
Columns = Annotated[
    str, typer.Option(metavar="OURS=THEIRS,...", help="Of LOG.csv: start=Beginn,end=Ende,place=Ort,service=Dienst")
]
Values = Annotated[
    list[str] | None, typer.Option("--values", metavar="service:THEIRS=OURS,...", help="Names in LOG.csv.")
]
Whose = Annotated[str | None, typer.Option(help="Whose LOG.csv is, if no column says so.")]
Zone = Annotated[str | None, typer.Option(help="Of times in LOG.csv: Europe/Berlin.")]
Times = Annotated[str, typer.Option(help="rfc3339, epoch_s, epoch_ms, or a pattern as %d.%m.%Y.")]


def score(  # noqa: PLR0913, PLR0917 - one for each option
    runs: Runs,
    truth: Annotated[
        Path | None, typer.Option("--truth", help="TRUTH.json or LOG.csv; each run's own truth.json by default.")
    ] = None,
    columns: Columns = "",
    values: Values = None,
    operator: Whose = None,
    time_zone: Zone = None,
    time_format: Times = "rfc3339",
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with the worst cases drawn.")] = None,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 1,
    min_recall: Annotated[float | None, typer.Option(min=0, max=1, help="The same as --min recall=VALUE.")] = None,
    floors: Floors = None,
    ceilings: Ceilings = None,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
) -> None:
    """Score runs: what was found, how soon, how well placed, and what was false.

    Several runs are added up; from five on each figure has a 95 % interval
    over worlds. What was true is a simulated world's truth.json, or an
    operator's own incident log as CSV: then the figures are the lead over it,
    what was missed and what it does not have. docs/scoring.md has the rule of
    matching and every formula.
    """
    from pipeline.adapters.runs.scoring import worlds_of
    from pipeline.evaluate.score import combine

    bounds = [*_bounds(floors, "--min"), *_bounds(ceilings, "--max")]
    if min_recall is not None:
        bounds.append(("--min", "recall", min_recall))
    terminal = Terminal(form, quiet=quiet)
    log_form = log_form_of(columns, values, operator, (time_format, time_zone))
    scored = _read(runs, truth, log_form, terminal)
    total = combine(worlds_of(scored), seed)
    _check_names(total, bounds)
    page = None
    if html is not None:  # before anything is told: a reader may close the pipe
        from pipeline.adapters.pages.score import build

        page = build(total, scored, html)
    terminal.data(total)
    _tell(terminal, total)
    if page is not None:
        terminal.text(f"\npage: {page.resolve().as_uri()}")
    if broken := [line for bound in bounds if (line := _broken(total, bound))]:
        raise FindingError("\n".join(broken))


def log_form_of(
    columns: str, values: Sequence[str] | None, operator: str | None, times: tuple[str, str | None]
) -> "LogForm":
    """How a log is written, by the options of a command.

    Args:
        columns: `OURS=THEIRS,...`.
        values: `service:THEIRS=OURS,...`, several times.
        operator: Id of the operator of all rows, if no column says so.
        times: Format, and the zone of times without an offset.

    Raises:
        ConfigError: If an option is not of its form.
    """
    from pipeline.adapters.cli.offline.importing import tables_of
    from pipeline.adapters.runs.incident_log import LogForm, columns_of

    return LogForm(
        columns=columns_of(columns),
        time_format=times[0],
        time_zone=times[1],
        operator=operator,
        services=tables_of(values or []).get("service", {}),
    )


def _read(runs: Sequence[Path], truth: Path | None, form: "LogForm", terminal: Terminal) -> list["ScoredRun"]:
    """All runs, and all that is wrong with them at once."""
    from pipeline.adapters.runs.scoring import open_log, said_of_log, score_against_log, score_run

    if truth is not None and len(runs) > 1:
        raise ConfigError(f"--truth {truth}: is of one run, {len(runs)} are named; score them one by one")
    _check_once(runs)
    scored: list[ScoredRun] = []
    problems = []
    for run in runs:
        try:
            if truth is not None and truth.suffix.lower() == ".csv":
                own = open_log(truth, form)
                one, outside = score_against_log(run, own)
                for line in said_of_log(own, outside):
                    terminal.say(line)
            else:
                one = score_run(run, truth)
            scored.append(one)
        except ConfigError as error:
            problems += str(error).splitlines()
    if problems:
        raise ConfigError("\n".join(problems))
    if any(run.score.known == "log" and not run.score.outages for run in scored):
        terminal.say(f"{truth}: no row lies in the run's time: whatever was found counts as false")
    return scored


def _check_once(runs: Sequence[Path]) -> None:
    if twice := sorted(str(run) for run, times in Counter(run.resolve() for run in runs).items() if times > 1):
        raise ConfigError("\n".join(f"{run}: is named twice, and would count twice; name it once" for run in twice))


def _bounds(texts: Sequence[str] | None, option: str) -> list[tuple[str, str, float]]:
    found = []
    for text in texts or ():
        name, _, value = text.partition("=")
        try:
            found.append((option, name, float(value)))
        except ValueError:
            raise ConfigError(f"{option} {text}: must be name=number, such as recall=0.95") from None
    return found


def _check_names(total: "Score", bounds: Sequence[tuple[str, str, float]]) -> None:
    names = [figure.name for figure in total.figures]
    if wrong := [f"{option} {name}: is no figure" for option, name, _ in bounds if name not in names]:
        raise ConfigError("\n".join([*wrong, f"figures are {', '.join(names)}"]))


def _broken(total: "Score", bound: tuple[str, str, float]) -> str:
    """Why a gate is shut; a figure that does not exist shuts it: nobody has shown what was asked for."""
    option, name, limit = bound
    value = total.figure(name).value
    if value is None:
        return f"{name}: no figure, {option} {limit:g} asked for"
    bad = value < limit if option == "--min" else value > limit
    return f"{name} is {value:.4g}, {option} {limit:g} asked for" if bad else ""


def _tell(terminal: Terminal, total: "Score") -> None:
    if terminal.is_json:
        return
    from pipeline.views.score.wording import heading, no_interval

    terminal.text(heading(total))
    terminal.table(_figures(total))
    terminal.text(f"\n{no_interval(total)}")
    if total.kinds:
        terminal.text()
        terminal.table([_KIND_HEADS, *(_kind(row) for row in total.kinds)])
    if total.traps:
        terminal.text()
        counts = [(row.kind, row.traps, row.withstood, row.confirmed, row.suspected) for row in total.traps]
        terminal.table([_TRAP_HEAD, *([str(cell) for cell in row] for row in counts)])
    _tell_worst(terminal, total)


def _figures(total: "Score") -> list[list[str]]:
    """All figures that say something; the column of intervals only if there are any."""
    from pipeline.views.score.wording import grouped, interval_of, said, title_of

    rows = [["figure", "value", "95 % interval", "of"]]
    for title, figures in grouped(total):
        rows += [["", "", "", ""], [title.upper(), "", "", ""]]
        rows += [
            [title_of(figure), said(figure.value, figure.unit), interval_of(figure), _of(figure.unit, figure.n)]
            for figure in figures
        ]
    if all(figure.low is None for figure in total.figures):
        return [[title, value, of] for title, value, _, of in rows]
    return rows


_KIND_HEADS: Final = (
    *("outage", "of", "confirmed", "only suspected", "merged", "missed", "splits"),
    *("confirmed after", "place exact", "severity exact"),
)
_TRAP_HEAD: Final = ("trap", "of", "withstood", "false incidents", "suspicions")


def _of(unit: str, n: int) -> str:
    return "" if unit in ("count", "per_operator_month") else f"{n:,}"


def _kind(row: "KindRow") -> list[str]:
    from pipeline.views.score.wording import said

    counts = (row.outages, row.confirmed, row.suspected, row.merged, row.missed, row.splits)
    return [
        row.kind,
        *(str(count) if count else "·" for count in counts),
        said(row.confirmed_seconds, "seconds"),
        f"{row.place_right} of {row.placed}" if row.placed else "–",
        f"{row.severity_right} of {row.graded}" if row.graded else "–",
    ]


def _tell_worst(terminal: Terminal, total: "Score") -> None:
    """What was missed and what was false, by name."""
    from pipeline.evaluate.score import false_incidents
    from pipeline.views.words import Clock

    lines = []
    for world in total.worlds:
        clock = Clock(world.time_zone)
        for outage in world.outages:
            if outage.fate != "confirmed":
                who = ", ".join(outage.operators)
                when = f"{clock.full(outage.started_at)} – {clock.moment(outage.ended_at, outage.started_at)}"
                lines.append(f"{outage.fate:9}  {world.name}: {outage.kind}, {who}, {when}")
        for incident in false_incidents(world):
            if incident.confirmed:
                who = ", ".join(incident.operators) or "nobody in particular"
                why = incident.trap_kind or incident.verdict
                when = clock.full(incident.opened_at)
                lines.append(f"{'false':9}  {world.name}: {incident.incident_id}, {who}, opened {when} ({why})")
    for line in ["", *lines[:CASES_TOLD]] if lines else []:
        terminal.text(line)
    if len(lines) > CASES_TOLD:
        terminal.text(f"and {len(lines) - CASES_TOLD} more; --html draws the worst, --format json has all")

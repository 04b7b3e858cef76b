"""`tocsin backtest`: two settings over many recordings, score and difference side by side.

A difference is the answer here and not a finding, so it does not change the
exit code; `tocsin diff` on two of the kept runs does.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipeline.adapters.cli.exits import Exit, fail
from pipeline.adapters.cli.offline.diffing import duration_ms, headline, tell
from pipeline.adapters.cli.offline.scoring import Columns, Times, Values, Whose, Zone, log_form_of
from pipeline.adapters.cli.options import Form, Quiet, Sets, loaded_from
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.adapters.runs.backtesting import Compared, Outcome, Plan, Scorer
    from pipeline.adapters.runs.incident_log import LogForm
    from pipeline.evaluate.judging.facts import WorldScore
    from pipeline.evaluate.score import Score

OUT: Final = Path("runs/backtest")
OLD: Final = "baseline"
NEW: Final = "new"
_RUNS_NAMED: Final = 3

Recordings = Annotated[
    list[Path], typer.Argument(metavar="RECORDINGS...", help="Recordings, or folders of them.", show_default=False)
]


def backtest(  # noqa: PLR0913, PLR0917 - one for each option
    recordings: Recordings,
    settings: Annotated[Path | None, typer.Option("--settings", "-c", help="The new settings, TOML.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="The old settings, TOML; the defaults if not said.")] = None,
    sets: Sets = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder in which runs are kept.")] = OUT,
    jobs: Annotated[int | None, typer.Option(min=1, max=64, help="Processes; as many as processors.")] = None,
    tolerance: Annotated[str, typer.Option(help="Times that differ by no more are alike: 30s, 2min.")] = "0s",
    ignore: Annotated[str | None, typer.Option(help="Fields or groups that may differ.")] = "texts,rest,counts",
    truth: Annotated[
        Path | None, typer.Option("--truth", help="Your own LOG.csv; truth.json beside each recording by default.")
    ] = None,
    columns: Columns = "",
    values: Values = None,
    operator: Whose = None,
    time_zone: Zone = None,
    time_format: Times = "rfc3339",
    form: Form = Format.TABLE,
    quiet: Quiet = False,
) -> None:
    """Run two settings over many recordings and compare what came of it.

    Scored is every recording with a truth beside it; the others are only
    compared. With an incident log of your own (--truth, read as by `tocsin
    score`) every recording is scored on the rows of its time. Runs are kept by
    content, so nothing is computed twice, and an interrupted backtest goes on
    where it stopped. The environment counts for both sides; --set for the new
    one only. A broken recording is named, and the others go on.
    """
    from pipeline.adapters.runs.backtesting import backtest as run
    from pipeline.adapters.runs.backtesting import bar, compare_outcome, scores_of
    from pipeline.evaluate.diff.records import DiffRules

    if settings is None and not sets:
        raise ConfigError("nothing to compare: name the new settings with --settings NEW.toml, or --set name=value")
    ignored = frozenset(name.strip() for name in (ignore or "").split(",") if name.strip())
    rules = DiffRules(tolerance_ms=duration_ms(tolerance, "--tolerance"), ignored=ignored)
    terminal = Terminal(form, quiet=quiet)
    named = recordings_in(recordings)
    form_of_log = log_form_of(columns, values, operator, (time_format, time_zone))
    scorer, tell_rows = _scorer(truth, form_of_log, len(named))
    with no_settings() as nothing, bar("replaying", quiet=quiet) as on_part:
        plan = _plan((settings, baseline or nothing, sets), named, out, jobs)
        outcomes = run(plan, on_part, terminal.say)
    compared = [compare_outcome(outcome, (OLD, NEW), rules, scorer) for outcome in outcomes]
    tell_rows(terminal)
    scores = scores_of(compared, (OLD, NEW))
    for recording in compared:
        terminal.data(recording.plain())
    terminal.data({"score": {side: score.figures for side, score in scores.items()}})
    _tell_recordings(terminal, compared)
    _tell_scores(terminal, scores)
    _tell_differences(terminal, compared)
    _leave(outcomes)


def _scorer(truth: Path | None, form: "LogForm", recordings: int) -> "tuple[Scorer, Callable[[Terminal], None]]":
    """What scores a run, and what tells at the end which rows of a log were used; a bad log fails before any replay."""
    from pipeline.adapters.runs.backtesting import ByLog, by_truth_beside, by_truth_of
    from pipeline.adapters.runs.scoring import open_log, said_of_log

    if truth is None:
        return by_truth_beside, lambda _terminal: None
    if truth.suffix.lower() != ".csv":
        if recordings != 1:
            raise ConfigError(
                f"--truth {truth}: is of one recording, {recordings} are named; "
                "put each truth beside its recording as NAME.truth.json, or name a LOG.csv"
            )
        return by_truth_of(truth), lambda _terminal: None
    own = open_log(truth, form)
    scorer = ByLog(own)

    def tell_rows(terminal: Terminal) -> None:
        for line in said_of_log(own, scorer.outside):
            terminal.say(line)

    return scorer, tell_rows


def recordings_in(paths: Sequence[Path]) -> list[Path]:
    """Recordings, and those in folders; each once, further parts left out as the first part leads to them.

    Raises:
        ConfigError: If a folder holds none.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.glob("*.jsonl.zst"))
            if not inside:
                raise ConfigError(f"{path}: holds no recording, NAME.jsonl.zst")
            found += [path for path in inside if not _is_further_part(path)]
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _is_further_part(path: Path) -> bool:
    """Whether a first part lies beside it; a number alone may be a year."""
    base, _, number = path.name.removesuffix(".jsonl.zst").rpartition(".")
    first = path.with_name(f"{base}.{0:0{len(number)}d}.jsonl.zst")
    return number.isdigit() and int(number) > 0 and first.is_file()


@contextmanager
def no_settings() -> Iterator[Path]:
    """A settings file that says nothing, so that a tocsin.toml in the working folder is not the baseline."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "defaults.toml"
        path.touch()
        yield path


def _plan(
    sides: tuple[Path | None, Path, list[str] | None], recordings: list[Path], out: Path, jobs: int | None
) -> "Plan":
    import os

    from pipeline.adapters.runs.backtesting import Plan, Side

    new, old, sets = sides
    return Plan(
        sides=(
            Side(name=OLD, load=lambda lanes: loaded_from(old, None, partitions__lanes=lanes)),
            Side(name=NEW, load=lambda lanes: loaded_from(new, sets, partitions__lanes=lanes)),
        ),
        recordings=recordings,
        folder=out,
        jobs=jobs or os.cpu_count() or 1,
    )


def _tell_recordings(terminal: Terminal, compared: "Sequence[Compared]") -> None:
    """One line a recording: incidents before and now, what came and went, outages confirmed."""
    rows: list[tuple[str, ...]] = [
        ("recording", "incidents", "confirmed", "appeared", "gone", "changed", "outages confirmed", "false")
    ]
    for recording in compared:
        if recording.diff is None:
            rows.append((recording.name, "broken, see above", *[""] * 6))
            continue
        diff = recording.diff
        pairs = (*diff.changed, *diff.alike)
        before = [*(pair.a for pair in pairs), *diff.gone]
        after = [*(pair.b for pair in pairs), *diff.appeared]
        confirmed = (sum(incident.confirmed for incident in run) for run in (before, after))
        changes = (str(len(pairs) or "·") for pairs in (diff.appeared, diff.gone, diff.changed))
        found, false = (_arrow(*_scored(recording, count)) for count in (_found, _false))
        rows.append((recording.name, _arrow(len(before), len(after)), _arrow(*confirmed), *changes, found, false))
    terminal.table(rows)


def _scored(recording: "Compared", count: "Callable[[WorldScore], str]") -> tuple[str, str]:
    return (count(recording.scored[OLD].score), count(recording.scored[NEW].score)) if recording.scored else ("", "")


def _found(world: "WorldScore") -> str:
    return f"{sum(outage.fate == 'confirmed' for outage in world.outages)}/{len(world.outages)}"


def _false(world: "WorldScore") -> str:
    from pipeline.evaluate.score import false_incidents

    return str(sum(incident.confirmed for incident in false_incidents(world)))


def _arrow(before: object, after: object) -> str:
    return str(after) if before == after else f"{before} -> {after}"


def _tell_scores(terminal: Terminal, scores: "dict[str, Score]") -> None:
    """Figures side by side, with their intervals; what neither side knows is left out."""
    if not scores or terminal.is_json:
        return
    from pipeline.adapters.runs.backtesting import side_by_side
    from pipeline.views.score.wording import interval_of, no_interval, said, title_of

    rows: list[tuple[str, ...]] = [("figure", OLD, "95 % interval", NEW, "95 % interval", "")]
    for before, after in side_by_side(scores, (OLD, NEW)):
        sides = [text for figure in (before, after) for text in (said(figure.value, figure.unit), interval_of(figure))]
        rows.append((title_of(before), *sides, "" if before.value == after.value else "differs"))
    if not any(row[2] or row[4] for row in rows[1:]):
        rows = [(row[0], row[1], row[3], row[5]) for row in rows]
    worlds = len(scores[NEW].worlds)
    terminal.text(f"\n{worlds} recording{'' if worlds == 1 else 's'} with a truth")
    terminal.table(rows)
    terminal.text(no_interval(scores[NEW]))


def _tell_differences(terminal: Terminal, compared: "Sequence[Compared]") -> None:
    for recording in compared:
        if recording.diff is not None and not recording.diff.is_empty:
            terminal.text(f"\n{terminal.painted(recording.name, 'bold')}: {headline(recording.diff)}")
            tell(terminal, recording.diff)
            terminal.text(f"          more: tocsin diff {recording.outcome.runs[OLD]} {recording.outcome.runs[NEW]}")
    if any(recording.scored for recording in compared):
        runs = sorted({str(recording.outcome.runs[NEW]) for recording in compared if recording.scored})
        some = " ".join(runs[:_RUNS_NAMED]) + (" ..." if len(runs) > _RUNS_NAMED else "")
        terminal.text(f"\nthe worst cases drawn: tocsin score {some} --html score.html")


def _leave(outcomes: "Sequence[Outcome]") -> None:
    """Exit with 70 if something of ours failed, with 2 if a recording is broken."""
    broken = [outcome for outcome in outcomes if outcome.problems]
    if broken:
        lines = [_broken(outcome) for outcome in broken]
        ours = any(outcome.is_ours for outcome in broken)
        head = f"{len(broken)} of {len(outcomes)} recordings could not be used, the others are done:"
        fail("\n  ".join([head, *lines]), Exit.INFRASTRUCTURE if ours else Exit.USAGE)


def _broken(outcome: "Outcome") -> str:
    """Which recording, and the last line of what is wrong with it: of an error of ours, that is what it says."""
    last = outcome.problems[0].splitlines()[-1]
    return last if last.startswith(str(outcome.recording)) else f"{outcome.recording}: {last}"

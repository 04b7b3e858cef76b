"""`tocsin diff`: what two runs say otherwise, for people, scripts and build servers."""

import itertools
import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.options import Quiet
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.evaluate.diff.records import Difference, RunDiff


class DiffFormat(StrEnum):
    """How the difference is put out."""

    TABLE = "table"
    JSON = "json"
    JUNIT = "junit"


class AlignBy(StrEnum):
    """How incidents find their counterpart."""

    CONTENT = "content"
    ID = "id"


_OF_A_FIELD_SHOWN: Final = 6
_UNITS_MS: Final = {"ms": 1, "s": 1_000, "": 1_000, "m": MINUTE_MS, "min": MINUTE_MS, "h": HOUR_MS}


def diff(  # noqa: PLR0913, PLR0917 - one for each option
    run_a: Annotated[Path, typer.Argument(metavar="RUN_A", help="Folder of a run.", show_default=False)],
    run_b: Annotated[Path, typer.Argument(metavar="RUN_B", help="Folder of another.", show_default=False)],
    tolerance: Annotated[str, typer.Option(help="Times that differ by no more are alike: 30s, 2min.")] = "0s",
    ignore: Annotated[str | None, typer.Option(help="Fields or groups that may differ, commas between.")] = None,
    align_by: Annotated[AlignBy, typer.Option(help="Pair incidents by id only, or also by content.")] = AlignBy.CONTENT,
    only_confirmed: Annotated[bool, typer.Option("--only-confirmed", help="Skip what neither confirmed.")] = False,
    form: Annotated[DiffFormat, typer.Option("--format", "-f", help="Of standard output.")] = DiffFormat.TABLE,
    quiet: Quiet = False,
) -> None:
    """Compare what two runs published.

    Incidents are paired by id, then by time, operator, service and place. Told
    are those that appeared or are gone, and for the others what is earlier,
    later or otherwise: groups times, verdict, borders, emergency, texts, rest,
    and counts for the other topics. Exit 0 if nothing differs, 1 if something does.
    """
    from pipeline.adapters.runs.diffing import are_identical, junit_of, read_published
    from pipeline.evaluate.diff.diff import compare
    from pipeline.evaluate.diff.records import DiffRules

    ignored = frozenset(name.strip() for name in (ignore or "").split(",") if name.strip())
    rules = DiffRules(
        tolerance_ms=duration_ms(tolerance, "--tolerance"),
        ignored=ignored,
        align_by=align_by.value,
        only_confirmed=only_confirmed,
    )
    terminal = Terminal(Format.JSON if form is DiffFormat.JSON else Format.TABLE, quiet=quiet)
    for folder in (run_a, run_b):
        _must_be_run(folder)
    same_bytes = are_identical(run_a, run_b)
    if same_bytes and form is not DiffFormat.JUNIT:
        terminal.data({"equal": True, "identical": True})
        terminal.text("the same, to the byte")
        return
    found = compare(read_published(run_a), read_published(run_b), rules)
    if form is DiffFormat.JUNIT:
        typer.echo(junit_of(found, str(run_a), str(run_b)), nl=False)
    terminal.data({"equal": found.is_empty, "identical": same_bytes, "diff": found})
    if form is DiffFormat.TABLE:
        tell(terminal, found)
    if not found.is_empty:
        raise FindingError(headline(found))


def duration_ms(text: str, option: str) -> int:
    """A length of time from the command line, in ms; a bare number is seconds.

    Raises:
        ConfigError: If it is none.

    >>> duration_ms("30s", "--tolerance"), duration_ms("1.5 min", "--tolerance")
    (30000, 90000)
    """
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*", text)
    if match is None or match[2] not in _UNITS_MS:
        raise ConfigError(f"{option} {text}: must be a length of time such as 30s, 2min or 500ms")
    return round(float(match[1]) * _UNITS_MS[match[2]])


def _must_be_run(path: Path) -> None:
    if not (path / "run.json").is_file():
        raise ConfigError(f"{path}: holds no run.json: must be a folder that tocsin replay or backtest wrote")


def headline(found: "RunDiff") -> str:
    """A difference in a line."""
    parts = [
        (len(found.appeared), "appeared"),
        (len(found.gone), "gone"),
        (len(found.changed), "changed"),
        (len(found.alike), "alike"),
    ]
    words = ", ".join(f"{count} {word}" for count, word in parts if count) or "no incidents"
    return f"incidents: {words}" + (f"; {len(found.counts)} counts differ" if found.counts else "")


def tell(terminal: Terminal, found: "RunDiff") -> None:
    """Tell a difference to people: what came, what went, what changed, what else is counted."""
    from pipeline.adapters.runs.diffing import name_of

    for word, colour, incidents in (("appeared", "green", found.appeared), ("gone", "red", found.gone)):
        for incident in incidents:
            words = f"{incident.state}, at worst {incident.severity_peak}"
            terminal.text(f"{terminal.painted(word.ljust(9), colour)} {name_of(incident)} ({words})")
    for pair in found.changed:
        moved = "" if pair.a.incident_id == pair.b.incident_id else f" (was {name_of(pair.a)})"
        terminal.text(f"{terminal.painted('changed'.ljust(9), 'yellow')} {name_of(pair.b)}{moved}")
        for group, words in _grouped(list(_few(pair.changes))):
            terminal.text(f"          {group.ljust(9)} {words}")
    for topic, words in _grouped([(count.topic, f"{count.kind}: {count.a} -> {count.b}") for count in found.counts]):
        terminal.text(f"{'counts'.ljust(9)} {topic.ljust(10)} {words}")
    if found.is_empty:
        terminal.text(f"no difference that counts; {headline(found)}")


def _few(changes: "Sequence[Difference]") -> "Iterator[tuple[str, str]]":
    """Each change with its group; of one field, such as the notices of an outage, no more than fit a screen."""
    from pipeline.adapters.runs.diffing import words_for

    for field, alike in itertools.groupby(changes, key=lambda change: change.field):
        together = list(alike)
        yield from ((change.group, words_for(change)) for change in together[:_OF_A_FIELD_SHOWN])
        if (more := len(together) - _OF_A_FIELD_SHOWN) > 0:
            yield together[0].group, f"{field}: {more} more; --format json has them all"


def _grouped(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Lines with their group named at the first of each."""
    return [(group if not n or lines[n - 1][0] != group else "", words) for n, (group, words) in enumerate(lines)]

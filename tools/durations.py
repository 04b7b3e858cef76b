"""Makes durations.toml: how long outages of each kind last, from an operator's own record of those that are over.

    python -m tools.durations LOG.csv --operator netcologne --time-zone Europe/Berlin --out REFERENCE/durations.toml
    python -m tools.durations --lengths LENGTHS.csv

A log is read as `tocsin score --truth LOG.csv` reads it, with the same options; planned work and rows without an end
are left out. A table of lengths has the columns `kind` (docs/lifecycle.md) and `minutes`. Without --out the table goes
to standard output. From a hundred outages on it is measured with every second one left out, and the figures are written
below it.
"""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pipeline.adapters.cli.offline.scoring import log_form_of
from pipeline.adapters.runs.incident_log import LogForm
from pipeline.adapters.runs.scoring import open_log
from pipeline.correlate.config import EstimateConfig
from pipeline.evaluate.calibrating.lengths import POOLED, Lasted, LeftTold, durations_from, told_of
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.errors import ConfigError
from pipeline.reference.lasting.durations import ANY, KINDS, kind_of

PLANNED: Final = frozenset({"planned", "planned_work", "maintenance"})
"""Kinds of rows that are no outages: their end is known."""


MEASURED_FROM: Final = 100
"""Of fewer outages the figures would be chance."""


def main(words: Sequence[str] | None = None) -> int:
    """Make the table; 0 if it could be done, 2 if not."""
    parser = argparse.ArgumentParser(prog="python -m tools.durations", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("logs", nargs="*", type=Path, metavar="LOG.csv", help="an operator's own log of incidents")
    parser.add_argument("--lengths", type=Path, help="CSV with the columns kind and minutes")
    parser.add_argument("--out", type=Path, help="file that is written; standard output without it")
    parser.add_argument("--columns", default="", help="of the logs: start=Beginn,end=Ende,place=Ort,service=Dienst")
    parser.add_argument("--values", action="append", help="names in the logs: service:Internet=broadband")
    parser.add_argument("--operator", help="whose the logs are, if no column says so")
    parser.add_argument("--time-zone", help="of times in the logs: Europe/Berlin")
    parser.add_argument("--time-format", default="rfc3339", help="rfc3339, epoch_s, epoch_ms, or a pattern")
    parser.add_argument(
        "--counts-as", type=int, default=POOLED, help="outages that the settings' log-normal stands for"
    )
    parser.add_argument("--source", default="an operator's own record", help="said in the file")
    chosen = parser.parse_args(words)
    try:
        times = (chosen.time_format, chosen.time_zone)
        form = log_form_of(chosen.columns, chosen.values, chosen.operator, times)
        outages = [outage for path in chosen.logs for outage in of_log(path, form)]
        outages += of_lengths(chosen.lengths) if chosen.lengths else []
    except (ConfigError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if not outages:
        sys.stderr.write("no outage that is over: name a log or a table of lengths\n")
        return 2
    text = "\n".join(written(outages, max(1, chosen.counts_as), chosen.source)) + "\n"
    if chosen.out:
        chosen.out.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


def of_log(path: Path, form: LogForm) -> Iterator[Lasted]:
    """Outages of a log that are over.

    Args:
        path: CSV.
        form: How it is written.

    Raises:
        ConfigError: Lists every mistake with its line.
    """
    for row in open_log(path, form).log.rows:
        if row.ended_at is not None and row.kind not in PLANNED:
            yield Lasted(kind_of(row.services, row.areas), (row.ended_at - row.started_at) / MINUTE_MS)


def of_lengths(path: Path) -> list[Lasted]:
    """A table of lengths.

    Args:
        path: CSV with the columns `kind` and `minutes`.

    Raises:
        ConfigError: Lists every mistake with its line.
    """
    found, problems = [], []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            kind, minutes = row.get("kind") or "", row.get("minutes") or ""
            try:
                length = float(minutes)
            except ValueError:
                length = 0.0
            if kind not in KINDS or kind == ANY or not 0.0 < length < float("inf"):
                known = ", ".join(name for name in KINDS if name != ANY)
                problems.append(f"{path}:{line}: {kind!r}, {minutes!r}: must be one of {known}, and minutes above 0")
            found.append(Lasted(kind, length))
    if problems:
        raise ConfigError("\n".join(problems))
    return found


def written(outages: Sequence[Lasted], counts_as: int, source: str) -> Iterator[str]:
    """The file, line by line: the table, and how well it tells what it was not made of.

    Args:
        outages: Those that are over.
        counts_as: As how many outages the log-normal of the settings counts.
        source: Where they are from.
    """
    prior = EstimateConfig()
    table = durations_from(outages, prior, counts_as)
    yield "# How long outages last: after how many minutes so many of a thousand are over, by kind. Written by"
    yield "# `python -m tools.durations`; what it means: docs/lifecycle.md. Not edited by hand."
    yield ""
    yield f"over_permille = {list(table.over_permille)}"
    yield ""
    yield "[minutes]"
    yield from (f"{kind} = {list(row)}" for kind, row in table.minutes.items())
    yield ""
    yield "[card]"
    yield f"source = {_quoted(source)}"
    yield f"outages = {len(outages)}"
    yield f"log_normal = [{prior.median_minutes:g}, {prior.spread:g}, {counts_as}]  # median, spread, as many outages"
    yield from (f"of_{kind} = {count}" for kind, count in sorted(Counter(kind for kind, _ in outages).items()))
    if len(outages) >= MEASURED_FROM:
        yield from _measured(outages, prior, counts_as)


def _measured(outages: Sequence[Lasted], prior: EstimateConfig, counts_as: int) -> Iterator[str]:
    kept = [outage for kind in KINDS for outage in [row for row in outages if row.kind == kind][::2]]
    asked = [outage for kind in KINDS for outage in [row for row in outages if row.kind == kind][1::2]]
    yield "# Of every second outage, by a table of the others: minutes since the start, how many still lasted, mean"
    yield "# pinball loss and median miss in minutes, and the share of which the interval holds the end."
    for name, table in (("by_settings", None), ("by_table", durations_from(kept, prior, counts_as))):
        yield f"{name} = [{', '.join(_row(row) for row in told_of(asked, prior, table))}]"


def _row(row: LeftTold) -> str:
    return f"[{row.at_minutes}, {row.lasting}, {row.loss:.1f}, {row.miss_p50:.0f}, {row.held:.2f}]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "'").replace("\n", " ") + '"'


if __name__ == "__main__":
    sys.exit(main())

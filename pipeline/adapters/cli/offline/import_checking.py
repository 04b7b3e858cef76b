"""`tocsin import --check`: how a file would be read, before anything is written.

It shows what was found, proposes which column is which, reads the first rows
by the proposal, and ends with the command that would import them. What nobody can
find in a file - whose it is, in which zone its clock was - stands there in capitals.
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.adapters.recordings.intake.fields import Check
    from pipeline.adapters.recordings.intake.kinds import Stream
    from pipeline.adapters.recordings.intake.proposing import Proposal

_LOOKED_AT_ROWS: Final = 1_000
_SHOWN_ROWS: Final = 5
_CELL_CHARS: Final = 48
_IN_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]{1,20})[)\]]")
_PREVIEW: Final = {"unit": "count", "area": "XX"}
"""Stand-ins for what is missing, with which the first rows can be read all the same."""


def check_files(stream: "Stream", terminal: Terminal, check: "Check", now_ms: int) -> None:
    """Show how each file of a stream would be read.

    Args:
        stream: Files, and what the caller says of them; the kind may be empty.
        terminal: Where it is told.
        check: Asked whether the reference knows what the rows name.
        now_ms: Now, in ms; times more than a day later are rejected.

    Raises:
        FindingError: If no row of a file can be taken.
    """
    useless = [path.name for path in stream.inputs if not _check_file(path, stream, terminal, check, now_ms)]
    if useless:
        raise FindingError(f"no row that was looked at can be taken: {', '.join(useless)}; correct the mapping")


def _check_file(path: "Path", stream: "Stream", terminal: Terminal, check: "Check", now_ms: int) -> bool:
    from pipeline.adapters.codecs.names import readable
    from pipeline.adapters.recordings.intake.proposing import propose
    from pipeline.adapters.recordings.intake.tables import RowError, Table
    from pipeline.adapters.recordings.intake.written.files import ForeignFile

    with ForeignFile(path) as file:
        table = Table(file, stream.written)
        rows = list(islice(table.rows(), _LOOKED_AT_ROWS))
    fields = [row.fields for row in rows if not isinstance(row.fields, RowError)]
    terminal.text(f"{path.name}: {table.words()}")
    if not fields:
        first = next((f": the first: {row.fields}" for row in rows), "")
        terminal.text(f"  no row can be read{first}")
        return False
    proposal = propose(fields, stream.kind or None, stream.time_zone)
    wanted, guessed = _wanted(path, stream, proposal)
    taken = _taken(wanted, proposal, rows, check if "operator" not in proposal.missing else None, now_ms)
    command = _command(wanted, stream, proposal)
    terminal.data(
        {
            "file": readable(path.name),
            "read_as": table.words(),
            "kind": wanted.kind,
            "map": dict(wanted.map),
            "missing": list(proposal.missing),
            "rows": [{"row": number, "record": made, "rejected": words} for number, made, words in taken],
            "command": readable(command),
        }
    )
    _tell_columns(terminal, wanted, proposal, fields, guessed)
    terminal.text("first rows as they will be taken:")
    for number, made, words in taken[:_SHOWN_ROWS]:
        terminal.text(f"  {number}  {made if made is not None else f'rejected, {words}'}")
    rejected = sum(made is None for _, made, _ in taken)
    terminal.text(f"  {len(taken) - rejected:,} of the first {len(taken):,} rows can be taken")
    terminal.text(f"command (nothing was written):\n  {command}")
    return rejected < len(taken)


def _wanted(path: "Path", stream: "Stream", proposal: "Proposal") -> tuple["Stream", dict[str, str]]:
    """The stream by the proposal, where the caller said nothing; and what was guessed from a column's name."""
    from pipeline.adapters.recordings.intake.proposing import folded
    from pipeline.adapters.recordings.intake.times import AUTO

    mapping = {ours: theirs for ours, theirs in proposal.map.items() if ours not in stream.set} | dict(stream.map)
    guessed: dict[str, str] = {}
    if proposal.kind == "telemetry" and "value" in mapping:
        column = mapping["value"]
        if (match := _IN_BRACKETS.search(column)) and "unit" in proposal.missing and (unit := unit_of(match[1])):
            guessed["unit"] = unit
        if "metric" in proposal.missing and folded(column) not in {"value", "wert", "valeur", "waarde", "valor"}:
            name = column.partition("(")[0].partition("[")[0].rpartition(".")[2]
            guessed["metric"] = folded(name).replace(" ", "_")[:64]
    guessed = {name: value for name, value in guessed.items() if name not in stream.set and name not in mapping}
    known = {theirs: ours for theirs, ours in proposal.services.items() if ours is not None and ours != theirs}
    values = dict(stream.values)
    if known and "service" not in values and "service" in mapping:
        values["service"] = known
    wanted = replace(
        stream,
        inputs=(path,),
        kind=proposal.kind,
        map={ours: theirs for ours, theirs in mapping.items() if ours != theirs},
        set={**stream.set, **guessed},
        values=values,
        time_format=proposal.time_format if stream.time_format == AUTO and proposal.time_format else stream.time_format,
    )
    return wanted, guessed


def unit_of(text: str) -> str | None:
    """The unit that a column's name holds in brackets, as records write it; None if it is none of ours.

    >>> unit_of("dbm"), unit_of("furlong")
    ('dbm', None)
    """
    from pipeline.adapters.recordings.intake.fields import UNITS

    return next((unit for unit in UNITS if unit.casefold() == text.strip().casefold()), None)


def _lacking(wanted: "Stream", proposal: "Proposal") -> list[str]:
    return [name for name in proposal.missing if name not in wanted.set and name not in wanted.map]


def _taken(
    wanted: "Stream", proposal: "Proposal", rows: list[Any], check: "Check | None", now_ms: int
) -> list[tuple[int, str | None, str]]:
    """Number, record and refusal of each row."""
    from pipeline.adapters.recordings.intake.fields import RowReader
    from pipeline.adapters.recordings.intake.tables import RowError
    from pipeline.records.clocks import DAY_MS

    lacking = _lacking(wanted, proposal)
    stand_ins = {name: _PREVIEW.get(name, name.upper()) for name in lacking}
    zone = "UTC" if proposal.needs_zone else wanted.time_zone
    asked = None if lacking else check
    tried = replace(wanted, set={**wanted.set, **stand_ins}, time_zone=zone)
    reader = RowReader(tried, asked, now_ms + DAY_MS)
    reader.look([row.fields for row in rows if not isinstance(row.fields, RowError)], None)
    taken: list[tuple[int, str | None, str]] = []
    for row in rows:
        try:
            if isinstance(row.fields, RowError):
                raise row.fields
            taken.append((row.number, reader.read(row.fields).value.decode(), ""))
        except RowError as error:
            taken.append((row.number, None, str(error)))
    return taken


def _tell_columns(
    terminal: Terminal,
    wanted: "Stream",
    proposal: "Proposal",
    rows: list[Mapping[str, Any]],
    guessed: Mapping[str, str],
) -> None:
    from pipeline.adapters.recordings.intake.fields import value_at
    from pipeline.adapters.recordings.intake.proposing import columns_of

    terminal.text(f"proposed: --kind {wanted.kind}")
    mapping = {**{ours: theirs for ours, theirs in proposal.map.items() if ours not in wanted.set}, **wanted.map}
    table = [("  field", "column", "first value")]
    for ours, theirs in mapping.items():
        found = (value_at(row, theirs) for row in rows)
        first = next((str(value) for value in found if value not in {None, ""}), "")
        table.append((f"  {ours}", theirs, first.replace("\n", " ")[:_CELL_CHARS]))
    terminal.table(table)
    used = {*mapping.values()}
    lines = [
        ("not used", ", ".join(column for column in columns_of(rows[:50]) if column not in used)),
        ("guessed from its name", ", ".join(f"{name}={value}" for name, value in guessed.items())),
        ("missing", ", ".join(f"{name} (--set {name}=...)" for name in _lacking(wanted, proposal))),
        ("times", "" if proposal.time_format else "no format that was tried reads them: name it (--time-format)"),
        ("times", "have no zone: name it (--time-zone); shown here as UTC" if proposal.needs_zone else ""),
        ("times", "day or month? both can be; the day was taken first" if proposal.day_or_month else ""),
        ("services without a meaning", ", ".join(theirs for theirs, ours in proposal.services.items() if ours is None)),
    ]
    for name, words in lines:
        if words:
            terminal.text(f"  {name}: {words}")


def _command(wanted: "Stream", stream: "Stream", proposal: "Proposal") -> str:
    words = ["tocsin", "import", *map(str, wanted.inputs), "--kind", wanted.kind]
    for ours, theirs in wanted.map.items():
        words += ["--map", f"{ours}={theirs}"]
    for name, value in wanted.set.items():
        words += ["--set", f"{name}={value}"]
    for name in _lacking(wanted, proposal):
        words += ["--set", f"{name}={name.upper()}"]
    for name, table in wanted.values.items():
        words += ["--values", f"{name}:" + ",".join(f"{theirs}={ours}" for theirs, ours in table.items())]
    if wanted.time_format != "auto":
        words += ["--time-format", wanted.time_format]
    if wanted.time_zone or proposal.needs_zone:
        words += ["--time-zone", wanted.time_zone or "ZONE"]
    said = {
        "--input-format": stream.form,
        "--encoding": stream.encoding,
        "--delimiter": stream.delimiter,
        "--quote": stream.quote,
        "--decimal": stream.decimal,
        "--rows-at": stream.rows_at,
        "--markup": stream.markup,
    }
    words += [word for name, value in said.items() if value not in {None, "auto"} for word in (name, str(value))]
    name = re.sub(r"\W+", "-", wanted.inputs[0].name.partition(".")[0]).strip("-") or "own"
    return shlex.join([*words, "-o", f"{name}.jsonl.zst"])

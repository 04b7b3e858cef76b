"""`tocsin import`: an operator's own posts, tickets, counts or KPI values as a recording.

An import that used no row at all is a finding and leaves no recording: it is
the mapping that is wrong, and an empty file would only hide it.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.options import Form, Quiet, now_text
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.recordings.intake.importing import Imported


class Kind(StrEnum):
    """What the rows of a file are."""

    MENTIONS = "mentions"
    TICKETS = "tickets"
    TELEMETRY = "telemetry"
    COUNTS = "counts"


Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="JSON lines or CSV, also .gz, .zst.")]
Maps = Annotated[
    list[str] | None, typer.Option("--map", metavar="FIELD=THEIRS", help="Ours=theirs: text=body, post_id=uk-{id}")
]
Constants = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="In every row: operator=o2-uk, lang=en")
]
Values = Annotated[
    list[str] | None,
    typer.Option("--values", metavar="FIELD:THEIRS=OURS,...", help="service:INET=broadband,TEL=fixed_voice,*=tv"),
]


def import_files(  # noqa: PLR0913, PLR0917 - one for each option
    files: Files = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The recording, .jsonl.zst.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="What the rows are.")] = None,
    streams: Annotated[
        Path | None, typer.Option(help="TOML that names several files and how to read them: docs/import.md.")
    ] = None,
    maps: Maps = None,
    constants: Constants = None,
    values: Values = None,
    time_format: Annotated[str, typer.Option(help="rfc3339, epoch_s, epoch_ms, or a pattern as %d.%m.%Y.")] = "rfc3339",
    time_zone: Annotated[str | None, typer.Option(help="Of times without an offset: Europe/Paris.")] = None,
    input_format: Annotated[str, typer.Option(help="jsonl, csv, or auto.")] = "auto",
    encoding: Annotated[str, typer.Option(help="Of CSV files.")] = "utf-8-sig",
    lanes: Annotated[int, typer.Option(min=1, help="Partitions of each raw topic.")] = 4,
    max_errors: Annotated[int, typer.Option(min=0, help="More rejected rows stop the import.")] = 1_000,
    force: Annotated[bool, typer.Option("--force", help="Replace the recording.")] = False,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
) -> None:
    """Make a recording of an operator's own files.

    Fields that have our names need no mapping; docs/import.md lists them. A row
    that cannot be used is kept in NAME.rejected.jsonl with its reason; the rest
    goes on. --map, --set and --values may be repeated.
    """
    from pipeline.adapters.recordings.intake.fields import Stream, pairs_of
    from pipeline.adapters.recordings.intake.importing import ImportOptions, import_recording, read_streams

    if out is None:
        raise ConfigError("-o is missing: name the recording, such as -o quarter.jsonl.zst")
    if bool(files) == (streams is not None):
        raise ConfigError("name files with --kind, or --streams FILE.toml, and not both")
    if streams is not None:
        wanted = read_streams(streams)
    elif kind is None:
        raise ConfigError(f"--kind is missing: {', '.join(Kind)}")
    else:
        stream = Stream(
            inputs=tuple(files or ()),
            kind=str(kind),
            form=input_format,
            encoding=encoding,
            time_format=time_format,
            time_zone=time_zone,
            map=pairs_of(maps or [], "--map"),
            set=pairs_of(constants or [], "--set"),
            values=tables_of(values or []),
        )
        wanted = (stream,)
    out.parent.mkdir(parents=True, exist_ok=True)
    if force:
        out.unlink(missing_ok=True)
    options = ImportOptions(streams=wanted, out=out, created=now_text(), lanes=lanes, errors_max=max_errors)
    terminal = Terminal(form, quiet=quiet)
    with terminal.progress("importing") as progress:
        imported = import_recording(options, progress)
    _tell(terminal, imported)


def tables_of(texts: Sequence[str]) -> dict[str, dict[str, str]]:
    """Read tables of values from the command line.

    Args:
        texts: `field:theirs=ours,theirs=ours`; the same field may come again. A comma or an equals sign in a
            value needs --streams.

    Raises:
        ConfigError: If one is not of that form.

    >>> tables_of(["service:INET=broadband,*=tv", "service:TEL=fixed_voice"])
    {'service': {'INET': 'broadband', '*': 'tv', 'TEL': 'fixed_voice'}}
    """
    tables: dict[str, dict[str, str]] = {}
    for text in texts:
        field, _, pairs = text.partition(":")
        for pair in pairs.split(","):
            theirs, equals, ours = pair.partition("=")
            if not (field and theirs and equals):
                raise ConfigError(f"--values {text}: must be field:theirs=ours,..., such as service:INET=broadband")
            tables.setdefault(field, {})[theirs] = ours
    return tables


def _tell(terminal: Terminal, imported: "Imported") -> None:
    """How many rows were used; of each reason to reject one, the first row that had it."""
    from pipeline.adapters.codecs.wire import decoder

    tally, paths = imported.tally, imported.written.paths
    rejected = {str(fault): count for fault, count in sorted(tally.rejected.items())}
    firsts: dict[str, str] = {}
    if imported.rejected is not None:
        read = decoder(dict[str, str | int | None])
        with imported.rejected.open("rb") as lines:
            for line in map(read.decode, lines):
                words = f"{Path(str(line['file'])).name} row {line['row']}: {line['message']}"
                firsts.setdefault(str(line["reason"]), words)
    reasons = [f"rejected, {fault}: {count:,}; the first: {firsts[fault]}" for fault, count in rejected.items()]
    if reasons:
        reasons.append(f"they are in {imported.rejected}")
    if not imported.written.records:
        for path in paths:
            path.unlink()
        raise FindingError("\n".join([f"none of {tally.rows:,} rows could be used: no recording was made", *reasons]))
    terminal.data(
        {"recording": [str(path) for path in paths], "records": imported.written.records, "rejected": rejected}
    )
    terminal.text(f"{imported.written.records:,} of {tally.rows:,} rows: {paths[0]}")
    for reason in reasons:
        terminal.text(f"  {reason}")

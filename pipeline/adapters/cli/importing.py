"""`tocsin import`: an operator's own posts, tickets, counts or KPI values as a recording."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.adapters.cli.options import Form, Quiet, now_text
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.errors import ConfigError


class Kind(StrEnum):
    """What the rows of a file are."""

    MENTIONS = "mentions"
    TICKETS = "tickets"
    TELEMETRY = "telemetry"
    COUNTS = "counts"


Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="JSON lines or CSV, also .gz, .zst.")]
Maps = Annotated[list[str] | None, typer.Option("--map", metavar="FIELD=THEIRS", help="text=body, post_id=uk-{id}")]
Constants = Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="operator=o2, lang=en")]


def import_files(  # noqa: PLR0913, PLR0917 - one for each option
    files: Files = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The recording, .jsonl.zst.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="What the rows are.")] = None,
    streams: Annotated[Path | None, typer.Option(help="TOML that names several files and how to read them.")] = None,
    maps: Maps = None,
    constants: Constants = None,
    time_format: Annotated[str, typer.Option(help="rfc3339, epoch_s, epoch_ms, or a pattern as %d.%m.%Y.")] = "rfc3339",
    time_zone: Annotated[str | None, typer.Option(help="Of times without an offset: Europe/Paris.")] = None,
    input_format: Annotated[str, typer.Option(help="jsonl, csv, or auto.")] = "auto",
    encoding: Annotated[str, typer.Option(help="Of CSV files.")] = "utf-8-sig",
    lanes: Annotated[int, typer.Option(min=1, help="Partitions of each raw topic.")] = 4,
    max_errors: Annotated[int, typer.Option(min=0, help="More rejected rows stop the import.")] = 1_000,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
) -> None:
    """Make a recording of an operator's own files.

    Fields that have our names need no mapping. A row that cannot be used is
    kept in NAME.rejected.jsonl with its reason; the rest goes on.
    """
    from pipeline.adapters.recordings.fields import Stream, pairs_of
    from pipeline.adapters.recordings.importing import ImportOptions, import_recording, read_streams

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
        )
        wanted = (stream,)
    out.parent.mkdir(parents=True, exist_ok=True)
    options = ImportOptions(streams=wanted, out=out, created=now_text(), lanes=lanes, errors_max=max_errors)
    terminal = Terminal(form, quiet=quiet)
    with terminal.progress("importing") as progress:
        imported = import_recording(options, progress)
    rejected = {str(fault): count for fault, count in sorted(imported.tally.rejected.items())}
    terminal.data({"recording": [str(path) for path in imported.written.paths], "rejected": rejected})
    terminal.text(f"{imported.written.records:,} of {imported.tally.rows:,} rows: {imported.written.paths[0]}")
    for fault, count in rejected.items():
        terminal.text(f"  rejected, {fault}: {count:,}")
    if imported.rejected is not None:
        terminal.text(f"  they are in {imported.rejected}")

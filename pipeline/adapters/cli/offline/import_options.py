"""Options of `tocsin import`: which files, how they are written, what stands in them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Kind(StrEnum):
    """What the rows of a file are."""

    MENTIONS = "mentions"
    TICKETS = "tickets"
    TELEMETRY = "telemetry"
    COUNTS = "counts"


Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="CSV or JSON, also .gz, .zst.")]
Maps = Annotated[
    list[str] | None, typer.Option("--map", metavar="FIELD=THEIRS", help="Ours=theirs: text=body, post_id=uk-{id}")
]
Constants = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="In every row: operator=o2-uk, lang=en")
]
TimeFormat = Annotated[
    str, typer.Option(help="auto, rfc3339, epoch_s, epoch_ms, epoch_us, epoch_ns, or a pattern as %d.%m.%Y.")
]
Since = Annotated[
    str | None, typer.Option(metavar="TIME", help="Only rows from this event time on: 2025-02-12T09:00+01:00.")
]
Until = Annotated[
    str | None, typer.Option(metavar="TIME", help="Only rows before it: '2025-02-13 Europe/Berlin'; no zone is UTC.")
]
Values = Annotated[
    list[str] | None,
    typer.Option("--values", metavar="FIELD:THEIRS=OURS,...", help="service:INET=broadband,TEL=fixed_voice,*=tv"),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The recording, .jsonl.zst.")]
KindOf = Annotated[Kind | None, typer.Option("--kind", help="What the rows are.")]
Streams = Annotated[
    Path | None, typer.Option(help="TOML that names several files and how to read them: docs/import.md.")
]
CheckOnly = Annotated[
    bool, typer.Option("--check", help="Show how the files would be read, propose the rest, write nothing.")
]
TimeZone = Annotated[str | None, typer.Option(help="Of times without an offset: Europe/Paris.")]
InputFormat = Annotated[str, typer.Option(help="jsonl, json, csv, or auto.")]
Encoding = Annotated[str, typer.Option(help="utf-8, utf-16, cp1252 ..., or auto.")]
Delimiter = Annotated[str | None, typer.Option(help="Between cells: ';', tab ...; found if not said.")]
Quote = Annotated[str | None, typer.Option(help="Around cells; found if not said.")]
Decimal = Annotated[str, typer.Option(help="Before decimals in CSV: ',', '.', or auto.")]
RowsAt = Annotated[
    str | None, typer.Option(metavar="PATH", help="Rows within a JSON object: data.items; . for itself.")
]
Markup = Annotated[str, typer.Option(help="Texts are html or plain, or auto.")]
Lanes = Annotated[int, typer.Option(min=1, help="Partitions of each raw topic.")]
MaxErrors = Annotated[int, typer.Option(min=0, help="More rejected rows stop the import.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the recording.")]

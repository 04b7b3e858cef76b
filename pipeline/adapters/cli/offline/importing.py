"""`tocsin import`: an operator's own posts, tickets, counts or KPI values as a recording.

An import that used no row at all is a finding and leaves no recording: it is
the mapping that is wrong, and an empty file would only hide it. One that rejected
more than a tenth of the rows, or all of one file, is a finding too, and says so
before anything else. Rows in are always rows used, rejected and left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.offline.import_options import (
    CheckOnly,
    Constants,
    Decimal,
    Delimiter,
    Encoding,
    Files,
    Force,
    InputFormat,
    Kind,
    KindOf,
    Lanes,
    Maps,
    Markup,
    MaxErrors,
    Out,
    Quote,
    RowsAt,
    Since,
    Streams,
    TimeFormat,
    TimeZone,
    Until,
    Values,
)
from pipeline.adapters.cli.options import Form, Quiet, SettingsFile, loaded_from, moment, now_text
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.adapters.codecs.names import readable
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.recordings.intake.cells.known import KnownNames
    from pipeline.adapters.recordings.intake.importing import Imported
    from pipeline.adapters.recordings.intake.kinds import Stream

_KINDS_SHOWN: Final = 10


def import_files(  # noqa: PLR0913, PLR0917 - one for each option
    files: Files = None,
    out: Out = None,
    kind: KindOf = None,
    streams: Streams = None,
    check: CheckOnly = False,
    maps: Maps = None,
    constants: Constants = None,
    values: Values = None,
    time_format: TimeFormat = "auto",
    time_zone: TimeZone = None,
    since: Since = None,
    until: Until = None,
    input_format: InputFormat = "auto",
    encoding: Encoding = "auto",
    delimiter: Delimiter = None,
    quote: Quote = None,
    decimal: Decimal = "auto",
    rows_at: RowsAt = None,
    markup: Markup = "auto",
    lanes: Lanes = 4,
    max_errors: MaxErrors = 1_000,
    force: Force = False,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
    settings: SettingsFile = None,
) -> None:
    """Make a recording of an operator's own files.

    Fields that have our names need no mapping; docs/import.md lists them. A row
    that cannot be used is kept in NAME.rejected.jsonl with its reason; the rest
    goes on. The answer is 1 if no row could be used, or more than a tenth was
    rejected. --map, --set and --values may be repeated.
    """
    from pipeline.adapters.recordings.intake.fields import pairs_of
    from pipeline.adapters.recordings.intake.kinds import Stream

    if bool(files) == (streams is not None):
        raise ConfigError("name files with --kind, or --streams FILE.toml, and not both")
    stream = Stream(
        inputs=tuple(files or ()),
        kind=str(kind or ""),
        form=input_format,
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        decimal=decimal,
        rows_at=rows_at,
        markup=markup,
        time_format=time_format,
        time_zone=time_zone,
        map=pairs_of(maps or [], "--map"),
        set=pairs_of(constants or [], "--set"),
        values=tables_of(values or []),
    )
    wanted = _Wanted(out=out, streams=streams, window=(since, until), lanes=lanes, errors_max=max_errors, force=force)
    terminal = Terminal(form, quiet=quiet)
    (_check if check else _import)(stream, wanted, known_names(settings), terminal)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    out: Path | None
    streams: Path | None
    window: tuple[str | None, str | None]
    lanes: int
    errors_max: int
    force: bool


def _check(stream: "Stream", wanted: _Wanted, known: "KnownNames", terminal: Terminal) -> None:
    from pipeline.adapters.cli.offline.import_checking import check_files

    if wanted.streams is not None:
        raise ConfigError("--check looks at files: name them, and leave --streams out")
    check_files(stream, terminal, known, moment(now_text(), "now"))


def _import(stream: "Stream", wanted: _Wanted, known: "KnownNames", terminal: Terminal) -> None:
    from pipeline.adapters.recordings.intake.importing import ImportOptions, import_recording, read_streams

    if wanted.out is None:
        raise ConfigError("-o is missing: name the recording, such as -o quarter.jsonl.zst")
    if wanted.streams is None and not stream.kind:
        raise ConfigError(f"--kind is missing: {', '.join(Kind)}; --check proposes one")
    wanted.out.parent.mkdir(parents=True, exist_ok=True)
    if wanted.force:
        wanted.out.unlink(missing_ok=True)
    since, until = wanted.window
    options = ImportOptions(
        streams=(stream,) if wanted.streams is None else read_streams(wanted.streams),
        out=wanted.out,
        created=now_text(),
        lanes=wanted.lanes,
        errors_max=wanted.errors_max,
        since_ms=None if since is None else moment(since, "--since"),
        until_ms=None if until is None else moment(until, "--until"),
        check=known,
    )
    with terminal.progress("importing") as progress:
        imported = import_recording(options, progress)
    _tell(terminal, imported)


def known_names(settings: Path | None) -> "KnownNames":
    """What the reference of the settings knows, to ask it about rows.

    Raises:
        ConfigError: Lists what is wrong with settings or reference.
    """
    from pipeline.adapters.recordings.intake.cells.known import KnownNames
    from pipeline.adapters.reference.folder import load_metrics, load_operators, load_places, reference_folder

    reference = loaded_from(settings, None).settings.reference
    folder = reference.folder or reference_folder()
    places = load_places(reference.gazetteer, reference=folder)
    return KnownNames(load_operators(folder), places, load_metrics(folder))


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
    """How many rows were used; of each reason to reject one, the first row that had it; how the files were read."""
    tally, paths = imported.tally, imported.written.paths
    rejected = {str(fault): count for fault, count in sorted(tally.rejected.items())}
    lines = [f"{file.name}: {file.words}" for file in tally.files]
    lines += _reasons(imported, rejected)
    lines += [f"{words}: {count:,}" for words, count in sorted(tally.told.items())]
    if tally.outside:
        lines.append(f"rows outside of --since and --until, left out: {tally.outside:,}")
    if not imported.written.records:
        for path in paths:
            path.unlink()
        raise FindingError("\n".join([f"none of {tally.rows:,} rows could be used: no recording was made", *lines]))
    terminal.data(
        {
            "recording": [readable(str(path)) for path in paths],
            "rows": tally.rows,
            "records": imported.written.records,
            "rejected": rejected,
            "kinds": dict(tally.kinds.most_common(_KINDS_SHOWN)),
            "outside": tally.outside,
            "told": dict(tally.told),
            "files": [
                {"name": readable(file.name), "read_as": file.words, "rows": file.rows, "rejected": file.rejected}
                for file in tally.files
            ],
        }
    )
    if tally.trouble:
        terminal.text(terminal.painted(f"{tally.trouble}: mend what is named below, and import again", "red"))
    terminal.text(f"{imported.written.records:,} of {tally.rows:,} rows: {paths[0]}")
    for line in lines:
        terminal.text(f"  {line}")
    if tally.trouble:
        raise FindingError(tally.trouble)


def _reasons(imported: "Imported", rejected: dict[str, int]) -> list[str]:
    from pipeline.adapters.codecs.wire import decoder

    if imported.rejected is None:
        return []
    tally = imported.tally
    firsts: dict[str, str] = {}
    read = decoder(dict[str, str | int | None])
    with imported.rejected.open("rb") as lines:
        for line in map(read.decode, lines):
            words = f"{Path(str(line['file'])).name} row {line['row']}: {line['message']}"
            firsts.setdefault(str(line["reason"]), words)
    reasons = [f"rejected, {fault}: {count:,}; the first: {firsts[fault]}" for fault, count in rejected.items()]
    kinds = tally.kinds.most_common(_KINDS_SHOWN)
    reasons += [f"  {words} ({count:,} of {tally.rows:,} rows)" for words, count in kinds]
    return [*reasons, f"they are in {imported.rejected}"]

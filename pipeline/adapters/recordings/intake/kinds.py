"""What rows can become, and what a caller says about files of rows: kinds, their fields, streams.

All that cannot be is refused before a file is opened, every mistake at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from pipeline.adapters.recordings.intake.cells import markup, numbers
from pipeline.adapters.recordings.intake.tables import FORMATS, Written
from pipeline.adapters.recordings.intake.times import AUTO
from pipeline.adapters.recordings.intake.written.files import check_encoding
from pipeline.adapters.recordings.intake.written.layout import character
from pipeline.records.errors import ConfigError
from pipeline.records.raw.mentions import Engagement, Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKind:
    """What the rows of a file are: topic and type of the records, their time, their id, what is always the same."""

    topic: str
    type: type[msgspec.Struct]
    time: str
    id: str | None = None
    constants: Mapping[str, str] = field(default_factory=dict)


KINDS: Final[Mapping[str, RowKind]] = {
    "mentions": RowKind(topic="mentions", type=Mention, time="posted_at", id="post_id"),
    "tickets": RowKind(topic="tickets", type=Ticket, time="opened_at", id="ticket_id", constants={"intake": "import"}),
    "telemetry": RowKind(topic="telemetry", type=Reading, time="observed_at"),
    "counts": RowKind(topic="telemetry", type=Reading, time="observed_at", constants={"unit": "count"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Files of one kind, and how their rows are to be read.

    Attributes:
        inputs: The files, read one after the other; their rows may be unsorted.
        kind: `mentions`, `tickets`, `telemetry` (KPI values), or `counts` (a number
            per interval, which becomes telemetry of unit `count`).
        form: `jsonl`, `json`, `csv`, or `auto` to find out.
        encoding: As Python names it, or `auto`.
        delimiter: Between the cells of a CSV; None to find it.
        quote: Around the cells of a CSV; None to find it.
        rows_at: Path to the rows within a JSON object; None to find it.
        decimal: `,` or `.` before decimals in a text, or `auto`.
        markup: Whether texts are `html` or `plain`, or `auto` to look at each.
        time_format: See `times.time_reader`.
        time_zone: Zone of times without an offset; None refuses them.
        map: Field of the record -> field of the row, or template: `id`, `user.name`, `uk-{id}`.
        set: Field of the record -> constant.
        values: Field of the record -> table of what stands there -> what is meant.
    """

    inputs: tuple[Path, ...]
    kind: str
    form: str = AUTO
    encoding: str = AUTO
    delimiter: str | None = None
    quote: str | None = None
    rows_at: str | None = None
    decimal: str = AUTO
    markup: str = AUTO
    time_format: str = AUTO
    time_zone: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    set: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def written(self) -> Written:
        """How its files are written."""
        return Written(
            form=self.form,
            encoding=self.encoding,
            delimiter=character(self.delimiter, "delimiter"),
            quote=character(self.quote, "quote"),
            rows_at=self.rows_at,
        )


def targets_of(kind: RowKind) -> list[str]:
    """Fields that a row of a kind can have, with dots into objects."""
    names = [name for name in kind.type.__struct_fields__ if name not in {"engagement", "text_chars"}]
    if kind.type is Mention:
        names += [f"engagement.{name}" for name in Engagement.__struct_fields__]
    return names


def check_stream(stream: Stream) -> None:
    """Refuse a stream whose kind, fields or options are not possible.

    Raises:
        ConfigError: Names all mistakes.
    """
    if stream.kind not in KINDS:
        raise ConfigError(f"kind = {stream.kind!r}: must be one of {', '.join(sorted(KINDS))}")
    targets = targets_of(KINDS[stream.kind])
    wrong = []
    for option, names in (("map", stream.map), ("set", stream.set), ("values", stream.values)):
        wrong += [
            f"{option}.{name}: {stream.kind} have no such field; they have {', '.join(targets)}"
            for name in sorted(set(names) - set(targets))
        ]
    wrong += [f"set.{name}: is mapped too; choose one" for name in sorted(set(stream.map) & set(stream.set))]
    closed = (
        ("format", stream.form, FORMATS),
        ("decimal", stream.decimal, numbers.DECIMALS),
        ("markup", stream.markup, markup.MARKUPS),
    )
    wrong += [
        f"{option} = {said!r}: must be {', '.join(known[:-1])} or {known[-1]}"
        for option, said, known in closed
        if said not in known
    ]
    for check in (lambda: check_encoding(stream.encoding), lambda: stream.written):
        try:
            check()
        except ConfigError as error:
            wrong.append(str(error))
    if not stream.inputs:
        wrong.append("inputs: name at least one file")
    if wrong:
        raise ConfigError("\n".join(wrong))

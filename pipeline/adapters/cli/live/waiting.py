"""`tocsin waiting`: what waits for a person's word, the most urgent first, and the order that answers it."""

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipeline.adapters.cli.narrate import local
from pipeline.adapters.cli.options import Bootstrap, Form, Sets, SettingsFile, loaded_for_kafka
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.clocks import Instant
from pipeline.records.texts import clipped

if TYPE_CHECKING:
    from pipeline.adapters.kafka.tape.order import Waiting

ID_CHARS_MIN: Final = 6
"""So many characters of an id are told at least: who reads them aloud is understood."""

TITLE_CHARS_MAX: Final = 90
HEADING: Final = ("order", "due (UTC)", "market", "operator", "incident", "whose", "what")
NO_TIME: Final = 1 << 62


def waiting(
    incident: Annotated[
        str | None, typer.Argument(metavar="ID", help="Of this incident only: its id, or how it begins.")
    ] = None,
    market: Annotated[str | None, typer.Option(help="Of this market only, such as DE.")] = None,
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    form: Form = Format.TABLE,
) -> None:
    """List what waits for a person: drafts, questions, backups, things to do; the most urgent first.

    Each line begins with the order that answers it, with as much of an id as
    is needed; `approve` with the id of the column incident approves all its
    drafts. --format json has all words of a draft. Kafka is only read, and
    parts of an exercise come last.
    """
    from pipeline.adapters.kafka.tape.order import latest_waiting

    connection = loaded_for_kafka(settings, sets, kafka__bootstrap=bootstrap).settings.connection()
    known = asyncio.run(latest_waiting(connection))
    rows = [row for row in in_order(known) if _is_of(row, incident, market)]
    terminal = Terminal(form)
    names = sorted({name for row in known for name in (row.id, row.incident_id)})
    lines = [_line_of(row, names) for row in rows]
    for row, line in zip(rows, lines, strict=True):
        due = None if row.due_at is None else Instant(row.due_at)
        terminal.data({**row._asdict(), "due_at": due, "order": line[0]})
    terminal.table([HEADING, *lines] if lines else [])
    terminal.text(f"{len(lines)} wait" if lines else "nothing waits for a person")


def in_order(known: "Sequence[Waiting]") -> "list[Waiting]":
    """What is open, each question once: what is real before an exercise, then urgent, then by when it is due.

    Args:
        known: All that waits or waited.
    """
    asked: set[str] = set()
    found = []
    for row in sorted(known, key=lambda row: (row.exercise, not row.is_urgent, row.due_at or NO_TIME, row.id)):
        if row.is_open and not (row.is_question and row.incident_id in asked):
            found.append(row)
            asked.update([row.incident_id] if row.is_question else [])
    return found


def order_of(row: "Waiting", names: Sequence[str]) -> str:
    """The order that answers it, with as much of the id as no other begins with.

    Args:
        row: What waits.
        names: All ids that an order may mean, sorted: the neighbours of an id resemble it most.

    >>> from pipeline.adapters.kafka.tape.order import Waiting
    >>> order_of(Waiting("abcdef12", "DE", ""), ["abcdef12", "abcdef99"])
    'approve abcdef1'
    """
    if row.order:
        return row.order
    word, name = ("confirm", row.incident_id) if row.is_question else ("approve", row.id)
    place = bisect_left(names, name)
    beside = [other for other in names[max(0, place - 1) : place + 2] if other != name]
    chars = ID_CHARS_MIN
    while chars < len(name) and any(other.startswith(name[:chars]) for other in beside):
        chars += 1
    return f"{word} {name[:chars]}"


def due_of(row: "Waiting") -> str:
    """Until when, to the minute; a dash for no time."""
    return "-" if row.due_at is None else local(row.due_at, None)[:-7]


def title_of(row: "Waiting") -> str:
    """What it is, on one line of a terminal."""
    told = clipped(" ".join(row.title.split()), TITLE_CHARS_MAX)
    return f"exercise: {told}" if row.exercise else told


def _line_of(row: "Waiting", names: Sequence[str]) -> tuple[str, ...]:
    """Its cells, as `HEADING` names them."""
    whose = row.approver or "-"
    return order_of(row, names), due_of(row), row.market, row.operator, row.incident_id[:6], whose, title_of(row)


def _is_of(row: "Waiting", incident: str | None, market: str | None) -> bool:
    return row.incident_id.startswith((incident or "").lower()) and market in (None, row.market)

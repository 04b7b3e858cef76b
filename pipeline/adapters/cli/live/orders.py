"""A person's order, given and answered.

`tocsin ack|silence|confirm|dismiss|approve|edit|reject|withdraw ID`, and `tocsin exercise|maintenance OPERATOR`.
An id may be shortened to what tells it from the others, as `follow` prints it.
The order is written to `commands`; the command waits for the decision about it and
says what it was.
"""

import asyncio
import getpass
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

import typer

from pipeline.adapters.cli.exits import Exit, FindingError, fail
from pipeline.adapters.cli.live.targets import (
    Again,
    As,
    Begins,
    Changed,
    Changes,
    Id,
    Lasts,
    Market,
    MarketOf,
    Reference,
    Until,
    Wait,
    WhatIsDone,
    Why,
    Worked,
    WorkedOn,
    answered_by,
    meant_by,
    present,
)
from pipeline.adapters.cli.options import (
    Bootstrap,
    Form,
    Sets,
    SettingsFile,
    end_of,
    loaded_for_kafka,
    window_of,
)
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.clocks import format_instant
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import Service

if TYPE_CHECKING:
    from pipeline.adapters.kafka.options import Connection
    from pipeline.adapters.kafka.tape.order import Answer
    from pipeline.records.raw.commands import CommandKind

_WITH_END: Final = frozenset({"silence", "exercise"})
_RULE: Final = (
    "must be FREQ=DAILY, WEEKLY or MONTHLY with an end, COUNT or UNTIL, and perhaps INTERVAL, BYDAY, BYMONTHDAY, such"
    " as FREQ=MONTHLY;BYDAY=1TU;COUNT=12"
)
_ANSWERING: Final = frozenset({"confirm", "dismiss"})
"""Orders that answer a question, which may have no incident yet."""
_NO_ANSWER: Final = (
    "no answer within {} s: the order is in the log and is obeyed as soon as the stages come to it; see whether they"
    " run"
)

WAIT_SECONDS: Final = 120.0
"""An order is answered when its pane is sealed: 30 s of lateness and a pane of 10 s after it was sent, if all runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What a person said, and how it is carried out."""

    kind: "CommandKind"
    target: str
    by: str | None
    why: str
    seconds: float
    market: str | None
    lasts: str = ""
    until: str = ""
    service: str = ""
    begins: str = ""
    again: str = ""
    name: str = ""
    subject: str = ""
    body: str = ""
    usual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _From:
    settings: Path | None
    sets: list[str] | None
    bootstrap: str | None


def order_command(kind: "CommandKind", does: str) -> Callable[..., None]:
    """A command that gives orders of one kind.

    Args:
        kind: The kind, as the topic has it.
        does: What it does, for its help.
    """

    def command(  # noqa: PLR0913, PLR0917 - one for each option
        target: Id,
        by: As = None,
        why: Why = "",
        market: Market = None,
        timeout: Wait = WAIT_SECONDS,
        settings: SettingsFile = None,
        sets: Sets = None,
        bootstrap: Bootstrap = None,
        form: Form = Format.TABLE,
    ) -> None:
        given = _Given(kind=kind, target=target, by=by, why=why, seconds=timeout, market=market)
        _carry_out(given, _connection(_From(settings=settings, sets=sets, bootstrap=bootstrap)), form)

    command.__doc__ = f"{does}\n\n{_ANSWERS}"
    return command


_ANSWERS: Final = (
    "Waits for the decision about it: 0 if it was obeyed, 1 if it was not, 70 if no answer came in time (the order"
    " stays in the log). An id that nothing or several begin with is 2, and sends nothing."
)


def silence(  # noqa: PLR0913, PLR0917 - one for each option
    target: Id,
    lasts: Lasts = "",
    until: Until = "",
    by: As = None,
    why: Why = "",
    market: Market = None,
    timeout: Wait = WAIT_SECONDS,
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    form: Form = Format.TABLE,
) -> None:
    """Send no notices about an incident, or an operator, for a while.

    It needs an end and a reason, since somebody will ask. Waits for the decision
    as `tocsin ack` does.
    """
    said = _From(settings=settings, sets=sets, bootstrap=bootstrap)
    connection = _connection(said)
    if not why:
        raise ConfigError("--why: a silence needs a reason, for those who wonder why nobody was told")
    end_of(lasts, until, now_ms())
    given = _Given(
        kind="silence", target=target, by=by, why=why, seconds=timeout, market=market, lasts=lasts, until=until
    )
    _carry_out(given, connection, form)


def exercise(  # noqa: PLR0913, PLR0917 - one for each option
    target: Annotated[str, typer.Argument(metavar="TARGET", help="An operator, or operator@area.", show_default=False)],
    market: Annotated[str, typer.Option(metavar="XX", help="The operator's market.", show_default=False)] = "",
    lasts: Lasts = "",
    until: Until = "",
    service: Annotated[
        str, typer.Option(help="What fails; emergency: all, and help cannot be called.", show_default=False)
    ] = "",
    by: As = None,
    why: Why = "",
    timeout: Wait = WAIT_SECONDS,
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    form: Form = Format.TABLE,
) -> None:
    """Rehearse an outage: drafts, warnings, clocks and follow-ups, all marked, none of which can go out.

    All who live there count as hit. It ends like an outage; `tocsin dismiss` ends it
    at once. Waits for the decision as `tocsin ack` does.
    """
    connection = _connection(_From(settings=settings, sets=sets, bootstrap=bootstrap))
    _must_be_known(market, service)
    if not why:
        raise ConfigError("--why: an exercise needs a reason, for those who come upon it unprepared")
    end_of(lasts, until, now_ms())
    given = _Given(
        kind="exercise",
        target=target,
        by=by,
        why=why,
        seconds=timeout,
        market=market,
        lasts=lasts,
        until=until,
        service=service,
    )
    _carry_out(given, connection, form)


def maintenance(  # noqa: PLR0913, PLR0917 - one for each option
    target: Worked,
    market: MarketOf = "",
    begins: Begins = "",
    lasts: Lasts = "",
    until: Until = "",
    again: Again = "",
    service: WorkedOn = "",
    name: Reference = "",
    by: As = None,
    why: WhatIsDone = "",
    changes: Changes = False,
    timeout: Wait = WAIT_SECONDS,
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    form: Form = Format.TABLE,
) -> None:
    """Say that work is planned: it is announced beforehand, and what it causes is no outage.

    Customers hear of it days ahead, by drafts that wait for approval (`tocsin waiting`). `tocsin dismiss ID
    --market XX` with its reference calls it off. Waits for the decision as `tocsin ack` does.
    """
    from pipeline.records.raw.commands import is_recurrence

    connection = _connection(_From(settings=settings, sets=sets, bootstrap=bootstrap))
    _must_be_known(market, service)
    if not begins:
        raise ConfigError("--from: say when the work begins, such as 2026-05-01T02:00:00Z")
    if not why:
        raise ConfigError("--why: say what is done, for those who announce it")
    if again and not is_recurrence(again):
        raise ConfigError(f"--again {again}: {_RULE}")
    if again and changes:
        raise ConfigError("--changes-levels: work that comes again and again changes no level for good")
    window_of(begins, lasts, until)
    given = _Given(
        kind="maintenance",
        target=target,
        by=by,
        why=why,
        seconds=timeout,
        market=market.upper(),
        lasts=lasts,
        until=until,
        service=service,
        begins=begins,
        again=again,
        name=name or f"work-{uuid.uuid4().hex[:12]}",
        usual=changes,
    )
    _carry_out(given, connection, form)
    Terminal(form).text(
        f"its drafts: tocsin waiting; called off by: tocsin dismiss {given.name} --market {given.market}"
    )


def usual(  # noqa: PLR0913, PLR0917 - one for each option
    target: Worked,
    market: MarketOf = "",
    service: Changed = "",
    by: As = None,
    why: Why = "",
    timeout: Wait = WAIT_SECONDS,
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    form: Form = Format.TABLE,
) -> None:
    """Say that what stands apart at an operator now is usual from now on.

    Its levels are learnt at once, and open incidents there are dismissed. Waits for
    the decision as `tocsin ack` does.
    """
    connection = _connection(_From(settings=settings, sets=sets, bootstrap=bootstrap))
    _must_be_known(market, service)
    if not why:
        raise ConfigError("--why: say what has changed for good, for those who wonder why nothing is heard of it")
    given = _Given(
        kind="dismiss",
        target=target,
        by=by,
        why=why,
        seconds=timeout,
        market=market.upper(),
        service=service,
        usual=True,
    )
    _carry_out(given, connection, form)


def _must_be_known(market: str, service: str) -> None:
    """Refuse an order about an operator that names no market, or a service that is none."""
    if not market:
        raise ConfigError("--market: say in which market the operator is, such as DE")
    if service and service not in get_args(Service):
        raise ConfigError(f"--service {service}: must be one of {', '.join(get_args(Service))}")


def now_ms() -> int:
    """The present, in ms."""
    return time.time_ns() // 1_000_000


def edit(  # noqa: PLR0913, PLR0917 - one for each option
    target: Annotated[str, typer.Argument(metavar="ID", help="A draft's id, or how it begins.", show_default=False)],
    subject: Annotated[str, typer.Option(metavar="TEXT", help="The new headline.", show_default=False)] = "",
    body: Annotated[str, typer.Option(metavar="TEXT", help="The new text; - reads it.", show_default=False)] = "",
    by: As = None,
    why: Why = "",
    market: Market = None,
    timeout: Wait = WAIT_SECONDS,
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    form: Form = Format.TABLE,
) -> None:
    """Put other words in the place of a draft's; both texts are kept, and it still waits for approval.

    Waits for the decision as `tocsin ack` does.
    """
    if body == "-":
        body = sys.stdin.read().strip()
    if not subject and not body:
        raise ConfigError("--subject, --body: say what to write in place of the draft")
    given = _Given(
        kind="edit", target=target, by=by, why=why, seconds=timeout, market=market, subject=subject, body=body
    )
    _carry_out(given, _connection(_From(settings=settings, sets=sets, bootstrap=bootstrap)), form)


def _connection(said: _From) -> "Connection":
    connection: Connection = loaded_for_kafka(
        said.settings, said.sets, kafka__bootstrap=said.bootstrap
    ).settings.connection()
    return connection


def _carry_out(given: _Given, connection: "Connection", form: Format) -> None:
    answer = asyncio.run(_give(given, connection))
    terminal = Terminal(form)
    if answer is None:
        if not given.seconds:
            terminal.text("sent")
            return
        fail(_NO_ANSWER.format(f"{given.seconds:g}"), Exit.INFRASTRUCTURE)
    _tell(terminal, answer)


async def _give(given: _Given, connection: "Connection") -> "Answer | None":
    from pipeline.adapters.kafka.tape.order import give, latest_incidents, latest_notices, latest_waiting, time_of_log
    from pipeline.records.raw.commands import ANSWERED_BY_RESPOND, Command

    target, market = given.target, given.market
    if market is None:
        incidents = await latest_incidents(connection)
        if given.kind in _ANSWERING:
            target, market = answered_by(target, incidents, await latest_notices(connection))
        else:
            waiting = await latest_waiting(connection) if given.kind in ANSWERED_BY_RESPOND else []
            target, market = meant_by(target, incidents, waiting)
    now = present(await time_of_log(connection), now_ms())
    facts: dict[str, Any] = {"reason": given.why, "subject": given.subject, "body": given.body}
    if given.begins:
        begin, end = window_of(given.begins, given.lasts, given.until)
        facts |= {"starts_at": format_instant(begin), "until": format_instant(end), "recurrence": given.again or None}
    elif given.kind in _WITH_END:
        facts["until"] = format_instant(end_of(given.lasts, given.until, now))
    if given.service:
        facts["service"] = given.service
    facts["usual"] = given.usual
    command = Command(
        command_id=given.name or str(uuid.uuid4()),
        market=market,
        target=target,
        kind=given.kind,
        by=given.by or getpass.getuser(),
        **facts,
    )
    return await give(connection, command, given.seconds, now)


def _tell(terminal: Terminal, answer: "Answer") -> None:
    from pipeline.adapters.kafka.tape.order import Refusal

    terminal.data(answer)
    if isinstance(answer, Refusal):
        raise FindingError(f"refused, {answer.reason}: {answer.message}")
    words = f"{answer.kind}, {answer.reason}: {answer.text}"
    if answer.kind in ("refused", "suppressed"):
        raise FindingError(words)
    where = f" (revision {answer.revision} of {answer.incident_id})" if answer.revision else ""
    terminal.text(words + where)

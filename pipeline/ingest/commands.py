"""Commands: orders of people, placed in time and passed on whole.

What an order must carry is checked here, so that a mistake reaches its sender
through quarantine before it has acted: every silence and every exercise has an
owner, a reason and an end.
"""

from pipeline.ingest.known import check_area, check_market
from pipeline.ingest.late.lateness import Times
from pipeline.ingest.rules import IngestRules
from pipeline.records.clocks import PANE_MS, Instant, pane_of
from pipeline.records.errors import Reason, RecordError
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.raw.commands import OF_A_WHILE, Command


def place_command(command: Command, at: int, rules: IngestRules, times: Times) -> PlacedCommand:
    """Check a command and give it its place in time.

    Args:
        command: The command as it was sent.
        at: Its time: Kafka's timestamp, or the clock of its partition if that is ahead.
        rules: What is known beforehand.
        times: Reads the times that the command itself states.

    Returns:
        The command with its time.

    Raises:
        RecordError: `unknown_market`, `unknown_operator`, `unknown_area`, `bad_time` or `schema_mismatch`.
    """
    name = f"command {command.command_id!r}"
    check_market(command.market, name, rules)
    if command.operator is not None and rules.market_of.get(command.operator) != command.market:
        words = f"{name}: operator {command.operator!r} is not one of market {command.market}"
        raise RecordError(Reason.UNKNOWN_OPERATOR, words)
    check_area(command.area, name, rules)
    if command.usual:
        _check_usual(command, name, rules)
        _check_not_over(command, name, at, times)
    if (command.usual or command.kind in OF_A_WHILE) and (area := command.operator_and_area[1]):
        check_area(area, name, rules)  # a window of a place that nobody knows would cover nothing
    starts_at = times[command.starts_at] if command.starts_at is not None else at
    if command.kind in OF_A_WHILE:
        if command.until is None or not command.reason:
            words = f"{name}: a {command.kind} needs `until` and `reason`, so that it ends and others know why"
            raise RecordError(Reason.SCHEMA_MISMATCH, words)
        if times[command.until] <= starts_at:
            raise RecordError(Reason.BAD_TIME, f"{name}: `until` {command.until} must be after its start")
    elif command.until is not None:
        times[command.until]
    return PlacedCommand(at=Instant(at), command=command)


def _check_usual(command: Command, name: str, rules: IngestRules) -> None:
    """Does an order that takes levels for usual say whose, and why?"""
    operator, _ = command.operator_and_area
    is_of_work = command.kind == "maintenance" and not command.recurrence
    if not (command.kind == "dismiss" or is_of_work) or command.exercise or not command.reason:
        words = f"{name}: `usual` goes with a `dismiss` of what is real, or a `maintenance` of one time, and a `reason`"
        raise RecordError(Reason.SCHEMA_MISMATCH, words)
    if rules.market_of.get(operator) != command.market:
        words = (
            f"{name}: `usual` needs a target operator or operator@area; {operator!r} is none of market {command.market}"
        )
        raise RecordError(Reason.UNKNOWN_OPERATOR, words)


def _check_not_over(command: Command, name: str, at: int, times: Times) -> None:
    """Is work that is to change what is usual still to end, after the pane in which it is heard?"""
    if command.kind == "maintenance" and command.until and times[command.until] <= pane_of(at) + PANE_MS:
        words = f"{name}: `until` {command.until} is over: of what is measured now say `usual` by a `dismiss`"
        raise RecordError(Reason.BAD_TIME, words)

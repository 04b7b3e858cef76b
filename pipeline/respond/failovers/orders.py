"""Orders of people about backups: a yes, a no, and back to standby; each is checked, and answered once.

A yes or a no names the backup's own id: nobody switches emergency lines by approving all that waits of an
incident. To take back is always safe, so the incident's id takes back all of its backups.
"""

from collections.abc import Iterator

from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.respond.answers import answered
from pipeline.respond.failovers.desk import BackupDesk
from pipeline.respond.failovers.rules import first_against
from pipeline.respond.failovers_config import Backup
from pipeline.respond.remembered.failovers import BackupMemory

_Refusal = tuple[DecisionReason, str]


def obey(desk: BackupDesk, placed: PlacedCommand) -> bool:
    """Obey an order, if it is about a backup of the case.

    Args:
        desk: Desk of the case that the order means.
        placed: The order.

    Returns:
        False if it is about something else.
    """
    meant = list(_meant(desk, placed))
    for memory in meant:
        _obey_one(desk, placed, memory)
    return bool(meant)


def _meant(desk: BackupDesk, placed: PlacedCommand) -> Iterator[BackupMemory]:
    command, case = placed.command, desk.case
    if command.kind not in ("approve", "reject", "withdraw"):
        return
    for _, memory in sorted(case.failovers.backups.items()):
        everything = command.kind == "withdraw" and command.target == case.incident.incident_id and memory.is_live
        if everything or memory.failover.failover_id == command.target:
            yield memory


def _obey_one(desk: BackupDesk, placed: PlacedCommand, memory: BackupMemory) -> None:
    command, target = placed.command, memory.failover.target
    backup = next((row for row in desk.config.backups if row.target == target), None)
    refusal = _why_not(desk, placed, memory, backup)
    if refusal is not None:
        reason, words = refusal
        desk.outputs.append(answered(placed, (DecisionKind.REFUSED, reason), f"{target}: {words}", desk.case.incident))
        return
    by = f"by {command.by}" + (f": {command.reason}" if command.reason else "")
    if command.kind != "approve" or backup is None:
        desk.give_back(memory, "rejected" if command.kind == "reject" else "withdrawn", by)
    elif missing := desk.count_approval(memory, backup, placed):
        words = f"{target}: {missing} more must approve it"
        verdict = (DecisionKind.CHANGED, DecisionReason.AWAITING_APPROVAL)
        desk.outputs.append(answered(placed, verdict, words, desk.case.incident))
    else:
        desk.switch_on(memory, backup, (DecisionReason.COMMAND, f"approved {by}"))


def _why_not(desk: BackupDesk, placed: PlacedCommand, memory: BackupMemory, backup: Backup | None) -> _Refusal | None:
    """Why an order is not obeyed; None if it is."""
    command, failover = placed.command, memory.failover
    may = desk.around.rules.config.may(command.by, command.kind)
    is_active, takes_back = failover.desired == "active", command.kind == "withdraw"
    reasons: tuple[tuple[bool, DecisionReason, str], ...] = (
        (not may, DecisionReason.NOT_ALLOWED, f"{command.by} may not {command.kind}: see respond.rights"),
        (not memory.is_live, DecisionReason.EXPIRED, f"it is {failover.phase} already"),
        (
            command.exercise and not failover.exercise,
            DecisionReason.EXERCISE,
            "an order of an exercise switches nothing",
        ),
        (is_active and not takes_back, DecisionReason.ALREADY_DONE, "it is active already; withdraw takes it back"),
    )
    first = next(((reason, words) for holds, reason, words in reasons if holds), None)
    if first is not None or command.kind != "approve":
        return first
    return _why_no_approval(desk, placed, memory, backup)


def _why_no_approval(
    desk: BackupDesk, placed: PlacedCommand, memory: BackupMemory, backup: Backup | None
) -> _Refusal | None:
    by, failover = placed.command.by, memory.failover
    if backup is None:
        return DecisionReason.NO_TARGET, "it is no longer in the catalogue"
    people = desk.around.rules.config.roles.get(backup.approver)
    if people is not None and by != backup.approver and by not in people:
        return DecisionReason.NOT_ALLOWED, f"{by} is none of {backup.approver}, who approve it"
    if any(_same_person(by, known.by) for known in failover.guard_rails.approvals):
        return DecisionReason.ALREADY_DONE, f"{by} has approved it already; another person must"
    if int(placed.at) >= failover.expires_at:
        return DecisionReason.EXPIRED, "the proposal has lapsed"
    against = first_against(desk.situation(backup))
    if against is not None:
        rail, words = against
        return rail.reason, f"{words} [{rail.name}]"
    return None


def _same_person(by: str, other: str) -> bool:
    """Are two names one person's, however they are written?"""
    return by.strip().casefold() == other.strip().casefold()

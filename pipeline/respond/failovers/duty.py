"""The duty: which backups an incident asks for, keeps and gives back.

Each change, each expiry and each five minutes of figures is an occasion to look at the whole catalogue,
by the table of guard rails. So it does not matter which of them comes first, and what was refused is
asked for again when the reason is gone.
"""

from typing import Final

from pipeline.records.clocks import HOUR_MS, Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.vocabulary import FailoverPhase, IncidentState
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.failovers.desk import DUTY, BackupDesk
from pipeline.respond.failovers.orders import obey
from pipeline.respond.failovers.rules import first_against
from pipeline.respond.failovers.situation import LASTS, BackupSituation, gravity_of
from pipeline.respond.remembered.failovers import BackupMemory
from pipeline.respond.state import IncidentCase

HELP_EVERY_MS: Final = HOUR_MS
"""While a backup is active, its record says so often whether it helps."""

_MAY_ASK: Final = LASTS | {IncidentState.SUSPECTED}
"""States in which a refusal is worth a word; of what is over nobody asks for a backup."""


def hear(case: IncidentCase, heard: Change | PlacedCommand, around: Surroundings) -> DutyAnswer | None:
    """Look at the backups after a change, or obey an order about one.

    Args:
        case: The incident; what it remembers of its backups changes in place.
        heard: A revision, or an order.
        around: The catalogue, figures, and the market's other cases.

    Returns:
        Failovers and decisions; None if an order is about something else.
    """
    desk = BackupDesk(case, int(heard.at), around)
    if isinstance(heard, PlacedCommand):
        return desk.answer() if obey(desk, heard) else None
    _look(desk, by_figures=False)
    return desk.answer()


def fall_due(case: IncidentCase, at: Instant, around: Surroundings) -> DutyAnswer:
    """Look at the backups when one expires, or when another case has given one back.

    Args:
        case: The incident; what it remembers of its backups changes in place.
        at: The time, ms.
        around: The catalogue, figures, and the market's other cases.
    """
    desk = BackupDesk(case, int(at), around)
    _look(desk, by_figures=False)
    return desk.answer()


def hear_figures(case: IncidentCase, at: Instant, around: Surroundings) -> DutyAnswer | None:
    """Look at the backups with new figures: their health, and whether they help.

    Args:
        case: The incident; what it remembers of its backups changes in place.
        at: End of the pane, ms.
        around: The catalogue, figures, and the market's other cases.
    """
    desk = BackupDesk(case, int(at), around)
    _look(desk, by_figures=True)
    return desk.answer() if desk.outputs or desk.touched else None


def _look(desk: BackupDesk, *, by_figures: bool) -> None:
    catalogue = {backup.target: backup for backup in desk.config.backups}
    for target, memory in sorted(desk.case.failovers.backups.items()):
        if memory.is_live and target not in catalogue:
            desk.give_back(memory, "over", "it is no longer in the catalogue")
    for backup in desk.config.backups:
        situation = desk.situation(backup)
        known = situation.memory
        if known is not None and known.is_live and not _goes_on(desk, situation, known, by_figures=by_figures):
            known = situation.memory
        if known is None or not known.is_live:
            _consider(desk, situation)


def _goes_on(desk: BackupDesk, situation: BackupSituation, memory: BackupMemory, *, by_figures: bool) -> bool:
    """Keep a backup that is proposed or active up to date; give it back if there is a reason to, and say False."""
    why = _why_over(situation, memory)
    if why is not None:
        desk.give_back(memory, *why)
        return False
    is_time = by_figures and memory.failover.desired == "active" and desk.at - memory.seen_to >= HELP_EVERY_MS
    desk.refresh(memory, situation, with_help=is_time)
    return True


def _why_over(situation: BackupSituation, memory: BackupMemory) -> tuple[FailoverPhase, str] | None:
    """Why a backup goes back to standby, first reason first; None if it stays."""
    failover, needs = memory.failover, situation.what_it_needs_is_down()
    ended: FailoverPhase = "expired" if failover.desired == "active" else "lapsed"
    reasons: tuple[tuple[bool, FailoverPhase, str], ...] = (
        (situation.incident.state not in LASTS, "over", f"the incident is {situation.incident.state.value}"),
        (not situation.concerns(), "over", ""),
        (situation.at >= failover.expires_at, ended, ""),
        (situation.health == "down", "unhealthy", ""),
        (situation.whom is None, "over", "more customers are hit than it takes"),
        (needs is not None, "unhealthy", f"it needs {needs[0]}, which incident {needs[1]} has hit" if needs else ""),
    )
    return next(((phase, words) for holds, phase, words in reasons if holds), None)


def _consider(desk: BackupDesk, situation: BackupSituation) -> None:
    """Ask for a backup that the incident has not, unless a guard rail or a person's no stands against it."""
    incident, memory = situation.incident, situation.memory
    if incident.state not in _MAY_ASK or not situation.concerns():
        desk.wait_no_longer(situation.backup)
        return
    if memory is not None and memory.settled_at >= gravity_of(incident):
        return
    against = first_against(situation)
    if against is not None:
        rail, words = against
        desk.refuse(situation.backup, (rail.name, rail.reason), words)
        return
    desk.case.failovers.refused.pop(situation.backup.target, None)
    desk.ask_for(situation)


FAILOVERS: Final = Duty(name=DUTY, hear=hear, fall_due=fall_due, hear_figures=hear_figures)
"""The row of RESPOND's duties."""

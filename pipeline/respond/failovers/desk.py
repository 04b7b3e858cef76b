"""Where a backup's record is written: proposed, switched to, kept up to date, and given back.

Only the case that has a backup writes its record, since the topic is keyed by target and the last record counts.
A case that gives a backup back wakes those that wait for it.
"""

from typing import Final

from msgspec.structs import replace

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.failovers import Approval, Failover, GuardRails
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason, FailoverPhase
from pipeline.respond.answers import decided
from pipeline.respond.duties import DutyAnswer, Surroundings
from pipeline.respond.failovers.helped import measured
from pipeline.respond.failovers.knowledge import answers_of
from pipeline.respond.failovers.rules import FREE
from pipeline.respond.failovers.situation import BackupSituation, fails_emergency, gravity_of
from pipeline.respond.failovers_config import Backup
from pipeline.respond.remembered.failovers import SWITCHES_MAX, BackupMemory
from pipeline.respond.state import IncidentCase

DUTY: Final = "failovers"
"""Name of the duty, by which a case that waits is woken."""

AREAS_MAX: Final = 64

_ENDS: Final[dict[FailoverPhase, tuple[DecisionReason, str]]] = {
    "over": (DecisionReason.RECOVERY, "the incident no longer asks for it"),
    "expired": (DecisionReason.EXPIRED, "its longest time is over"),
    "lapsed": (DecisionReason.EXPIRED, "nobody decided in time"),
    "unhealthy": (DecisionReason.GUARD_RAIL, "it does not work itself"),
    "overtaken": (DecisionReason.OVERTAKEN, "a graver incident needs it"),
    "rejected": (DecisionReason.COMMAND, "a person said no"),
    "withdrawn": (DecisionReason.COMMAND, "a person took it back"),
}
"""How the use of a backup ends: reason of the decision, and its words."""

_SETTLED: Final = frozenset({"lapsed", "rejected", "withdrawn"})
"""Ends after which it is not asked for again, unless the incident becomes graver."""


class BackupDesk:
    """Works at the backups of one case at one moment.

    Args:
        case: Changes in place.
        at: Now, ms.
        around: Settings, figures, and the market's cases, of which others may change.
    """

    def __init__(self, case: IncidentCase, at: int, around: Surroundings) -> None:
        self.case, self.at, self.around = case, at, around
        self.config = around.rules.config.failovers
        self.outputs: list[object] = []
        self.changed: set[str] = set()
        self.touched = False

    def situation(self, backup: Backup) -> BackupSituation:
        """What a backup is looked at in."""
        return BackupSituation(case=self.case, backup=backup, at=self.at, around=self.around)

    def answer(self) -> DutyAnswer:
        """All that was written, and when the first backup expires."""
        expiries = [int(known.failover.expires_at) for known in self.case.failovers.backups.values() if known.is_live]
        return DutyAnswer(tuple(self.outputs), min(expiries, default=None), frozenset(self.changed))

    def ask_for(self, situation: BackupSituation) -> None:
        """Propose a backup, or switch to it where the settings let it act."""
        backup, memory = situation.backup, situation.memory
        holder = situation.holder()
        if holder is not None:
            theirs = BackupDesk(holder, self.at, self.around)
            theirs.give_back(holder.failovers.backups[backup.target], "overtaken")
            holder.failovers.refused[backup.target] = FREE
            self.outputs += theirs.outputs
            self.changed |= {*theirs.changed, holder.name}
        acts = self.config.acts(backup)
        unwritten = self._unwritten(situation, memory.failover.revision if memory else 0, acts=acts)
        if memory is None:
            memory = self.case.failovers.backups[backup.target] = BackupMemory(failover=unwritten)
        memory.failover, memory.settled_at = unwritten, -1
        if acts:
            self.switch_on(memory, backup, (DecisionReason.THRESHOLD_CROSSED, "switched by itself"))
            return
        memory.failover = self._write(unwritten)
        needed = "two people" if backup.people_needed == 2 else backup.approver
        self._decide(memory, DecisionKind.SENT, DecisionReason.AWAITING_APPROVAL, f"proposed, waits for {needed}")

    def switch_on(self, memory: BackupMemory, backup: Backup, why: tuple[DecisionReason, str]) -> None:
        """Make a backup's desired state `active`.

        Args:
            memory: What is remembered of the backup; its record is new, or a proposal.
            backup: Its row of the catalogue.
            why: Reason of the decision, and its words.
        """
        self._note_switch(memory)
        memory.seen_to = self.at
        memory.failover = self._write(
            memory.failover,
            desired="active",
            phase="active",
            active_since=Instant(self.at),
            expires_at=Instant(self.at + backup.active_minutes_max * MINUTE_MS),
            helped=None,
        )
        self._decide(memory, DecisionKind.SENT, *why)

    def give_back(self, memory: BackupMemory, phase: FailoverPhase, words: str = "") -> None:
        """Put a backup back to standby, and wake who waits for it.

        Args:
            memory: What is remembered of the backup, which is proposed or active.
            phase: How it ends.
            words: Why, where there is more to say than the phase does.
        """
        failover, helped = memory.failover, None
        if failover.desired == "active":
            self._note_switch(memory)
            helped = measured(failover, self.around.figures, self.at)
        if phase in _SETTLED:
            memory.settled_at = gravity_of(self.case.incident)
        memory.failover = self._write(failover, desired="standby", phase=phase, helped=helped)
        reason, usual = _ENDS[phase]
        self._decide(memory, DecisionKind.WITHDRAWN, reason, f"back to standby: {words or usual}")
        for case in self.around.cases() if phase != "overtaken" else ():
            if case.name != self.case.name and case.failovers.refused.get(failover.target) == FREE:
                case.dues[DUTY] = min(self.at, case.dues.get(DUTY, self.at))
                self.changed.add(case.name)

    def refresh(self, memory: BackupMemory, situation: BackupSituation, *, with_help: bool = False) -> None:
        """Write a record anew if what it says of the incident has changed, or it is time to say whether it helps.

        Args:
            memory: What is remembered of the backup, which is proposed or active.
            situation: What it is looked at in.
            with_help: Whether an hour of figures has passed.
        """
        before = memory.failover
        facts = self._facts(situation)
        if with_help and before.active_since is not None:
            memory.seen_to = self.at
            facts["helped"] = measured(before, self.around.figures, self.at)
        rails = replace(before.guard_rails, backup_health=situation.health)
        elsewhere = facts["is_partial"] and facts["areas"] != before.areas
        if any(getattr(before, name) != value for name, value in facts.items()) or rails != before.guard_rails:
            memory.failover = self._write(before, guard_rails=rails, decided_at=before.decided_at, **facts)
        if elsewhere:
            words = f"now for {', '.join(memory.failover.areas)}"
            self._decide(memory, DecisionKind.CHANGED, DecisionReason.EVIDENCE_CHANGED, words)

    def count_approval(self, memory: BackupMemory, backup: Backup, placed: PlacedCommand) -> int:
        """Note a person's yes.

        Args:
            memory: What is remembered of the backup, which is proposed.
            backup: Its row of the catalogue.
            placed: The order.

        Returns:
            How many more people must approve.
        """
        rails, by = memory.failover.guard_rails, clipped(placed.command.by, 64)
        approvals = (*rails.approvals, Approval(by=by, at=placed.at))
        missing = backup.people_needed - len(approvals)
        done = {} if missing else {"approved_by": by, "approved_at": placed.at}
        new = replace(rails, approvals=approvals, **done)
        if missing:
            memory.failover = self._write(memory.failover, guard_rails=new)
        else:
            memory.failover = replace(memory.failover, guard_rails=new)
        return missing

    def refuse(self, backup: Backup, verdict: tuple[str, DecisionReason], words: str) -> None:
        """Write once why a backup is not used.

        Args:
            backup: Its row of the catalogue.
            verdict: Name of the guard rail, and reason of the decision.
            words: Why, with the figures.
        """
        rail, reason = verdict
        if self.case.failovers.refused.get(backup.target) != rail:
            self.case.failovers.refused[backup.target] = rail
            text = f"{backup.target} ({backup.kind}) is not used: {words} [{rail}]"
            what, incident = (DecisionKind.SUPPRESSED, reason), self.case.incident
            self.outputs.append(decided(incident, Instant(self.at), what, text, extra=f"{backup.target} {rail}"))

    def wait_no_longer(self, backup: Backup) -> None:
        """Forget why a backup was refused: the incident asks for it no more."""
        if self.case.failovers.refused.pop(backup.target, None) is not None:
            self.touched = True

    def _unwritten(self, situation: BackupSituation, revision: int, *, acts: bool) -> Failover:
        """A proposal that is not written yet, with the revision of the record before it."""
        backup, incident = situation.backup, self.case.incident
        record = Failover(
            failover_id=content_id(incident.incident_id, backup.target),
            target=backup.target,
            revision=revision,
            market=incident.market,
            operator=backup.operator,
            kind=backup.kind,
            desired="standby",
            phase="proposed",
            decided_at=Instant(self.at),
            expires_at=Instant(self.at + self.config.proposal_ms),
            guard_rails=GuardRails(
                approval_required=not acts,
                approvals_required=backup.people_needed,
                confidence_ppm_min=backup.confidence_percent_min * 10_000,
                active_seconds_max=backup.active_minutes_max * 60,
                switches_per_day_max=backup.switches_per_day_max,
                load_max=backup.capacity or None,
                customers_max=backup.customers_max or None,
                backup_health=situation.health,
            ),
            incident_id=incident.incident_id,
            incident_revision=incident.revision,
            reason=_reason(situation),
            text=backup.text,
            parameters=dict(sorted(backup.parameters.items())),
            exercise=incident.exercise,
        )
        return replace(record, **self._facts(situation))

    def _facts(self, situation: BackupSituation) -> dict[str, object]:
        """What a record says of the incident, which changes with it."""
        incident, backup, whom = self.case.incident, situation.backup, situation.whom
        assert whom is not None, "a guard rail stands against what can take nobody"
        facts: dict[str, object] = {
            "services": incident.services,
            "areas": whom.areas[:AREAS_MAX],
            "areas_omitted": whom.omitted + max(0, len(whom.areas) - AREAS_MAX),
            "customers": whom.customers,
            "is_partial": whom.is_partial,
        }
        if backup.kind == "phone_bot":
            facts["answers"] = answers_of(incident, self.around.rules)
        return facts

    def _write(self, before: Failover, **changes: object) -> Failover:
        """The next revision of a record, written."""
        incident = self.case.incident
        fields = {"decided_at": Instant(self.at), "incident_revision": incident.revision, **changes}
        after = replace(before, revision=before.revision + 1, **fields)
        self.outputs.append(after)
        return after

    def _note_switch(self, memory: BackupMemory) -> None:
        memory.switches = [*memory.switches, self.at][-SWITCHES_MAX:]

    def _decide(self, memory: BackupMemory, kind: DecisionKind, reason: DecisionReason, words: str) -> None:
        failover = memory.failover
        text = f"{failover.target} ({failover.kind}): {words}; {failover.reason}"
        extra = f"{failover.target} {failover.revision}"
        self.outputs.append(decided(self.case.incident, Instant(self.at), (kind, reason), text, extra=extra))


def _reason(situation: BackupSituation) -> str:
    """Why a backup is asked for, in words."""
    incident = situation.incident
    hit = ", ".join(incident.services) or "service not known"
    emergency = ", emergency calls fail" if fails_emergency(incident) else ""
    sure = (incident.confidence_ppm or 0) // 10_000
    whom = situation.whom
    part = f"; only for {', '.join(whom.areas)}" if whom is not None and whom.is_partial else ""
    words = f"{incident.severity.value} outage of {hit}, confidence {sure} %{emergency}; health {situation.health}"
    return clipped(words + part)

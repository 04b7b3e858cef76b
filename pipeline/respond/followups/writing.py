"""What follows an outage is written once its hold is over, superseded if it comes back, and done when a person says so.

Each thing to do has one id for ever, and a revision for each move: so nothing is asked twice, and a
reader sees what became of it. What a person has done already stays done when the outage comes back.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec.structs import replace

from pipeline.records.clocks import DAY_MS, Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason, FollowupState, IncidentState
from pipeline.respond.answers import answered
from pipeline.respond.config import RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.followups.analysis import analyse_cause
from pipeline.respond.followups.asked import AskedFollowup, OverOutage
from pipeline.respond.followups.compensation import covers, estimate_compensation
from pipeline.respond.followups.corrective import mend
from pipeline.respond.followups.reports.drafts import decide
from pipeline.respond.followups.review import review_communication
from pipeline.respond.followups.survey import ask_customers
from pipeline.respond.remembered.followups import FollowupMemory
from pipeline.respond.replies.rate import communication_of
from pipeline.respond.state import IncidentCase

ABOUT: Final = "followups"


def compensate(over: OverOutage) -> Iterator[AskedFollowup]:
    """An estimate for each scheme of the market that owes or gives something."""
    config = over.rules.config.followups
    for scheme in over.rules.schemes:
        estimate = estimate_compensation(scheme, over.incident, over.memory.impact)
        if estimate is not None and estimate.amount_minor.high > 0:
            due_at = over.at + config.compensation_days * DAY_MS
            yield AskedFollowup("compensation", scheme.rule, estimate, config.care_owner, due_at)


WRITERS: Final[tuple[Callable[[OverOutage], Iterator[AskedFollowup]], ...]] = (
    analyse_cause,
    compensate,
    mend,
    review_communication,
    ask_customers,
)
"""The rules, in the order in which they write."""


def hear(case: IncidentCase, heard: Change | PlacedCommand, around: Surroundings) -> DutyAnswer | None:
    """Take in a change or an order.

    Args:
        case: The incident; what it remembers of its follow-ups changes in place.
        heard: A revision, or an order about it.
        around: Who must do what until when.

    Returns:
        Follow-ups and decisions; None if it calls for none.
    """
    memory, rules = case.followups, around.rules
    outputs: tuple[object, ...]
    if isinstance(heard, PlacedCommand):
        outputs = tuple(_ordered(case, heard, rules))
    elif _is_over(heard):
        said = replace(heard.after, communication=communication_of(case, heard.after))
        outputs = tuple(_write(OverOutage(said, memory, int(heard.at), rules)))
    elif heard.after.state in (IncidentState.CONFIRMED, IncidentState.DISMISSED) and memory.written:
        outputs = tuple(_supersede(memory, heard.after, int(heard.at)))
    else:
        return None
    return DutyAnswer(outputs, _next_due(memory)) if outputs else None


def fall_due(case: IncidentCase, at: Instant, _around: Surroundings) -> DutyAnswer:
    """Say which things to do are overdue, each once.

    Args:
        case: The incident.
        at: The time, ms.
        _around: Is not looked at.
    """
    memory = case.followups
    decisions: list[object] = []
    for key, followup in memory.written.items():
        if (
            followup.state == "open"
            and followup.due_at is not None
            and followup.due_at <= at
            and key not in memory.late
        ):
            memory.late.append(key)
            why = f"nobody said that it was done; {followup.owner} owns it"
            words = (f"{followup.kind} {followup.followup_id}", why)
            decisions.append(decide(case.incident, DecisionKind.CHANGED, DecisionReason.OVERDUE, int(at), words))
    return DutyAnswer(tuple(decisions), _next_due(memory))


def _next_due(memory: FollowupMemory) -> int | None:
    waiting = (
        int(followup.due_at)
        for key, followup in memory.written.items()
        if followup.state == "open" and followup.due_at is not None and key not in memory.late
    )
    return min(waiting, default=None)


def _is_over(change: Change) -> bool:
    """Is the hold over, for the first time or anew? One that expired while it lasted is over as well."""
    before = None if change.before is None else change.before.state
    if change.after.confirmed_at is None:
        return False
    if change.after.state == IncidentState.RESOLVED:
        return before != IncidentState.RESOLVED
    return change.after.state == IncidentState.CLOSED and before not in (IncidentState.RESOLVED, IncidentState.CLOSED)


def _why_held_back(incident: Incident) -> tuple[DecisionReason, str] | None:
    """Why nothing is asked, or None."""
    if incident.links is not None and incident.links.merged_into is not None:
        return DecisionReason.SAME_OUTAGE, f"part of {incident.links.merged_into}, which has its own"
    if not incident.operators:
        return DecisionReason.NO_TARGET, "no operator is known whose customers were hit"
    if incident.maintenance is not None and incident.emergency is None:
        return DecisionReason.MAINTENANCE, "inside a maintenance window that was announced"
    return None


def _write(over: OverOutage) -> Iterator[object]:
    incident, memory = over.incident, over.memory
    held = _why_held_back(incident)
    if held is not None:
        reason, why = held
        yield decide(incident, DecisionKind.SUPPRESSED, reason, over.at, (ABOUT, why))
        return
    asked = [ask for writer in WRITERS for ask in writer(over)]
    written = [followup for ask in asked if (followup := _revised(over, ask)) is not None]
    yield from written
    if written:
        kinds = ", ".join(dict.fromkeys(str(followup.kind) for followup in written))
        why = f"{len(written)} things to do: {kinds}"
        yield decide(incident, DecisionKind.SENT, DecisionReason.HOLD, over.at, (ABOUT, why))
    nothing = [scheme.rule for scheme in over.rules.schemes if covers(scheme, incident)]
    nothing = [rule for rule in nothing if f"compensation|{rule}" not in memory.written]
    if nothing:
        why = f"nothing is owed by {', '.join(nothing)}: too short, or nobody knows how many were hit"
        yield decide(incident, DecisionKind.SUPPRESSED, DecisionReason.NOT_DUE, over.at, ("compensation", why))


def _revised(over: OverOutage, ask: AskedFollowup) -> Followup | None:
    """The next revision of a thing to do; None if it was done before the outage came back."""
    incident, key = over.incident, f"{ask.kind}|{ask.what}"
    known = over.memory.written.get(key)
    if known is not None and known.state in ("done", "cancelled"):
        return None
    part: dict[str, Any] = {ask.kind: ask.part}
    followup = Followup(
        followup_id=content_id(incident.incident_id, ask.kind, ask.what),
        revision=1 if known is None else known.revision + 1,
        incident_id=incident.incident_id,
        incident_revision=incident.revision,
        market=incident.market,
        operator=incident.operators[0].operator,
        kind=ask.kind,
        created_at=Instant(over.at),
        owner=ask.owner,
        due_at=Instant(ask.due_at),
        exercise=incident.exercise,
        **part,
    )
    over.memory.written[key] = followup
    if key in over.memory.late:
        over.memory.late.remove(key)
    return followup


def _supersede(memory: FollowupMemory, incident: Incident, at: int) -> Iterator[object]:
    """What is still to do is put off: the outage came back, or was none."""
    waiting = [(key, followup) for key, followup in memory.written.items() if followup.state == "open"]
    for key, followup in waiting:
        yield _moved(memory, key, followup, ("superseded", at, None))
    if waiting:
        why = f"{len(waiting)} things to do are superseded: it is {incident.state} again"
        yield decide(incident, DecisionKind.WITHDRAWN, DecisionReason.OVERTAKEN, at, (ABOUT, why))


def _moved(memory: FollowupMemory, key: str, followup: Followup, to: tuple[FollowupState, int, str | None]) -> Followup:
    state, at, by = to
    moved = replace(
        followup, revision=followup.revision + 1, state=state, created_at=Instant(at), changed_by=by and clipped(by, 64)
    )
    memory.written[key] = moved
    return moved


def _ordered(case: IncidentCase, placed: PlacedCommand, rules: RespondRules) -> Iterator[object]:
    """`approve` of a follow-up says that it was done, `reject` that it will not be."""
    command, memory = placed.command, case.followups
    to: FollowupState | None = {"approve": "done", "reject": "cancelled"}.get(command.kind)  # type: ignore[assignment]
    meant = next(((key, known) for key, known in memory.written.items() if known.followup_id == command.target), None)
    if to is None or meant is None:
        return
    key, followup = meant
    if not rules.config.may(command.by, command.kind):
        words = f"{command.by} may not {command.kind} a follow-up: see respond.rights"
        yield answered(placed, (DecisionKind.REFUSED, DecisionReason.NOT_ALLOWED), words, case.incident)
    elif followup.state != "open":
        words = f"the {followup.kind} is {followup.state} already"
        yield answered(placed, (DecisionKind.REFUSED, DecisionReason.ALREADY_DONE), words, case.incident)
    else:
        yield _moved(memory, key, followup, (to, int(placed.at), command.by))
        words = f"the {followup.kind} is {to}, as {command.by} says"
        yield answered(placed, (DecisionKind.CHANGED, DecisionReason.COMMAND), words, case.incident)


FOLLOWUPS: Final = Duty(name="followups", hear=hear, fall_due=fall_due)
"""The row of RESPOND's duties."""

"""RESPOND's heart: a change, a command, figures or the end of a pane in, what must follow out.

A case is remembered per incident. Duties hear of what happens to it, and may set a time;
when time passes, it jumps from due to due, and each is answered once, in the order of
time, incident and duty. So it does not matter how time was cut on its way here.

A time that was set for the past falls due at the end of the pane in which it was set,
since nothing can follow before it was known.
"""

from itertools import chain, groupby
from typing import Final, NamedTuple

from msgspec import structs

from pipeline.records.clocks import PANE_MS, Instant, pane_of
from pipeline.records.effects import Effects
from pipeline.records.errors import StateError
from pipeline.records.inner.changes import Change, QuestionAsked, QuestionEnded, WorkCancelled, WorkOrdered
from pipeline.records.inner.figures import PaneFigures
from pipeline.records.inner.pane_ends import PaneEnd, PaneTalk
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision, answering
from pipeline.records.raw.commands import ANSWERED_BY_RESPOND, ON_DRAFTS
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.respond.answers import answered
from pipeline.respond.config import RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.failovers.duty import FAILOVERS
from pipeline.respond.figures import KnownFigures
from pipeline.respond.followups.aftermath import AFTERMATH
from pipeline.respond.followups.impact import IMPACT
from pipeline.respond.followups.reports.reporting import REPORTING
from pipeline.respond.followups.writing import FOLLOWUPS
from pipeline.respond.notices.duty import NOTICES
from pipeline.respond.people.around import add_late_counts, add_late_messages
from pipeline.respond.people.causing import with_stated_cause
from pipeline.respond.people.duty import PEOPLE
from pipeline.respond.question import QUESTION, ask_without_incident, end_question
from pipeline.respond.remembered.works import WorkCase
from pipeline.respond.replies.duty import REPLIES
from pipeline.respond.replies.sharing import share_out
from pipeline.respond.state import IncidentCase, RespondState
from pipeline.respond.works.announcing import hear_work, let_work_pass, obey_about_work
from pipeline.respond.works.suggesting import hear_said_works

_FIRST: Final[tuple[Duty, ...]] = (IMPACT, QUESTION)
DUTIES: Final[tuple[Duty, ...]] = (*_FIRST, NOTICES, FAILOVERS, REPORTING, FOLLOWUPS, AFTERMATH, REPLIES, PEOPLE)
"""The rules, in the order in which they are asked. A rule is a file and a row."""

_WORK: Final = "works"
"""In the place of a duty's name: planned work has no duties but one."""

IDS_TOLD: Final = 4
"""Ids that an answer repeats; a decision's words end after 200 characters."""

_OfNoIncident = QuestionAsked | QuestionEnded | WorkOrdered | WorkCancelled

RespondInput = Change | _OfNoIncident | PlacedCommand | PaneFigures | PaneTalk | PaneEnd
"""What RESPOND hears: a revision of an incident, a question that waits without one, and its end, work that lies ahead,
an order of a person, figures, what people say, and that time has passed."""


def apply(state: RespondState, heard: RespondInput, rules: RespondRules, duties: tuple[Duty, ...] = DUTIES) -> Effects:
    """Take in what happened; answer what must follow.

    Args:
        state: State of a partition of `anomalies`; changes in place.
        heard: In the order of time, market by market.
        rules: To whom, where, who answers for it, in which words.
        duties: The rules, in the order in which they are asked.

    Returns:
        Records and decisions in the order in which they are written, and the names of the slots that changed.

    Raises:
        StateError: If a duty asks for a time that has passed when it falls due: it would never end.
    """
    if isinstance(heard, PaneEnd):
        return _let_time_pass(state, heard, rules, duties)
    if isinstance(heard, PaneFigures):
        return _take_figures(state, heard, rules, duties)
    if isinstance(heard, PaneTalk):
        return _hear_talk(state, heard, rules, duties)
    if isinstance(heard, _OfNoIncident):
        return _hear_of_no_incident(state, heard, rules)
    if isinstance(heard, PlacedCommand):
        work = state.work_of(heard.command.market, heard.command.target) if heard.command.kind in ON_DRAFTS else None
        done = _obey(state, heard, rules, duties) if work is None else obey_about_work(work, heard, rules)
        return Effects(tuple(answering(done.outputs, heard.command)), done.changed)
    case = _changed(state, heard)
    told = _told(case, heard, _around(state, heard.after.market, rules), duties)
    gone = state.forget_the_oldest(heard.after.market) if case.is_over else []
    return Effects(told.outputs, told.changed.union(gone))


def _hear_of_no_incident(state: RespondState, heard: _OfNoIncident, rules: RespondRules) -> Effects:
    """What follows where no incident is: a question, or planned work that lies ahead."""
    if isinstance(heard, QuestionAsked):
        return ask_without_incident(state, heard, rules)
    if isinstance(heard, QuestionEnded):
        return end_question(state, heard)
    return hear_work(state, heard, rules)


def _obey(state: RespondState, heard: PlacedCommand, rules: RespondRules, duties: tuple[Duty, ...]) -> Effects:
    """Let the duties of the case that an order means hear it; an order about drafts is always answered."""
    command = heard.command
    on_drafts = command.kind in ANSWERED_BY_RESPOND
    find = state.case_of if on_drafts else state.case
    ordered = find(command.market, command.target)
    named = state.cases_named(command) if on_drafts and ordered is None else []
    if len(named) == 1:
        return _obey_by_name(state, heard, named[0].incident.incident_id, rules, duties)
    if named:
        ids = ", ".join(case.incident.incident_id for case in named[:IDS_TOLD])
        words = f"{command.target!r} has {len(named)} open incidents: say which by its id: {ids}"
        return Effects((answered(heard, (DecisionKind.REFUSED, DecisionReason.NO_TARGET), words),))
    if ordered is None:
        verdict = (DecisionKind.REFUSED, DecisionReason.UNKNOWN_TARGET)
        words = f"{command.target!r} is nothing that waits for a person in {command.market}, and no incident"
        return Effects((answered(heard, verdict, words),) if on_drafts else ())
    if not ordered.note(heard):
        return Effects()
    ordered.heard_at = max(ordered.heard_at, pane_of(heard.at) + PANE_MS)
    told = _told(ordered, heard, _around(state, command.market, rules), duties)
    if on_drafts and not told.outputs:
        verdict = (DecisionKind.REFUSED, DecisionReason.NO_TARGET)
        return Effects((answered(heard, verdict, "nothing of it waits for a person", ordered.incident),), told.changed)
    return told


def _obey_by_name(
    state: RespondState, heard: PlacedCommand, incident_id: str, rules: RespondRules, duties: tuple[Duty, ...]
) -> Effects:
    """Obey an order that names an operator as if it named its one incident; it is answered under the name."""
    meant = structs.replace(heard, command=structs.replace(heard.command, target=incident_id))
    done = _obey(state, meant, rules, duties)
    outputs = (
        structs.replace(output, subject=heard.command.target)
        if isinstance(output, Decision) and output.subject == incident_id and output.by == heard.command.by
        else output
        for output in done.outputs
    )
    return Effects(tuple(outputs), done.changed)


def _around(state: RespondState, market: str, rules: RespondRules) -> Surroundings:
    return Surroundings(rules, KnownFigures(market, state.slots), lambda: state.cases(market))


def _changed(state: RespondState, change: Change) -> IncidentCase:
    """The case of a changed incident, brought up to date."""
    case = state.case(change.after.market, change.after.incident_id)
    if case is None:
        case = IncidentCase(incident=change.after, heard_at=int(change.at))
        state.slots[case.name] = case
    case.incident, case.heard_at = with_stated_cause(change.after, case.people), int(change.at)
    return case


def _told(case: IncidentCase, heard: Change | PlacedCommand, around: Surroundings, duties: tuple[Duty, ...]) -> Effects:
    """Let each duty hear, and note when it wants to be asked again."""
    outputs: list[object] = []
    changed = {case.name}
    for duty in duties:
        answer = duty.hear(case, heard, around)
        if answer is not None:
            outputs += answer.outputs
            changed |= answer.changed
            _note_due(case, duty, answer)
    return Effects(tuple(outputs), frozenset(changed))


def _take_figures(state: RespondState, heard: PaneFigures, rules: RespondRules, duties: tuple[Duty, ...]) -> Effects:
    """Remember figures, and let the duties that ask for them look at each case that is not over."""
    changed: set[str] = set()
    for operator, rows in groupby(heard.figures, key=lambda figure: figure.operator):
        figures = state.figures(heard.market, operator)
        figures.add(rows)
        changed.add(figures.name)
    outputs: list[object] = []
    asking = [duty for duty in duties if duty.hear_figures is not None]
    around = _around(state, heard.market, rules)
    for case in state.cases(heard.market) if asking else ():
        for duty in asking if not case.is_over else ():
            assert duty.hear_figures is not None, "only these ask"
            answer = duty.hear_figures(case, heard.at, around)
            if answer is not None:
                outputs += answer.outputs
                changed |= {case.name, *answer.changed}
                _note_due(case, duty, answer)
                case.heard_at = max(case.heard_at, int(heard.at))
    return Effects(tuple(outputs), frozenset(changed))


def _hear_talk(state: RespondState, heard: PaneTalk, rules: RespondRules, duties: tuple[Duty, ...]) -> Effects:
    """Let the duties that ask for it hear what was said of each open case; of one that is closed, keep last words."""
    outputs: list[object] = []
    changed: set[str] = set()
    for post in heard.officials:
        figures = state.figures(heard.market, post.operator)
        if figures.hear_word(post):
            changed.add(figures.name)
    for work, said in hear_said_works(state, heard, rules):
        outputs.append(said)
        changed |= {work.name} & state.slots.keys()
    around = _around(state, heard.market, rules)
    for case, part in share_out(heard, state.cases(heard.market)):
        for duty in duties:
            answer = duty.hear_talk(case, part, around) if duty.hear_talk is not None else None
            if answer is not None:
                outputs += answer.outputs
                _note_due(case, duty, answer)
                case.heard_at = max(case.heard_at, int(heard.at))
                changed.add(case.name)
    changed |= {case.name for case in add_late_messages(state.cases(heard.market), heard)}
    changed |= {case.name for case in add_late_counts(state.cases(heard.market), heard)}
    return Effects(tuple(outputs), frozenset(changed))


def _note_due(case: IncidentCase, duty: Duty, answer: DutyAnswer) -> None:
    if answer.due_at is None:
        case.dues.pop(duty.name, None)
    else:
        case.dues[duty.name] = answer.due_at


class _Due(NamedTuple):
    """A duty that falls due: the order of these is the order in which they are answered.

    Attributes:
        at: When, ms.
        incident_id: Id of the incident, or of planned work.
        duty: Name of the duty.
    """

    at: int
    incident_id: str
    duty: str


def _let_time_pass(state: RespondState, until: PaneEnd, rules: RespondRules, duties: tuple[Duty, ...]) -> Effects:
    """Answer all that falls due up to the end of a pane, and nothing twice."""
    outputs: list[object] = []
    changed: set[str] = set()
    known = {duty.name: duty for duty in duties}
    while (due := _next_due(state, until.market)) is not None and due.at <= until.at:
        if due.duty == _WORK:
            passed = let_work_pass(state, (until.market, due.incident_id), Instant(due.at), rules)
            outputs += passed.outputs
            changed |= passed.changed
            continue
        case = state.case(until.market, due.incident_id)
        assert case is not None, "what is due belongs to a case"
        del case.dues[due.duty]
        case.heard_at = due.at
        changed.add(case.name)
        duty = known.get(due.duty)
        if duty is None:  # of a program that had other duties
            continue
        answer = duty.fall_due(case, Instant(due.at), _around(state, until.market, rules))
        if answer.due_at is not None and answer.due_at <= due.at:
            words = f"case {case.name}: duty {duty.name} falls due at {due.at} and asks for {answer.due_at}"
            raise StateError(f"{words}: must be later, or time stands still; mend the duty")
        outputs += answer.outputs
        changed |= answer.changed
        _note_due(case, duty, answer)
    return Effects(tuple(outputs), frozenset(changed))


def _next_due(state: RespondState, market: str) -> _Due | None:
    dues = (
        _Due(_pane_end_of(moment, case.heard_at), case.incident.incident_id, duty)
        for case in state.slots.values()
        if isinstance(case, IncidentCase) and case.dues and case.incident.market == market
        for duty, moment in case.dues.items()
    )
    works = (
        _Due(_pane_end_of(slot.due_at, slot.heard_at), slot.work_id, _WORK)
        for slot in state.slots.values()
        if isinstance(slot, WorkCase) and slot.work.market == market
    )
    return min(chain(dues, works), default=None)


def _pane_end_of(moment: int, heard_at: int) -> int:
    """End of the pane in which a time is reached; not before the pane in which it was set."""
    return max(-(-moment // PANE_MS) * PANE_MS, heard_at)

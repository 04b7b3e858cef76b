"""Announcing planned work: drafts so long before it begins as the market's profile says, and their end.

An audience is told once of each time, at once if the work is nearer. When a person calls it off, drafts are
withdrawn, and who was told hears that it does not take place. Begin and end are told of only if somebody feels
them, and then as an incident. A window that is ordered anew is another work, with an id of its own.
"""

from collections.abc import Iterator

from pipeline.records.clocks import PANE_MS, Instant, pane_of
from pipeline.records.effects import Effects
from pipeline.records.inner.changes import WorkCancelled, WorkOrdered, work_id_of
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.respond.config import RespondRules
from pipeline.respond.notices.life import NoticeMove, moved
from pipeline.respond.notices.orders import DraftDesk, obey
from pipeline.respond.remembered.works import WORKS_MAX, WorkCase, place_of, work_slot_name
from pipeline.respond.state import RespondState
from pipeline.respond.works.deciding import decided_on_work
from pipeline.respond.works.drafting import addressees, draft_of
from pipeline.respond.works.suggesting import overtake_said


def hear_work(state: RespondState, heard: WorkOrdered | WorkCancelled, rules: RespondRules) -> Effects:
    """Take in that work was ordered, or called off.

    Args:
        state: Changes in place.
        heard: The window, or its end by a person.
        rules: To whom, where, in which words, how long before.
    """
    known = state.slots.get(work_slot_name(heard.market, work_id_of(heard.market, heard.window_id)))
    if isinstance(heard, WorkCancelled):
        if not isinstance(known, WorkCase):
            return Effects()
        known.heard_at = max(known.heard_at, int(heard.at))
        return Effects(tuple(_call_off(known, heard, rules)), frozenset({known.name}))
    if known is not None:
        return Effects()
    case = WorkCase(work=heard, starts=list(heard.starts), heard_at=int(heard.at))
    overtaken = [*overtake_said(state, heard)]
    answered, changed = (text for _, text in overtaken), {said.name for said, _ in overtaken}
    if sum(not work.said for work in state.works(heard.market)) >= WORKS_MAX:
        words = f"{WORKS_MAX} planned works are ahead already: this one is announced by nobody"
        verdict = (DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED)
        return Effects((*answered, decided_on_work(case, verdict, int(heard.at), words)), frozenset(changed))
    state.slots[case.name] = case
    _wait(case, rules)
    return Effects((*answered, *_tell(case, int(heard.at), rules)), frozenset({case.name, *changed}))


def let_work_pass(state: RespondState, named: tuple[str, str], at: Instant, rules: RespondRules) -> Effects:
    """What falls due of planned work: texts, their expiry, the next time; after the last one it is forgotten.

    Args:
        state: Changes in place.
        named: Market, and id of the work.
        at: Now, ms.
        rules: To whom, where, in which words, how long before.
    """
    case = state.slots[work_slot_name(*named)]
    assert isinstance(case, WorkCase), "what is due is there"
    case.heard_at, outputs = int(at), list[object]()
    while case.until <= at:
        outputs += _expired(case, int(at))
        if len(case.starts) == 1 or case.cancelled:
            del state.slots[case.name]
            return Effects(tuple(outputs), frozenset({case.name}))
        for notice in [*case.notices.live.values()]:  # approved, and out: the time that they tell of is over
            case.notices.put(notice, lives=False)
        del case.starts[0]
        case.sent = {}
        _wait(case, rules)
    outputs += _expired(case, int(at))
    outputs += _tell(case, int(at), rules)
    return Effects(tuple(outputs), frozenset({case.name}))


def obey_about_work(case: WorkCase, placed: PlacedCommand, rules: RespondRules) -> Effects:
    """Obey an order about the drafts of planned work, or refuse it.

    Args:
        case: Its notices change in place.
        placed: An order to approve, edit or reject.
        rules: Who may do what.
    """
    case.heard_at = max(case.heard_at, pane_of(placed.at) + PANE_MS)
    outputs = obey(DraftDesk(case.notices, case.work_id, case.work.exercise), placed, rules)
    if not outputs:
        words = f"{placed.command.kind}: nothing of it waits for a person"
        verdict = (DecisionKind.REFUSED, DecisionReason.NO_TARGET)
        outputs = (decided_on_work(case, verdict, int(placed.at), words, placed.command.command_id, placed.command.by),)
    return Effects(outputs, frozenset({case.name}))


def _wait(case: WorkCase, rules: RespondRules) -> None:
    """Set when each audience is told of the present or next time."""
    clock = rules.clock_of(case.work.market)
    audiences = {place.audience for place in addressees(case, rules)}
    case.waiting = {str(name): case.starts_at - clock.ahead_ms(name) for name in sorted(audiences)}


def _tell(case: WorkCase, at: int, rules: RespondRules) -> Iterator[object]:
    """Draft for the audiences whose time has come; once it has begun, or is called off, for none any more."""
    if case.cancelled or case.starts_at <= at:
        case.waiting = {}
        return
    due = {audience for audience, moment in case.waiting.items() if moment <= at}
    case.waiting = {audience: moment for audience, moment in case.waiting.items() if audience not in due}
    texts = [draft_of(case, place, at, rules) for place in addressees(case, rules) if place.audience in due]
    for text in texts:
        case.put(text)
        yield text
    if texts:
        words = f"announced: {len(texts)} texts wait for {rules.config.approver}"
        sent = sum(text.state == "sent" for text in texts)
        words += f"; {sent} of them count as sent by respond.sent_by_rule" if sent else ""
        yield decided_on_work(case, (DecisionKind.SENT, DecisionReason.MAINTENANCE), at, words, ",".join(sorted(due)))


def _call_off(case: WorkCase, heard: WorkCancelled, rules: RespondRules) -> Iterator[object]:
    """Withdraw what waits; who was told of work that has not begun hears that it does not take place."""
    at, book = int(heard.at), case.notices
    if case.cancelled:
        return
    case.cancelled, case.waiting = True, {}
    del case.starts[1:]
    told = []
    for notice in [*book.live.values()]:
        if notice.state == "draft":
            notice = moved(notice, NoticeMove.WITHDRAW, at, heard.by, f"called off: {heard.reason}")
            yield notice
        else:
            told.append(notice)
        book.put(notice, lives=False)
    texts = [] if case.starts_at <= at else [*_corrections(case, told, at, rules)]
    yield from texts
    words = f"called off by {heard.by}: {heard.reason or 'no reason was given'}; {len(texts)} texts say so"
    yield decided_on_work(case, (DecisionKind.WITHDRAWN, DecisionReason.COMMAND), at, words, by=heard.by)


def _corrections(case: WorkCase, told: list[Notice], at: int, rules: RespondRules) -> Iterator[Notice]:
    """That it does not take place, to each place that was told."""
    heard = case.sent | {place_of(notice): notice.notice_id for notice in told}
    for place in addressees(case, rules):
        if (supersedes := heard.get("|".join(place))) is not None:
            text = draft_of(case, place, at, rules, supersedes)
            case.put(text)
            yield text


def _expired(case: WorkCase, at: int) -> Iterator[Notice]:
    for notice in [*case.notices.live.values()]:
        if notice.state == "draft" and notice.expires_at is not None and int(notice.expires_at) <= at:
            ended = moved(notice, NoticeMove.EXPIRE, at, None, "nobody approved it in time")
            case.notices.put(ended, lives=False)
            yield ended

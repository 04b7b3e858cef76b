"""Work that only the operator's post tells of: a person is asked whether it is to be announced.

A post orders nothing: who reads "works in Bonn tonight" cannot tell begin, end and services for sure, and a window
takes what happens in it for planned. So the masked text goes to the people who answer customers, as an internal
draft with the order that would announce it. A reminder of the same work asks nobody again, and once such work is
ordered the question is overtaken. No rule sends it, whatever a setting says: it has to be read by somebody.
"""

from collections.abc import Iterator
from typing import Final

from pipeline.records.clocks import DAY_MS, HOUR_MS, Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.changes import WorkOrdered
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.published.notices import WORK_SAID, Notice
from pipeline.records.series import is_within
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason, NoticeKind
from pipeline.respond.config import RespondRules
from pipeline.respond.notices.life import NoticeMove, moved
from pipeline.respond.remembered.works import WorkCase
from pipeline.respond.state import RespondState
from pipeline.respond.works.deciding import decided_on_work

ASKED_MS: Final = 7 * DAY_MS
"""How long it waits for a person: work is told of a few days ahead, and a reminder within it is of the same work."""

ANSWER_MS: Final = 4 * HOUR_MS
"""Until when somebody should have read it: some posts are of the coming night. A judgement."""

SAID_MAX: Final = 16
"""Works of a market that are asked about at a time; they take no place of those that were ordered."""

CHARS_MAX: Final = 500
"""Of the post's text: a thread of platforms is longer than its announcement."""


def hear_said_works(state: RespondState, heard: PaneTalk, rules: RespondRules) -> Iterator[tuple[WorkCase, object]]:
    """Ask a person about each work that a post announces and nobody has ordered.

    Args:
        state: Changes in place.
        heard: What was said in a pane.
        rules: In which words, and who answers for them.

    Returns:
        The cases that changed, each with a record that follows.
    """
    for post in heard.officials:
        if post.kind != "planned" or not post.is_for_all or not post.text:
            continue
        works = state.works(heard.market)
        if any(_is_same(case, post) for case in works):
            continue
        case = WorkCase(
            work=_work_of(post, heard), starts=[int(heard.at) + ASKED_MS], heard_at=int(heard.at), said=True
        )
        if sum(known.said for known in works) >= SAID_MAX:
            words = f"{SAID_MAX} works that posts tell of wait for a person already: of this one nobody is asked"
            yield (
                case,
                decided_on_work(case, (DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED), int(heard.at), words),
            )
            continue
        state.slots[case.name] = case
        text = _question(case, int(heard.at), rules)
        case.put(text)
        yield case, text
        words = (
            f"{post.operator} announced work in a post, and nobody has ordered it: order maintenance {_target(case)}?"
        )
        verdict = (DecisionKind.SENT, DecisionReason.AWAITING_APPROVAL)
        yield case, decided_on_work(case, verdict, int(heard.at), words, "said")


def overtake_said(state: RespondState, ordered: WorkOrdered) -> Iterator[tuple[WorkCase, Notice]]:
    """What was asked of work that is ordered now: nobody need answer it any more.

    Args:
        state: Changes in place.
        ordered: What was ordered.
    """
    for case in state.works(ordered.market):
        own = case.work
        if not case.said or own.operator != ordered.operator or ordered.exercise or not _near(own.area, ordered.area):
            continue
        for draft in [text for text in case.notices.live.values() if text.state == "draft"]:
            text = moved(
                draft, NoticeMove.SUPERSEDE, int(ordered.at), None, f"{ordered.by} ordered it: {ordered.window_id}"
            )
            case.notices.put(text, lives=False)
            case.heard_at = max(case.heard_at, int(ordered.at))
            yield case, text


def _is_same(case: WorkCase, post: OfficialPost) -> bool:
    """Is it ordered, or asked about already? A case is forgotten when its last time is over."""
    known = case.work
    return (
        known.operator == post.operator and not known.exercise and not case.cancelled and _near(known.area, post.area)
    )


def _near(one: str, other: str) -> bool:
    return not one or not other or is_within(one, other) or is_within(other, one)


def _work_of(post: OfficialPost, heard: PaneTalk) -> WorkOrdered:
    """The work as far as a post tells it: whose, perhaps where, and no time."""
    return WorkOrdered(
        at=heard.at,
        market=heard.market,
        window_id=f"post|{post.name}",
        operator=post.operator,
        area=post.area,
        starts=(int(heard.at) + ASKED_MS,),
        lasts_ms=0,
        by=post.operator,
        reason=clipped(post.text, CHARS_MAX),
        time_zone="UTC",
    )


def _target(case: WorkCase) -> str:
    """Operator and place, as an order names them."""
    return f"{case.work.operator}@{case.work.area}" if case.work.area else case.work.operator


def _question(case: WorkCase, at: int, rules: RespondRules) -> Notice:
    config, work = rules.config, case.work
    language = rules.languages_of(work.market)[0]
    sentences = rules.wording[language]
    said = {"operator": rules.operator_name(work.operator), "claim": work.reason}
    return Notice(
        notice_id=content_id(case.work_id, WORK_SAID, "care_agents", "internal", language),
        incident_id=case.work_id,
        revision=1,
        market=work.market,
        operator=work.operator,
        kind=NoticeKind.PLANNED_WORK,
        audience="care_agents",
        outlet="internal",
        language=language,
        subject=clipped(sentences.say("planned.said_title", operator=said["operator"])),
        body=sentences.say("planned.said", target=_target(case), reference=case.work_id, **said),
        drafted_at=Instant(at),
        tone="plain",
        due_at=Instant(at + ANSWER_MS),
        writer=config.writer,
        approver=config.approver,
        occasion=WORK_SAID,
        expires_at=Instant(at + ASKED_MS),
    )

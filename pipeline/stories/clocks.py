"""Two clocks side by side: what happened, and what Tocsin knew.

The left one is the truth of the world; the pipeline never saw it. The right
one is the run: an evidence counts from when it was found, not from when it was
written, since that is when somebody could have known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.records.published.incidents import Incident
from pipeline.records.truth import TrueOutage
from pipeline.records.vocabulary import NoticeKind
from pipeline.stories.evidence import StoryEvidence
from pipeline.views.cards import LEFT_UNDONE
from pipeline.views.words import counted, lasting, plain

Side = Literal["happened", "knew"]
TEXT_CHARS_MAX = 180
REPLIES_MS: Final = 30 * MINUTE_MS
_ORDER: Final = (
    *("outage", "back", "undone", "evidence", "suspected", "confirmed", "emergency", "draft", "word", "state"),
    *("recovering", "resolved", "dismissed"),
)
_RANKS: Final = {kind: rank for rank, kind in enumerate(_ORDER)}
"""Order of the beats of one moment: first what was seen, then what followed from it."""
_LATE_MS: Final = 12 * 60 * MINUTE_MS
"""What comes longer after the end than this is no part of the story: an operator's posts of next week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One moment on one of the clocks.

    Attributes:
        kind: For colours and shapes: `outage`, `word`, `evidence`, `state`, `draft`, `emergency`, `back`, `undone`.
        quote: What somebody said then, word for word.
    """

    at: int
    side: Side
    kind: str
    text: str
    quote: str = ""


def beats_of(evidence: StoryEvidence) -> list[Beat]:
    """All moments of both clocks, in order of time; of one moment what happened first."""
    beats = [*_happened(evidence), *_knew(evidence)]
    return sorted(beats, key=lambda beat: (beat.at, beat.side == "knew", _RANKS[beat.kind], beat.text))


def _happened(evidence: StoryEvidence) -> Iterator[Beat]:
    outage = evidence.outage
    if outage is None:
        return
    yield from _course(outage)
    for message in evidence.spoken:
        who = evidence.name_of(message.operator)
        first = "speaks for the first time" if message == evidence.spoken[0] else f"speaks: {plain(message.kind)}"
        if message.posted_at <= outage.ended_at + _LATE_MS:
            yield Beat(
                at=int(message.posted_at),
                side="happened",
                kind="word",
                text=f"{who} {first}, on {message.platform}",
                quote=_short(message.text),
            )


def _course(outage: TrueOutage) -> Iterator[Beat]:
    def happened(at: int, kind: str, text: str) -> Beat:
        """Write one beat down.

        Args:
            at: When, in milliseconds.
            kind: Kind of the beat, such as `outage`.
            text: What happened.
        """
        return Beat(at=at, side="happened", kind=kind, text=text)

    areas = counted(len({area.area for area in outage.areas}), "area")
    yield happened(int(outage.started_at), "outage", f"The outage begins: {plain(outage.cause)}, {areas}")
    if outage.visible_at is not None and outage.visible_at - outage.started_at >= MINUTE_MS:
        yield happened(int(outage.visible_at), "outage", "Anybody could see it from now on")
    yield happened(int(outage.full_at), "outage", f"At its worst: {outage.customers:,} customers without service")
    if outage.first_back_at < outage.ended_at:
        yield happened(int(outage.first_back_at), "back", "The first customers have service again")
    yield happened(int(outage.ended_at), "back", f"It is over, after {lasting(outage.ended_at - outage.started_at)}")


def _knew(evidence: StoryEvidence) -> Iterator[Beat]:
    head = evidence.head
    if head is None:
        yield from _left_undone(evidence)
        return
    yield from _evidence(evidence)
    yield from _states(evidence, head.now)
    yield from _emergency(evidence.revisions)
    yield from _drafts(evidence)
    said = head.now.communication
    if said is not None and said.first_official_at is not None:
        grade = f", grade {said.grade}" if said.grade else ""
        text = f"The operator’s first word is heard{grade}"
        yield Beat(at=int(said.first_official_at), side="knew", kind="word", text=text)
    if head.now.acknowledged_at is not None:
        text = f"{head.now.acknowledged_by} takes it on"
        yield Beat(at=int(head.now.acknowledged_at), side="knew", kind="state", text=text)


def _left_undone(evidence: StoryEvidence) -> Iterator[Beat]:
    """Why nobody was told: what was decided against while the outage lasted."""
    outage = evidence.outage
    if outage is None:
        return
    own = {operator.operator for operator in outage.operators}
    until = int(outage.ended_at) + HOUR_MS
    for decision in evidence.run.decisions:
        about = own & set(decision.subject.split("|"))
        if str(decision.kind) in LEFT_UNDONE and about and outage.started_at <= decision.at <= until:
            yield Beat(at=int(decision.at), side="knew", kind="undone", text=f"Left undone: {decision.text}")


def _evidence(evidence: StoryEvidence) -> Iterator[Beat]:
    for lead in evidence.now.leads:
        first = evidence.time(int(lead.first_evidence_at)) + _chance(evidence, int(lead.first_evidence_at))
        if lead.found_at is None:
            text = f"{lead.source.capitalize()}: first evidence"
            yield Beat(at=int(lead.first_evidence_at), side="knew", kind="evidence", text=text)
        else:
            verb = "stands" if lead.source == "telemetry" else "stand"
            text = f"{lead.source.capitalize()} {verb} out; first evidence {first}"
            yield Beat(at=int(lead.found_at), side="knew", kind="evidence", text=text)


def _chance(evidence: StoryEvidence, at: int) -> str:
    """Evidence from before the outage is none of it, whatever it looked like."""
    began = None if evidence.outage is None else int(evidence.outage.started_at)
    return " (before it began: chance)" if began is not None and at < began - MINUTE_MS else ""


def _states(evidence: StoryEvidence, now: Incident) -> Iterator[Beat]:
    for step in now.state_history:
        if step.state == "closed":
            continue
        one = next((r for r in evidence.revisions if r.updated_at >= step.at), now)
        who = evidence.names(sorted({operator.operator for operator in one.operators if operator.role is not None}))
        bad = "" if one.severity == "cleared" else f"{one.severity}, "
        numbers = one.customers_affected
        about = "" if numbers is None or one.severity == "cleared" else f"; {_about(numbers.low, numbers.high)}"
        text = f"{str(step.state).capitalize()}: {bad}{who or 'nobody in particular'}{about}"
        yield Beat(at=int(step.at), side="knew", kind=str(step.state), text=text)


def _about(low: int, high: int) -> str:
    return f"{low:,} to {high:,} customers" if low != high else f"{low:,} customers"


def _emergency(revisions: Iterable[Incident]) -> Iterator[Beat]:
    for revision in revisions:
        if revision.emergency is not None and revision.emergency.affected:
            numbers = ", ".join(revision.emergency.numbers) or "emergency numbers"
            text = f"Emergency calls flagged: {numbers}; {revision.emergency.verification_text or 'claimed'}"
            yield Beat(at=int(revision.updated_at), side="knew", kind="emergency", text=text)
            return


def _drafts(evidence: StoryEvidence) -> Iterator[Beat]:
    """What was drafted, by moment and kind; replies of half an hour are one beat, or they would bury the rest."""
    groups: dict[tuple[int, str], list[int]] = {}
    for notice in evidence.notices:
        at = int(notice.drafted_at)
        within = at - at % REPLIES_MS if notice.kind == NoticeKind.REPLY else at
        groups.setdefault((within, plain(notice.kind)), []).append(at)
    for (_, kind), times in groups.items():
        until = f", until {evidence.time(max(times))}" if max(times) > min(times) else ""
        text = f"{counted(len(times), 'text')} drafted for approval: {kind}{until}"
        yield Beat(at=min(times), side="knew", kind="draft", text=text)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_CHARS_MAX else line[: TEXT_CHARS_MAX - 1] + "…"


def lead_sentence(evidence: StoryEvidence) -> str:
    """The story in a sentence or two: who knew when, who said when, and how many outages were found."""
    if evidence.outage is None:
        return "Nothing happened in this world."
    found = [found for found in evidence.all_found if found.story is not None and found.story.told]
    many = len(evidence.all_found)
    others = f" Of {counted(many, 'outage')} in this world {len(found)} were found." if many > 1 else ""
    began = evidence.time(int(evidence.outage.started_at))
    return f"The outage began {began}. {_knowing(evidence, evidence.outage)}.{others}"


def _knowing(evidence: StoryEvidence, outage: TrueOutage) -> str:
    if evidence.head is None:
        return f"Tocsin did not find it: {evidence.heard_of_it()}"
    confirmed = evidence.head.confirmed_ms
    took = lasting(evidence.head.suspected_ms - outage.started_at)
    if confirmed is None:
        return f"Tocsin suspected it after {took} and never confirmed it"
    late = lasting(confirmed - outage.started_at)
    return f"Tocsin suspected it after {took} and had it confirmed after {late}; {_word(evidence)}"


def _word(evidence: StoryEvidence) -> str:
    lead = evidence.lead_ms()
    if lead is None:
        return "the operator never spoke of it"
    first = evidence.time(evidence.first_word_ms or 0)
    way = "later" if lead >= 0 else "earlier"
    return f"the operator’s first word came {lasting(lead)} {way}, at {first}"

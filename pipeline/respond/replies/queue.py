"""The queue: who waits for an answer, in which order, and how many more there are.

The most urgent come first, and of these the newest. Ten thousand complaints make a queue of a few hundred: what
finds no room is counted, and hears what everybody is told.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pipeline.records.inner.talk import DEVICE, WholeComplaint
from pipeline.records.vocabulary import Language
from pipeline.respond.config import RespondRules
from pipeline.respond.remembered.replies import ReplyMemory, WaitingReply

SEEN_MAX: Final = 4_096
"""Ids that are remembered, so that a complaint that comes again is no second one, and ends of complaints."""

_CLOSED: Final = "closed|"
"""Before the id of a complaint: it was answered, or handed to a person."""

ASKERS_MAX: Final = 1_024
"""People whose complaints are counted, the latest."""

ASKED_OFTEN: Final = 3
"""Who writes so often has waited too long."""

PRIORITIES: Final = ("emergency", "asked_again", "business", "angry", "usual")
"""From the most urgent on."""

OUTLET_OF: Final[Mapping[str, str]] = {
    **{name: name for name in ("x", "facebook", "mastodon", "app", "chat", "email", "web", "press")},
    "twitter": "x",
    "phone": "hotline",
    "bot": "phone_bot",
    "button": "push",
    "import": "email",
    "shop": "email",
}
"""Platform of a post or intake of a ticket to the outlet of the answer; `web` for all others."""


def take_in(
    memory: ReplyMemory, complaint: WholeComplaint, market: str, rules: RespondRules, *, doubtful: bool
) -> bool:
    """Let a complaint wait.

    Args:
        memory: Changes in place.
        complaint: One of the case's.
        market: Market of the incident, whose first language is spoken where the writer's is none of ours.
        rules: Languages that have a wording.
        doubtful: Whether it does not fit the incident as far as that is known.

    Returns:
        False if it was taken in before.
    """
    if not is_new(memory, complaint):
        return False
    memory.asked += 1
    memory.waiting[id_of(complaint)] = WaitingReply(
        at=int(complaint.at),
        operator=complaint.operator,
        outlet=OUTLET_OF.get(complaint.intake, "web"),
        language=language_of(complaint, market, rules),
        priority=_priority(memory, complaint),
        business=complaint.business,
        device=DEVICE in complaint.topics,
        doubt=complaint if doubtful else None,
    )
    return True


def is_new(memory: ReplyMemory, complaint: WholeComplaint) -> bool:
    """Note a complaint by its id; False if it was noted before."""
    name = id_of(complaint)
    if name in memory.seen:
        return False
    memory.seen.append(name)
    del memory.seen[:-SEEN_MAX]
    return True


def close(memory: ReplyMemory, name: str) -> None:
    """Note that a complaint was answered or handed to a person, so that a later answer is no second one.

    Args:
        memory: Changes in place.
        name: Id of the complaint.
    """
    memory.seen.append(f"{_CLOSED}{name}")
    del memory.seen[:-SEEN_MAX]


def waits_for_answer(memory: ReplyMemory, name: str) -> bool:
    """Was a complaint taken in, and neither answered nor handed to a person?"""
    return name in memory.seen and f"{_CLOSED}{name}" not in memory.seen


def cut(memory: ReplyMemory, most: int) -> None:
    """Keep the most urgent and newest; whoever has a draft stays.

    Args:
        memory: Changes in place.
        most: So many may wait.
    """
    beyond = len(memory.waiting) - most
    if beyond <= 0:
        return
    without = [name for name in in_order(memory) if memory.waiting[name].draft is None]
    for name in without[-beyond:]:
        del memory.waiting[name]
        memory.displaced += 1


def in_order(memory: ReplyMemory) -> Iterator[str]:
    """Ids of those who wait, the most urgent first, of these the newest."""

    def rank(name: str) -> tuple[int, int, str]:
        row = memory.waiting[name]
        return (PRIORITIES.index(row.priority), -row.at, name)

    yield from sorted(memory.waiting, key=rank)


def id_of(complaint: WholeComplaint) -> str:
    """Id of a complaint within its case."""
    return f"{complaint.source}|{complaint.id_hash:013x}"


def language_of(complaint: WholeComplaint, market: str, rules: RespondRules) -> Language:
    """Language of the answer: the writer's, else the first of the market.

    Args:
        complaint: With the language that was found in its text.
        market: Market of the incident.
        rules: Languages that have a wording.
    """
    return complaint.lang if complaint.lang in rules.wording else rules.languages_of(market)[0]


def _priority(memory: ReplyMemory, complaint: WholeComplaint) -> str:
    person = f"{complaint.person:013x}"
    times = memory.askers.pop(person, 0) + 1
    memory.askers[person] = times
    while len(memory.askers) > ASKERS_MAX:
        del memory.askers[next(iter(memory.askers))]
    holds = {
        "emergency": complaint.emergency,
        "asked_again": times >= ASKED_OFTEN or "asked_before" in complaint.topics,
        "business": complaint.business,
        "angry": "anger" in complaint.topics,
    }
    return next((priority for priority in PRIORITIES if holds.get(priority)), PRIORITIES[-1])

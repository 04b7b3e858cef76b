"""Talk: what rides along of what people say - complaints that wait for an answer, and sums by what is spoken of.

Sums say how many complain; an answer needs to know who asked, where and in which language. So the newest few of
each series and pane travel beside the sums, and the rest is only counted. Which ones are kept is decided by a total
order, so that any cut into batches keeps the same. Ids and authors are hashes; a text is short and masked.

DETECT passes both on for operators and places that are hot, judged by nobody: they neither open nor close an incident.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.ids import content_id

WHOLE_MAX: Final = 8
"""Complaints kept of a series and pane: one in a bit more than a second of a town, more than people can answer."""

WHOLE_CHARS_MAX: Final = 120
"""Length of the text that rides along: enough for a person to see what it is about."""


class WholeComplaint(msgspec.Struct, frozen=True, kw_only=True):
    """One ticket or post that complains.

    Attributes:
        operator: Operator that it complains about.
        at: Event time of the record, ms.
        source: Raw topic, `tickets` or `mentions`.
        id_hash: Keyed hash of its id.
        person: Keyed hash of who wrote it; of `id_hash` if nobody is named.
        intake: Platform of a post, intake of a ticket.
        area: Smallest area known, at least the nation.
        service: Service that it names, or ''.
        lang: Language as detected, or ''.
        text: What was written, masked, at most 120 characters.
        emergency: It claims that help cannot be called.
        business: The writer is a business, by segment or by what is written.
        topics: What else it talks of, sorted.
        in_reply_to: Keyed hash of the post that it answers; 0 for none.
    """

    operator: str
    at: Instant
    source: str
    id_hash: int
    person: int
    intake: str
    area: str
    service: str = ""
    lang: str = ""
    text: str = ""
    emergency: bool = False
    business: bool = False
    topics: list[str] = []
    in_reply_to: int = 0


def order_of(complaint: WholeComplaint) -> tuple[object, ...]:
    """Emergency claims first, then the newest; the other fields make the order total."""
    return (not complaint.emergency, -int(complaint.at), complaint.id_hash, msgspec.structs.astuple(complaint))


def newest_whole(complaints: Iterable[WholeComplaint], most: int = WHOLE_MAX) -> list[WholeComplaint]:
    """The first few of all by the order, each id once.

    Args:
        complaints: In any order; an id may come more than once, and its first form by the order stays.
        most: So many are kept, 1 or more.
    """
    kept: dict[tuple[str, int], WholeComplaint] = {}
    for complaint in sorted(complaints, key=order_of):
        kept.setdefault((complaint.operator, complaint.id_hash), complaint)
        if len(kept) == most:
            break
    return list(kept.values())


TALK: Final = "talk"
"""Measure of the series that count posts by what they talk of; the item of a series says of what."""


BLAME: Final = "blame"
"""Subject of posts that blame somebody; with a colon and an operator, of those of them that name it."""

CAUSE: Final = "cause"
"""Subject of posts that say what comes from what: of two operators in one text one is blamed by them."""

CLAIM: Final = "claim:"
"""How subjects begin that are a claim about the outage: `claim:attack`."""

REPOSTED: Final = "repost:"
"""What stands before the subject of a claim for those of its posts that pass on another's: `repost:claim:attack`."""

CLAIM_KINDS: Final = ("attack", "cable", "data", "days", "fire", "unpaid")
"""What people claim of an outage without knowing it: somebody attacked the network, cut a cable, stole customers'
data; it lasts for days; a building of the network burns; the operator was cut off since it did not pay."""

MOOD: Final = "mood:"
"""How the subjects begin that are the class of a post's mood, one for each post that has one: `mood:hostile`."""

MOODS: Final = (f"{MOOD}favourable", f"{MOOD}hostile", f"{MOOD}neutral")
"""Subjects of the three classes."""

BACK: Final = "back:"
"""How the subjects begin of posts that say that all is well again: `back:SERVICE:AREA`, without a service `back::AREA`.
They go out of quiet scopes as well, as it is quiet when it is over."""

ISOLATED: Final = "isolated"
GENERAL: Final = "general"
"""Subjects of reports whose writers say that only they have it, or that others near them have it, too."""

LEAVING: Final = "leaving"
"""Subject of posts that talk of leaving the operator."""

POSTS: Final = "posts"
"""Subject of all posts about the operator."""


class TalkSum(msgspec.Struct, frozen=True, kw_only=True):
    """Posts about an operator in one step, by what they say; each post counts once for each.

    Attributes:
        operator: Operator that the posts name.
        ended_at: End of the step.
        posts: Post counts by subject: a topic, `blame:` with an operator, `claim:` with its kind,
            `repost:claim:` with the kind of those that are reposts, or `posts`.
        people: Authors by subject, each once in the step.
    """

    operator: str
    ended_at: Instant
    posts: dict[str, int] = {}
    people: dict[str, int] = {}


def rumour_id(incident_id: str, subject: str) -> str:
    """Id of a claim within an incident, as its record and its correction tell it.

    Args:
        incident_id: The incident.
        subject: What is claimed, such as `claim:attack`, or who is blamed, `blame:o2`.
    """
    return content_id(incident_id, "rumour", subject)

"""What a case remembers of what people talk of: posts by subject, when a claim was first heard, what officials said."""

import msgspec


class TalkStep(msgspec.Struct, kw_only=True):
    """What was said in one step, of all operators of the incident.

    Attributes:
        ended_at: End of the step, ms.
        posts: Post counts by subject.
        people: Authors of claims, and of blame, by subject.
    """

    ended_at: int
    posts: dict[str, int] = {}
    people: dict[str, int] = {}


class TalkAround(msgspec.Struct, kw_only=True):
    """What was said in the half hours before and after one official message.

    Attributes:
        post_id: The message.
        at: When it was posted, ms.
        before: Post counts by subject, before it.
        after: Post counts by subject, from it on.
        is_late: The incident was closed by then: they are counted when its day after the end is over.
        counts: Likes, reposts, replies, quotes and views of the message, the greatest that were told; empty for none.
        operator: Whose message it is.
        revision: How often a record of its own has told of it; 0 while its half hour is not over.
        told_counts: Its counts when that record was written last.
    """

    post_id: str
    at: int
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    is_late: bool = False
    counts: list[int] = []
    operator: str = ""
    revision: int = 0
    told_counts: list[int] = []


class PeopleMemory(msgspec.Struct, kw_only=True):
    """Talk of an incident's operators since it opened.

    Attributes:
        posts: Post counts by subject, step after step added up; bounded.
        people: Authors by subject, each once a step.
        first_at: Subject of a claim to when it was first heard, ms.
        recent: Steps of the latest half hour, in order of time.
        around: Official messages to everybody, the latest; bounded.
        around_omitted: How many more there were.
        gone_counts: What people did about those, added up, and then how many of them were counted; empty for none.
        denied_at: What an operator denied to when it did so first, ms: `claim:attack`, or `blame` for all others.
        promised_end_at: The end that an operator promised last, ms; 0 for none.
        stated_cause: Kind of the cause that an operator stated last, and its id; empty if none did.
        usual_reactions: To a message of the operator before the outage; 0 if that is not known.
    """

    posts: dict[str, int] = {}
    people: dict[str, int] = {}
    first_at: dict[str, int] = {}
    recent: list[TalkStep] = []
    around: list[TalkAround] = []
    around_omitted: int = 0
    gone_counts: list[int] = []
    denied_at: dict[str, int] = {}
    promised_end_at: int = 0
    stated_cause: list[str] = []
    usual_reactions: int = 0

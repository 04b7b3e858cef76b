"""What a case remembers of what people talk of: posts by subject, and when a claim was first heard."""

import msgspec


class PeopleMemory(msgspec.Struct, kw_only=True):
    """Talk of an incident's operators since it opened.

    Attributes:
        posts: Post counts by subject, step after step added up; bounded.
        people: Authors by subject, each once a step.
        first_at: Subject of a claim to when it was first heard, ms.
    """

    posts: dict[str, int] = {}
    people: dict[str, int] = {}
    first_at: dict[str, int] = {}

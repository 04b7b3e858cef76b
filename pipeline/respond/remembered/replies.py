"""What a case remembers of those who wait for an answer: the most urgent and newest of them, and counts of all."""

import msgspec

from pipeline.records.inner.talk import WholeComplaint


class ReplyText(msgspec.Struct, frozen=True, kw_only=True):
    """A text that answers all who wrote in one language, on one outlet, in one manner.

    Attributes:
        subject: Headline.
        body: Text within the limit of its outlet.
        revision: Revision of the incident that it was made from.
    """

    subject: str
    body: str
    revision: int


class DraftedReply(msgspec.Struct, kw_only=True):
    """A reply that waits for a person; its words are those of its text, unless a person changed them.

    Attributes:
        notice_id: Id of the notice.
        text: Name of its text.
        drafted_at: When it was drafted, ms.
        notice_revision: Number of its latest revision.
        subject: Headline that a person put in place; '' leaves the text's.
        body: Text that a person put in place; '' leaves the text's.
        changed_at: When a person changed it, ms; 0 if nobody did.
        changed_by: Person who changed it.
        changed_why: Why, in words.
    """

    notice_id: str
    text: str
    drafted_at: int
    notice_revision: int = 1
    subject: str = ""
    body: str = ""
    changed_at: int = 0
    changed_by: str = ""
    changed_why: str = ""


class WaitingReply(msgspec.Struct, kw_only=True):
    """A complaint that waits for its answer; its text is not kept, unless it is in doubt whose it is.

    Attributes:
        at: When it was written, ms.
        operator: Operator that must answer.
        outlet: Outlet on which it is answered.
        language: Language of the answer.
        priority: Why it goes before others; `usual` for most.
        business: Whether a business writes.
        device: Whether the writer takes his own device for the cause.
        overdue: Whether it was said that its time is over.
        draft: The reply that was drafted; None before.
        doubt: The complaint itself, while it does not fit the incident as far as that is known; None if it does.
    """

    at: int
    operator: str
    outlet: str
    language: str
    priority: str
    business: bool = False
    device: bool = False
    overdue: bool = False
    draft: DraftedReply | None = None
    doubt: WholeComplaint | None = None


class ReplyMemory(msgspec.Struct, kw_only=True):
    """All that a case remembers of its replies.

    Attributes:
        waiting: Id of a complaint, `tickets|` or `mentions|` with its hash, to what is known of it; bounded.
        seen: Ids of complaints that were taken in, and of these that have ended, the latest; bounded.
        askers: Hash of a person to how often that person wrote, the latest; bounded.
        facts: Fingerprint of the facts that the texts tell.
        texts: Name of a text to the text, for these facts.
        ended: Id of a notice to its last state, the latest; bounded.
        asked: Complaints that were taken in.
        answered: Answers that were given.
        handed_over: Complaints that were handed to a person as none of this incident.
        displaced: Complaints that found no room in the queue; they are counted and told by the notices for all.
        overdue: Complaints whose time was over before they were answered.
        drafted: Replies drafted so far.
        told_full: Whether it was said that no more are drafted.
    """

    waiting: dict[str, WaitingReply] = {}
    seen: list[str] = []
    askers: dict[str, int] = {}
    facts: str = ""
    texts: dict[str, ReplyText] = {}
    ended: dict[str, str] = {}
    asked: int = 0
    answered: int = 0
    handed_over: int = 0
    displaced: int = 0
    overdue: int = 0
    drafted: int = 0
    told_full: bool = False

    def knows(self, target: str) -> bool:
        """Is a reply of this id one of the case, living or ended?"""
        return target in self.ended or self.complaint_of(target) is not None

    def complaint_of(self, notice_id: str) -> str | None:
        """Id of the complaint that a living draft answers."""
        return next(
            (name for name, row in self.waiting.items() if row.draft and row.draft.notice_id == notice_id), None
        )

    @property
    def oldest_at(self) -> int | None:
        """When the oldest complaint that waits was written, ms."""
        return min((row.at for row in self.waiting.values()), default=None)

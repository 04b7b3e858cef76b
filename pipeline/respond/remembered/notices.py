"""What a case remembers of its notices: the drafts that live, what became of the others, and what people were told.

A notice is kept whole while it can still change, because each move of it is published
whole. Of those that have ended only the state is kept, so that an order that comes too late gets its reason.
"""

from typing import Final

import msgspec

from pipeline.records.published.notices import Notice

ENDED_MAX: Final = 512
"""Ended notices of a case whose state is remembered, the latest ones: some ten occasions of 40 texts each."""


_AUTHORITIES: Final = frozenset({"authorities", "regulator"})


class Told(msgspec.Struct, kw_only=True):
    """What people know from us, which is what the next notice is compared with.

    Attributes:
        first_at: When the first word was drafted, ms; 0 if there was none.
        last_at: When the latest word was drafted, ms; 0 if there was none.
        next_word_at: When the next word is due, ms; 0 if none is.
        spoken: Audience to when its latest word was drafted, ms.
        promised: Audience to when the latest word said that the next one comes, ms.
        state: State of the incident at the latest word; '' before the first.
        services: Services that were named, sorted.
        areas: Areas that were named, sorted.
        severity: Greatest severity that was told; '' before the first word.
        numbers: Emergency numbers that were said to fail, in the order in which they were told.
        end: Earliest and latest end that was told last, ms; empty if none was.
        planned_until: End of the planned work that was told, ms; 0 if none was.
        apologised: Whether an apology was drafted.
        rumours: Ids of claims that were corrected.
        texts: How many texts were drafted so far.
    """

    first_at: int = 0
    last_at: int = 0
    next_word_at: int = 0
    spoken: dict[str, int] = {}
    promised: dict[str, int] = {}
    state: str = ""
    services: list[str] = []
    areas: list[str] = []
    severity: str = ""
    numbers: list[str] = []
    end: list[int] = []
    planned_until: int = 0
    apologised: bool = False
    rumours: list[str] = []
    texts: int = 0


class NoticeBook(msgspec.Struct, kw_only=True):
    """The notices of a case.

    Attributes:
        told: What people know from us.
        live: Id to notice, of drafts and of what is approved.
        ended: Id to state, of notices that changed for the last time.
        held: Occasion to why it was held back last, so that a reason is written down once.
        warnings: References of the public warnings drafted so far, as CAP writes them.
        profile: Communication profile of the market; '' before a change was heard.
        graded: Its bounds of the grades of a first word, minutes.
        authorities_at: When a text to authorities was approved first, or counted as sent, ms; 0 if none was.
    """

    told: Told = msgspec.field(default_factory=Told)
    live: dict[str, Notice] = {}
    ended: dict[str, str] = {}
    held: dict[str, str] = {}
    warnings: list[str] = []
    profile: str = ""
    graded: list[int] = []
    authorities_at: int = 0

    def knows(self, notice_id: str) -> bool:
        """Is a notice of this id one of the case, living or ended?"""
        return notice_id in self.live or notice_id in self.ended

    def put(self, notice: Notice, *, lives: bool) -> None:
        """Remember a notice as it is now.

        Args:
            notice: Its latest revision.
            lives: Whether it can still change.
        """
        if not self.authorities_at and notice.audience in _AUTHORITIES and notice.state in ("approved", "sent"):
            self.authorities_at = int(notice.changed_at or notice.drafted_at)
        if lives:
            self.live[notice.notice_id] = notice
            return
        self.live.pop(notice.notice_id, None)
        self.ended.pop(notice.notice_id, None)
        self.ended[notice.notice_id] = notice.state
        while len(self.ended) > ENDED_MAX:
            del self.ended[next(iter(self.ended))]

"""What RESPOND remembers of planned work that lies ahead: when it is, who was told, and the drafts.

It is no incident, and has a slot and an id of its own. It is forgotten when its last time is over: what is
felt of it by then is an incident, which remembers for itself.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from pipeline.records.inner.changes import WorkOrdered, work_id_of
from pipeline.records.published.notices import Notice
from pipeline.respond.remembered.notices import NoticeBook

WORK_PREFIX: Final = "work|"

WORKS_MAX: Final = 64
"""Planned works of a market that are announced; more are refused with a decision. Each has some ten texts a time."""


class WorkCase(msgspec.Struct, kw_only=True):
    """Planned work as RESPOND sees it.

    Attributes:
        work: As it was ordered.
        starts: When it begins, ms: the present or next time, then the later ones.
        heard_at: End of the pane in which the case changed last, ms: nothing of it falls due before.
        waiting: Audience to when it is told of the next time, ms; those that were told are not in it.
        sent: Place to the text that counts as sent there by a rule, of the present or next time.
        cancelled: Whether a person called it off: nothing is announced any more.
        notices: What was drafted.
        said: Nobody ordered it: a post of the operator tells of it, and a person is asked. Then `starts` is when the
            question expires.
    """

    work: WorkOrdered
    starts: list[int]
    heard_at: int
    waiting: dict[str, int] = {}
    sent: dict[str, str] = {}
    cancelled: bool = False
    notices: NoticeBook = msgspec.field(default_factory=NoticeBook)
    said: bool = False

    @property
    def work_id(self) -> str:
        """Names it for ever; its notices have it in place of an incident's id."""
        return work_id_of(self.work.market, self.work.window_id)

    @property
    def name(self) -> str:
        """Name of its slot."""
        return work_slot_name(self.work.market, self.work_id)

    @property
    def starts_at(self) -> int:
        """When it begins, the present or next time, ms."""
        return self.starts[0]

    @property
    def until(self) -> int:
        """When the present or next time ends, ms."""
        return self.starts[0] + self.work.lasts_ms

    @property
    def due_at(self) -> int:
        """When something is to be told, expires, or is over, ms."""
        return min(self._dues())

    def _dues(self) -> Iterator[int]:
        yield self.until
        yield from self.waiting.values()
        drafts = (text for text in self.notices.live.values() if text.state == "draft")
        yield from (int(text.expires_at) for text in drafts if text.expires_at is not None)

    def put(self, text: Notice) -> None:
        """Remember a text that is new."""
        self.notices.put(text, lives=text.state == "draft")
        if text.state == "sent":
            self.sent[place_of(text)] = text.notice_id

    def holds(self, target: str) -> bool:
        """Does an order about drafts mean it, or one of its notices?"""
        return target == self.work_id or self.notices.knows(target)


def place_of(text: Notice) -> str:
    """To whom, where and in which language a text goes, as one word."""
    return f"{text.audience}|{text.outlet}|{text.language}"


def work_slot_name(market: str, work_id: str) -> str:
    """Name of the slot of planned work.

    >>> work_slot_name("DE", "0a1b")
    'work|DE|0a1b'
    """
    return f"{WORK_PREFIX}{market}|{work_id}"

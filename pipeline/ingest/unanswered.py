"""Who waits for an answer: of a batch's complaints the newest few of each series and pane, whole.

A storm brings thousands of complaints a minute, and few of them ride along. So what costs something - masking a
text, looking for its topics - is done for those alone, when the batch is closed.
"""

from typing import Final, NamedTuple

from pipeline.ingest.rules import IngestRules
from pipeline.ingest.text.masking import masked
from pipeline.ingest.text.understood import Understood
from pipeline.records.clocks import Instant
from pipeline.records.inner.talk import WHOLE_CHARS_MAX, WHOLE_MAX, WholeComplaint, newest_whole
from pipeline.records.series import Series
from pipeline.records.texts import clipped

BUSINESS_SEGMENTS: Final = frozenset({"business", "enterprise", "wholesale", "professional", "soho", "b2b"})
"""Segments of a care system whose customers live by their line."""

_KEPT_MAX: Final = 4 * WHOLE_MAX


class Unanswered(NamedTuple):
    """A ticket or post that complains, before it is known whether it rides along.

    Attributes:
        ids: Keyed hashes of its id and of who wrote it.
        intake: Platform of a post, intake of a ticket.
        understood: What the text says.
        text: As written.
        market: Country whose words it is read in; None if unknown.
        business: Whether the care system says that a business writes.
        coded: Whether the care system says that help cannot be called.
        in_reply_to: Keyed hash of the post that it answers; 0 for none.
        topics: What it talks of; None if nobody has asked yet.
    """

    ids: tuple[int, int]
    intake: str
    understood: Understood
    text: str
    market: str | None
    business: bool = False
    coded: bool = False
    in_reply_to: int = 0
    topics: tuple[str, ...] | None = None

    @property
    def emergency(self) -> bool:
        """Does it claim that help cannot be called?"""
        return self.coded or self.understood.emergency


class UnansweredOfPane:
    """Complaints of one series and pane that may still ride along."""

    def __init__(self) -> None:
        self._all: list[tuple[int, Unanswered]] = []
        self._room = _KEPT_MAX

    def add(self, at: int, asked: Unanswered) -> None:
        """Take one in; what surely does not ride along is forgotten now and then.

        Args:
            at: Event time, ms.
            asked: The complaint.
        """
        self._all.append((at, asked))
        if len(self._all) > self._room:
            self._prune()
            self._room = max(_KEPT_MAX, 2 * len(self._all))

    def whole(self, series: Series, rules: IngestRules) -> list[WholeComplaint]:
        """Those that ride along.

        Args:
            series: The series in which they are counted.
            rules: What is known beforehand.
        """
        self._prune()
        return newest_whole(_whole(series, at, asked, rules) for at, asked in self._all)

    def _prune(self) -> None:
        """Keep every form of the first few ids: which form stays is decided when they are whole."""
        self._all.sort(key=_rank)
        ids: set[int] = set()
        for number, (_, asked) in enumerate(self._all):
            if asked.ids[0] not in ids and len(ids) == WHOLE_MAX:
                del self._all[number:]
                return
            ids.add(asked.ids[0])


def _rank(timed: tuple[int, Unanswered]) -> tuple[bool, int, int]:
    at, asked = timed
    return (not asked.emergency, -at, asked.ids[0])


def _whole(series: Series, at: int, asked: Unanswered, rules: IngestRules) -> WholeComplaint:
    understood = asked.understood
    topics = asked.topics
    if topics is None:
        topics = rules.reader.topics(asked.text, lang=understood.lang, market=asked.market) if asked.text else ()
    return WholeComplaint(
        operator=series.operator,
        at=Instant(at),
        source=series.source,
        id_hash=asked.ids[0],
        person=asked.ids[1],
        intake=asked.intake,
        area=series.area,
        service=series.service,
        lang=understood.lang if asked.text else "",
        text=clipped(masked(asked.text), WHOLE_CHARS_MAX),
        emergency=asked.emergency,
        business=asked.business or "professionals" in topics,
        topics=list(topics),
        in_reply_to=asked.in_reply_to,
    )

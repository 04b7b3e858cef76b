"""What a case remembers for its follow-ups: how many were without service when, which clocks run, what was written."""

import msgspec

from pipeline.records.published.followups import Followup
from pipeline.records.published.notices import Notice
from pipeline.records.published.people import AftermathPoint, FeltBefore


class CustomerSpan(msgspec.Struct, kw_only=True):
    """So many customers were without service from a moment on, until the next span begins.

    Attributes:
        since: Beginning, ms.
        low: Least number that fits the evidence.
        high: Greatest.
        middle: Likely one, or the middle where none is likelier.
        is_likely: Was it likely?
    """

    since: int
    low: int
    high: int
    middle: int
    is_likely: bool = False


class AreaImpact(msgspec.Struct, kw_only=True):
    """The most that was seen of one area.

    Attributes:
        low: Customers without service, the least that fits the evidence.
        high: The greatest.
        middle: The likely one, or the middle.
        is_likely: Was it likely? A middle between none and all is no number to keep once one is known.
        since: First evidence from there, ms.
        back_at: When it was well again, ms; None while it is not.
    """

    low: int = 0
    high: int = 0
    middle: int = 0
    is_likely: bool = False
    since: int
    back_at: int | None = None


class ImpactMemory(msgspec.Struct, kw_only=True):
    """Who was without service over the course of an incident.

    Attributes:
        spans: The latest, the oldest first; bounded.
        folded: Customers times milliseconds of the spans that were added up: low, middle, high.
        areas: By path, the most that was seen of each; bounded.
        areas_omitted: How many more there were.
    """

    spans: list[CustomerSpan] = []
    folded: tuple[int, int, int] = (0, 0, 0)
    areas: dict[str, AreaImpact] = {}
    areas_omitted: int = 0


class ReportMemory(msgspec.Struct, kw_only=True):
    """A regulator's clock that runs.

    Attributes:
        duty: What must be told.
        started_at: When its conditions were known to hold, ms.
        due_at: Until when the first report must be out, ms.
        done_at: When it was reported, ms; None before.
        warned: Whether most of its time was said to be over.
        overdue: Whether it was said to be over.
        reports: Reports drafted so far.
        again_at: When the next one is due, ms; None for never.
        notice: The latest draft.
        ended: Whether the end was reported.
    """

    duty: str
    started_at: int
    due_at: int
    done_at: int | None = None
    warned: bool = False
    overdue: bool = False
    reports: int = 0
    again_at: int | None = None
    notice: Notice | None = None
    ended: bool = False


class FollowupMemory(msgspec.Struct, kw_only=True):
    """All that a case remembers for its follow-ups.

    Attributes:
        impact: Who was without service, and how long.
        reports: Regulators' clocks by profile.
        written: What is to be done after it, in the order in which it was written; each at its latest revision.
        late: Keys of those that were said to be overdue.
        aftermath: What was measured after the end: `one_day`, `one_week`.
        felt_before: What it is held against, as it was known when the first was measured.
    """

    impact: ImpactMemory = msgspec.field(default_factory=ImpactMemory)
    reports: dict[str, ReportMemory] = {}
    written: dict[str, Followup] = {}
    late: list[str] = []
    aftermath: dict[str, AftermathPoint] = {}
    felt_before: FeltBefore | None = None

    def knows(self, target: str) -> bool:
        """Is a draft or a thing to do of this id one of the case?"""
        drafts = (clock.notice.notice_id for clock in self.reports.values() if clock.notice is not None)
        return target in drafts or any(target == followup.followup_id for followup in self.written.values())

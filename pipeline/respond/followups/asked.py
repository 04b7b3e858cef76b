"""What one rule asks for after an outage, before it has an id and a revision."""

from typing import NamedTuple

from pipeline.records.published.followups import (
    CauseAnalysis,
    CommunicationReview,
    CompensationEstimate,
    CorrectiveAction,
    Survey,
    Thanks,
)
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import FollowupKind, Language
from pipeline.respond.config import RespondRules
from pipeline.respond.remembered.followups import FollowupMemory

FollowupPart = Survey | CauseAnalysis | CompensationEstimate | CorrectiveAction | CommunicationReview | Thanks
"""The part of a follow-up that its kind fills."""


class AskedFollowup(NamedTuple):
    """One thing to do.

    Attributes:
        kind: Which part it has.
        what: Tells it from others of its kind in one incident; '' where there is one only.
        part: What is asked.
        owner: Team or person that must do it.
        due_at: Until when, ms.
    """

    kind: FollowupKind
    what: str
    part: FollowupPart
    owner: str
    due_at: int


class OverOutage(NamedTuple):
    """An outage whose hold is over, as the rules of what follows see it.

    Attributes:
        incident: The revision that says so.
        memory: What was remembered over its course.
        at: When the hold was over, ms.
        rules: What RESPOND knows beforehand.
    """

    incident: Incident
    memory: FollowupMemory
    at: int
    rules: RespondRules

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages of the market's customers."""
        return self.rules.languages_of(self.incident.market)

    @property
    def zone(self) -> str:
        """IANA zone of the market."""
        return self.incident.time_zone or "UTC"

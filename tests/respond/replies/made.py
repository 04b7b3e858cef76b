"""Complaints as RESPOND hears of them, made by hand, and cases that take them in."""

from typing import Any, Final

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import TalkSum, WholeComplaint
from pipeline.records.published.incidents import Incident
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.replies.duty import REPLIES
from tests.respond.followups.made import CONFIRMED, RULES, Outage, minute
from tests.wording.shipped import WORDING

FIVE_CITIES: Final = CONFIRMED


def complaint(number: int, at_minute: float = 1.0, **facts: Any) -> WholeComplaint:
    """A post of a person of its own about the five cities' outage."""
    fields: dict[str, Any] = {
        "operator": "netcologne",
        "at": Instant(minute(at_minute)),
        "source": "mentions",
        "id_hash": number,
        "person": 1_000_000 + number,
        "intake": "x",
        "area": "DE/NW/koeln",
        "lang": "de",
        "text": "nix geht",
    }
    return WholeComplaint(**(fields | facts))


def public_answer(number: int, at_minute: float) -> OfficialPost:
    """The operator answers a post in public."""
    at = Instant(minute(at_minute))
    return OfficialPost(operator="netcologne", at=at, post_id=f"a{number}", platform="x", text="-", in_reply_to=number)


class Desk(Outage):
    """A confirmed outage whose replies are drafted.

    Args:
        facts: What differs from the five cities at nine o'clock.
        settings: Of RESPOND.
    """

    def __init__(self, settings: RespondConfig | None = None, **facts: Any) -> None:
        rules = RULES if settings is None else RespondRules(config=settings, wording=WORDING, languages=RULES.languages)
        super().__init__(REPLIES, rules, **facts)
        self.change(1)

    def hears(
        self,
        at_minute: float,
        *complaints: WholeComplaint,
        officials: tuple[OfficialPost, ...] = (),
        sums: tuple[TalkSum, ...] = (),
    ) -> list[object]:
        """A pane's talk."""
        at = Instant(minute(at_minute))
        talk = PaneTalk(market="DE", at=at, complaints=complaints, officials=officials, sums=sums)
        return list(apply(self.state, talk, self.rules, (self.duty,)).outputs)

    def opens(self, other: Incident) -> None:
        """Another incident of the market."""
        keep, self.now, self.before = (self.now, self.before), msgspec.structs.replace(other, revision=0), None
        self.change(1)
        self.now, self.before = keep

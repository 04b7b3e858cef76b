"""The correction: a claim spreads, and people must hear from us what we know of it.

The duty of people, which counts claims and blame, calls this with one that spreads or that the operator has denied
somewhere.
"""

from typing import Final

from pipeline.respond.config import RespondRules
from pipeline.respond.notices.drafting import Claim
from pipeline.respond.notices.occasions import BY_NAME
from pipeline.respond.notices.situation import Situation
from pipeline.respond.notices.telling import tell
from pipeline.respond.state import IncidentCase

CORRECTIONS_MAX: Final = 8
"""Claims of an incident that are corrected: more corrections than claims that people remember would spread them."""


def correct(case: IncidentCase, claim: Claim, at: int, rules: RespondRules) -> tuple[object, ...]:
    """Draft the correction of a claim, once.

    Args:
        case: Its notices change in place.
        claim: What is claimed.
        at: Now, ms.
        rules: To whom, where, in which words.

    Returns:
        Notices, then the decision about them; nothing if the claim was corrected before, too many were, people have
        not heard of the outage from us yet, or it is held back for a reason that was written down.
    """
    told = case.notices.told
    now = Situation(case.incident, told, at, rules.config, rules.clock_of(case.incident.market))
    if claim.rumour_id in told.rumours or len(told.rumours) >= CORRECTIONS_MAX or not (now.was_told and now.is_on):
        return ()
    return tuple(tell(case, BY_NAME["correction"], at, rules, claim))

"""The correction: a claim spreads, and people must hear from us what we know of it.

The duty of replies, which counts claims, calls this with one whose share passes its setting.
"""

from pipeline.records.clocks import Instant
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.respond.answers import decided
from pipeline.respond.config import RespondRules
from pipeline.respond.notices.drafting import draft, fresh, remember
from pipeline.respond.notices.holding import why_held
from pipeline.respond.notices.occasions import BY_NAME
from pipeline.respond.notices.situation import Situation
from pipeline.respond.state import IncidentCase

RUMOURS_MAX = 8
"""Claims of an incident that are corrected: more corrections than claims that people remember would spread them."""


def correct(case: IncidentCase, rumour_id: str, claim: str, at: int, rules: RespondRules) -> tuple[object, ...]:
    """Draft the correction of a claim, once.

    Args:
        case: Its notices change in place.
        rumour_id: Names the claim.
        claim: Kind of the claim: `attack`.
        at: Now, ms.
        rules: To whom, where, in which words.

    Returns:
        Notices, then the decision about them; nothing if the claim was corrected before, too many were, or people
        have not heard of the outage from us yet.
    """
    told, occasion = case.notices.told, BY_NAME["correction"]
    now = Situation(case.incident, told, at, rules.config)
    if rumour_id in told.rumours or len(told.rumours) >= RUMOURS_MAX or not (now.was_told and now.is_on):
        return ()
    if (hold := why_held(now, occasion)) is not None:
        verdict = (DecisionKind.SUPPRESSED, hold.reason)
        return (decided(case.incident, Instant(at), verdict, f"correction: {hold.words(now)}", extra=rumour_id),)
    told.rumours.append(rumour_id)
    texts = draft(now, occasion, case.notices, rules, (rumour_id, claim))
    new = list(fresh(texts))
    remember(now, occasion, new)
    verdict = (DecisionKind.SENT, DecisionReason.FEEDBACK)
    words = f"correction: {len(new)} texts wait for {rules.config.approver}"
    return (*texts, decided(case.incident, Instant(at), verdict, words, extra=rumour_id))

"""The evidence card: why an incident is believed as much as it is, in numbers that add up.

The account is a sum of log-odds, so each group of witnesses has its part of it, and what
would be believed without a group is one subtraction.
"""

from pipeline.correlate.evidence.account import probability_of
from pipeline.correlate.parts import AccountHeld
from pipeline.records.published.evidence_card import EvidenceCard, GroupContribution
from pipeline.records.vocabulary import PPM


def card_of(account: AccountHeld | None) -> EvidenceCard | None:
    """The card of an account; None where there is none, as where people alone decide.

    Args:
        account: What is believed of an incident at this pane.
    """
    if account is None:
        return None
    groups = sorted(account.added_milli.items(), key=lambda added: (-added[1], added[0]))
    return EvidenceCard(
        log_odds_milli=account.odds_milli,
        base_milli=account.odds_milli - sum(account.added_milli.values()),
        contributions=tuple(
            GroupContribution(
                group=group,  # type: ignore[arg-type]  # DETECT names these groups only
                added_milli=added,
                without_ppm=round(PPM * probability_of(account.odds_milli - added)),
            )
            for group, added in groups
        ),
        rival=account.rival or None,  # type: ignore[arg-type]  # likewise
    )

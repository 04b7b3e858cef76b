"""When is a suspicion a fact? When the account of evidence is sure enough.

There is one number, and a bar that is higher where people alone speak. Who else the witnesses were only names the
reason: two groups that speak for it have corroborated each other.
"""

from collections.abc import Mapping
from typing import Final

from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.evidence.account import Joint, probability_of
from pipeline.correlate.parts import Dossier
from pipeline.records.vocabulary import DecisionReason

SPEAKS_MILLI: Final = 1_000
"""A group of witnesses speaks for an outage if it added so much to its log-odds, thousandths of a natural log."""


def is_suspected(said: Joint, config: ConfirmConfig) -> bool:
    """Is an outage likely enough for a suspicion? Figures of the network need less, as they are seldom wrong.

    Args:
        said: What the account says where somebody speaks.
        config: The bars.
    """
    bar = config.suspect_measured_from if _is_measured(said.added_milli) else config.suspect_from
    return probability_of(said.odds_milli) >= bar


def verdict(dossier: Dossier, config: ConfirmConfig) -> DecisionReason | None:
    """Why the evidence suffices, or None if it does not yet.

    Args:
        dossier: With the pane's evidence and weighings taken in.
        config: The bar.
    """
    account = dossier.account
    if account is None:
        return None
    bar = config.confirm_from
    if not _is_measured(account.added_milli):
        bar = max(bar, config.confirm_unmeasured_from)
    if probability_of(account.odds_milli) < bar:
        return None
    speaking = [group for group, added in account.added_milli.items() if added >= SPEAKS_MILLI]
    return DecisionReason.CORROBORATED if len(speaking) > 1 else DecisionReason.STRONG_SINGLE_SOURCE


def _is_measured(added_milli: Mapping[str, int]) -> bool:
    """Do figures of the network speak for it?"""
    return added_milli.get("network", 0) >= SPEAKS_MILLI

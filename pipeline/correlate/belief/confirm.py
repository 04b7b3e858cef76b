"""When is a suspicion a fact? When the account of evidence is sure enough.

There is one number, and a bar that is higher where people alone speak; both move with how many false incidents the
operator accepts. Who else the witnesses were only names the reason: two groups that speak for it have corroborated
each other.

Where one figure falls and nothing else does, what people say in that minute is all that tells an outage from a probe
that lies, and one ticket and one post come in any minute by chance. So it must be believed in two steps, one after the
other: in the next one those who are as usual have spoken as well.
"""

from typing import Final

from pipeline.correlate.belief.accepted import AS_SET, Accepted
from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.evidence.account import Joint, probability_of
from pipeline.correlate.held import AccountHeld
from pipeline.correlate.parts import Dossier
from pipeline.correlate.rivals.shared import SPEAKS_MILLI, figures_speak
from pipeline.records.vocabulary import DecisionReason

AT_ONCE_MILLI: Final = 4_595
"""Log-odds of ninety-nine to one, thousandths: so many who speak in one minute do not come by chance."""


def is_suspected(said: Joint, config: ConfirmConfig, accepts: Accepted = AS_SET) -> bool:
    """Is an outage likely enough for a suspicion? Figures of the network need less, as they are seldom wrong.

    Args:
        said: What the account says where somebody speaks.
        config: The bars.
        accepts: How many false incidents are accepted there.
    """
    bar = config.suspect_measured_from if figures_speak(said.added_milli) else config.suspect_from
    return probability_of(said.told_milli) >= accepts.bar(bar)


def verdict(dossier: Dossier, config: ConfirmConfig, accepts: Accepted = AS_SET) -> DecisionReason | None:
    """Why the evidence suffices, or None if it does not yet.

    Args:
        dossier: With the pane's evidence and weighings taken in.
        config: The bar.
        accepts: How many false incidents are accepted of its services.
    """
    account = dossier.account
    if account is None or probability_of(_sure_milli(account)) < confirms_from(account, config, accepts):
        return None
    speaking = [group for group, added in account.added_milli.items() if added >= SPEAKS_MILLI]
    return DecisionReason.CORROBORATED if len(speaking) > 1 else DecisionReason.STRONG_SINGLE_SOURCE


def _sure_milli(account: AccountHeld) -> int:
    """The log-odds that are held against the bar: of a figure that falls alone the lower of two steps, unless sure."""
    if not account.is_alone or account.odds_milli >= AT_ONCE_MILLI:
        return account.odds_milli
    return min(account.odds_milli, account.before_milli)


def confirms_from(account: AccountHeld, config: ConfirmConfig, accepts: Accepted = AS_SET) -> float:
    """From which probability on a suspicion is a fact.

    Args:
        account: What is believed of it, and by whose word.
        config: The bars.
        accepts: How many false incidents are accepted of its services.
    """
    bar = config.confirm_from
    if not figures_speak(account.added_milli):
        bar = max(bar, config.confirm_unmeasured_from)
    return accepts.bar(bar)

"""How sure it is that an incident is a real outage: the account of evidence, and nothing else.

While it is a suspicion the number moves with the evidence. Once it is a fact it stays at the greatest it has been:
that an outage is over is no evidence that it never was.
"""

from typing import Final

from pipeline.correlate.evidence.account import probability_of
from pipeline.correlate.parts import Dossier
from pipeline.records.vocabulary import PPM

_SURE_PPM: Final = 990_000
"""Confidence where a person confirmed it or people cannot call for help; 1 would say that nobody can be wrong."""


def confidence_ppm(dossier: Dossier, *, by_person: bool, settled: bool) -> int:
    """How sure it is that this is a real outage.

    Args:
        dossier: All evidence.
        by_person: True if a person confirmed it.
        settled: True if it was confirmed, whoever or whatever did.

    Returns:
        0 to 990,000 millionths.
    """
    if by_person or dossier.emergency is not None:
        return _SURE_PPM
    account = dossier.account
    if account is None:
        return 0
    odds = account.peak_milli if settled else account.odds_milli
    return min(_SURE_PPM, round(probability_of(odds) * PPM))

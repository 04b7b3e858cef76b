"""How sure it is that an incident is a real outage.

Witnesses of different kinds combine as if they were independent. The weights are
not calibrated: they put incidents in order, and promise no frequency.
"""

from typing import Final

from pipeline.correlate.evidence.testimony import CARE, NETWORK, PUBLIC
from pipeline.correlate.parts import Dossier

_WEIGHTS: Final = {NETWORK: 0.7, CARE: 0.6, PUBLIC: 0.5}
"""How far one kind of witness alone is believed at most: instruments before customers before other people."""

_SURE_AT_MILLI: Final = 6_000
"""Surprise (-log10 p, in thousandths) from which on a kind of witness has its full weight: one in a million."""

_SURE_PPM: Final = 990_000
"""Confidence where a person confirmed it or people cannot call for help; 1 would say that nobody can be wrong."""


def confidence_ppm(dossier: Dossier, *, by_person: bool) -> int:
    """How sure it is that this is a real outage.

    Args:
        dossier: All evidence.
        by_person: True if a person confirmed it.

    Returns:
        0 to 990,000 millionths; more evidence never lowers it.
    """
    if by_person or dossier.emergency is not None:
        return _SURE_PPM
    doubt = 1.0
    for kind in sorted(dossier.witnesses):
        strength = min(1.0, dossier.witnesses[kind].surprise_milli / _SURE_AT_MILLI)
        doubt *= 1.0 - _WEIGHTS.get(kind, 0.5) * strength
    return round((1.0 - doubt) * 1_000_000)

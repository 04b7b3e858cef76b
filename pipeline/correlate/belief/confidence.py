"""How sure it is that an incident is a real outage.

Witnesses of different kinds combine as if independent. The weights are plain,
not calibrated: they order incidents, and promise no frequency.
"""

from typing import Final

from pipeline.correlate.evidence.testimony import CARE, NETWORK, PUBLIC
from pipeline.correlate.state import OpenIncident

_WEIGHTS: Final = {NETWORK: 0.7, CARE: 0.6, PUBLIC: 0.5}
"""How far one kind of witness alone is believed at most; two combine as if independent. Plain, not calibrated."""


_SURE_AT_MILLI: Final = 6_000
"""From this surprise on a kind of witness has its full weight."""


def confidence_ppm(incident: OpenIncident) -> int:
    """How sure that it is a real outage: witnesses of different kinds combine as if independent."""
    if incident.settled == "command" or incident.emergency is not None:
        return 990_000
    doubt = 1.0
    for kind in sorted(incident.voices):
        strength = min(1.0, incident.voices[kind].surprise_milli / _SURE_AT_MILLI)
        doubt *= 1.0 - _WEIGHTS.get(kind, 0.5) * strength
    return round((1.0 - doubt) * 1_000_000)

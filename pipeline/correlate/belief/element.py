"""Which network element would explain the evidence: one whose own figures stand out.

A register that fails drags its whole nation along, and what people and areas show names no register. Where figures of
single elements stand out as well, and of few of them, the one that went first is suspected. Of many none is: a hundred
cells that fall at once have a cause that they share, and naming one of them would send people to the wrong place.
No number says how sure that is, as nobody has measured it; the text says what it rests on.
"""

from typing import Final

from pipeline.correlate.config import ELEMENTS_MAX
from pipeline.correlate.evidence.testimony import NETWORK, RESOURCE
from pipeline.correlate.parts import Dossier, SeriesEvidence
from pipeline.records.published.incident_parts import SuspectedElement
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import PPM

PART_PPM: Final = 100_000
"""An element stands out if its figures surprise at least so much of what the most surprising element's do: a judgement.
What is fed by a broken element wavers, too."""


def suspected_element(dossier: Dossier) -> SuspectedElement | None:
    """The element that is suspected; None if no figures of elements stand out, or those of many.

    Args:
        dossier: All evidence.
    """
    first: dict[str, SeriesEvidence] = {}
    surprises: dict[str, int] = {}
    for _, series in sorted(dossier.series.items()):
        if not series.element or series.kind not in (NETWORK, RESOURCE):
            continue
        known = first.get(series.element)
        if known is None or series.started_at < known.started_at:
            first[series.element] = series
        surprises[series.element] = max(surprises.get(series.element, 0), series.surprise_milli)
    bar = max(surprises.values(), default=0) * PART_PPM // PPM
    standing_out = [name for name in first if surprises[name] >= bar]
    if not standing_out or len(standing_out) > ELEMENTS_MAX:
        return None
    name = min(standing_out, key=lambda name: (first[name].started_at, -surprises[name], name))
    others = sorted(set(standing_out) - {name})
    words = f"its own figures stand out ({first[name].measure})" + (f", also {', '.join(others)}" if others else "")
    return SuspectedElement(element=name, text=clipped(words))

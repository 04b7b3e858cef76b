"""What kind of outage it is: planned work, a dispute about content, or a technical fault."""

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.services import services_hit
from pipeline.correlate.parts import Dossier
from pipeline.records.vocabulary import Nature


def nature_of(dossier: Dossier, config: CorrelateConfig, *, planned: bool) -> Nature:
    """The nature that the evidence shows.

    Args:
        dossier: All evidence.
        config: Names the symptoms that point at content.
        planned: True inside a maintenance window; then whatever is seen counts as planned.

    Returns:
        `planned`; `content` if only TV channels are concerned and somebody named rights or schedule; else
        `technical`.
    """
    if planned:
        return "planned"
    of_channels = services_hit(dossier) == ["tv"] and all(series.item for series in dossier.series.values())
    if of_channels and any(symptom in config.content_symptoms for symptom in dossier.symptoms):
        return "content"
    return "technical"

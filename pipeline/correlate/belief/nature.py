"""What kind of outage it is: planned work, a dispute about content, or a technical fault."""

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.state import OpenIncident
from pipeline.records.vocabulary import Nature


def nature_of(incident: OpenIncident, config: CorrelateConfig) -> Nature:
    """Planned inside a maintenance window, content for rights and schedule of a channel, else technical."""
    if incident.maintenance is not None:
        return "planned"
    of_channels = incident.services == ["tv"] and all(one.item for one in incident.evidence.values())
    if of_channels and any(symptom in config.content_symptoms for symptom in incident.symptoms):
        return "content"
    return "technical"

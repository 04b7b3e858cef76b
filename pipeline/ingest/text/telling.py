"""Telling: of what service a text complains, and how it fails.

The clearest complaint decides. A text that complains of "it" and names one thing elsewhere means that.
"""

from collections.abc import Iterable

from pipeline.ingest.text.relevance import Relevance, RelevanceReader


def told_of(
    reader: RelevanceReader, reading: Relevance, *, relevant: bool
) -> tuple[str | None, str | None, str | None]:
    """Service, item and symptom of the clearest complaint; what it leaves open, the next ones and other words say.

    Args:
        reader: Of the text's language.
        reading: What it finds in the text.
        relevant: The text reports a fault: only then it has a symptom.
    """
    complaints = reading.complaints
    service = _first(complaint.service for complaint in complaints)
    if service is None and reading.things:
        service = reading.things[0].service
    item = _first(complaint.item for complaint in complaints if complaint.service in (service, None))
    if item is None and service == "mobile_data" and len(reading.items) == 1:
        item = reading.items[0]
    if not relevant:
        return service, item, None
    if not complaints:
        return service, item, "other"
    fitting = [complaint for complaint in complaints if complaint.service in (service, None)] or list(complaints)
    symptoms = [reader.symptom_of(complaint, service) for complaint in fitting]
    return service, item, _first(symptom for symptom in symptoms if symptom != "other") or "other"


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value is not None), None)

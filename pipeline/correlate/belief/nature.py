"""What kind of outage it is: planned work, a dispute about content, or a technical fault."""

from collections.abc import Mapping

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
        `planned`; `content` if TV alone is concerned and most people name rights or another programme; else
        `technical`.
    """
    if planned:
        return "planned"
    return "content" if services_hit(dossier) == ["tv"] and is_about_content(dossier.symptoms, config) else "technical"


def is_about_content(symptoms: Mapping[str, int], config: CorrelateConfig) -> bool:
    """Do most who name a symptom say that a channel shows something else, or nothing for want of rights?

    Args:
        symptoms: How often each was named.
        config: Names the symptoms that point at content.

    >>> is_about_content({"wrong_programme": 3, "no_tv": 2, "other": 9}, CorrelateConfig())
    True
    >>> is_about_content({"rights": 1, "no_tv": 1}, CorrelateConfig()), is_about_content({}, CorrelateConfig())
    (False, False)
    """
    named = {symptom: number for symptom, number in symptoms.items() if symptom not in ("", "other")}
    of_content = sum(number for symptom, number in named.items() if symptom in config.content_symptoms)
    return 2 * of_content > sum(named.values())

"""What a phone bot may say while it answers for an incident."""

from pipeline.records.published.failovers import BotAnswer
from pipeline.records.published.incidents import Incident
from pipeline.respond.config import RespondRules
from pipeline.wording.answers import answers_in


def answers_of(incident: Incident, rules: RespondRules) -> tuple[BotAnswer, ...]:
    """Question and answer pairs in the languages of the incident's market.

    Args:
        incident: The revision that they are about.
        rules: Languages and sentences.
    """
    return answers_in(incident, rules.languages_of(incident.market), rules.wording)

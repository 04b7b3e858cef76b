"""What a phone bot knows: the questions that callers ask about an outage, and an answer to each, to be spoken.

The facts are those of the incident's record, by the same sentences as its summary, so that two callers and
the status page never hear different numbers, times, places or services. What is not known is said to be not known.
"""

from collections.abc import Iterator
from typing import Final

from pipeline.records.published.failovers import ANSWERS_MAX, BotAnswer
from pipeline.records.published.incidents import Incident
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import IncidentState, Language, QuestionTopic
from pipeline.wording.ends import end_for_people
from pipeline.wording.places import places_down
from pipeline.wording.sentences import Sentences, Wording
from pipeline.wording.summary import joined, places_named, time_told

TOPICS: Final[tuple[QuestionTopic, ...]] = (
    "emergency",
    "what",
    "where",
    "since",
    "until",
    "what_to_do",
    "money",
)
"""What is asked, what matters most first."""

_IS_DOWN: Final = frozenset({IncidentState.SUSPECTED, IncidentState.CONFIRMED})
_GOES_ON: Final = _IS_DOWN | {IncidentState.RECOVERING}
"""While it comes back emergency calls may still fail."""


def answers_in(incident: Incident, languages: tuple[Language, ...], wording: Wording) -> tuple[BotAnswer, ...]:
    """Question and answer pairs about an incident.

    Args:
        incident: The revision that they are about.
        languages: Those in which callers are answered, the most usual first.
        wording: The sentences of all languages.

    Returns:
        For each language a pair for each topic; nothing of an incident that has no summary.
    """
    if incident.summary is None:
        return ()
    pairs = [
        BotAnswer(
            topic=topic,
            language=language,
            question=clipped(wording[language].say(f"phone_bot.ask_{topic}")),
            answer=clipped(spoken(" ".join(_answer(topic, incident, language, wording[language]))), 1_000),
        )
        for language in languages
        for topic in TOPICS
    ]
    return tuple(pairs[:ANSWERS_MAX])


def spoken(text: str) -> str:
    """A text as it is read out: without brackets and slashes.

    >>> spoken("Störung: Internet (Köln/Bonn).")
    'Störung: Internet, Köln Bonn.'
    """
    return text.replace(" (", ", ").replace(")", "").replace("/", " ")


def _answer(topic: QuestionTopic, incident: Incident, language: Language, sentences: Sentences) -> Iterator[str]:
    if incident.exercise:
        yield sentences.say("summary.exercise")
    if topic == "what" and incident.summary is not None:
        yield incident.summary.headline.said(language) + "."
    elif topic == "where":
        yield sentences.say("phone_bot.where", places=joined(_places(incident, sentences), sentences.say("list.and")))
    elif topic == "since":
        began = int(incident.started_at or incident.opened_at)
        start = _time(began, incident, language)
        if incident.ended_at is not None and incident.state not in _GOES_ON:
            yield sentences.say("summary.lasted", start=start, end=_time(int(incident.ended_at), incident, language))
        else:
            yield sentences.say("summary.since", time=start)
    elif topic == "until":
        yield _end(incident, language, sentences)
    elif topic == "emergency":
        yield _emergency(incident, sentences)
    else:
        yield sentences.say(f"phone_bot.{topic}")


def _time(moment: int, incident: Incident, language: Language) -> str:
    return time_told(moment, int(incident.updated_at), (language, incident.market, incident.time_zone or "UTC"))


def _end(incident: Incident, language: Language, sentences: Sentences) -> str:
    if incident.state not in _IS_DOWN:
        return sentences.say("phone_bot.recovering" if incident.state == IncidentState.RECOVERING else "phone_bot.over")
    end = end_for_people(incident.estimated_end, int(incident.updated_at))
    if end is None:
        return sentences.say("phone_bot.no_end")
    early, late = (_time(moment, incident, language) for moment in end)
    return sentences.say("summary.end", early=early, late=late)


def _emergency(incident: Incident, sentences: Sentences) -> str:
    impact = incident.emergency
    if impact is None or impact.affected is False or incident.state not in _GOES_ON:
        return sentences.say("phone_bot.emergency_well")
    if impact.affected is None:
        return sentences.say("phone_bot.emergency_doubt")
    return sentences.say("summary.emergency", numbers=", ".join(impact.numbers) or "112")


def _places(incident: Incident, sentences: Sentences) -> list[str]:
    """The places that the summary names, the most affected first."""
    return places_named(
        [row.name or row.area for row in places_down(incident.areas)], incident.areas_omitted, sentences
    )

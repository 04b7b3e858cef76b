"""The words of a reply: the facts of the incident as everybody is told them, and a few words to who asked.

All replies of one moment take their facts from the incident's summary, so no two of them can contradict each other,
nor the status page.
"""

from collections.abc import Mapping
from typing import Final

from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import Language
from pipeline.wording.sentences import Wording

CHARS_MAX: Final[Mapping[str, int]] = {"x": 280, "mastodon": 500, "sms": 160, "push": 240}
"""Limits of platforms; other outlets take all that there is to say."""

_LETTERS: Final = frozenset({"email", "web", "app"})


def reply_text(
    incident: Incident, outlet: str, language: Language, wording: Wording, *, again: bool, device: bool = False
) -> str:
    """What a reply says.

    Args:
        incident: Latest revision, with a summary.
        outlet: Outlet on which it is answered.
        language: One that has a wording.
        wording: The sentences of all languages.
        again: Whether the writer had to ask more than once.
        device: Whether the writer takes his own device for the cause: that it is not goes first.
    """
    assert incident.summary is not None, "CORRELATE writes a summary with each revision"
    sentences = wording[language]
    most = CHARS_MAX.get(outlet, 4_000)
    spoken = outlet in ("hotline", "phone_bot")
    facts = (incident.summary.phone_bot if spoken else incident.summary.page).said(language)
    if len(facts) > most:
        facts = incident.summary.headline.said(language) + "."
    emergency = incident.emergency
    if emergency is not None and emergency.affected and incident.state in ("confirmed", "recovering"):
        call = sentences.say("reply.emergency", numbers=", ".join(emergency.numbers) or "112")
    else:
        call = ""
    over = incident.state in ("resolved", "closed")
    courtesy, whose = sentences.say("reply.again" if again else "reply.thanks"), "reply.over" if over else "reply.known"
    words = [courtesy, facts, sentences.say(whose), sentences.say("reply.sorry")]
    if device and not over:
        words = [words[2], facts, courtesy, words[3]]
    if outlet in _LETTERS:
        words.insert(0, sentences.say("reply.greeting"))
    mark = sentences.say("summary.exercise") if incident.exercise else ""
    return _fitting([mark, call], words, facts, most)


def _fitting(first: list[str], words: list[str], facts: str, most: int) -> str:
    """What comes first and the facts, and of the other words as many as fit, in their order."""
    begin = [text for text in first if text and not facts.startswith(text)]
    chosen = {facts}
    for text in words:
        attempt = " ".join([*begin, *(word for word in words if word in chosen or word == text)])
        if len(attempt) <= most:
            chosen.add(text)
    said = " ".join([*begin, *(word for word in words if word in chosen)])
    return said if len(said) <= most else said[: most - 1] + "…"

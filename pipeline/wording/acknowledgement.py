"""The words of an acknowledgement, per outlet.

An acknowledgement says that we know, where and what, and when we speak again. It names
no cause and no end: who promises one in the first quarter of an hour has to
take it back. The headline comes from the incident's own summary, so that the
status page, the hotline and the post say the same.
"""

from typing import Final

from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import Audience, Language, Outlet
from pipeline.wording.sentences import Sentences, Wording

X_CHARS_MAX: Final = 280
"""The platform's limit."""


def subject_of(incident: Incident, language: Language) -> str:
    """The headline, at most 200 characters."""
    assert incident.summary is not None, "CORRELATE writes a summary with each revision"
    return incident.summary.headline.said(language)


def body_of(incident: Incident, audience: Audience, outlet: Outlet, language: Language, wording: Wording) -> str:
    """The text for one audience, outlet and language.

    Args:
        incident: The revision that confirmed it.
        audience: To whom.
        outlet: Where; `x` is cut to 280 characters, what matters first.
        language: One that has a wording.
        wording: The sentences of all languages.
    """
    sentences = wording[language]
    known, devices, next_word, sorry = (
        sentences.say(f"acknowledgement.{name}") for name in ("known", "devices", "next_word", "sorry")
    )
    headline = subject_of(incident, language) + "."
    call = _emergency(incident, sentences)
    if outlet == "x":
        return _fitting([headline, *call, known, sorry, next_word])
    if outlet == "push":
        return " ".join([headline, *call, known])
    if outlet in ("hotline", "phone_bot"):
        spoken = headline.replace(" (", ", ").replace(")", "")
        return " ".join([sentences.say("acknowledgement.welcome"), spoken, *call, known, devices, next_word])
    if outlet == "email":
        greeting = sentences.say("acknowledgement.greeting")
        return "\n\n".join([greeting, " ".join([headline, *call]), known, next_word, sorry])
    if audience == "care_agents":
        staff = sentences.say("acknowledgement.staff", incident=incident.incident_id)
        return " ".join([headline, *call, staff])
    return " ".join([headline, *call, known, devices, next_word, sorry])


def _emergency(incident: Incident, sentences: Sentences) -> list[str]:
    impact = incident.emergency
    if impact is None or not impact.affected:
        return []
    return [sentences.say("acknowledgement.emergency", numbers=", ".join(impact.numbers) or "112")]


def _fitting(sentences: list[str]) -> str:
    """As many sentences as fit, in their order; the first is cut if it alone is too long.

    >>> _fitting(["a" * 300])[-1], len(_fitting(["a" * 300])), _fitting(["One.", "b" * 280])
    ('…', 280, 'One.')
    """
    text = sentences[0]
    if len(text) > X_CHARS_MAX:
        return text[: X_CHARS_MAX - 1] + "…"
    for sentence in sentences[1:]:
        if len(text) + 1 + len(sentence) <= X_CHARS_MAX:
            text = f"{text} {sentence}"
    return text

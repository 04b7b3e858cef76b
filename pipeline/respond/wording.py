"""The words of an acknowledgement, in French, English and German, per outlet.

An acknowledgement says that we know, where and what, and when we speak again. It names
no cause and no end: who promises one in the first quarter of an hour has to
take it back. The headline comes from the incident's own summary, so that the
status page, the hotline and the post say the same.
"""

from typing import Final

from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import Audience, Language, Outlet

X_CHARS_MAX: Final = 280
"""The platform's limit."""
BODY_CHARS_MAX: Final = 8_000

_KNOWN: Final[dict[Language, str]] = {
    "fr": "Nous en avons connaissance et nos équipes y travaillent.",
    "en": "We are aware of it and our teams are working on it.",
    "de": "Das ist uns bekannt, unsere Teams arbeiten daran.",
}
_SORRY: Final[dict[Language, str]] = {
    "fr": "Nous vous prions de nous excuser pour la gêne occasionnée.",
    "en": "We are sorry for the inconvenience.",
    "de": "Wir bitten um Entschuldigung für die Unannehmlichkeiten.",
}
_NEXT: Final[dict[Language, str]] = {
    "fr": "Nous vous tiendrons informés dès que nous en saurons plus, au plus tard dans une heure.",
    "en": "We will tell you more as soon as we know it, within the hour at the latest.",
    "de": "Sobald wir mehr wissen, melden wir uns, spätestens in einer Stunde.",
}
_DEVICES: Final[dict[Language, str]] = {
    "fr": "Il est inutile de redémarrer ou de remplacer votre équipement.",
    "en": "There is no need to restart or replace your device.",
    "de": "Ein Neustart oder Austausch Ihres Geräts ist nicht nötig.",
}
_EMERGENCY: Final[dict[Language, str]] = {
    "fr": "Les appels d'urgence ({numbers}) peuvent échouer : utilisez le téléphone d'un autre opérateur.",
    "en": "Emergency calls ({numbers}) may fail: use a phone of another operator.",
    "de": "Notrufe ({numbers}) können scheitern: Nutzen Sie ein Telefon eines anderen Anbieters.",
}
_GREETING: Final[dict[Language, str]] = {
    "fr": "Madame, Monsieur,",
    "en": "Dear customer,",
    "de": "Sehr geehrte Damen und Herren,",
}
_STAFF: Final[dict[Language, str]] = {
    "fr": "Pour le service client : même réponse à tous, sans cause ni heure de fin. Référence {incident}.",
    "en": "For care: the same answer to everybody, no cause and no end. Reference {incident}.",
    "de": "Für den Kundendienst: allen dieselbe Antwort, keine Ursache, kein Ende nennen. Vorgang {incident}.",
}
_WELCOME: Final[dict[Language, str]] = {
    "fr": "Bonjour.",
    "en": "Hello.",
    "de": "Guten Tag.",
}


def subject_of(incident: Incident, language: Language) -> str:
    """The headline, at most 200 characters."""
    assert incident.summary is not None, "CORRELATE writes a summary with each revision"
    return str(getattr(incident.summary.headline, language))


def body_of(incident: Incident, audience: Audience, outlet: Outlet, language: Language) -> str:
    """The text for one audience, outlet and language.

    Args:
        incident: The revision that confirmed it.
        audience: To whom.
        outlet: Where; `x` is cut to 280 characters, what matters first.
        language: One of fr, en, de.
    """
    headline = subject_of(incident, language) + "."
    call = _emergency(incident, language)
    if outlet == "x":
        return _fitting([headline, *call, _KNOWN[language], _SORRY[language], _NEXT[language]])
    if outlet == "push":
        return " ".join([headline, *call, _KNOWN[language]])
    if outlet in ("hotline", "phone_bot"):
        spoken = headline.replace(" (", ", ").replace(")", "")
        sentences = [_WELCOME[language], spoken, *call, _KNOWN[language], _DEVICES[language], _NEXT[language]]
        return " ".join(sentences)
    if outlet == "email":
        return "\n\n".join(
            [_GREETING[language], " ".join([headline, *call]), _KNOWN[language], _NEXT[language], _SORRY[language]]
        )
    if audience == "care_agents":
        return " ".join([headline, *call, _STAFF[language].format(incident=incident.incident_id)])
    return " ".join([headline, *call, _KNOWN[language], _DEVICES[language], _NEXT[language], _SORRY[language]])


def _emergency(incident: Incident, language: Language) -> list[str]:
    impact = incident.emergency
    if impact is None or not impact.affected:
        return []
    return [_EMERGENCY[language].format(numbers=", ".join(impact.numbers) or "112")]


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

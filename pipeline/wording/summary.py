"""What to tell people, in French, English and German: one line, a paragraph, a text to be spoken.

Without jargon, and without a cause that nobody knows. Times are local, since
no customer lives in UTC; `zoneinfo` is the one thing here that reads the system's
own data, and only the wording depends on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pipeline.records.published.people import Paragraph, Sentence, Summary
from pipeline.records.texts import clipped

Tongue = Literal["fr", "en", "de"]
PLACES_NAMED_MAX: Final = 3
"""More are counted: nobody remembers a spoken list of seven towns."""

_SERVICES: Final[dict[Tongue, dict[str, str]]] = {
    "fr": {
        "broadband": "internet",
        "emergency": "appels d'urgence",
        "fixed_voice": "téléphone fixe",
        "mobile_data": "internet mobile",
        "mobile_voice": "appels mobiles",
        "sms": "SMS",
        "tv": "télévision",
    },
    "en": {
        "broadband": "internet",
        "emergency": "emergency calls",
        "fixed_voice": "landline",
        "mobile_data": "mobile internet",
        "mobile_voice": "mobile calls",
        "sms": "text messages",
        "tv": "TV",
    },
    "de": {
        "broadband": "Internet",
        "emergency": "Notruf",
        "fixed_voice": "Festnetz",
        "mobile_data": "mobiles Internet",
        "mobile_voice": "Mobiltelefonie",
        "sms": "SMS",
        "tv": "Fernsehen",
    },
}
_ALL: Final[dict[Tongue, str]] = {"fr": "services", "en": "services", "de": "Dienste"}
_AND: Final[dict[Tongue, str]] = {"fr": "et", "en": "and", "de": "und"}
_MORE: Final[dict[Tongue, str]] = {
    "fr": "{number} autres lieux",
    "en": "{number} other places",
    "de": "{number} weitere Orte",
}
_HEADLINES: Final[dict[str, dict[Tongue, str]]] = {
    "suspected": {
        "fr": "Panne possible chez {operator} : {services} ({places})",
        "en": "Possible outage at {operator}: {services} ({places})",
        "de": "Mögliche Störung bei {operator}: {services} ({places})",
    },
    "confirmed": {
        "fr": "Panne chez {operator} : {services} ({places})",
        "en": "Outage at {operator}: {services} ({places})",
        "de": "Störung bei {operator}: {services} ({places})",
    },
    "recovering": {
        "fr": "{operator} : retour à la normale en cours, {services} ({places})",
        "en": "{operator}: service is coming back, {services} ({places})",
        "de": "{operator}: Störung klingt ab, {services} ({places})",
    },
    "resolved": {
        "fr": "{operator} : panne résolue, {services} ({places})",
        "en": "{operator}: outage resolved, {services} ({places})",
        "de": "{operator}: Störung behoben, {services} ({places})",
    },
    "dismissed": {
        "fr": "{operator} : aucune panne constatée, {services} ({places})",
        "en": "{operator}: no outage found, {services} ({places})",
        "de": "{operator}: keine Störung festgestellt, {services} ({places})",
    },
}
_SINCE: Final[dict[Tongue, str]] = {
    "fr": "Depuis {time} environ.",
    "en": "Since about {time}.",
    "de": "Seit etwa {time} Uhr.",
}
_END: Final[dict[Tongue, str]] = {
    "fr": (
        "D'après des pannes comparables, le service pourrait être rétabli entre {early} et {late} ; "
        "ce n'est qu'une estimation."
    ),
    "en": "Judging by similar outages, service may be back between {early} and {late}; this is only an estimate.",
    "de": (
        "Nach vergleichbaren Störungen könnte der Dienst zwischen {early} und {late} Uhr wieder laufen; "
        "das ist nur eine Schätzung."
    ),
}
_EMERGENCY: Final[dict[Tongue, str]] = {
    "fr": (
        "Les numéros d'urgence ({numbers}) peuvent être injoignables depuis ce réseau : "
        "utilisez un téléphone d'un autre opérateur."
    ),
    "en": "Emergency numbers ({numbers}) may be unreachable from this network: use a phone of another operator.",
    "de": (
        "Notrufe ({numbers}) sind aus diesem Netz möglicherweise nicht erreichbar: "
        "Nutzen Sie ein Telefon eines anderen Anbieters."
    ),
}
_EXERCISE: Final[dict[Tongue, str]] = {"fr": "EXERCICE. ", "en": "EXERCISE. ", "de": "ÜBUNG. "}
_NOBODY: Final[dict[Tongue, str]] = {"fr": "un opérateur", "en": "an operator", "de": "einem Anbieter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the texts are made of.

    Attributes:
        state: The incident's; `closed` reads like `resolved`.
        operator: As the brand writes it; '' if unknown.
        services: Sorted.
        places: Names for people, the most affected first.
        places_more: How many places are not among them.
        started_at: Estimate, ms.
        end: Earliest and latest estimated end, ms; None once over or unknown.
        numbers: Emergency numbers concerned.
    """

    state: str
    operator: str
    services: Sequence[str]
    places: Sequence[str]
    places_more: int
    started_at: int
    end: tuple[int, int] | None
    numbers: Sequence[str]
    time_zone: str
    exercise: bool = False


def summary_of(facts: Facts) -> Summary:
    """The three texts in three languages."""
    lines = {tongue: _headline(facts, tongue) for tongue in _AND}
    pages = {tongue: " ".join([lines[tongue] + ".", *_details(facts, tongue)]) for tongue in _AND}
    spoken = {tongue: pages[tongue].replace(" (", ", ").replace(")", "").replace("/", " ") for tongue in _AND}
    return Summary(
        headline=Sentence(**{tongue: clipped(text) for tongue, text in lines.items()}),
        page=Paragraph(**{tongue: clipped(text, 1_000) for tongue, text in pages.items()}),
        phone_bot=Paragraph(**{tongue: clipped(text, 1_000) for tongue, text in spoken.items()}),
    )


def _headline(facts: Facts, tongue: Tongue) -> str:
    state = {"closed": "resolved"}.get(facts.state, facts.state)
    words = _HEADLINES[state][tongue].format(
        operator=clipped(facts.operator, 60) or _NOBODY[tongue],
        services=joined(
            [_SERVICES[tongue].get(service, service) for service in facts.services] or [_ALL[tongue]], tongue
        ),
        places=joined(_places(facts, tongue), tongue),
    )
    return (_EXERCISE[tongue] if facts.exercise else "") + words


def _places(facts: Facts, tongue: Tongue) -> list[str]:
    named = [clipped(place, 40) for place in facts.places[:PLACES_NAMED_MAX]]
    more = facts.places_more + max(0, len(facts.places) - PLACES_NAMED_MAX)
    return [*named, _MORE[tongue].format(number=more)] if more else named or ["?"]


def _details(facts: Facts, tongue: Tongue) -> list[str]:
    details = [_SINCE[tongue].format(time=clock_text(facts.started_at, facts.time_zone))]
    if facts.numbers:
        details.insert(0, _EMERGENCY[tongue].format(numbers=", ".join(facts.numbers)))
    if facts.end is not None and facts.state in ("suspected", "confirmed"):
        early, late = (clock_text(moment, facts.time_zone) for moment in facts.end)
        details.append(_END[tongue].format(early=early, late=late))
    return details


def joined(words: Sequence[str], tongue: Tongue) -> str:
    """Words as a list in a sentence.

    >>> joined(["Köln", "Bonn", "Aachen"], "de")
    'Köln, Bonn und Aachen'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {_AND[tongue]} {words[-1]}"


def clock_text(moment_ms: int, time_zone: str) -> str:
    """Local time of day.

    >>> clock_text(1739347200000, "Europe/Berlin")
    '09:00'
    """
    return f"{datetime.fromtimestamp(moment_ms // 1_000, UTC).astimezone(_zone(time_zone)):%H:%M}"


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)

"""The public warning: a CAP 1.2 document for emergency calls that fail, drafted for the authorities.

Alert, then Updates, then a Cancel, each with references to those before it in the same warning. Its status is `Draft`
- or `Exercise` - and never `Actual`: an authority issues a warning, not we. One info block for each language of the
market. Source: OASIS, Common Alerting Protocol Version 1.2, 1 July 2010; element order is that of its schema.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pipeline.records.clocks import HOUR_MS
from pipeline.records.published.incidents import Incident
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import PPM, Language
from pipeline.wording.locales import Manner, manner_of
from pipeline.wording.notices.facts import NoticeFacts
from pipeline.wording.notices.outlets import OUTLET_FORMS
from pipeline.wording.notices.parts import PARTS, Voice
from pipeline.wording.places import areas_named
from pipeline.wording.sentences import Wording

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
CHARS_MAX: Final = 8_000
"""A notice's body has no more; a warning with more areas names the first ones, and how many more."""
AREAS_MAX: Final = 12
HEADLINE_MAX: Final = 160
"""CAP: some systems show no more characters of a headline."""
VALID_MS: Final = 2 * HOUR_MS
"""A warning that nobody renews ends after two hours: two cadences of an hour."""

EXTREME_FROM: Final = 1_000_000
SEVERE_FROM: Final = 10_000
"""Customers who cannot call for help: from a million it is extreme, from ten thousand severe; a judgement."""
OBSERVED_FROM_PPM: Final = 900_000
LIKELY_FROM_PPM: Final = PPM // 2
"""CAP: likely is more than half; observed is "determined to have occurred"."""


class Ground(NamedTuple):
    """Where an area lies, as a warning says it.

    Attributes:
        lat: Degrees north of its centre, as text.
        lon: Degrees east, as text.
        radius_km: Radius of a circle around the centre that holds the area.
        code_name: Name of the market's code, such as `ARS`; '' without one.
        code: The area's code; '' if it has none.
    """

    lat: str
    lon: str
    radius_km: int
    code_name: str = ""
    code: str = ""


FindGround = Callable[[str], Ground | None]
"""An area's path to where it lies; None if nobody knows."""


def nowhere(_area: str) -> Ground | None:
    """The answer of who has no map."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningCourse:
    """Where a document stands among those of its warning.

    Attributes:
        sender: Who would send it, as CAP wants it: no space, comma, `<` or `&`.
        references: The documents before it, as `sender,identifier,sent`; empty for the first.
        is_over: Whether it takes the warning back.
    """

    sender: str
    references: Sequence[str] = ()
    is_over: bool = False

    @property
    def message_type(self) -> str:
        """Alert, Update or Cancel."""
        return "Cancel" if self.is_over else "Update" if self.references else "Alert"


def warning_of(
    facts: NoticeFacts, course: WarningCourse, languages: Sequence[Language], wording: Wording, ground: FindGround
) -> tuple[str, str]:
    """The document, and how the next one refers to it.

    Args:
        facts: What there is to say.
        course: The documents before it.
        languages: Those of the market's customers, the first one first.
        wording: The sentences of all languages.
        ground: Where areas lie.

    Returns:
        XML as text, at most 8,000 characters, and `sender,identifier,sent`.
    """
    incident = facts.incident
    manner = manner_of(languages[0], incident.market, incident.time_zone or "UTC")
    sent = _time(manner, facts.at)
    identifier = f"{incident.incident_id}-{len(course.references) + 1}-{facts.at}"
    shown = AREAS_MAX
    while True:
        alert = _alert(facts, course, (identifier, sent), languages)
        for language in languages:
            alert.append(_info(facts, course, language, wording, (ground, shown)))
        ET.indent(alert)
        text = ET.tostring(alert, encoding="unicode", xml_declaration=False)
        if len(text) <= CHARS_MAX or shown == 0:
            return text, f"{course.sender},{identifier},{sent}"
        shown -= 1


def _alert(
    facts: NoticeFacts, course: WarningCourse, named: tuple[str, str], languages: Sequence[Language]
) -> ET.Element:
    identifier, sent = named
    exercise = facts.incident.exercise
    alert = ET.Element("alert", xmlns=NAMESPACE)
    _add(alert, "identifier", identifier)
    _add(alert, "sender", course.sender)
    _add(alert, "sent", sent)
    _add(alert, "status", "Exercise" if exercise else "Draft")
    _add(alert, "msgType", course.message_type)
    _add(alert, "scope", "Public")
    if exercise:
        _add(alert, "note", f"Exercise: not a real warning ({languages[0]})")
    if course.references:
        _add(alert, "references", " ".join(course.references))
    _add(alert, "incidents", facts.incident.incident_id)
    return alert


def _info(
    facts: NoticeFacts, course: WarningCourse, language: Language, wording: Wording, where: tuple[FindGround, int]
) -> ET.Element:
    incident, sentences = facts.incident, wording[language]
    manner = manner_of(language, incident.market, incident.time_zone or "UTC")
    voice = Voice(sentences, manner, OUTLET_FORMS["web"])
    assert incident.summary is not None, "CORRELATE writes a summary with each revision"
    title = "all_clear" if course.is_over else "emergency"
    info = ET.Element("info")
    _add(info, "language", f"{language}-{incident.market}")
    _add(info, "category", "Infra")
    _add(info, "event", sentences.say("notice.warning_event"))
    _add(info, "responseType", "AllClear" if course.is_over else "Execute")
    _add(info, "urgency", "Past" if course.is_over else "Immediate")
    _add(info, "severity", severity_of(incident))
    _add(info, "certainty", certainty_of(incident))
    _add(info, "effective", _time(manner, facts.at))
    if incident.started_at is not None:
        _add(info, "onset", _time(manner, int(incident.started_at)))
    _add(info, "expires", _time(manner, facts.at + VALID_MS))
    _add(info, "senderName", facts.operator)
    mark = sentences.mark_of(exercise=incident.exercise)
    headline = incident.summary.headline.said(language).removeprefix(mark)
    _add(info, "headline", clipped(mark + sentences.say(f"title.{title}", headline=headline), HEADLINE_MAX))
    parts = ("emergency_over", "headline") if course.is_over else ("emergency", "headline", "since", "customers", "end")
    said = [PARTS[name](facts, voice).removeprefix(mark) for name in parts]
    _add(info, "description", mark + " ".join(text for text in said if text))
    if not course.is_over:
        _add(info, "instruction", sentences.say("notice.instruction"))
    for area in _areas(incident, voice, *where):
        info.append(area)
    return info


def _areas(incident: Incident, voice: Voice, ground: FindGround, shown: int) -> list[ET.Element]:
    """Area blocks of the smallest areas that are hit; the last one counts those that are not shown."""
    rows = areas_named(incident.areas)
    blocks = []
    for row in rows[:shown]:
        block = ET.Element("area")
        _add(block, "areaDesc", row.name or row.area)
        place = ground(row.area)
        if place is not None:
            _add(block, "circle", f"{place.lat},{place.lon} {place.radius_km}")
            if place.code:
                code = ET.SubElement(block, "geocode")
                _add(code, "valueName", place.code_name)
                _add(code, "value", place.code)
        blocks.append(block)
    more = len(rows) - len(blocks) + incident.areas_omitted
    if more or not blocks:
        block = ET.Element("area")
        _add(block, "areaDesc", voice.places([], more) or incident.market)
        blocks.append(block)
    return blocks


def severity_of(incident: Incident) -> str:
    """CAP's severity: how many people cannot call for help; unknown numbers count as many.

    Args:
        incident: With the customers that are hit.
    """
    customers = incident.customers_affected
    if customers is None:
        return "Severe"
    number = customers.high if customers.likely is None else customers.likely
    levels: Mapping[str, int] = {"Extreme": EXTREME_FROM, "Severe": SEVERE_FROM}
    return next((level for level, least in levels.items() if number >= least), "Moderate")


def certainty_of(incident: Incident) -> str:
    """CAP's certainty: observed if a second source or a person says so and we are sure, else by our confidence.

    Args:
        incident: With its confidence.
    """
    sure = incident.confidence_ppm or 0
    if incident.verification == "confirmed" and sure >= OBSERVED_FROM_PPM:
        return "Observed"
    return "Likely" if sure >= LIKELY_FROM_PPM else "Possible"


def _time(manner: Manner, moment_ms: int) -> str:
    """A time as CAP writes it: with an offset, never with a Z."""
    return manner.zoned(moment_ms).replace(microsecond=0).isoformat()


def _add(above: ET.Element, name: str, text: str) -> None:
    """An element with a text; what XML cannot hold is left out."""
    ET.SubElement(above, name).text = "".join(char for char in text if char.isprintable() or char == "\n")

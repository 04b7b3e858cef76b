"""A notice's text: the parts that its audience gets, in their order, as many as its outlet can take.

An emergency is always first, and a mark of an exercise before everything: nothing may read
an exercise as the real thing.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.records.texts import clipped
from pipeline.records.vocabulary import Audience, Language, Outlet
from pipeline.wording.locales import manner_of
from pipeline.wording.notices.facts import NoticeFacts
from pipeline.wording.notices.outlets import OUTLET_FORMS, OutletForm
from pipeline.wording.notices.parts import PARTS, WEIGHT, WEIGHT_OF_THE_REST, Voice
from pipeline.wording.sentences import Wording

FOR_THE_PUBLIC: Final = frozenset({"known", "devices", "restart", "sorry", "apology"})
"""Parts that comfort: who works for the operator is not told them."""

ADDED: Final[Mapping[str, tuple[str, ...]]] = {
    "care_agents": ("since", "customers", "same_answer", "reference"),
    "field_technicians": ("since", "customers", "field", "reference"),
    "authorities": ("since", "customers", "authorities", "reference"),
    "content_provider": ("since", "provider", "reference"),
}
"""Parts that an audience gets beside those of the occasion, at the end."""

NEWS: Final[Mapping[str, str]] = {"estimate": "end"}
"""The part for which an occasion is told at all: where one fits, it goes before a headline that people have heard."""


class NoticeText(NamedTuple):
    """What a notice says.

    Attributes:
        subject: Headline, at most 200 characters.
        body: The text, within the limit of its outlet.
    """

    subject: str
    body: str


def text_of(facts: NoticeFacts, place: tuple[Audience, Outlet], language: Language, wording: Wording) -> NoticeText:
    """Put a text together.

    Args:
        facts: What there is to say.
        place: To whom, and where.
        language: One that has a wording.
        wording: The sentences of all languages.
    """
    audience, outlet = place
    incident, form = facts.incident, OUTLET_FORMS[outlet]
    sentences = wording[language]
    voice = Voice(sentences, manner_of(language, incident.market, incident.time_zone or "UTC"), form)
    mark = sentences.mark_of(exercise=incident.exercise)
    said = [(name, PARTS[name](facts, voice).removeprefix(mark)) for name in parts_for(facts.says, audience)]
    said = [(name, text) for name, text in said if text]
    if form.opens_with and audience in ("customers", "business_customers"):
        behind_emergency = int(bool(said) and said[0][0].startswith("emergency"))
        said.insert(behind_emergency, ("opening", sentences.say(form.opens_with)))
    assert incident.summary is not None, "CORRELATE writes a summary with each revision"
    title = sentences.say(
        f"title.{facts.occasion}", headline=incident.summary.headline.said(language).removeprefix(mark)
    )
    return NoticeText(clipped(mark + title), fitting(said, mark, form, NEWS.get(facts.occasion, "")))


def parts_for(says: Sequence[str], audience: str) -> list[str]:
    """The parts that an audience gets, an emergency first.

    Args:
        says: Parts of the occasion, in their order.
        audience: To whom.
    """
    for_staff = audience in ADDED
    kept = [name for name in says if not (for_staff and name in FOR_THE_PUBLIC)]
    return [*kept, *(name for name in ADDED.get(audience, ()) if name not in kept)]


def fitting(said: Sequence[tuple[str, str]], mark: str, form: OutletForm, news: str = "") -> str:
    """As much as fits, what matters most chosen first, in the order in which it is said.

    Args:
        said: Names of parts and what they say.
        mark: Stands before everything; '' for nothing.
        form: The outlet.
        news: Name of the part that is the news; it goes right behind an emergency.
    """
    weights = {**WEIGHT, news: 0}
    chosen: list[int] = []
    by_weight = sorted(range(len(said)), key=lambda place: (weights.get(said[place][0], WEIGHT_OF_THE_REST), place))
    for place in by_weight:
        attempt = _put_together(said, sorted([*chosen, place]), mark, form)
        if form.excess(attempt) <= 0:
            chosen.append(place)
    if not chosen and said:
        return _cut(_put_together(said, by_weight[:1], mark, form), form)
    return _put_together(said, sorted(chosen), mark, form)


def _put_together(said: Sequence[tuple[str, str]], places: Sequence[int], mark: str, form: OutletForm) -> str:
    texts = [said[place][1] for place in places]
    text = form.between.join(texts)
    return form.plain(text if not mark or text.startswith(mark) else mark + text)


def _cut(text: str, form: OutletForm) -> str:
    """The beginning of a text that is too long by itself, up to a whole word."""
    while text and form.excess(form.plain(text + "…")) > 0:
        text = text.rpartition(" ")[0] if " " in text else text[:-1]
    return form.plain(text + "…")

"""What people are told of planned work beforehand: when, what may fail, what to do; or that it does not take place."""

from dataclasses import dataclass
from typing import Final

from pipeline.records.texts import clipped
from pipeline.records.vocabulary import Audience, Language, Outlet
from pipeline.wording.locales import manner_of
from pipeline.wording.notices.outlets import OUTLET_FORMS
from pipeline.wording.notices.text import NoticeText, fitting
from pipeline.wording.sentences import Wording

FOR_HELP: Final = frozenset({"", "mobile_voice", "fixed_voice", "emergency"})
"""Services without which nobody can call for help; '' is any of them."""

TO_STAFF: Final = frozenset({"care_agents", "field_technicians"})
"""Who hears why, and under which id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFacts:
    """What there is to say.

    Attributes:
        work_id: Names the work.
        market: Country.
        time_zone: IANA name; times for people are in it.
        operator: As the brand writes it.
        service: What may fail; '' = any.
        place: Where; '' = everywhere.
        starts_at: When it begins, ms.
        until: When it ends, ms.
        at: When it is told, ms.
        reason: Why, in the words of who ordered it; '' if nobody said.
        cancelled: Whether it does not take place.
        exercise: Part of an exercise.
    """

    work_id: str
    market: str
    time_zone: str
    operator: str
    service: str
    place: str
    starts_at: int
    until: int
    at: int
    reason: str
    cancelled: bool
    exercise: bool


def work_text(facts: WorkFacts, place: tuple[Audience, Outlet], language: Language, wording: Wording) -> NoticeText:
    """Put a text about planned work together.

    Args:
        facts: What there is to say.
        place: To whom, and where.
        language: One that has a wording.
        wording: The sentences of all languages.
    """
    audience, outlet = place
    sentences, form = wording[language], OUTLET_FORMS[outlet]
    manner = manner_of(language, facts.market, facts.time_zone)
    named = {
        "operator": facts.operator,
        "services": sentences.service(facts.service) if facts.service else sentences.say("list.all_services"),
        "places": facts.place or sentences.say("planned.everywhere"),
    }
    start = manner.time(facts.starts_at, facts.at)
    kind = "cancelled" if facts.cancelled else "announced"
    end = {} if facts.cancelled else {"end": manner.time(facts.until, facts.starts_at)}
    said = [(kind, sentences.say(f"planned.{kind}", start=start, **end, **named))]
    if not facts.cancelled and audience not in TO_STAFF:
        said.append(("back", sentences.say("planned.back")))
    if not facts.cancelled and facts.service in FOR_HELP:
        said.append(("help", sentences.say("planned.help")))
    if audience in TO_STAFF:
        said += [("reason", sentences.say("planned.reason", reason=facts.reason))] if facts.reason else []
        said.append(("reference", sentences.say("notice.reference", incident=facts.work_id)))
    elif form.opens_with:
        said.insert(0, ("opening", sentences.say(form.opens_with)))
    mark = sentences.mark_of(exercise=facts.exercise)
    title = sentences.say(f"planned.{kind}_title", start=start, **named)
    return NoticeText(clipped(mark + title), fitting(said, mark, form))

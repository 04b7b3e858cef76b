"""A survey among those who were hit, and a word of thanks.

Who is asked is a rule and no list, since Tocsin knows no customers by name: those of the areas and services whose
keyed hash falls below a share. The same customers are in it whenever it is worked out, and never more than a
limit, since who is asked too often answers no more.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS, Instant
from pipeline.records.published.followups import Survey, Thanks
from pipeline.records.published.people import Paragraph
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import PPM
from pipeline.respond.followups.asked import AskedFollowup, OverOutage
from pipeline.respond.remembered.impact import began_at, counted_areas
from pipeline.wording.followups import QUESTIONS, sentence_of

EVENING_HOUR: Final = 20
"""Nobody is asked after this hour."""


def ask_customers(over: OverOutage) -> Iterator[AskedFollowup]:
    """A survey, and thanks; nothing after an outage that hardly anybody noticed."""
    config, incident = over.rules.config.followups, over.incident
    lasted = int(incident.ended_at or over.at) - began_at(incident)
    if lasted < config.short_minutes * MINUTE_MS:
        return
    ask_from = _in_daytime(over.at + config.survey_hours * HOUR_MS, config.survey_from_hour, over.zone)
    ask_until = ask_from + config.survey_open_days * DAY_MS
    survey = Survey(
        questions=tuple(_said(over, f"survey.{name}") for name in QUESTIONS),
        outlet=config.survey_outlet,
        people_max=config.survey_people_max,
        who=clipped(_who(over)),
        sample_ppm=_sample_ppm(over),
        ask_from=Instant(ask_from),
        ask_until=Instant(ask_until),
    )
    yield AskedFollowup("survey", "", survey, config.care_owner, ask_from)
    thanks = Thanks(text=_said(over, "thanks.text"), outlet="web")
    yield AskedFollowup("thanks", "", thanks, config.care_owner, over.at + config.thanks_hours * HOUR_MS)


def _said(over: OverOutage, key: str) -> Paragraph:
    return sentence_of(over.rules.wording, over.languages, key, exercise=over.incident.exercise)


def _who(over: OverOutage) -> str:
    incident = over.incident
    operators = ", ".join(operator.operator for operator in incident.operators[:3])
    services = ", ".join(incident.services) or "any service"
    names = {share.area: share.name or share.area for share in incident.areas}
    areas = [names.get(path, path) for path in over.memory.impact.areas if path in names]
    return f"customers of {operators} with {services} in {', '.join(areas) or incident.market}"


def _sample_ppm(over: OverOutage) -> int:
    """Part of the customers that keeps to the limit even if as many were hit as may have been."""
    areas = counted_areas(over.memory.impact).values()
    most = sum(area.high for area in areas) or max((span.high for span in over.memory.impact.spans), default=0)
    people_max = over.rules.config.followups.survey_people_max
    return PPM if most <= people_max else people_max * PPM // most


def _in_daytime(moment_ms: int, from_hour: int, time_zone: str) -> int:
    """The moment, or the next at which people may be asked.

    >>> _in_daytime(1739347200000 + 13 * 3600000, 10, "Europe/Berlin") - 1739347200000
    90000000
    """
    there = datetime.fromtimestamp(moment_ms // 1_000, UTC).astimezone(ZoneInfo(time_zone))
    if from_hour <= there.hour < max(EVENING_HOUR, from_hour + 1):
        return moment_ms
    day = there.date() + timedelta(days=there.hour >= from_hour)
    begin = datetime(day.year, day.month, day.day, from_hour, tzinfo=ZoneInfo(time_zone))
    return round(begin.timestamp()) * 1_000

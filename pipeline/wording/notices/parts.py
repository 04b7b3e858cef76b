"""The parts of a notice: each says one thing, in one or two sentences, or nothing if there is nothing to say.

Which parts an occasion has, and in which order, RESPOND's table says. How much a part
matters (`WEIGHT`) decides what goes first where an outlet is too short for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import IncidentState
from pipeline.wording.ends import end_for_people
from pipeline.wording.locales import Manner, rounded_for_people
from pipeline.wording.notices.facts import NoticeFacts
from pipeline.wording.notices.outlets import OutletForm
from pipeline.wording.places import places_down
from pipeline.wording.sentences import Sentences
from pipeline.wording.summary import back_told

PLACES_NAMED_MAX: Final = 3
"""More are counted: nobody remembers a spoken list of seven towns."""

PLACES_NAMED_SHORT: Final = 2
"""On a short outlet two places are named if there are no more; else the first."""

NARROW_PERCENT: Final = 25
"""A number of customers is told as one number if its greatest is at most so much above its least: whoever sends help
plans with the difference."""

END_SOON_MS: Final = 10 * MINUTE_MS
"""An earliest end nearer than this is left out: the text is read some minutes after it was drafted."""

_SHORT: Final = {"recovering": "returning", "resolved": "over", "closed": "over"}
"""Which short headline a state has; all others say that there is an outage."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says the parts: a language in the manner of a market, on an outlet."""

    sentences: Sentences
    manner: Manner
    form: OutletForm

    def say(self, key: str, **fields: object) -> str:
        """A sentence; its short form where the outlet is short and there is one."""
        short = f"{key}_short"
        return self.sentences.say(short if self.form.is_short and self.sentences.has(short) else key, **fields)

    def dialled(self, numbers: Sequence[str]) -> str:
        """Numbers to dial, as a list; digits apart where it is read aloud."""
        return self.manner.listed([" ".join(number) if self.form.is_spoken else number for number in numbers])

    def places(self, names: Sequence[str], omitted: int = 0) -> str:
        """Names of places as a list; of many the first, and how many more."""
        named = list(
            names[: 1 if self.form.is_short and len(names) + omitted > PLACES_NAMED_SHORT else PLACES_NAMED_MAX]
        )
        more = len(names) - len(named) + omitted
        if more:
            named.append(
                self.sentences.say(
                    f"plural.more_places_{self._form('more_places', more)}", number=self.manner.number(more)
                )
            )
        return self.manner.listed(named)

    def _form(self, name: str, number: int) -> str:
        form = self.manner.form(number)
        return form if self.sentences.has(f"plural.{name}_{form}") else "other"

    def customers(self, number: int) -> str:
        """A number of customers, rounded as a person says it."""
        told = rounded_for_people(number)
        return self.sentences.say(f"plural.customers_{self._form('customers', told)}", number=self.manner.number(told))

    def services(self, services: Sequence[str]) -> str:
        """Services as a list, as people call them."""
        return self.manner.listed([self.sentences.service(service) for service in services])


_Part = Callable[[NoticeFacts, Voice], str]


def _fixed(key: str) -> _Part:
    return lambda _facts, voice: voice.say(key)


_ON_LANDLINES: Final = frozenset({"fixed_voice", "broadband"})
"""What a call from home needs: most landlines are carried by the internet connection."""


def way_to_call(services: Sequence[str]) -> str:
    """How the sentence about emergency calls ends: nobody is sent to what is down as well.

    >>> way_to_call(["broadband", "tv"]), way_to_call(["mobile_voice"]), way_to_call(["fixed_voice", "mobile_voice"])
    ('_by_mobile', '_by_landline', '')
    """
    at_home, mobile = bool(_ON_LANDLINES & set(services)), "mobile_voice" in services
    if at_home == mobile:
        return ""
    return "_by_mobile" if at_home else "_by_landline"


def _emergency(facts: NoticeFacts, voice: Voice) -> str:
    if not facts.numbers:
        return ""
    key = f"notice.emergency{way_to_call(facts.incident.services)}"
    return voice.say(key, numbers=voice.dialled(facts.numbers))


def _emergency_over(facts: NoticeFacts, voice: Voice) -> str:
    numbers = facts.numbers_back
    return voice.say("notice.emergency_over", numbers=voice.dialled(numbers)) if numbers else ""


def places_of(incident: Incident) -> list[str]:
    """Names of the smallest areas that are down, the most affected first."""
    return [row.name or row.area.rpartition("/")[2] for row in places_down(incident.areas)]


def _headline(facts: NoticeFacts, voice: Voice) -> str:
    incident = facts.incident
    if voice.form.is_short:
        services = [service for service in incident.services if service != "emergency"]
        return voice.sentences.say(
            "notice.headline_" + _SHORT.get(incident.state, "short"),
            operator=facts.operator,
            services=voice.services(services) or voice.sentences.say("list.all_services"),
            places=voice.places(places_of(incident), incident.areas_omitted) or facts.operator,
        )
    assert incident.summary is not None, "CORRELATE writes a summary with each revision"
    line = incident.summary.headline.said(voice.manner.language)
    return line if line.endswith(".") else line + "."


def _new_services(facts: NoticeFacts, voice: Voice) -> str:
    return voice.say("notice.new_services", services=voice.services(facts.services)) if facts.services else ""


def _new_places(facts: NoticeFacts, voice: Voice) -> str:
    return voice.say("notice.new_places", places=voice.places(facts.places)) if facts.places else ""


def _back(facts: NoticeFacts, voice: Voice) -> str:
    """What works again: places, and how many of the customers, where a text has room for it."""
    incident = facts.incident
    places = voice.say("notice.back", places=voice.places(facts.back)) if facts.back else ""
    is_on = incident.state in (IncidentState.CONFIRMED, IncidentState.RECOVERING) and not voice.form.is_short
    share = back_told(incident.customers_back_ppm, incident.state, voice.sentences) if is_on else ""
    return " ".join(words for words in (places, share) if words)


def _graver(facts: NoticeFacts, voice: Voice) -> str:
    return voice.say("notice.graver") if facts.is_graver else ""


def _end(facts: NoticeFacts, voice: Voice) -> str:
    """The estimated end; one that moved is told as a revision, in plain words."""
    if facts.end is None:
        known = end_for_people(facts.incident.estimated_end, facts.at)
        return "" if known else voice.say("notice.end_unknown")  # the page tells it: nothing, rather than "unknown"
    early, late = facts.end
    told = {"later": "later", "sooner": "sooner"}.get(facts.end_moved, "end")
    late_text = voice.manner.time(late, facts.at)
    if early < facts.at + END_SOON_MS:
        return voice.say(f"notice.{told}_by", late=late_text)
    return voice.say(f"notice.{told}_between", early=voice.manner.time(early, facts.at), late=late_text)


def _next_word(facts: NoticeFacts, voice: Voice) -> str:
    if facts.next_word_at is None:
        return ""
    return voice.say("notice.next_word", time=voice.manner.time(facts.next_word_at, facts.at))


def _cause(facts: NoticeFacts, voice: Voice) -> str:
    if not facts.cause:
        return voice.say("notice.cause_unknown")
    return voice.say("notice.cause", cause=voice.sentences.say(f"cause.{facts.cause}"))


def _planned(key: str) -> _Part:
    def said(facts: NoticeFacts, voice: Voice) -> str:
        if not facts.planned_until:
            return ""
        return voice.say(key, time=voice.manner.time(facts.planned_until, facts.at))

    return said


def _claim(facts: NoticeFacts, voice: Voice) -> str:
    return (
        voice.say("notice.claim", claim=voice.sentences.rumour(facts.claim, facts.claim_about)) if facts.claim else ""
    )


def _customers(facts: NoticeFacts, voice: Voice) -> str:
    """How many are hit: a number where it is known well, else the interval; a likely number never stands alone."""
    number = facts.incident.customers_affected
    if number is None or not number.high:  # "about 0 customers" is what the all-clear says anyway
        return ""
    if number.high * 100 <= number.low * (100 + NARROW_PERCENT):
        return voice.say(
            "notice.customers", customers=voice.customers(number.high if number.likely is None else number.likely)
        )
    between = {
        "low": voice.manner.number(rounded_for_people(number.low)),
        "high": voice.manner.number(rounded_for_people(number.high)),
    }
    if number.likely is None:
        return voice.say("notice.customers_between", **between)
    return voice.say(
        "notice.customers_likely", **between, likely=voice.manner.number(rounded_for_people(number.likely))
    )


def _since(facts: NoticeFacts, voice: Voice) -> str:
    incident, told = facts.incident, voice.manner.time
    began, ended = incident.started_at, incident.ended_at
    if began and ended and incident.state in ("resolved", "closed"):
        return voice.say("summary.lasted", start=told(int(began), facts.at), end=told(int(ended), facts.at))
    return voice.say("notice.since", time=told(int(began), facts.at)) if began else ""


def _reference(facts: NoticeFacts, voice: Voice) -> str:
    return voice.say("notice.reference", incident=facts.incident.incident_id)


PARTS: Final[Mapping[str, _Part]] = {
    "emergency": _emergency,
    "emergency_over": _emergency_over,
    "headline": _headline,
    "known": _fixed("notice.known"),
    "devices": _fixed("notice.devices"),
    "still": _fixed("notice.still"),
    "since": _since,
    "new_services": _new_services,
    "new_places": _new_places,
    "back": _back,
    "graver": _graver,
    "end": _end,
    "next_word": _next_word,
    "returning": _fixed("notice.returning"),
    "relapse": _fixed("notice.relapse"),
    "over": _fixed("notice.over"),
    "restart": _fixed("notice.restart"),
    "cause": _cause,
    "reopened": _fixed("notice.reopened"),
    "sorry": _fixed("notice.sorry"),
    "apology": _fixed("notice.apology"),
    "claim": _claim,
    "planned": _planned("notice.planned"),
    "overrun": _planned("notice.overrun"),
    "customers": _customers,
    "same_answer": _fixed("notice.same_answer"),
    "field": _fixed("notice.field"),
    "authorities": _fixed("notice.authorities"),
    "provider": _fixed("notice.provider"),
    "reference": _reference,
}
"""Name of a part to what says it."""

WEIGHT: Final[Mapping[str, int]] = {
    "emergency": 0,
    "emergency_over": 0,
    "claim": 0,
    "headline": 1,
    "reopened": 2,
    "relapse": 2,
    "returning": 2,
    "over": 2,
    "apology": 2,
    "planned": 2,
    "overrun": 2,
    "new_services": 3,
    "new_places": 3,
    "end": 3,
    "graver": 4,
    "still": 4,
    "next_word": 5,
    "back": 5,
    "known": 6,
    "cause": 6,
}
"""What is said first where not all fits, the least number first; parts that are not named come last."""

WEIGHT_OF_THE_REST: Final = 9

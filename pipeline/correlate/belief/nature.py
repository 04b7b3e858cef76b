"""What kind of outage it is, and what else it would be: every explanation of an incident with its number.

The account of evidence says how likely an outage is at all; nothing here changes that. What is said for it is shared
out among the kinds of outage, and what is left among the others, each by how common it is at such an hour and how well
it fits what is known: a window of announced work, symptoms of content, how large a part is hit, feeds that are silent,
others that are complained of alike. All of it in whole numbers, and all together are one.

What a reader may question: how well a kind fits is a handful of ratios, judgements as their priors are. They are there
to be compared on one card. What is told of an incident's nature follows from the same numbers, but that whatever work
covers is planned: people ordered the window, and its numbers alone would let four who write "slow" call it an outage.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple, cast
from zoneinfo import ZoneInfo

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.services import services_hit
from pipeline.correlate.evidence.testimony import NETWORK
from pipeline.correlate.parts import Dossier
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.rivals.shared import figures_speak
from pipeline.records.published.evidence_card import EXPLANATIONS_MAX, ExplanationKind, ExplanationShare
from pipeline.records.vocabulary import PPM
from pipeline.reference.calendars import YEAR_MAX, YEAR_MIN, is_calendar, is_holiday
from pipeline.reference.explained.kinds import CalendarHour, KindPriors

TOLD_FROM_PPM: Final = 1_000
"""An explanation that is less likely is not told."""

COVERED: Final = (95, 2)
"""Of a hundred works so many are announced, and of a hundred faults so many happen to lie in a window of some work."""

CONTENT_TIMES: Final = 4
"""Of those who name a symptom in a dispute about content four in five name one of content, in a fault one in five."""

SLOW_TIMES: Final = 2
"""Of those who name one where service gets worse two in three say that it is slow, in a fault one in three."""

FIGURES_TIMES: Final = 4
"""A dispute moves figures of service in one case of so many: the programme is sent, whatever it shows."""

PEOPLE_MAX: Final = 12
"""So many people count, as those after them have read what the first wrote."""

SILENT_TIMES: Final = 40
"""Where a feed of it is silent, so much likelier that it also said something wrong."""

DOUBTS_TIMES: Final = 5
"""Where people speak of emergencies in doubt, so much likelier that something untrue goes round."""

ALIKE_TIMES: Final = 50
"""Where others are complained of alike, so much likelier that something else fails that all use."""

_SLOW: Final = ("buffering", "slow")
_UNSAID: Final = ("", "other")
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "chatter": ("chatter", "rumour", "other_company"),
    "probe": ("probe", "feed"),
}
"""What DETECT cannot tell apart, and CORRELATE can."""


class Signs(NamedTuple):
    """What is known beside the weighings.

    Attributes:
        moment: The hour, as the market's clock tells it.
        planned: Does a window of announced work cover it?
        silent: Is a feed that concerns it silent?
        alike: Are others complained of alike?
    """

    moment: CalendarHour
    planned: bool = False
    silent: bool = False
    alike: bool = False


def moment_of(at: int, market: str, reference: CorrelateReference) -> CalendarHour:
    """A moment as a market's clock and calendar tell it.

    Args:
        at: The moment, ms since 1970.
        market: Whose clock.
        reference: Time zones and calendars of markets.
    """
    known = reference.market(market)
    zone = ZoneInfo(known.time_zone if known is not None else "UTC")
    there = datetime.fromtimestamp(at // 1_000, UTC).astimezone(zone)
    holidays = known.holidays if known is not None and is_calendar(known.holidays) else ""
    rests = holidays and YEAR_MIN <= there.year <= YEAR_MAX and is_holiday(holidays, there.date())
    return CalendarHour(there.hour, 6 if rests else there.weekday(), there.day)


def kinds_of_outage(dossier: Dossier, signs: Signs, config: CorrelateConfig, priors: KindPriors) -> dict[str, int]:
    """How well each kind of outage explains what is seen, beside the others: whole numbers whose ratios count.

    Args:
        dossier: All evidence.
        signs: What else is known.
        config: Names the symptoms that point at content.
        priors: How common each kind is at an hour.
    """
    weights = {kind: priors.weight_of(kind, signs.moment) for kind in ("fault", "degradation", "content", "planned")}
    if not is_of_television(dossier):
        del weights["content"]
    announced, chance = COVERED if signs.planned else (100 - COVERED[0], 100 - COVERED[1])
    _weigh(weights, "planned", announced, chance)
    _weigh_symptoms(weights, dossier.symptoms, config)
    if dossier.account is not None and figures_speak(dossier.account.added_milli):
        _weigh(weights, "content", 1, FIGURES_TIMES)
    shares = [seen.hit_ppm[1] for seen in dossier.areas.values() if seen.measured and seen.hit_ppm]
    if shares:
        left = max(0, PPM - max(shares)) // 1_000
        _weigh(weights, "degradation", 3 * left * left, 1_000_000)  # a third of its shares are below an eighth
    return weights


def _weigh(weights: dict[str, int], kind: str, times: int, others: int) -> None:
    """What is seen is so many times as likely under a kind as under the others."""
    if kind in weights:
        for name in weights:
            weights[name] *= times if name == kind else others


def _lead(named: Mapping[str, int], of_kind: tuple[str, ...]) -> int:
    """How many more people name a symptom of a kind than any other, as far as they count."""
    mine = sum(number for symptom, number in named.items() if symptom in of_kind)
    lead = 2 * mine - sum(named.values())
    return max(-PEOPLE_MAX, min(PEOPLE_MAX, lead))


def _odds(lead: int, times: int) -> tuple[int, int]:
    return cast("int", times ** max(0, lead)), cast("int", times ** max(0, -lead))


def kinds_of_others(
    rivals_ppm: Mapping[str, int], dossier: Dossier, signs: Signs, priors: KindPriors
) -> dict[str, int]:
    """How well each explanation that is no outage explains what is seen: whole numbers whose ratios count.

    Args:
        rivals_ppm: Probability of each, as the account has them, millionths.
        dossier: All evidence.
        signs: What else is known.
        priors: How common each kind is at an hour.
    """
    times = {
        "feed": SILENT_TIMES if signs.silent else 1,
        "rumour": DOUBTS_TIMES if dossier.doubts else 1,
        "other_company": ALIKE_TIMES if signs.alike else 1,
    }
    weights: dict[str, int] = {}
    for rival, ppm in sorted(rivals_ppm.items()):
        parts = _PARTS.get(rival, (rival,))
        usual = sum(priors.usual_weight_of(part) for part in parts)
        for part in parts:
            weights[part] = 1_000 * ppm * priors.weight_of(part, signs.moment) * times.get(part, 1) // usual
    return weights


def explanations_of(
    outage_ppm: int, outages: Mapping[str, int], others: Mapping[str, int]
) -> tuple[ExplanationShare, ...]:
    """The likeliest explanations of one in a thousand or more, the likeliest first; together they are one.

    Args:
        outage_ppm: Probability of an outage, of whatever kind, millionths.
        outages: From `kinds_of_outage`.
        others: From `kinds_of_others`; empty if nobody told any: then only the kinds of outage are told of.

    >>> told = explanations_of(900_000, {"fault": 3, "planned": 1}, {"normal": 1, "probe": 1})
    >>> [(known.kind, known.share_ppm) for known in told]
    [('fault', 675000), ('planned', 225000), ('normal', 50000), ('probe', 50000)]
    >>> sum(known.share_ppm for known in explanations_of(999_999, {"fault": 2, "degradation": 1}, {"normal": 7}))
    1000000
    """
    if not others:
        return ()
    shares = _shared(outage_ppm, outages) | _shared(PPM - outage_ppm, others)
    likeliest = sorted(shares, key=lambda kind: (-shares[kind], kind))[:EXPLANATIONS_MAX]
    kept = {kind: shares[kind] for kind in likeliest if shares[kind] >= TOLD_FROM_PPM}
    of_outage = {kind: share for kind, share in kept.items() if kind in outages}
    rest = {kind: share for kind, share in kept.items() if kind not in outages}
    whole = outage_ppm if of_outage and rest else PPM
    told = _shared(whole, of_outage) | _shared(PPM - whole if of_outage else PPM, rest)
    ordered = sorted(told, key=lambda kind: (-told[kind], kind))
    return tuple(ExplanationShare(kind=cast("ExplanationKind", kind), share_ppm=told[kind]) for kind in ordered)


def _shared(whole: int, weights: Mapping[str, int]) -> dict[str, int]:
    """A number shared out by weights, to the last: who has the greatest rest gets what is left over."""
    total = sum(weights.values())
    if not total:
        return {}
    shares = {kind: whole * weight // total for kind, weight in weights.items()}
    rests = sorted(weights, key=lambda kind: (-(whole * weights[kind] % total), kind))
    for kind in rests[: whole - sum(shares.values())]:
        shares[kind] += 1
    return shares


def nature_shown(
    dossier: Dossier, moment: CalendarHour, config: CorrelateConfig, priors: KindPriors
) -> Literal["technical", "content"]:
    """The nature that the evidence shows, work aside; a fault and service that gets worse are both technical.

    Args:
        dossier: All evidence.
        moment: When it began, as the market's clock tells it; a nature that followed the hour would change at six.
        config: Names the symptoms that point at content.
        priors: How common each kind is at an hour.
    """
    if not is_of_television(dossier):
        return "technical"
    weights = kinds_of_outage(dossier, Signs(moment), config, priors)
    return "content" if _is_content(weights) else "technical"


def is_of_television(dossier: Dossier) -> bool:
    """Is it about television: do figures show no other service, and do three of four who name one name it?

    Of a thousand who miss a match a few write that the phone fails, since they call and nobody answers.
    """
    hit = services_hit(dossier)
    if "tv" not in hit or "emergency" in hit:
        return False
    people = [series for series in dossier.series.values() if series.kind != NETWORK and series.service]
    others = sum(series.records for series in people if series.service != "tv")
    measured = {series.service for series in dossier.series.values() if series.kind == NETWORK} - {"", "tv"}
    return not measured and (hit == ["tv"] or sum(series.records for series in people) >= 4 * others)


def name_content(
    symptoms: Mapping[str, int], moment: CalendarHour, config: CorrelateConfig, priors: KindPriors
) -> bool:
    """Is a dispute about content the likeliest nature of what people say, by the symptoms that they name?

    Args:
        symptoms: How often each was named.
        moment: When, as the market's clock tells it.
        config: Names the symptoms that point at content.
        priors: How common each kind is at an hour.

    >>> noon, config, alike = CalendarHour(12, 2, 15), CorrelateConfig(), KindPriors()
    >>> name_content({"wrong_programme": 3, "no_tv": 2, "other": 9}, noon, config, alike)
    True
    >>> name_content({"rights": 1, "no_tv": 1}, noon, config, alike), name_content({}, noon, config, alike)
    (False, False)
    """
    weights = {kind: priors.weight_of(kind, moment) for kind in ("fault", "degradation", "content")}
    _weigh_symptoms(weights, symptoms, config)
    return _is_content(weights)


def _weigh_symptoms(weights: dict[str, int], symptoms: Mapping[str, int], config: CorrelateConfig) -> None:
    named = {symptom: number for symptom, number in symptoms.items() if symptom not in _UNSAID}
    _weigh(weights, "content", *_odds(_lead(named, config.content_symptoms), CONTENT_TIMES))
    _weigh(weights, "degradation", *_odds(_lead(named, _SLOW), SLOW_TIMES))


def _is_content(weights: Mapping[str, int]) -> bool:
    return weights["content"] > weights["fault"] + weights["degradation"]

"""The evidence card: why an incident is believed as much as it is, in numbers that add up.

The account is a sum of log-odds, so each source has its part of it. What would be believed without one is worked out
anew from all places, as a source that is missing does more than to leave a sum: without figures no second place agrees.
What the operator says of itself and what a person orders is no evidence to the account. It settles an incident, so
without it there is what the account says.
"""

from collections.abc import Callable
from functools import cache
from typing import Final

from pipeline.correlate.belief.estimate import started_in
from pipeline.correlate.belief.nature import Signs, explanations_of, kinds_of_others, kinds_of_outage
from pipeline.correlate.evidence.account import PRIOR_LOG_ODDS, joint, of_incident, of_operators, probability_of
from pipeline.correlate.evidence.explanations import by_source, unheard
from pipeline.correlate.held import AccountHeld
from pipeline.correlate.rivals.believed import believed, is_complained_of_alike
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.published.evidence_card import (
    BaseName,
    BasePart,
    EvidenceCard,
    ExplanationShare,
    GroupContribution,
    RivalShare,
    SourceContribution,
    WitnessSource,
)
from pipeline.records.vocabulary import PPM, DecisionReason

RIVAL_MIN_PPM: Final = 1_000
"""Probability of another explanation from which on it stands on the card."""

PRIOR_MILLI: Final = round(1_000 * PRIOR_LOG_ODDS)

_ALL_OF_THEM: Final[dict[str, str]] = {"telemetry": "network", "mentions": "public"}
"""Sources that are a group by themselves: what would be believed without them is asked once."""

_SETTLES: Final[dict[str, WitnessSource]] = {
    DecisionReason.OFFICIAL_WORD.value: "official",
    DecisionReason.COMMAND.value: "commands",
}


def card_of(incident: OpenIncident, pane: PaneAtWork) -> EvidenceCard | None:
    """The card of an incident; None where nothing was weighed, as where people alone decide.

    Args:
        incident: With what is believed of it at this pane.
        pane: The pane at work.
    """
    account = incident.dossier.account
    if account is None:
        return None
    added = by_source(account.added_milli, account.alone_milli)
    without = _without(incident, pane)
    groups = sorted(account.added_milli.items(), key=lambda said: (-said[1], said[0]))
    sources = sorted(((name, milli) for name, milli in added.items() if milli), key=lambda said: (-said[1], said[0]))
    told = [(source, milli, without(_ALL_OF_THEM.get(source, source), milli)) for source, milli in sources]
    if settles := _SETTLES.get(incident.course.settled):
        told.append((settles, 0, _ppm(account.peak_milli)))
    return EvidenceCard(
        log_odds_milli=account.odds_milli,
        base_milli=account.odds_milli - sum(account.added_milli.values()),
        contributions=tuple(
            GroupContribution(group=group, added_milli=milli, without_ppm=without(group, milli))  # type: ignore[arg-type]  # DETECT names these groups only
            for group, milli in groups
        ),
        rival=account.rival or None,  # type: ignore[arg-type]  # likewise
        outage_ppm=_ppm(account.odds_milli),
        base=_base_of(account, sum(added.values())),
        sources=tuple(
            SourceContribution(source=source, added_milli=milli, without_ppm=without_ppm)
            for source, milli, without_ppm in told
        ),
        rivals=tuple(
            RivalShare(rival=rival, share_ppm=ppm)  # type: ignore[arg-type]  # likewise
            for rival, ppm in account.rivals_ppm.items()
            if ppm >= RIVAL_MIN_PPM
        ),
        explanations=_explanations(incident, account, pane),
    )


def _explanations(incident: OpenIncident, account: AccountHeld, pane: PaneAtWork) -> tuple[ExplanationShare, ...]:
    """Every explanation with its number, by what is known beside the account as well."""
    dossier, priors = incident.dossier, pane.reference.kinds
    signs = Signs(
        started_in(incident, pane.reference),
        planned=incident.cover.maintenance is not None,
        silent=bool(incident.sight.silent),
        alike=any(is_complained_of_alike(operator, pane) for operator in sorted(dossier.operators)),
    )
    outages = kinds_of_outage(dossier, signs, pane.config, priors)
    others = kinds_of_others(account.rivals_ppm, dossier, signs, priors)
    return explanations_of(_ppm(account.odds_milli), outages, others)


def _base_of(account: AccountHeld, said_milli: int) -> tuple[BasePart, ...]:
    """What is believed beside what the sources said; the rest makes the sum exact."""
    parts: dict[BaseName, int] = {
        "prior": PRIOR_MILLI,
        "places": account.places_milli,
        "table": account.table_milli,
    }
    parts["rest"] = account.odds_milli - said_milli - sum(parts.values())
    return tuple(BasePart(name=name, added_milli=milli) for name, milli in parts.items() if milli)


def _without(incident: OpenIncident, pane: PaneAtWork) -> Callable[[str, int], int]:
    """Asks how sure it would be had a source, or a group of them, said nothing."""
    dossier, known, table = incident.dossier, list(believed(pane, incident).values()), pane.reference.belief
    mine, beside = of_incident(known, dossier), of_operators(known, dossier)
    odds_milli = dossier.account.odds_milli if dossier.account else 0

    @cache
    def ask(source: str, milli: int) -> int:
        left, others = ([unheard(place, source) for place in places] for places in (mine, beside))
        said = joint(left, others, table)
        return _ppm(odds_milli - milli if said is None else said.told_milli)

    return ask


def _ppm(odds_milli: int) -> int:
    return round(PPM * probability_of(odds_milli))

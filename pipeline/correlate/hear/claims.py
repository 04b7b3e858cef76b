"""The emergency rule: "112 does not work" needs no anomaly.

On 18 September 2025 at least five customers told Optus and no one listened; it
was found 4 h 17 min after the first. So one ticket, or two independent people in public who leave no doubt,
within half an hour, about one network or one place, make a confirmed critical incident at once.

What one person says in public, and what a text may mean otherwise, makes none; but it goes to a person at once: as
an open question, or as doubts of the incident that is known. `confirm` believes it, `dismiss` does not. Claims in
doubt that are likelier true than not add to a sure one as much as they are probable; among themselves they make no
alarm, however many they are. Those that are likelier none tell how much talk of emergencies there is in the nation,
and that some of it is misread as sure: where it is much, an alarm takes more people in public.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from pipeline.correlate.config import CLAIMS_MAX, CorrelateConfig
from pipeline.correlate.evidence.areas import are_measured
from pipeline.correlate.evidence.claims import SURE_MILLI, absorb_claims, doubt_claim, note_alarm
from pipeline.correlate.evidence.voices import (
    LIKELY_PERMILLE,
    are_alike,
    are_one_network,
    are_sure_together,
    is_told_before,
    likelier_none,
    names_of,
    people_beyond_misreading,
    voices_of,
    weight_milli,
)
from pipeline.correlate.hear.opening import borders_of, opened
from pipeline.correlate.hear.questions import (
    ask_people,
    end_overtaken,
    footprint_of,
    is_denied,
    leave_out,
    percent,
    question,
)
from pipeline.correlate.life.course import is_final, make_move
from pipeline.correlate.life.table import Move
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import MarketState, OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.vocabulary import DecisionKind, DecisionReason


def hear_claims(claims: Sequence[EmergencyClaim], pane: PaneAtWork) -> None:
    """Apply the emergency rule to a pane's claims, before and without any anomaly."""
    fresh = remember(pane.market, claims, pane.at, pane.config)
    borders = borders_of(pane) if fresh else None
    for claim in fresh:
        group = fellows(claim, pane.market, pane.config, pane.reference)
        known = borders.best(footprint_of(claim)) if borders else None
        incident = pane.incident(known.incident_id) if known else _of_the_number(claim, group, pane)
        alarmed = incident is not None and incident.dossier.emergency is not None
        if incident is None:
            incident, group = _beside_alarms(claim, group, pane)
        if alarmed and claim.doubtful:
            leave_out(claim, pane)
        elif alarmed or (_telling([claim]) and suffice(group, _heard_by(claim, pane), pane.config)):
            if _sound_alarm(incident, claim, [claim] if alarmed else _telling(group), pane):
                borders = borders_of(pane)
        elif not is_denied(claim, pane):
            _say_why_not(claim, group, pane)
            if incident is None:
                question(claim, pane)
            else:
                _ask_once(incident, claim, pane)
                borders = borders_of(pane)
    ask_people(pane)


def remember(
    market: MarketState, claims: Sequence[EmergencyClaim], now: int, config: CorrelateConfig
) -> list[EmergencyClaim]:
    """Keep a pane's claims as long as they count together; a repeat of one is dropped.

    Args:
        market: Changes in place.
        claims: Claims of the pane.
        now: End of the pane, ms.
        config: How long claims count together.

    Returns:
        Those that are new, in their order.
    """
    oldest = now - config.emergency.window_minutes * MINUTE_MS
    market.claims = [claim for claim in market.claims if claim.at > oldest]
    known = {(claim.id_hash, claim.operator) for claim in market.claims}
    fresh = []
    for claim in sorted(claims, key=lambda claim: claim.order):
        if (claim.id_hash, claim.operator) not in known:
            known.add((claim.id_hash, claim.operator))
            fresh.append(claim)
    market.claims = [*market.claims, *fresh][-CLAIMS_MAX:]
    return fresh


def fellows(
    claim: EmergencyClaim, market: MarketState, config: CorrelateConfig, reference: CorrelateReference
) -> list[EmergencyClaim]:
    """Claims that are about the same network, or, where one of two names none, about the same place.

    Args:
        claim: One of those that the market remembers.
        market: Its claims.
        config: What is near.
        reference: Hosts, and where places lie.

    Returns:
        The claim itself and those before it.
    """
    return [other for other in market.claims if other.at <= claim.at and are_alike(claim, other, config, reference)]


def of_its_place(
    claim: EmergencyClaim, group: Sequence[EmergencyClaim], config: CorrelateConfig, reference: CorrelateReference
) -> list[EmergencyClaim]:
    """Those of a claim's fellows that are about its place, and not about the nation.

    Args:
        claim: Names a network.
        group: The claim and its fellows.
        config: What is near.
        reference: Where places lie.
    """
    nowhere = replace(claim, operator="")
    return [other for other in group if "/" in other.area and are_alike(nowhere, other, config, reference)]


def _beside_alarms(
    claim: EmergencyClaim, group: list[EmergencyClaim], pane: PaneAtWork
) -> tuple[OpenIncident | None, list[EmergencyClaim]]:
    """Where a claim belongs that fits no incident, and which of its fellows prove it beside what is known already.

    A doubt about another place has a question of its own: who dismisses it does not dismiss what is known.
    """
    if not claim.operator:
        return None, _of_no_alarm(group, pane)
    elsewhere = _alarmed_elsewhere(claim, pane)
    if elsewhere is None:
        return None, group
    here = of_its_place(claim, group, pane.config, pane.reference)
    return None if claim.doubtful and not suffice(here, _heard_by(claim, pane), pane.config) else elsewhere, here


def _heard_by(claim: EmergencyClaim, pane: PaneAtWork) -> list[EmergencyClaim]:
    """What the market has heard by the time of a claim, but of other networks of which it is known.

    Where calls of one network fail, many ask and wonder about it: that makes no text about another one more doubtful.
    Of networks of which no alarm is known it does: on a day of warnings people name theirs, too.
    """
    heard = [other for other in pane.market.claims if other.at <= claim.at]
    known = _alarmed_networks(pane)
    if not claim.operator or not known:
        return heard
    return [
        other for other in heard if other.operator not in known or are_alike(claim, other, pane.config, pane.reference)
    ]


def _of_no_alarm(group: Sequence[EmergencyClaim], pane: PaneAtWork) -> list[EmergencyClaim]:
    """Fellows of a claim that names no network, without those that name one of which it is known, and no place.

    They say of the nation what is known of a part of it, and prove nothing of a place that nobody else names.
    """
    known = _alarmed_networks(pane)
    return [other for other in group if "/" in other.area or other.operator not in known]


def suffice(claims: Sequence[EmergencyClaim], heard: Sequence[EmergencyClaim], config: CorrelateConfig) -> bool:
    """Is it one sure ticket, or more sure people than so much talk gives by misreading?

    A sure text is misread once in five to twenty times (docs/text.md), so two must be nine in ten sure each, or as sure
    together; a third person, or doubts of one, make up for that. Texts in doubt are many: in a large outage
    one misread text meets two doubts by chance. What is likelier no claim than one adds nothing: where thousands write
    that they can reach nobody, dozens may mean that they cannot call for help, and none does. It tells how many are
    needed in place of two.

    Args:
        claims: About one network or place.
        heard: All of the nation within the time in which claims count together.
        config: How many suffice where few talk.
    """
    sure = [claim for claim in claims if not claim.doubtful]
    if any(claim.source == "tickets" for claim in sure):
        return True
    if not _are_so_many(claims, config.emergency.people_min):
        return False
    return _are_so_many(claims, people_beyond_misreading(likelier_none(heard), config.emergency))


def _telling(group: Sequence[EmergencyClaim]) -> list[EmergencyClaim]:
    """Those of an alarm's claims that tell of it: what is likelier no claim and names no network fits any alarm."""
    return [claim for claim in group if not claim.doubtful or claim.operator or claim.permille >= LIKELY_PERMILLE]


def _are_so_many(claims: Sequence[EmergencyClaim], people: int) -> bool:
    """Are claims as good as so many people of whom each is sure to nine in ten?"""
    sure = [claim for claim in claims if not claim.doubtful]
    voices = voices_of(sure)
    if len(voices) >= people and are_sure_together(voices, people):
        return True
    likely = [claim for claim in claims if not claim.doubtful or claim.permille >= LIKELY_PERMILLE]
    return bool(sure) and weight_milli(voices_of(likely)) >= SURE_MILLI * (people + 1)


def _say_why_not(claim: EmergencyClaim, group: Sequence[EmergencyClaim], pane: PaneAtWork) -> None:
    """Write down of a sure claim that it would have made an alarm if fewer spoke of emergencies."""
    if claim.doubtful or not suffice(group, (), pane.config):
        return
    doubts = likelier_none(_heard_by(claim, pane))
    people = people_beyond_misreading(doubts, pane.config.emergency)
    words = f"an alarm takes {people} sure people: {doubts} speak of emergencies, and likelier of no call that fails"
    about, extra = claim.operator or claim.area, f"talk {claim.id_hash}"
    pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=about, extra=extra)


def _of_the_number(claim: EmergencyClaim, group: Sequence[EmergencyClaim], pane: PaneAtWork) -> OpenIncident | None:
    """The open incident of which only claims tell, if a claim of another network or place would open a second one.

    Emergency calls alone fail once in years. Where they fail for customers of several networks or in places far
    apart within some hours, it is the number that fails, as with BT's platform for 999 on 25 June 2023.

    Args:
        claim: Fits no incident by its network or place.
        group: The claim and its fellows.
        pane: The pane at work.
    """
    if claim.doubtful or (claim.operator and not suffice(group, _heard_by(claim, pane), pane.config)):
        return None
    return next((incident for incident in _alarmed(pane) if not are_measured(incident.dossier.areas)), None)


def _alarmed_elsewhere(claim: EmergencyClaim, pane: PaneAtWork) -> OpenIncident | None:
    """The open incident of a claim's network in which no help can be called, in other places.

    What is claimed there is claimed already: it proves nothing of a place that nobody else names, and a network whose
    emergency calls fail in two cities within hours has one outage.
    """
    return next((incident for incident in _alarmed(pane) if _is_of_network(incident, claim, pane)), None)


def _is_of_network(incident: OpenIncident, claim: EmergencyClaim, pane: PaneAtWork) -> bool:
    """Is an incident one of a claim's network, or of a host or guest of it?"""
    operators = incident.dossier.operators
    return any(are_one_network(claim.operator, known, pane.reference) for known in operators)


def _alarmed_networks(pane: PaneAtWork) -> frozenset[str]:
    """Operators of which it is known that no help can be called."""
    return frozenset(operator for incident in _alarmed(pane) for operator in incident.dossier.operators)


def _alarmed(pane: PaneAtWork) -> Iterator[OpenIncident]:
    """Open incidents in which no help can be called, as was claimed within some hours."""
    oldest = pane.at - pane.config.lifecycle.people_quiet_minutes * MINUTE_MS
    for incident in pane.market.real_incidents:
        emergency = incident.dossier.emergency
        if emergency is not None and emergency.last_at > oldest and not is_final(incident):
            yield incident


def _ask_once(incident: OpenIncident, claim: EmergencyClaim, pane: PaneAtWork) -> None:
    """Ask about a claim in an incident, unless a person was asked about its writer or its text."""
    if is_told_before(claim, {name for doubt in incident.dossier.doubts for name in names_of(doubt)}):
        leave_out(claim, pane)
        return

    def rule(draft: OpenIncident) -> None:
        doubt_claim(draft.dossier, claim, pane.at, pane.config)
        words = f"can nobody call for help ({percent(claim)})? confirm or dismiss {draft.incident_id}: {claim.example}"
        reason, extra = DecisionReason.AWAITING_APPROVAL, str(claim.id_hash)
        pane.decide(DecisionKind.CHANGED, reason, words, about=draft, extra=extra)

    pane.guard(incident, rule)


def _sound_alarm(
    incident: OpenIncident | None, claim: EmergencyClaim, told: list[EmergencyClaim], pane: PaneAtWork
) -> bool:
    """Enter claims into an incident, which is opened if there is none; True if that changed any border."""
    known = incident.dossier if incident is not None else None
    changes = known is None or claim.area not in known.areas or claim.operator not in known.operators
    if incident is None:
        outline = borders_of(pane).open(footprint_of(claim), what=f"emergency|{claim.area}")
        outline.areas.add(claim.area)
        incident = opened(outline, pane, DecisionReason.EMERGENCY_RULE)

    def rule(draft: OpenIncident) -> None:
        absorb_claims(draft.dossier, told, pane.at, pane.config)
        note_alarm(draft.dossier, claim)
        make_move(draft, Move.EMERGENCY, pane, DecisionReason.EMERGENCY_RULE, text=f"{len(told)} claims")

    pane.guard(incident, rule)
    end_overtaken(told, pane)
    return changes

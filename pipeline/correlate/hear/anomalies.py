"""How the anomalies of a pane are shared out: each goes to an incident, new ones open, and some turn out one.

The order of arrival never matters: testimonies are sorted first, and small
areas are placed before wide ones.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Final

from pipeline.correlate.belief.accepted import accepted, is_night
from pipeline.correlate.belief.confirm import is_suspected
from pipeline.correlate.belief.estimate import started_in
from pipeline.correlate.belief.nature import moment_of, name_content, nature_shown
from pipeline.correlate.border.borders import Borders
from pipeline.correlate.border.outline import Outline
from pipeline.correlate.config import ANOMALIES_MAX, INCIDENTS_MAX
from pipeline.correlate.evidence.account import (
    BEGINS_FROM_MILLI,
    LEAF_FROM_MILLI,
    Joint,
    goes_on,
    joint,
    of_incident,
    of_operators,
    probability_of,
    speak_of,
)
from pipeline.correlate.evidence.areas import are_measured, leaves_of
from pipeline.correlate.evidence.dossier import absorb
from pipeline.correlate.evidence.footprint import Footprint
from pipeline.correlate.evidence.testimony import Testimony, testimonies_of
from pipeline.correlate.hear.officials import recall_officials
from pipeline.correlate.hear.opening import borders_of, opened
from pipeline.correlate.life.course import is_final, make_move
from pipeline.correlate.life.joining import merge_two, relate
from pipeline.correlate.life.table import Move
from pipeline.correlate.rivals.believed import believed, is_complained_of_alike
from pipeline.correlate.rivals.shared import figures_speak
from pipeline.correlate.state import Dismissal, OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.anomalies import BURST_PAUSE_MS, Anomaly
from pipeline.records.series import is_within
from pipeline.records.vocabulary import DecisionKind, DecisionReason

TOLD_EVERY_MS: Final = 30 * MINUTE_MS
"""What stands out and opens nothing is told when it begins, and while it goes on so often."""

TOLD_MAX: Final = 256
"""Series of a market of which is remembered when it was told that nothing follows from them."""


def share_out(anomalies: Sequence[Anomaly], pane: PaneAtWork) -> None:
    """Give each anomaly to an incident, open new ones, merge what turns out to be one."""
    heard = testimonies_of(anomalies, pane.reference)
    if not heard:
        return
    _tell_of_strangers([testimony for testimony in heard if not testimony.at_home], pane)
    of_content = _operators_of_content(pane)
    heard = [
        testimony for testimony in heard if testimony.at_home and not _is_in_its_nation(testimony, of_content, pane)
    ]
    said_of_all = [_is_said_of_all(testimony.anomaly, pane) for testimony in heard]
    _tell_of_all([testimony for testimony, of_all in zip(heard, said_of_all, strict=True) if of_all], pane)
    heard = [testimony for testimony, of_all in zip(heard, said_of_all, strict=True) if not of_all]
    if not heard:
        return
    if len(heard) > ANOMALIES_MAX:
        heard = _strongest(heard, pane)
    borders = borders_of(pane)
    heard = [_carrying_if_believed(testimony, borders, pane) for testimony in heard]
    carrying = [
        testimony
        for testimony in heard
        if testimony.carries and not _is_dismissed(testimony, borders, pane) and _is_believed(testimony, borders, pane)
    ]
    for homeless in borders.place(carrying, room=max(0, INCIDENTS_MAX - len(pane.market.incidents))):
        words = f"{INCIDENTS_MAX} incidents are open: no room for another; close or merge some"
        pane.decide(DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED, words, about=homeless.key)
    _accompany([testimony for testimony in heard if not testimony.carries], borders, pane)
    merges = borders.merge()
    for outline in borders.all:
        if outline.testimonies and not outline.published:
            _open(outline, pane)
        elif outline.testimonies and (incident := pane.incident(outline.incident_id)) is not None:
            pane.guard(incident, _absorbing(outline.testimonies, pane))
    _carry_out(merges, pane)


def _operators_of_content(pane: PaneAtWork) -> frozenset[str]:
    """Operators of incidents that are about content, before this pane's anomalies."""
    return frozenset(
        operator
        for incident in pane.market.incidents
        if not is_final(incident) and _is_of_content(incident, pane)
        for operator in incident.dossier.operators
    )


def _is_of_content(incident: OpenIncident, pane: PaneAtWork) -> bool:
    began, kinds = started_in(incident, pane.reference), pane.reference.kinds
    return nature_shown(incident.dossier, began, pane.config, kinds) == "content"


def _is_in_its_nation(testimony: Testimony, of_content: Collection[str], pane: PaneAtWork) -> bool:
    """Do people of a town say what their nation's sum says better? What a channel shows is the same everywhere.

    While content is in question, so is whatever people of a town say of its operator.
    """
    anomaly = testimony.anomaly
    if "/" not in anomaly.area or anomaly.source == "telemetry":
        return False
    if anomaly.operator not in of_content and not _names_content(anomaly, pane):
        return False
    if _is_told(testimony, pane):
        words = f"{anomaly.measure} of a town stand out over content, which shows everywhere: the nation's counts"
        pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=testimony.key)
    return True


def _names_content(anomaly: Anomaly, pane: PaneAtWork) -> bool:
    """Is what people of a town name likelier a dispute than a fault at this hour, by the weights of an incident?"""
    if anomaly.service not in ("", "tv"):
        return False
    now = moment_of(pane.at, pane.market.market, pane.reference)
    return name_content(anomaly.symptoms, now, pane.config, pane.reference.kinds)


def _is_said_of_all(anomaly: Anomaly, pane: PaneAtWork) -> bool:
    """Do people say it of several operators alike, where no figures of this one fall? Then it tells of no place.

    What is a fact already goes on as ever: who complains of it does not complain of what everybody does.
    """
    if anomaly.source == "telemetry" or not is_complained_of_alike(anomaly.operator, pane):
        return False
    if any(
        incident.course.settled and anomaly.operator in incident.dossier.operators
        for incident in pane.market.real_incidents
        if not is_final(incident)
    ):
        return False
    return not any(
        known.operator == anomaly.operator
        and (is_within(known.area, anomaly.area) or is_within(anomaly.area, known.area))
        and figures_speak(known.added_milli)
        for known in pane.market.weighings.values()
    )


def _tell_of_all(of_all: Sequence[Testimony], pane: PaneAtWork) -> None:
    for testimony in of_all:
        if _is_told(testimony, pane):
            words = "people complain of other operators alike, and no figure falls there: it is about something else"
            pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=testimony.key)


def _tell_of_strangers(strangers: Sequence[Testimony], pane: PaneAtWork) -> None:
    for testimony in strangers:
        if _is_told(testimony, pane):
            operator = testimony.anomaly.operator
            words = f"{operator} has no customers in that region: counted for the nation only"
            pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=testimony.key)


def _is_told(testimony: Testimony, pane: PaneAtWork) -> bool:
    """Is it time to tell that nothing follows from it? At the first step of each burst, and in each half hour of it."""
    market, key = pane.market, testimony.key
    told_at = market.told.get(key)
    last_at = market.standing.get(key, told_at)
    goes_on = told_at is not None and last_at is not None and pane.at - last_at < BURST_PAUSE_MS
    due = not goes_on or told_at is None or pane.at - told_at >= TOLD_EVERY_MS
    standing = {name: at for name, at in sorted(market.standing.items()) if pane.at - at < BURST_PAUSE_MS} | {
        key: pane.at
    }
    latest = sorted(standing, key=lambda name: (standing[name], name))[-TOLD_MAX:]
    due = due and key in latest  # what cannot be remembered would be told in every pane
    told = {**market.told, key: pane.at} if due else market.told
    market.standing = {name: standing[name] for name in latest}
    market.told = {name: told[name] for name in latest if name in told}
    return due


def _strongest(heard: list[Testimony], pane: PaneAtWork) -> list[Testimony]:
    ranked = sorted(heard, key=lambda testimony: (-testimony.anomaly.surprise, testimony.order))
    words = f"{len(heard)} anomalies in one pane: the {len(heard) - ANOMALIES_MAX} least surprising are left out"
    pane.decide(DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED, words, about=pane.market.market)
    return sorted(ranked[:ANOMALIES_MAX], key=lambda testimony: testimony.order)


def _absorbing(testimonies: list[Testimony], pane: PaneAtWork) -> Callable[[OpenIncident], None]:
    def rule(draft: OpenIncident) -> None:
        hot = _is_hot(draft, pane)
        absorb(draft.dossier, testimonies, pane.at, pane.config, hot=hot)
        if hot and any(testimony.carries for testimony in testimonies):
            make_move(draft, Move.EVIDENCE, pane, DecisionReason.RELAPSE, text=testimonies[0].key)

    return rule


def _is_hot(draft: OpenIncident, pane: PaneAtWork) -> bool:
    """Is an outage not ruled out? People go on complaining after the end, and that keeps nothing alive."""
    dossier, cleared = draft.dossier, bool(draft.officials.cleared_at)
    shown = are_measured(dossier.areas)
    if not dossier.operators or (dossier.emergency is not None and not (cleared and shown)):
        return True
    known = believed(pane, draft).values()
    mine = of_incident(known, dossier)
    return goes_on(joint(mine, of_operators(known, dossier), pane.reference.belief), mine, pane.at, cleared=cleared)


def _open(outline: Outline, pane: PaneAtWork) -> None:
    others = [other for other in pane.market.real_incidents if outline.operators & set(other.dossier.operators)]
    incident = opened(outline, pane, DecisionReason.ANOMALY)
    relate(incident, others)
    if not pane.guard(incident, _absorbing(outline.testimonies, pane)):
        pane.market.incidents = [known for known in pane.market.incidents if known is not incident]
        return
    recall_officials(outline.incident_id, outline.operators, pane)


def _accompany(talk: Sequence[Testimony], borders: Borders, pane: PaneAtWork) -> None:
    """Talk joins the incident of its operator, if there is one; alone it is no outage."""
    for testimony in talk:
        outline = borders.best(testimony.footprint)
        if outline is not None:
            outline.testimonies.append(testimony)
        elif _is_told(testimony, pane):
            anomaly = testimony.anomaly
            words = f"{anomaly.measure} stands out (surprise {anomaly.surprise:.1f}), but no complaint does"
            pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=testimony.key)


def _is_dismissed(testimony: Testimony, borders: Borders, pane: PaneAtWork) -> bool:
    """Does a person's dismissal cover it? Only what would open an incident anew is held back."""
    covering = (dismissal for dismissal in pane.market.dismissals if _covers(dismissal, testimony.footprint))
    dismissal = next(covering, None)
    if dismissal is None or borders.best(testimony.footprint) is not None:
        return False
    if _is_told(testimony, pane):
        words = f"dismissed by a person as {dismissal.incident_id}: the same evidence opens nothing for a while"
        pane.decide(DecisionKind.SUPPRESSED, DecisionReason.COMMAND, words, about=testimony.key)
    return True


def _is_believed(testimony: Testimony, borders: Borders, pane: PaneAtWork) -> bool:
    """Is an outage likely enough where it speaks? Only what would open an incident is held back."""
    if borders.best(testimony.footprint) is not None:
        return True
    said = _said_where(testimony, borders, pane)
    if said is not None and _is_suspected(said, testimony, pane):
        return True
    if _is_told(testimony, pane):
        share = 0.0 if said is None else probability_of(said.told_milli)
        rival = "normal" if said is None else said.rival
        words = f"an outage has a probability of {share:.3f}, likelier is {rival}: the account opens nothing yet"
        pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=testimony.key)
    return False


def _is_suspected(said: Joint, testimony: Testimony, pane: PaneAtWork) -> bool:
    confirm, service = pane.config.confirm, testimony.anomaly.service
    night = is_night(pane.at, pane.market.market, confirm, pane.reference)
    accepts = accepted((service,) if service else (), confirm, pane.reference.belief, night=night)
    return is_suspected(said, confirm, accepts)


def _said_where(testimony: Testimony, borders: Borders, pane: PaneAtWork) -> Joint | None:
    """What the account says of its operator; None unless one of the hot places is where it speaks.

    Beside a known outage of the operator a place must be hot for its own sake: its others are explained by that one.
    """
    footprint = testimony.footprint
    mine = [known for known in believed(pane).values() if known.operator == footprint.operator]
    is_known = any(footprint.operator in outline.operators for outline in borders.all)
    least_milli = LEAF_FROM_MILLI if is_known else BEGINS_FROM_MILLI
    return joint(mine, table=pane.reference.belief) if speak_of(mine, footprint.area, least_milli) else None


def _carrying_if_believed(testimony: Testimony, borders: Borders, pane: PaneAtWork) -> Testimony:
    """Posts of a place, which open an incident where their weights make an outage likely, though none complains."""
    anomaly = testimony.anomaly
    if anomaly.measure != "activity" or "/" not in anomaly.area or borders.best(testimony.footprint) is not None:
        return testimony
    said = _said_where(testimony, borders, pane)
    if said is None or not _is_suspected(said, testimony, pane):
        return testimony
    return replace(testimony, carries=True)


def _covers(dismissal: Dismissal, footprint: Footprint) -> bool:
    """Is it the evidence that was dismissed: of its operators, services and places?

    A nation's sum stands out when one of its towns does, so what was dismissed of the town covers the sum; what was
    dismissed of towns does not cover other towns.
    """
    if footprint.operator not in dismissal.operators:
        return False
    service = footprint.service or footprint.named
    if service and dismissal.services and service not in dismissal.services:
        return False
    places = leaves_of(dismissal.areas)
    return any(is_within(footprint.area, place) or is_within(place, footprint.area) for place in places)


def _carry_out(merges: Sequence[tuple[str, str]], pane: PaneAtWork) -> None:
    for older_id, younger_id in merges:
        older, younger = pane.incident(older_id), pane.incident(younger_id)
        if older is not None and younger is not None:
            merge_two(older, younger, pane, DecisionReason.SAME_OUTAGE)

"""One pane end of one market: who hears what, in which order.

Orders of people first, then the operator's own words, emergency claims, silent
feeds, figures that ride along, and last the anomalies: an incident that the
emergency rule opens is there to take the anomalies of the same pane.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from pipeline.correlate import emergency
from pipeline.correlate.borders import Border, Borders, border_of, footprint_of
from pipeline.correlate.commands import merge_two, obey_all
from pipeline.correlate.config import ANOMALIES_MAX, INCIDENTS_MAX, MINUTE_MS, OFFICIALS_MAX, CorrelateConfig
from pipeline.correlate.corroborate import is_official_word
from pipeline.correlate.course import due_at, enter_history, go_on, is_final, make_move
from pipeline.correlate.evidence import absorb, carries, is_at_home, order_of, series_key, speaks_of_trouble
from pipeline.correlate.feeds import look_at_feeds, look_at_windows, note_activity, note_silences
from pipeline.correlate.ledger import hear
from pipeline.correlate.lifecycle import Move
from pipeline.correlate.publish import settle_and_publish
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import MarketState, OpenIncident
from pipeline.correlate.why import Pane
from pipeline.records.anomalies import Activity, Anomaly, SealedPane, Silence
from pipeline.records.series import is_within
from pipeline.records.signals import EmergencyClaim, OfficialPost, PlacedCommand
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState


@dataclass(slots=True, kw_only=True)
class Content:
    """What all partitions said of one pane."""

    anomalies: list[Anomaly] = field(default_factory=list)
    silences: list[Silence] = field(default_factory=list)
    activity: list[Activity] = field(default_factory=list)
    officials: list[OfficialPost] = field(default_factory=list)
    claims: list[EmergencyClaim] = field(default_factory=list)
    commands: list[PlacedCommand] = field(default_factory=list)

    @classmethod
    def of(cls, parts: Iterable[SealedPane]) -> "Content":
        """Join the parts; the rules sort, so the order of the parts does not matter."""
        content = cls()
        for part in parts:
            content.anomalies += part.anomalies
            content.silences += part.silences
            content.activity += part.activity
            content.officials += part.officials
            content.claims += part.claims
            content.commands += part.commands
        return content


def work_pane(
    market: MarketState, end: int, content: Content, config: CorrelateConfig, reference: CorrelateReference
) -> list[object]:
    """Work one pane end.

    Args:
        market: Changes in place.
        end: The pane's end, ms: the rules' "now".
        content: Of all partitions.
        config: Settings.
        reference: What is known beforehand.

    Returns:
        Changes and decisions.
    """
    pane = Pane(at=end, market=market, config=config, reference=reference)
    windows = list(market.windows)
    obey_all(content.commands, pane)
    _hear_officials(content.officials, pane)
    _hear_claims(content.claims, pane)
    feeds_changed = note_silences(market, content.silences)
    _ride_along(content, pane)
    _share_out(content.anomalies, pane)
    if feeds_changed or windows != market.windows or any(one.starts_at <= end for one in market.windows):
        pane.touched.update(one.incident_id for one in market.incidents)
    _go_on_all(pane)
    market.windows = [one for one in market.windows if one.until > end]
    market.ghosts = [one for one in market.ghosts if one.until > end]
    return pane.outputs


def _each(incidents: Sequence[OpenIncident], pane: Pane, rule: Callable[[OpenIncident], object]) -> None:
    for incident in list(incidents):
        pane.guard(incident, rule)


def _hear_officials(posts: Sequence[OfficialPost], pane: Pane) -> None:
    """Remember the operators' own words and count them for the incidents that they can be about."""
    for post in sorted(posts, key=lambda one: (int(one.at), one.operator, one.platform, one.post_id, one.text)):
        pane.market.officials = [*pane.market.officials, post][-OFFICIALS_MAX:]
        concerned = [one for one in pane.market.incidents if post.operator in one.operators]
        _each(concerned, pane, lambda draft, post=post: _hear(draft, post, pane))  # type: ignore[misc]


def _hear(incident: OpenIncident, post: OfficialPost, pane: Pane) -> None:
    suspected = incident.state == IncidentState.SUSPECTED
    if hear(incident, post) and suspected and is_official_word(post.text, pane.config.confirm):
        make_move(incident, Move.CORROBORATED, pane, DecisionReason.OFFICIAL_WORD, text=post.text)


def _hear_claims(claims: Sequence[EmergencyClaim], pane: Pane) -> None:
    """The emergency rule: before and without any anomaly."""
    fresh = emergency.remember(pane.market, claims, pane.at, pane.config)
    borders = _borders(pane) if fresh else None
    for claim in fresh:
        group = emergency.fellows(claim, pane.market, pane.config, pane.reference)
        known = borders.best(emergency.footprint(claim)) if borders else None
        incident = pane.incident(known.incident_id) if known else None
        alarmed = incident is not None and incident.emergency is not None
        if not alarmed and not emergency.suffice(group, pane.config):
            _wait_for_second(claim, pane)
        elif _sound_alarm(incident, claim, [claim] if alarmed else group, pane):
            borders = _borders(pane)


def _wait_for_second(claim: EmergencyClaim, pane: Pane) -> None:
    words = f"one claim of one person: a ticket or {pane.config.emergency.people_min} people are needed"
    about, extra = claim.operator or claim.area, str(claim.id_hash)
    pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=about, extra=extra)


def _sound_alarm(incident: OpenIncident | None, claim: EmergencyClaim, told: list[EmergencyClaim], pane: Pane) -> bool:
    """Enter claims into an incident, which is made if there is none; True if that changed any border."""
    changes = incident is None or claim.area not in incident.areas or claim.operator not in incident.operators
    if incident is None:
        border = _borders(pane).open(emergency.footprint(claim), what=f"emergency|{claim.area}")
        border.areas.add(claim.area)
        incident = _opened(border, pane, DecisionReason.EMERGENCY_RULE)
        pane.market.incidents = [*pane.market.incidents, incident]

    def rule(draft: OpenIncident) -> None:
        emergency.absorb_claims(draft, told, pane.at, pane.config)
        make_move(draft, Move.EMERGENCY, pane, DecisionReason.EMERGENCY_RULE, text=f"{len(told)} claims")

    pane.guard(incident, rule)
    return changes


def _borders(pane: Pane) -> Borders:
    known = [border_of(one) for one in pane.market.incidents if not is_final(one)]
    return Borders(pane.market.market, pane.at, known, pane.config, pane.reference)


def _opened(border: Border, pane: Pane, reason: DecisionReason) -> OpenIncident:
    incident = OpenIncident(
        incident_id=border.incident_id,
        market=pane.market.market,
        anchor=border.anchor,
        opened_at=pane.at,
        state_since=pane.at,
        last_evidence_at=pane.at,
        quiet_from=pane.at,
    )
    enter_history(incident, pane.at, reason.value)
    where = ", ".join(sorted(border.areas)[:4])
    pane.decide(DecisionKind.OPENED, reason, f"{border.anchor or 'operator unknown'} in {where}", about=incident)
    return incident


def _ride_along(content: Content, pane: Pane) -> None:
    """Activity and care figures go to the open incidents of their operator."""
    operators = {row.operator for row in content.activity}
    for incident in list(pane.market.incidents):
        if operators & set(incident.operators) and incident.state != IncidentState.RESOLVED:
            pane.guard(incident, lambda draft: note_activity(draft, content.activity, pane.at))


def _share_out(anomalies: Sequence[Anomaly], pane: Pane) -> None:
    """Give each anomaly to an incident, open new ones, merge what turns out to be one."""
    metrics = pane.reference.metrics
    bad = sorted((one for one in anomalies if speaks_of_trouble(one, metrics)), key=order_of)
    _note_strangers([one for one in bad if not is_at_home(one, pane.reference)], pane)
    bad = [one for one in bad if is_at_home(one, pane.reference)]
    if not bad:
        return
    if len(bad) > ANOMALIES_MAX:
        bad = _strongest(bad, pane)
    borders = _borders(pane)
    carrying = [one for one in bad if carries(one, metrics) and not _is_dismissed(one, borders, pane)]
    room = max(0, INCIDENTS_MAX - len(pane.market.incidents))
    for anomaly in borders.place(carrying, room=room):
        words = f"{INCIDENTS_MAX} incidents are open: no room for another; close or merge some"
        pane.decide(DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED, words, about=series_key(anomaly))
    _accompany([one for one in bad if not carries(one, metrics)], borders, pane)
    merges = borders.merge()
    for border in borders.all:
        if border.anomalies and not border.published:
            _open(border, pane)
        elif border.anomalies and (incident := pane.incident(border.incident_id)) is not None:
            pane.guard(incident, _absorbing(border.anomalies, pane))
    _carry_out(merges, pane)


def _note_strangers(strangers: Sequence[Anomaly], pane: Pane) -> None:
    for anomaly in strangers:
        if _is_told(anomaly):
            words = f"{anomaly.operator} has no customers in that region: counted for the nation only"
            pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=series_key(anomaly))


def _is_told(anomaly: Anomaly) -> bool:
    """Is it the step of a long story in which it is told that nothing follows from it?"""
    return bool(anomaly.step_ms) and not (int(anomaly.ended_at) // anomaly.step_ms) % _TALK_STEPS


def _strongest(bad: list[Anomaly], pane: Pane) -> list[Anomaly]:
    ranked = sorted(bad, key=lambda one: (-one.surprise, order_of(one)))
    words = f"{len(bad)} anomalies in one pane: the {len(bad) - ANOMALIES_MAX} least surprising are left out"
    pane.decide(DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED, words, about=pane.market.market)
    return sorted(ranked[:ANOMALIES_MAX], key=order_of)


def _absorbing(anomalies: list[Anomaly], pane: Pane) -> Callable[[OpenIncident], None]:
    def rule(draft: OpenIncident) -> None:
        absorb(draft, anomalies, pane.at, pane.config, pane.reference.metrics)
        if any(carries(one, pane.reference.metrics) for one in anomalies):
            make_move(draft, Move.EVIDENCE, pane, DecisionReason.RELAPSE, text=series_key(anomalies[0]))

    return rule


def _open(border: Border, pane: Pane) -> None:
    incident = _opened(border, pane, DecisionReason.ANOMALY)
    others = [one.incident_id for one in pane.market.incidents if border.operators & set(one.operators)]
    incident.related = sorted(others)[:RELATED_MAX]
    pane.market.incidents = [*pane.market.incidents, incident]
    if not pane.guard(incident, _absorbing(border.anomalies, pane)):
        pane.market.incidents = [one for one in pane.market.incidents if one is not incident]
        return
    for post in pane.market.officials:
        if post.operator in border.operators:
            made = pane.incident(border.incident_id)
            if made is not None:
                pane.guard(made, lambda draft, post=post: _hear(draft, post, pane))  # type: ignore[misc]


def _accompany(talk: Sequence[Anomaly], borders: Borders, pane: Pane) -> None:
    """Talk joins the incident of its operator, if there is one; alone it is no outage."""
    for anomaly in talk:
        border = borders.best(footprint_of(anomaly, pane.reference.metrics))
        if border is not None:
            border.anomalies.append(anomaly)
        elif _is_told(anomaly):
            words = f"{anomaly.measure} stands out (surprise {anomaly.surprise:.1f}), but no complaint does"
            pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=series_key(anomaly))


RETRY_MS = 10 * MINUTE_MS
"""An incident whose rule raised goes on untouched; its timers wait so long, so that it costs little."""

RELATED_MAX = 16
"""Other open incidents of the same operator: somebody may find that they are one."""

_TALK_STEPS = 30
"""Talk that goes on without complaints is noted in every thirtieth step only."""


def _is_dismissed(anomaly: Anomaly, borders: Borders, pane: Pane) -> bool:
    """Does a person's dismissal cover it? Only what would open an incident anew is held back."""
    for ghost in pane.market.ghosts:
        near = any(is_within(anomaly.area, one) or is_within(one, anomaly.area) for one in ghost.areas)
        if (
            anomaly.operator in ghost.operators
            and near
            and borders.best(footprint_of(anomaly, pane.reference.metrics)) is None
        ):
            if not ghost.told:
                words = f"dismissed by a person as {ghost.incident_id}: the same evidence opens nothing for a while"
                pane.decide(DecisionKind.SUPPRESSED, DecisionReason.COMMAND, words, about=series_key(anomaly))
                told = structs.replace(ghost, told=True)
                pane.market.ghosts = [told if one is ghost else one for one in pane.market.ghosts]
            return True
    return False


def _carry_out(merges: Sequence[tuple[str, str]], pane: Pane) -> None:
    for older_id, younger_id in merges:
        older, younger = pane.incident(older_id), pane.incident(younger_id)
        if older is not None and younger is not None:
            merge_two(older, younger, pane, DecisionReason.SAME_OUTAGE)


def _go_on_all(pane: Pane) -> None:
    """Let time pass for every incident that something happened to, or whose timer is due."""
    for incident in list(pane.market.incidents):
        if incident.incident_id not in pane.touched and due_at(incident, pane.config) > pane.at:
            continue
        if not pane.guard(incident, lambda draft: _finish(draft, pane)):
            incident.retry_at = pane.at + RETRY_MS
    pane.market.incidents = [one for one in pane.market.incidents if not is_final(one)]


def _finish(incident: OpenIncident, pane: Pane) -> None:
    look_at_windows(incident, pane)
    look_at_feeds(incident, pane)
    go_on(incident, pane)
    settle_and_publish(incident, pane)

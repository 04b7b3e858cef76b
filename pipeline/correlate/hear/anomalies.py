"""How the anomalies of a pane are shared out: each goes to an incident, new ones open, and some turn out one.

The order of arrival never matters: the anomalies are sorted first, and small
areas are placed before wide ones.
"""

from collections.abc import Callable, Sequence

from msgspec import structs

from pipeline.correlate.border.borders import Borders
from pipeline.correlate.border.outline import Border
from pipeline.correlate.config import ANOMALIES_MAX, INCIDENTS_MAX
from pipeline.correlate.evidence.dossier import absorb
from pipeline.correlate.evidence.footprint import footprint_of
from pipeline.correlate.evidence.testimony import carries, is_at_home, order_of, series_key, speaks_of_trouble
from pipeline.correlate.hear.officials import hear_word
from pipeline.correlate.hear.opening import borders_of, opened
from pipeline.correlate.life.course import make_move
from pipeline.correlate.life.joining import merge_two
from pipeline.correlate.life.table import Move
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import Pane
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.series import is_within
from pipeline.records.vocabulary import DecisionKind, DecisionReason


def share_out(anomalies: Sequence[Anomaly], pane: Pane) -> None:
    """Give each anomaly to an incident, open new ones, merge what turns out to be one."""
    metrics = pane.reference.metrics
    bad = sorted((one for one in anomalies if speaks_of_trouble(one, metrics)), key=order_of)
    _note_strangers([one for one in bad if not is_at_home(one, pane.reference)], pane)
    bad = [one for one in bad if is_at_home(one, pane.reference)]
    if not bad:
        return
    if len(bad) > ANOMALIES_MAX:
        bad = _strongest(bad, pane)
    borders = borders_of(pane)
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
    incident = opened(border, pane, DecisionReason.ANOMALY)
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
                pane.guard(made, lambda draft, post=post: hear_word(draft, post, pane))  # type: ignore[misc]


def _accompany(talk: Sequence[Anomaly], borders: Borders, pane: Pane) -> None:
    """Talk joins the incident of its operator, if there is one; alone it is no outage."""
    for anomaly in talk:
        border = borders.best(footprint_of(anomaly, pane.reference.metrics))
        if border is not None:
            border.anomalies.append(anomaly)
        elif _is_told(anomaly):
            words = f"{anomaly.measure} stands out (surprise {anomaly.surprise:.1f}), but no complaint does"
            pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=series_key(anomaly))


_TALK_STEPS = 30
"""Talk that goes on without complaints is noted in every thirtieth step only."""


RELATED_MAX = 16
"""Other open incidents of the same operator: somebody may find that they are one."""


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

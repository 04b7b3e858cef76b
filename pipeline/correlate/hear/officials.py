"""The operator's own words: remembered for the market, and counted for each incident that they can be about.

A word is about an incident if it tells how it stands with an outage, and neither its place nor its service speaks
against: who admits that television fails in one town says nothing of mobile calls in another. Planned work, an
apology for a bill, and a reply that asks for a postcode are no words of an outage. What is told to one customer is
evidence that there is one, and no word to everybody: neither a first word nor an all-clear nor a promise.

An incident that opens after the operator's first word finds that word among
those that the market remembers.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from pipeline.correlate.belief.estimate import started_at
from pipeline.correlate.config import OFFICIALS_MAX
from pipeline.correlate.evidence.areas import are_measured
from pipeline.correlate.evidence.services import services_hit
from pipeline.correlate.life.course import make_move
from pipeline.correlate.life.table import Move
from pipeline.correlate.rivals.believed import is_complained_of_alike
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.series import is_within
from pipeline.records.vocabulary import TELL_OF_A_STATE, TELL_OF_AN_OUTAGE, DecisionReason, IncidentState, OfficialKind

CONFIRM_WEIGHT: Final = 100
"""Words that admit a fault confirm a suspicion when they weigh so much together."""

WEIGHTS: Final[Mapping[OfficialKind, int]] = {"outage": CONFIRM_WEIGHT, "update": CONFIRM_WEIGHT, "outage_reply": 40}
"""What a post weighs that admits a fault: a word to everybody is enough, and so are three to single customers."""

SPOKEN_OF_TOGETHER: Final[Mapping[str, str]] = {
    "broadband": "line", "fixed_voice": "line", "mobile_data": "mobile", "mobile_voice": "mobile", "sms": "mobile"
}  # fmt: skip
"""Services that an operator speaks of together: who admits that calls fail speaks of data too."""

OFFICIAL_IDS_MAX: Final = 64
"""Posts remembered of an incident so that a repeated one counts once."""


def hear_officials(posts: Sequence[OfficialPost], pane: PaneAtWork) -> None:
    """Remember the operators' own words and count them for the incidents that they can be about."""
    words = [post for post in posts if not post.counts]
    for post in sorted(words, key=lambda post: (int(post.at), post.operator, post.platform, post.post_id, post.text)):
        pane.market.officials = [*pane.market.officials, post][-OFFICIALS_MAX:]
        for incident in pane.market.real_incidents:
            if post.operator in incident.dossier.operators:
                pane.guard(incident, partial(_hear_word, post=post, pane=pane))


def recall_officials(incident_id: str, operators: Iterable[str], pane: PaneAtWork) -> None:
    """Count what operators said before an incident opened.

    Args:
        incident_id: The incident that has just opened.
        operators: Whose words are concerned.
        pane: The pane at work.
    """
    concerned = frozenset(operators)
    for post in pane.market.officials:
        incident = pane.incident(incident_id) if post.operator in concerned else None
        if incident is not None:
            pane.guard(incident, partial(_hear_word, post=post, pane=pane))


def _hear_word(incident: OpenIncident, post: OfficialPost, pane: PaneAtWork) -> None:
    """Count a post for an incident; words that admit a fault confirm a suspicion when they weigh enough.

    Of whom people complain as of others speaks of what everybody speaks of, and no figure says that it is its own.
    """
    suspected = incident.state == IncidentState.SUSPECTED
    if is_about(post, incident) and count_word(incident, post):
        _note_cleared(incident, post)
        incident.officials.weight = min(incident.officials.weight + WEIGHTS.get(post.kind, 0), CONFIRM_WEIGHT)
        alike = is_complained_of_alike(post.operator, pane) and not are_measured(incident.dossier.areas)
        if suspected and not alike and incident.officials.weight >= CONFIRM_WEIGHT:
            make_move(incident, Move.CORROBORATED, pane, DecisionReason.OFFICIAL_WORD, text=post.text)


def confirm_by_word(incident: OpenIncident, pane: PaneAtWork) -> None:
    """Confirm a suspicion that its operator admitted while people complained of several networks, once they do not.

    Args:
        incident: Changes in place.
        pane: The pane at work.
    """
    if incident.state != IncidentState.SUSPECTED or incident.officials.weight < CONFIRM_WEIGHT:
        return
    operators, loudness = sorted(incident.dossier.operators), pane.market.loudness
    was_alike = any(operator in loudness and loudness[operator].shared_at for operator in operators)
    if was_alike and not any(is_complained_of_alike(operator, pane) for operator in operators):
        words = "its operator has said so, and people complain of no other network alike any more"
        make_move(incident, Move.CORROBORATED, pane, DecisionReason.OFFICIAL_WORD, text=words)


def _note_cleared(incident: OpenIncident, post: OfficialPost) -> None:
    """Note an all-clear of the operator that most speaks of, for all of it; a later word that it goes on undoes it.

    One town's all-clear says nothing of the next, a guest's nothing of its host. "Calls work again" says nothing of
    data; but who is told to restart the router hears of one service and of an end of all, so where figures showed the
    outage one service is enough: the figures of the others say whether they are back.
    """
    officials, dossier = incident.officials, incident.dossier
    if not post.is_for_all or post.at < officials.last_at:
        return
    if post.kind in TELL_OF_AN_OUTAGE:
        officials.cleared_at = 0
        return
    main = max(sorted(dossier.operators), key=lambda operator: dossier.operators[operator], default="")
    kinds = _spoken_of(services_hit(dossier)) - {"emergency"}
    of_all = not post.services or are_measured(dossier.areas) or kinds <= _spoken_of(post.services)
    everywhere = not post.area or all(is_within(area, post.area) for area in dossier.areas)
    if post.kind == "all_clear" and post.operator == main and of_all and everywhere:
        officials.cleared_at = int(post.at)


def is_about(post: OfficialPost, incident: OpenIncident) -> bool:
    """Can a post be a word of the operator about an incident: does its kind tell of one, and place and service fit?

    A post that names no place speaks of all, and one that names no service too.
    """
    dossier = incident.dossier
    kinds, said = _spoken_of(dossier.services), _spoken_of(post.services)
    fits = not said or not kinds or bool(said & kinds) or "emergency" in said | kinds
    near = not post.area or any(is_within(area, post.area) or is_within(post.area, area) for area in dossier.areas)
    return post.kind in TELL_OF_A_STATE and fits and near


def count_word(incident: OpenIncident, post: OfficialPost) -> bool:
    """Count an official post that belongs to the time of an incident; one to a single customer is only remembered.

    Returns:
        True if it is new.
    """
    officials = incident.officials
    name = post.name
    if name in officials.ids or post.at < started_at(incident):
        return False
    officials.ids = [*officials.ids, name][-OFFICIAL_IDS_MAX:]
    if not post.is_for_all:
        return True
    if post.kind in TELL_OF_AN_OUTAGE:
        officials.goes_on_at = max(officials.goes_on_at, int(post.at))
    elif post.kind in TELL_OF_A_STATE:
        officials.over_at = max(officials.over_at, int(post.at))
    officials.first_at = min(officials.first_at or int(post.at), int(post.at))
    officials.count += 1
    if post.promised_end_at is not None and post.at >= officials.last_at:
        officials.promised_end_at = int(post.promised_end_at)
    officials.last_at = max(officials.last_at, int(post.at))
    return True


def _spoken_of(services: Iterable[str]) -> set[str]:
    return {SPOKEN_OF_TOGETHER.get(service, service) for service in services}

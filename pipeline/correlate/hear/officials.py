"""The operator's own words: remembered for the market, and counted for each incident that they can be about.

An incident that opens after the operator's first word finds that word among
those that the market remembers.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from pipeline.correlate.belief.confirm import is_official_word
from pipeline.correlate.belief.estimate import started_at
from pipeline.correlate.config import OFFICIALS_MAX
from pipeline.correlate.life.course import make_move
from pipeline.correlate.life.table import Move
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.vocabulary import DecisionReason, IncidentState

OFFICIAL_IDS_MAX: Final = 64
"""Posts remembered of an incident so that a repeated one counts once."""


def hear_officials(posts: Sequence[OfficialPost], pane: PaneAtWork) -> None:
    """Remember the operators' own words and count them for the incidents that they can be about."""
    for post in sorted(posts, key=lambda post: (int(post.at), post.operator, post.platform, post.post_id, post.text)):
        pane.market.officials = [*pane.market.officials, post][-OFFICIALS_MAX:]
        for incident in list(pane.market.incidents):
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
    """Count a post for an incident; a word that admits a fault confirms a suspicion."""
    suspected = incident.state == IncidentState.SUSPECTED
    if count_word(incident, post) and suspected and is_official_word(post.text, pane.config.confirm):
        make_move(incident, Move.CORROBORATED, pane, DecisionReason.OFFICIAL_WORD, text=post.text)


def count_word(incident: OpenIncident, post: OfficialPost) -> bool:
    """Count an official post that belongs to the time of an incident.

    Returns:
        True if it is new.
    """
    officials = incident.officials
    name = f"{post.platform}|{post.post_id}"
    if name in officials.ids or post.at < started_at(incident):
        return False
    officials.ids = [*officials.ids, name][-OFFICIAL_IDS_MAX:]
    officials.first_at = min(officials.first_at or int(post.at), int(post.at))
    officials.last_at = max(officials.last_at, int(post.at))
    officials.count += 1
    return True

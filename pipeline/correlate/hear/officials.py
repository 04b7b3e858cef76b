"""The operator's own words: remembered for the market, and counted for each incident that they can be about.

An incident that opens after the operator's first word finds that word here.
"""

from collections.abc import Callable, Sequence
from typing import Final

from pipeline.correlate.belief.confirm import is_official_word
from pipeline.correlate.belief.estimate import started_at
from pipeline.correlate.config import OFFICIALS_MAX
from pipeline.correlate.life.course import make_move
from pipeline.correlate.life.table import Move
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import Pane
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.vocabulary import DecisionReason, IncidentState


def _each(incidents: Sequence[OpenIncident], pane: Pane, rule: Callable[[OpenIncident], object]) -> None:
    for incident in list(incidents):
        pane.guard(incident, rule)


def hear_officials(posts: Sequence[OfficialPost], pane: Pane) -> None:
    """Remember the operators' own words and count them for the incidents that they can be about."""
    for post in sorted(posts, key=lambda one: (int(one.at), one.operator, one.platform, one.post_id, one.text)):
        pane.market.officials = [*pane.market.officials, post][-OFFICIALS_MAX:]
        concerned = [one for one in pane.market.incidents if post.operator in one.operators]
        _each(concerned, pane, lambda draft, post=post: hear_word(draft, post, pane))  # type: ignore[misc]


def hear_word(incident: OpenIncident, post: OfficialPost, pane: Pane) -> None:
    """Count a post for an incident; a word that admits a fault confirms a suspicion."""
    suspected = incident.state == IncidentState.SUSPECTED
    if count_word(incident, post) and suspected and is_official_word(post.text, pane.config.confirm):
        make_move(incident, Move.CORROBORATED, pane, DecisionReason.OFFICIAL_WORD, text=post.text)


OFFICIAL_IDS_MAX: Final = 64
"""Ids remembered so that a repeated post counts once."""


def count_word(incident: OpenIncident, post: OfficialPost) -> bool:
    """Count an official post that belongs to the time of the incident.

    Returns:
        True if it is new.
    """
    name = f"{post.platform}|{post.post_id}"
    if name in incident.official_ids or post.at < started_at(incident):
        return False
    incident.official_ids = [*incident.official_ids, name][-OFFICIAL_IDS_MAX:]
    incident.official_first = min(incident.official_first or int(post.at), int(post.at))
    incident.official_last = max(incident.official_last, int(post.at))
    incident.official_count += 1
    return True

"""Wrong blame: most of who blame anybody name an operator that has no fault by all that the network shows.

Who is down because it runs on another's network, or is well, hears "you overload it" by the thousand. A correction
spreads what a few said, so blame has the bars of claims, and one more: who praises a rival in a text full of blame
names it as well, so half of those who blame must name it.
"""

from collections.abc import Iterator

from pipeline.records.inner.talk import BLAME, POSTS
from pipeline.records.published.incidents import Incident
from pipeline.respond.replies_config import ReplyConfig
from pipeline.respond.state import IncidentCase

_BEGIN = f"{BLAME}:"


def at_fault(incident: Incident) -> set[str]:
    """Operators whose own network is down."""
    return {row.operator for row in incident.operators if row.role == "primary"}


def wrongly_blamed(case: IncidentCase, config: ReplyConfig) -> Iterator[str]:
    """Operators that so many blame in the latest half hour that a correction is due, sorted.

    Args:
        case: An outage; where its own operator is not known, or a partner caused it, nobody is blamed wrongly.
        config: From how many people and which share on; fewer are enough once the operator denied it.
    """
    incident, recent = case.incident, case.people.recent
    own = at_fault(incident)
    if not own or any(cause.kind == "third_party" for cause in incident.causes or ()):
        return
    blaming, said = (sum(step.posts.get(subject, 0) for step in recent) for subject in (BLAME, POSTS))
    for subject in sorted({subject for step in recent for subject in step.people if subject.startswith(_BEGIN)}):
        operator = subject.removeprefix(_BEGIN)
        posts = sum(step.posts.get(subject, 0) for step in recent)
        people = sum(step.people.get(subject, 0) for step in recent)
        spreads = people >= config.rumour_people_min and posts * 100 >= config.rumour_share_percent * said
        denied = BLAME in case.people.denied_at and people >= config.rumour_denied_people_min
        if operator not in own and 2 * posts >= blaming and (spreads or denied):
            yield operator

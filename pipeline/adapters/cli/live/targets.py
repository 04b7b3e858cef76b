"""What an order is about: an incident, a draft, a question or planned work, by how its id begins."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from pipeline.adapters.cli.narrate import line_of
from pipeline.records.errors import ConfigError
from pipeline.records.published.notices import WORK_AHEAD

if TYPE_CHECKING:
    from pipeline.adapters.kafka.tape.order import Waiting
    from pipeline.records.published.incidents import Incident
    from pipeline.records.published.notices import Notice

_IDS_TOLD: Final = 10


def meant(prefix: str, incidents: "Sequence[Incident]") -> "Incident":
    """The one incident whose id begins so.

    Args:
        prefix: An id, or how it begins; capitals do not matter.
        incidents: All that are known.

    Raises:
        ConfigError: If there is none, or several: those are listed.
    """
    found = [incident for incident in incidents if incident.incident_id.startswith(prefix.lower())]
    exact = [incident for incident in found if incident.incident_id == prefix.lower()]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        words = "no incident has an id that begins so; `tocsin follow` tells them"
        raise ConfigError(f"{prefix}: {words}; an operator, or a window by its reference, needs --market")
    told = [f"{incident.incident_id}  {line_of(incident)}" for incident in found[-_IDS_TOLD:]]
    more = [f"and {len(found) - len(told)} older ones"] if len(found) > len(told) else []
    raise ConfigError(
        "\n".join([f"{prefix}: {len(found)} incidents have ids that begin so: say more of it", *told, *more])
    )


def meant_by(prefix: str, incidents: "Sequence[Incident]", waiting: "Sequence[Waiting]") -> tuple[str, str]:
    """Target and market of an order: what waits for a person, else an incident or planned work, whose id begins so.

    Args:
        prefix: An id, or how it begins; capitals do not matter.
        incidents: All that are known.
        waiting: All that are known.

    Raises:
        ConfigError: If there is none, or several.
    """
    from pipeline.adapters.kafka.tape.order import work_meant

    found = [row for row in waiting if row.id.startswith(prefix.lower())]
    if not found:
        work = work_meant(prefix.lower(), {row.incident_id for row in incidents}, waiting)
        return work or ((incident := meant(prefix, incidents)).incident_id, incident.market)
    if len(found) > 1:
        words = [f"{prefix}: {len(found)} of what waits for people have ids that begin so: say more of it"]
        raise ConfigError("\n".join([*words, *(f"{row.id}  {row.words}" for row in found[-_IDS_TOLD:])]))
    return found[0].id, found[0].market


def answered_by(prefix: str, incidents: "Sequence[Incident]", notices: "Sequence[Notice]") -> tuple[str, str]:
    """Target and market of an order: the one incident, question without one, or planned work, whose id begins so.

    Args:
        prefix: An id, or how it begins; capitals do not matter.
        incidents: All that are known.
        notices: All that are known; they tell which questions wait for an answer, and which work is announced.

    Raises:
        ConfigError: If there is none, or several.
    """
    known = {incident.incident_id for incident in incidents}
    asked = {
        notice.incident_id: notice.market
        for notice in notices
        if notice.kind == "question" or notice.occasion == WORK_AHEAD
    }
    found = sorted(name for name in asked.keys() - known if name.startswith(prefix.lower()))
    rivals = [name for name in sorted(known) if name.startswith(prefix.lower())]
    if not found or prefix.lower() in rivals:
        incident = meant(prefix, incidents)
        return incident.incident_id, incident.market
    if len(found) + len(rivals) > 1 and prefix.lower() not in found:
        words = (
            f"{prefix}: {len(found)} questions or works and {len(rivals)} incidents have ids that begin so: say more"
        )
        raise ConfigError("\n".join([words, *[*rivals, *found][-_IDS_TOLD:]]))
    name = prefix.lower() if prefix.lower() in found else found[0]
    return name, asked[name]

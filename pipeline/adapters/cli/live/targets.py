"""What an order is about: an incident, a draft, a question or planned work, by how its id begins; and its options."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipeline.adapters.cli.narrate import line_of
from pipeline.records.clocks import HOUR_MS
from pipeline.records.errors import ConfigError
from pipeline.records.published.notices import WORK_AHEAD

if TYPE_CHECKING:
    from pipeline.adapters.kafka.tape.order import Waiting
    from pipeline.records.published.incidents import Incident
    from pipeline.records.published.notices import Notice

_IDS_TOLD: Final = 10

Id = Annotated[
    str, typer.Argument(metavar="ID", help="Of an incident, draft or backup, or how it begins.", show_default=False)
]
As = Annotated[str | None, typer.Option("--as", metavar="WHO", help="Who gives the order; your login by default.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="For those who read it later.", show_default=False)]
Wait = Annotated[
    float, typer.Option("--timeout", min=0, max=3_600, metavar="SECONDS", help="Wait so long for the answer; 0 = not.")
]
Market = Annotated[
    str | None,
    typer.Option(metavar="XX", help="Take ID as it is, an operator or operator@area of this market; no look-up."),
]
Lasts = Annotated[
    str, typer.Option("--for", metavar="LENGTH", help="How long, such as 45m, 2h or 1d.", show_default=False)
]
Until = Annotated[str, typer.Option(metavar="TIME", help="Or until when, RFC 3339.", show_default=False)]
Worked = Annotated[str, typer.Argument(metavar="TARGET", help="An operator, or operator@area such as DE/NW/koeln.")]
MarketOf = Annotated[
    str, typer.Option("--market", metavar="XX", help="The operator's market; needed.", show_default=False)
]
Begins = Annotated[
    str,
    typer.Option(
        "--from", metavar="TIME", help="When it begins; needed. UTC, unless it names a zone.", show_default=False
    ),
]
Again = Annotated[
    str,
    typer.Option(metavar="RULE", help="It comes again, such as FREQ=MONTHLY;BYDAY=1TU;COUNT=12.", show_default=False),
]
WorkedOn = Annotated[
    str, typer.Option(help="The one service that is worked on, such as broadband; else all.", show_default=False)
]
Reference = Annotated[
    str, typer.Option("--id", metavar="ID", help="Your reference of it; else one is made up.", show_default=False)
]
Changes = Annotated[
    bool,
    typer.Option("--changes-levels", help="What is measured and said once it is over is usual from then on."),
]
WhatIsDone = Annotated[
    str, typer.Option("--why", metavar="TEXT", help="What is done, for our own people; needed.", show_default=False)
]
Changed = Annotated[
    str, typer.Option("--service", help="The one service that it is about, as broadband; else all.", show_default=False)
]


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


def present(log_ms: int | None, wall_ms: int) -> int:
    """What time it is for the stages: that of the log, if a recording is played into it, else that of the wall.

    Args:
        log_ms: Time of the newest record of `commands`; None if there is none.
        wall_ms: Time of this machine.

    >>> present(1_000, 10_000_000), present(9_990_000, 10_000_000), present(None, 10_000_000)
    (1000, 10000000, 10000000)
    """
    return wall_ms if log_ms is None or abs(wall_ms - log_ms) < HOUR_MS else log_ms

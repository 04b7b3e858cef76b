"""Incidents in a line each: what changed, when, for whom; and questions that wait for a person's word.

A revision that only moves numbers is not told: a person who watches wants to
know of a new incident, another state, another severity, another operator or
service, and of emergency calls. The first line says all that is known; a later
one only what is new, so that each fits on a line of a terminal.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.adapters.cli.terminal import Terminal
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.truth import Truth

_COLOURS: Final = {
    "suspected": "yellow",
    "confirmed": "red",
    "recovering": "blue",
    "resolved": "green",
    "closed": "dim",
    "dismissed": "dim",
}
_AREAS_SHOWN: Final = 2
_NAMES_SHOWN: Final = 3
_ENDS: Final = frozenset({"recovering", "resolved", "closed", "dismissed"})
KNOWN_MAX: Final = 10_000
"""Incidents, and questions, that a narrator remembers; the oldest is forgotten first."""


def local(time_ms: int, zone: str | None) -> str:
    """A time as people at the place read it.

    >>> local(1739347200000, "Europe/Berlin")
    '2025-02-12 09:00:00 CET'
    """
    try:
        there = ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        there = ZoneInfo("UTC")
    return datetime.fromtimestamp(time_ms / 1_000, UTC).astimezone(there).strftime("%Y-%m-%d %H:%M:%S %Z")


class Narrator:
    """Tells incidents as they open, change and close.

    Args:
        terminal: The terminal where the lines are written.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._latest: dict[str, Incident] = {}
        self._asked: dict[tuple[str, int], None] = {}

    def hear_notice(self, notice: Notice) -> None:
        """Tell a question that waits for a person's word, in one language; any other notice is not told."""
        if notice.kind != "question" or (notice.incident_id, int(notice.drafted_at)) in self._asked:
            return
        self._asked[notice.incident_id, int(notice.drafted_at)] = None
        if len(self._asked) > KNOWN_MAX:
            del self._asked[next(iter(self._asked))]
        self._terminal.data(notice)
        word = self._terminal.painted("question".ljust(10), _COLOURS["suspected"])
        parts = (notice.incident_id[:6], notice.operator, notice.body)
        self._terminal.text(f"{local(notice.drafted_at, None)}  {word}  {' · '.join(parts)}")

    def hear(self, incident: Incident) -> None:
        """Take a revision in; an older one than known changes nothing."""
        before = self._latest.get(incident.incident_id)
        if before is not None and before.revision >= incident.revision:
            return
        self._latest.pop(incident.incident_id, None)  # the one that is forgotten is the one not heard of for longest
        self._latest[incident.incident_id] = incident
        if len(self._latest) > KNOWN_MAX:
            del self._latest[next(iter(self._latest))]
        if what := what_changed(before, incident):
            self._terminal.data(incident)
            word = self._terminal.painted(what.ljust(10), _COLOURS.get(str(incident.state), "bold"))
            line = line_of(incident) if before is None else news_of(before, incident)
            self._terminal.text(f"{local(incident.updated_at, incident.time_zone)}  {word}  {line}")


def what_changed(before: Incident | None, now: Incident) -> str:
    """In a word what is new for a person, or nothing."""
    if before is None:
        return "opened"
    if before.state != now.state:
        return "reopened" if before.resolved_at and now.reopened > before.reopened else str(now.state)
    if before.severity != now.severity:
        return str(now.severity)
    return "" if _facts(before) == _facts(now) else "changed"


def _facts(incident: Incident) -> tuple[object, ...]:
    operators = tuple((operator.operator, operator.role) for operator in incident.operators)
    return incident.services, operators, _hits_emergency(incident)


def news_of(before: Incident, now: Incident) -> str:
    """Whose incident it is, and what is other than before."""
    parts = [now.incident_id[:6], "" if now.severity == "cleared" else str(now.severity), _operators(before)]
    named_before, named = (
        {operator.operator for operator in before.operators},
        [operator.operator for operator in now.operators],
    )
    known, services = set(before.services), list(now.services)
    came = [name for name in named if name not in named_before] + [name for name in services if name not in known]
    gone = sorted(named_before - set(named)) + sorted(known - set(services))
    parts += [f"also {_few(came)}" if came else "", f"no longer {_few(gone)}" if gone else ""]
    if what_changed(before, now) == now.severity:
        parts[1] = f"was {before.severity}"
    parts.append("EMERGENCY CALLS" if _hits_emergency(now) and not _hits_emergency(before) else "")
    if before.state != now.state and now.state in _ENDS:
        parts.append(f"after {duration((now.updated_at - now.opened_at) / 1_000)}")
    return " · ".join(part for part in parts if part)


def line_of(incident: Incident) -> str:
    """Who, what, where, how bad."""
    areas = ", ".join(area.area for area in incident.areas[:_AREAS_SHOWN])
    more = len(incident.areas) + incident.areas_omitted - _AREAS_SHOWN
    parts = (
        incident.incident_id[:6],
        "" if incident.state == "suspected" else incident.state,
        "" if incident.severity == "cleared" else incident.severity,
        _operators(incident),
        _few(incident.services) or "service unknown",
        areas + (f" and {more} more" if more > 0 else "") or "nowhere in particular",
        "EMERGENCY CALLS" if _hits_emergency(incident) else "",
        "exercise" if incident.exercise else "",
    )
    return " · ".join(part for part in parts if part)


def _operators(incident: Incident) -> str:
    return _few([operator.operator for operator in incident.operators]) or "nobody"


def _hits_emergency(incident: Incident) -> bool:
    return incident.emergency is not None and bool(incident.emergency.affected)


def _few(names: Sequence[str]) -> str:
    more = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def tell_truth(terminal: Terminal, truth: Truth, incidents: Sequence[Incident]) -> None:
    """How soon each simulated outage was found, and what was told though nothing was wrong; by the rule of `score`.

    Args:
        terminal: Where it is told.
        truth: What really happened.
        incidents: The last revision of each incident of the run.
    """
    from pipeline.evaluate.judging.matching import FALSE, match
    from pipeline.evaluate.sides.lives import life_of
    from pipeline.evaluate.sides.worlds import world_of

    world = world_of(truth)
    lives = sorted(
        (life_of((incident,), world.ended_at) for incident in incidents),
        key=lambda life: (life.opened_at, life.incident_id),
    )
    matches = match(world, lives)
    own = {match.outage: life for life, match in zip(lives, matches, strict=True) if match.verdict == "found"}
    for number, outage in enumerate(world.outages):
        words = f"truth: an outage began {local(outage.started_at, truth.time_zone)}; "
        life = own.get(number)
        if life is None:
            terminal.text(words + terminal.painted("it was not found", "red"))
            continue
        words += f"incident {_after(life.opened_at - outage.started_at)}"
        if life.confirmed_at is not None:
            words += f", confirmed {_after(life.confirmed_at - outage.started_at)}"
        terminal.text(words)
    alarms = sum(
        life.confirmed_at is not None and match.verdict in FALSE for life, match in zip(lives, matches, strict=True)
    )
    if alarms:
        some = "1 confirmed incident belongs" if alarms == 1 else f"{alarms} confirmed incidents belong"
        terminal.text(f"truth: {some} to no outage")


def _after(length_ms: int) -> str:
    return f"after {duration(length_ms / 1_000)}" if length_ms >= 0 else f"{duration(-length_ms / 1_000)} before it"


def tell_leads(terminal: Terminal, incident: Incident) -> None:
    """The lead of each source over the next, and how long the incident took."""
    zone = incident.time_zone
    ended = "open" if incident.ended_at is None else local(incident.ended_at, zone)
    began = "unknown" if incident.started_at is None else local(incident.started_at, zone)
    terminal.text(f"\n{line_of(incident)}\n  began {began}, ended {ended}")
    rows = [("  source", "first evidence", "lead over the next")]
    for lead in incident.leads:
        ahead = "" if lead.lead_seconds is None else duration(float(lead.lead_seconds))
        rows.append((f"  {lead.source}", local(lead.first_evidence_at, zone), ahead))
    terminal.table(rows)


def duration(seconds: float) -> str:
    """A length of time in its two largest units.

    >>> duration(42), duration(754), duration(90061)
    ('42 s', '12 min 34 s', '1 d 1 h')
    """
    whole = round(seconds)
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    parts = []
    for name, size in units:
        if whole >= size:
            parts.append(f"{whole // size} {name}")
            whole %= size
    return " ".join(parts[:2]) or "0 s"

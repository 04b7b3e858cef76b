"""An outage of five cities with backups, figures of its call centre, and people who decide."""

from dataclasses import replace
from typing import Any, Final

import msgspec

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.fixed_point import Exact
from pipeline.records.inner.changes import Change
from pipeline.records.inner.figures import FIGURE_MS, FollowedFigure, PaneFigures
from pipeline.records.inner.pane_ends import PaneEnd
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.incident_parts import EmergencyImpact
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import IncidentState, Severity
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.failovers.duty import FAILOVERS
from pipeline.respond.failovers_config import Backup, FailoverConfig
from pipeline.respond.state import RespondState
from tests.correlate.stories import NINE, Story, anomaly, command, talk
from tests.wording.shipped import WORDING

LINES: Final = Backup(
    target="netcologne/hotline",
    operator="netcologne",
    kind="mobile_forwarding",
    severity_min="minor",
    confidence_percent_min=50,
    needs=("mobile_voice",),
    health_metric="backup_health_ratio",
    health_element="pool-2",
    active_minutes_max=120,
)
"""Mobile lines for the hotline, watched by health checks."""

BOT: Final = replace(
    LINES, target="netcologne/bot", kind="phone_bot", needs=(), health_metric="", health_unknown="allow"
)

_FOUND: Final = Story().tell(0, talk(0)).tell(1, anomaly(1, source="telemetry")).changes[-1].after
OUTAGE: Final[Incident] = msgspec.structs.replace(
    _FOUND,
    revision=0,
    state=IncidentState.CONFIRMED,
    severity=Severity.MAJOR,
    confidence_ppm=970_000,
    services=("broadband", "fixed_voice"),
    emergency=None,
    maintenance=None,
)
EMERGENCY: Final = EmergencyImpact(affected=True, numbers=("110", "112"))


def minute(number: float) -> int:
    """A moment, in minutes since nine o'clock, ms."""
    return NINE + int(number * MINUTE_MS)


def rules_with(*backups: Backup, **config: Any) -> RespondRules:
    """Rules of RESPOND with a catalogue."""
    failovers = FailoverConfig(backups=backups, mode=config.pop("mode", "propose"))
    return RespondRules(
        config=RespondConfig(failovers=failovers, **config), wording=WORDING, languages={"DE": ("de", "en")}
    )


class Market:
    """RESPOND with the duty of backups alone, and what happens in its market.

    Args:
        backups: The catalogue.
        config: Other settings of RESPOND.
    """

    def __init__(self, *backups: Backup, **config: Any) -> None:
        self.state, self.rules = RespondState(0), rules_with(*backups, **config)
        self.known: dict[str, Incident] = {}
        self.written: list[object] = []

    def change(self, at_minute: float, incident_id: str = "one", **facts: Any) -> list[object]:
        """A revision of an incident; the first is the outage as it was confirmed."""
        before = self.known.get(incident_id)
        now = before or msgspec.structs.replace(OUTAGE, incident_id=incident_id)
        at = Instant(minute(at_minute))
        after = msgspec.structs.replace(now, updated_at=at, revision=now.revision + 1, **facts)
        self.known[incident_id] = after
        return self._hear(Change(at=at, before=before, after=after))

    def passing(self, to_minute: float) -> list[object]:
        """Time passes."""
        return self._hear(PaneEnd(market="DE", at=Instant(minute(to_minute))))

    def order(self, at_minute: float, kind: str, target: str, by: str = "ina", **more: Any) -> list[object]:
        """Somebody orders something."""
        name = f"{kind}-{target}-{at_minute}-{by}"
        placed = command(at_minute, kind, target, command_id=name, **more)
        return self._hear(msgspec.structs.replace(placed, command=msgspec.structs.replace(placed.command, by=by)))

    def figure(self, at_minute: float, measure: str, steps: int, **more: str) -> list[object]:
        """A figure of the five minutes that end at a whole number of five minutes."""
        ended_at = Instant(minute(at_minute) // FIGURE_MS * FIGURE_MS)
        fields = {"operator": "netcologne", "area": "DE", "source": "telemetry"} | more
        row = FollowedFigure(measure=measure, ended_at=ended_at, count=Exact(1), total=Exact(steps), **fields)
        return self._hear(PaneFigures(market="DE", at=ended_at, figures=(row,)))

    def health(self, at_minute: float, percent: int) -> list[object]:
        """Health checks of the mobile lines."""
        return self.figure(at_minute, "backup_health_ratio", percent * 10_000, element="pool-2")

    def _hear(self, heard: Change | PaneEnd | PlacedCommand | PaneFigures) -> list[object]:
        outputs = list(apply(self.state, heard, self.rules, (FAILOVERS,)).outputs)
        self.written += outputs
        return outputs

    @property
    def now(self) -> dict[str, Failover]:
        """The latest record of each target, as a compacted topic keeps it."""
        return {record.target: record for record in records_in(self.written)}


def records_in(outputs: list[object]) -> list[Failover]:
    return [output for output in outputs if isinstance(output, Failover)]


def phases_in(outputs: list[object]) -> list[tuple[str, str]]:
    """Phase and desired state of each record."""
    return [(record.phase, record.desired) for record in records_in(outputs)]


def reasons_in(outputs: list[object]) -> list[tuple[str, str]]:
    """What was decided, and why."""
    return [(output.kind.value, output.reason.value) for output in outputs if isinstance(output, Decision)]


def words_in(outputs: list[object]) -> str:
    """What decisions say."""
    return " / ".join(output.text for output in outputs if isinstance(output, Decision))

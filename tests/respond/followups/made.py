"""An outage of five cities as RESPOND hears of it, made by hand, and time that passes in it."""

from typing import Any, Final

import msgspec

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.profiles import load_reporting, load_schemes
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.pane_ends import PaneEnd
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incident_parts import Interval
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.published.people import AftermathPoint
from pipeline.records.raw.commands import CommandKind
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.duties import Duty
from pipeline.respond.followups.impact import IMPACT
from pipeline.respond.state import IncidentCase, RespondState
from tests.correlate.stories import NINE, Story, anomaly, command, talk
from tests.wording.shipped import WORDING

RULES: Final = RespondRules(
    config=RespondConfig(),
    wording=WORDING,
    languages={"DE": ("de", "en"), "US": ("en",), "AU": ("en",), "GB": ("en",)},
    reporting=load_reporting(reference_folder()),
    schemes=load_schemes(reference_folder() / "profiles" / "compensation.toml"),
)
CONFIRMED: Final = Story().tell(0, talk(0)).tell(1, anomaly(1, source="telemetry")).changes[-1].after


def minute(number: float) -> int:
    """A moment, in minutes since nine o'clock, ms."""
    return NINE + int(number * MINUTE_MS)


def customers(low: int, high: int, likely: int | None = None) -> Interval:
    return Interval(low=low, high=high, likely=likely)


class Outage:
    """An incident and RESPOND's case of it.

    Args:
        duty: The rule that hears of it, beside the one that counts who was hit.
        rules: What RESPOND knows beforehand.
        facts: What differs from the five cities at nine o'clock.
    """

    def __init__(self, duty: Duty, rules: RespondRules = RULES, **facts: Any) -> None:
        self.state, self.rules, self.duty = RespondState(0), rules, duty
        began: dict[str, Any] = {
            "started_at": Instant(NINE),
            "ended_at": None,
            "customers_affected": None,
            "revision": 0,
        }
        began |= {"services": ("broadband",), "areas": ()}
        self.now: Incident = msgspec.structs.replace(CONFIRMED, **{**began, **facts})
        self.before: Incident | None = None
        self.also: tuple[Duty, ...] = ()

    def change(self, at_minute: float, **facts: Any) -> list[object]:
        """A revision."""
        at = Instant(minute(at_minute))
        now = msgspec.structs.replace(self.now, updated_at=at, revision=self.now.revision + 1, **facts)
        outputs = self._hear(Change(at=at, before=self.before, after=now))
        self.now = self.before = now
        return outputs

    def passing(self, to_minute: float) -> list[object]:
        """Time passes."""
        return self._hear(PaneEnd(market=self.now.market, at=Instant(minute(to_minute))))

    def order(self, at_minute: int, kind: CommandKind, target: str = "", **more: Any) -> list[object]:
        """Somebody orders something about it."""
        placed = command(at_minute, kind, target or self.now.incident_id, **more)
        market = msgspec.structs.replace(placed.command, market=self.now.market)
        return self._hear(msgspec.structs.replace(placed, command=market))

    @property
    def case(self) -> IncidentCase:
        case = self.state.case(self.now.market, self.now.incident_id)
        assert case is not None, "it was heard of"
        return case

    def case_point(self, name: str) -> AftermathPoint:
        """What was measured after its end."""
        return self.case.followups.aftermath[name]

    def case_after(self, at_minute: float) -> IncidentCase:
        """The case after one revision."""
        self.change(at_minute)
        return self.case

    def _hear(self, heard: Change | PaneEnd | PlacedCommand) -> list[object]:
        return list(apply(self.state, heard, self.rules, (IMPACT, self.duty, *self.also)).outputs)


def notices_in(outputs: list[object]) -> list[Notice]:
    return [output for output in outputs if isinstance(output, Notice)]


def reasons_in(outputs: list[object]) -> list[tuple[str, str]]:
    """What was decided: about what, and why."""
    return [(output.details["about"], output.reason.value) for output in outputs if isinstance(output, Decision)]

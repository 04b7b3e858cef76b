"""A small case to draft for: a confirmed outage of three services in two cities, its clock, and what was drafted."""

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.pane_ends import PaneEnd
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incident_parts import (
    AreaShare,
    EmergencyImpact,
    EtaEstimate,
    Interval,
    OperatorRole,
    SilentFeed,
    StateChange,
)
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState, Severity
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.notices.duty import NOTICES
from pipeline.respond.state import RespondState
from pipeline.wording.ends import end_for_people
from pipeline.wording.places import places_down
from pipeline.wording.summary import Facts, summary_of
from tests.correlate.stories import NINE, command
from tests.wording.shipped import WORDING

RULES: Final = RespondRules(
    config=RespondConfig(),
    wording=WORDING,
    languages={"DE": ("de", "en"), "FR": ("fr", "en")},
    operator_name=lambda operator: {"netcologne": "NetCologne"}.get(operator, operator.capitalize()),
)
NAMES: Final = {"DE/NW/koeln": "Köln", "DE/NW/bonn": "Bonn", "DE/NW/aachen": "Aachen", "FR/IDF/paris": "Paris"}


def at(minute: float) -> int:
    """Milliseconds of a minute after nine, at the end of a pane."""
    return NINE + round(minute * 6) * 10_000


def incident(minute: float = 3, **facts: Any) -> Incident:
    """An outage that began at nine and was confirmed three minutes later, as it stands at a minute.

    Args:
        minute: Of this revision.
        facts: Fields of the record; `areas` are paths, `back` those that are well again, `end` are minutes, `numbers`
            emergency numbers, `blind` a feed.
    """
    areas, back = facts.pop("areas", ("DE/NW/koeln", "DE/NW/bonn")), facts.pop("back", ())
    end, numbers, blind = facts.pop("end", None), facts.pop("numbers", ()), facts.pop("blind", "")
    state = facts.pop("state", IncidentState.CONFIRMED)
    market = facts.pop("market", "DE")
    over = state in (IncidentState.RESOLVED, IncidentState.CLOSED)
    base = Incident(
        incident_id=facts.pop("incident_id", "4f6a1c7be09d33215f00"),
        revision=max(1, round(minute)),
        updated_at=Instant(at(minute)),
        market=market,
        time_zone="Europe/Berlin",
        state=state,
        severity=facts.pop("severity", Severity.CLEARED if over else Severity.MAJOR),
        opened_at=Instant(at(1)),
        started_at=Instant(at(0)),
        confirmed_at=Instant(at(3)),
        resolved_at=Instant(at(minute)) if over else None,
        ended_at=Instant(at(minute - 30)) if over else None,
        state_history=(StateChange(state=state, at=Instant(at(minute)), reason="corroborated"),),
        services=facts.pop("services", ("broadband", "fixed_voice", "tv")),
        areas=tuple(
            AreaShare(area=area, name=NAMES.get(area), back_at=Instant(at(minute)) if area in back else None)
            for area in areas
        ),
        operators=(OperatorRole(operator=facts.pop("operator", "netcologne"), role="primary"),),
        nature="technical",
        customers_affected=Interval(low=469_585, high=469_585),
        emergency=EmergencyImpact(affected=True, numbers=tuple(numbers)) if numbers else None,
        estimated_end=None
        if end is None
        else EtaEstimate(
            made_at=Instant(at(minute)),
            earliest=Instant(at(end[0])),
            latest=Instant(at(end[1])),
            basis="similar_incidents",
        ),
        silent_feeds=(SilentFeed(source="telemetry", feed=blind),) if blind else (),
    )
    told = msgspec.structs.replace(base, **facts)
    return msgspec.structs.replace(told, summary=_summary(told)) if "summary" not in facts else told


def _summary(told: Incident) -> Any:
    """As CORRELATE makes it."""
    is_down = told.state in (IncidentState.SUSPECTED, IncidentState.CONFIRMED)
    is_on = is_down or told.state == IncidentState.RECOVERING
    numbers = told.emergency.numbers if told.emergency and is_on else ()
    state = "resolved" if told.state == "closed" else told.state.value
    places = [row.name or row.area for row in places_down(told.areas)]
    return summary_of(
        Facts(
            state=state,
            operator="NetCologne",
            services=told.services,
            places=places,
            places_more=0,
            started_at=NINE,
            end=end_for_people(told.estimated_end, int(told.updated_at)) if is_down else None,
            numbers=numbers,
            time_zone="Europe/Berlin",
            market="DE",
            now=int(told.updated_at),
            exercise=told.exercise,
            languages=("de", "en"),
            ended_at=None if told.ended_at is None else int(told.ended_at),
        ),
        WORDING,
    )


@dataclass
class Telling:
    """A case that is told: changes and time in, notices and decisions out, all of them kept."""

    rules: RespondRules = RULES
    state: RespondState = field(default_factory=lambda: RespondState(0))
    outputs: list[object] = field(default_factory=list)

    def change(self, minute: float, **facts: Any) -> list[Notice]:
        """Time passes, then the incident changes; gives the new texts and what became of older ones."""
        self.until(minute - 1 / 6)
        after = incident(minute, **facts)
        before = self.state.case(after.market, after.incident_id)
        change = Change(at=Instant(at(minute)), before=before.incident if before else None, after=after)
        return self._take(apply(self.state, change, self.rules, (NOTICES,)).outputs)

    def until(self, minute: float, market: str = "DE") -> list[Notice]:
        """Time passes."""
        return self._take(
            apply(self.state, PaneEnd(market=market, at=Instant(at(minute))), self.rules, (NOTICES,)).outputs
        )

    def order(self, minute: float, kind: str, target: str, **more: Any) -> Decision:
        """Somebody orders something; gives the answer."""
        self.until(minute - 1 / 6)
        outputs = apply(self.state, command(minute, kind, target, **more), self.rules, (NOTICES,)).outputs
        self._take(outputs)
        (answer,) = (output for output in outputs if isinstance(output, Decision))
        return answer

    def _take(self, outputs: tuple[object, ...]) -> list[Notice]:
        self.outputs += outputs
        return [output for output in outputs if isinstance(output, Notice)]

    @property
    def notices(self) -> list[Notice]:
        """All revisions of all notices."""
        return [output for output in self.outputs if isinstance(output, Notice)]

    @property
    def latest(self) -> dict[str, Notice]:
        """Each notice as it is now."""
        return {notice.notice_id: notice for notice in self.notices}

    def decisions(self, kind: str = "") -> list[Decision]:
        """Decisions of a kind; all of them without one."""
        found = [output for output in self.outputs if isinstance(output, Decision)]
        return [decision for decision in found if not kind or decision.kind.value == kind]


def drafts(notices: list[Notice]) -> list[Notice]:
    """The new texts among them."""
    return [notice for notice in notices if notice.notice_revision == 1]


def occasions(notices: list[Notice]) -> list[tuple[str, int]]:
    """What was told, and at which minute, each once."""
    found = [(str(notice.occasion), (int(notice.drafted_at) - NINE) // MINUTE_MS) for notice in drafts(notices)]
    return list(dict.fromkeys(found))


def text_in(notices: list[Notice], outlet: str, language: str = "de", audience: str = "customers") -> str:
    """The one new text of an outlet."""
    (text,) = (
        notice.body
        for notice in drafts(notices)
        if (notice.outlet, notice.language, notice.audience) == (outlet, language, audience)
    )
    return text

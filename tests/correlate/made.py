"""Dossiers, incidents and panes made by hand, for tests that call one rule."""

from typing import Any

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.testimony import Testimony, testimonies_of
from pipeline.correlate.held import AccountHeld
from pipeline.correlate.life.course import enter_history
from pipeline.correlate.parts import AreaSeen, Course, Dossier, Identity, SeriesEvidence, Witness
from pipeline.correlate.state import MarketState, OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.published.decisions import Decision
from pipeline.records.vocabulary import IncidentState
from tests.correlate.accounts import odds_milli
from tests.correlate.stories import REFERENCE, at

CONFIG = CorrelateConfig()
KOELN, BONN, AACHEN = "DE/NW/koeln", "DE/NW/bonn", "DE/NW/aachen"


def heard(*anomalies: Anomaly) -> list[Testimony]:
    """What anomalies say, in the order of work."""
    return testimonies_of(anomalies, REFERENCE)


def series(area: str = KOELN, **facts: Any) -> SeriesEvidence:
    """A network series that stood out strongly for five minutes and was listened to for a week."""
    known: dict[str, Any] = {
        "operator": "netcologne",
        "area": area,
        "source": "telemetry",
        "measure": "attach_success_ratio",
        "unit": "ratio",
        "kind": "network",
        "started_at": at(0),
        "found_at": at(1),
        "first_at": at(0),
        "last_at": at(5),
        "surprise_milli": 7_000,
    }
    return SeriesEvidence(**{**known, **facts})


def said(people: int = 5, first: float = 0, last: float = 5, **facts: Any) -> Witness:
    """What a kind of witness said between two minutes; all people are beyond the usual."""
    known = {"records": people, "people": people, "excess_milli": people * 1_000}
    known["excess_most_milli"] = known["excess_milli"]
    return Witness(**{**known, "first_at": at(first), "last_at": at(last), **facts})


def account(probability: float, peak: float = 0.0, **added: int) -> AccountHeld:
    """An account of evidence: how likely an outage is, the most it has been, and what groups added, thousandths."""
    now, most = odds_milli(probability), odds_milli(max(probability, peak))
    return AccountHeld(odds_milli=now, peak_milli=most, disturbed_milli=now, added_milli=added)


def dossier(*areas: str, minute: float = 5, **facts: Any) -> Dossier:
    """A dossier of netcologne with evidence from some areas up to a minute."""
    seen = {area: AreaSeen(since=at(0), last_at=at(minute)) for area in areas or (KOELN,)}
    rows = facts.pop("series", ())
    known: dict[str, Any] = {
        "areas": seen,
        "operators": {"netcologne": 1},
        "series": {f"{number}|{row.measure}|{row.area}": row for number, row in enumerate(rows)},
        "last_at": at(minute),
    }
    return Dossier(**{**known, **facts})


def incident(
    evidence: Dossier | None = None, state: IncidentState = IncidentState.SUSPECTED, name: str = "i1", opened: float = 0
) -> OpenIncident:
    """An incident in a state since the minute in which it opened."""
    made = OpenIncident(
        identity=Identity(incident_id=name, market="DE", anchor="netcologne", opened_at=at(opened)),
        dossier=evidence or dossier(),
        course=Course(state=state, since=at(opened)),
    )
    enter_history(made.course, at(opened), "anomaly")
    return made


def pane(minute: float, *incidents: OpenIncident, config: CorrelateConfig = CONFIG) -> PaneAtWork:
    """A pane at work in the market of these incidents."""
    market = MarketState(market="DE", incidents=list(incidents))
    return PaneAtWork(at=at(minute), market=market, config=config, reference=REFERENCE)


def decided(work: PaneAtWork) -> list[tuple[str, str]]:
    """Kinds and reasons of the decisions of a pane."""
    return [(row.kind.value, row.reason.value) for row in work.outputs if isinstance(row, Decision)]

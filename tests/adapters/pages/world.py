"""A small run's folder, made by hand: one outage, one false alarm, and people who write what they must not."""

from pathlib import Path
from typing import Final

from msgspec import structs

from pipeline.adapters.codecs.outputs import message_of
from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.runs.curves import SeriesFile
from pipeline.adapters.runs.folder import RunFolder
from pipeline.records.clocks import Instant, parse_instant
from pipeline.records.errors import Reason
from pipeline.records.inner.judgements import Judgement
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incident_parts import (
    AreaShare,
    EmergencyImpact,
    EtaEstimate,
    EvidenceExample,
    EvidenceItem,
    Interval,
    Lead,
    OperatorRole,
    ResolutionPoint,
    SeverityReason,
    StateChange,
)
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.published.people import Communication, Paragraph, Sentence, Summary
from pipeline.records.published.quarantine import Quarantined
from pipeline.records.series import Series
from pipeline.records.truth import TrueArea, TrueMessage, TrueOperator, TrueOutage, Truth
from pipeline.records.vocabulary import (
    DecisionKind,
    DecisionReason,
    IncidentState,
    Language,
    NoticeKind,
    Severity,
)

MINUTE: Final = 60_000
HOSTILE: Final = "<script>alert('owned')</script><img src=x onerror=alert(1)> \"'} {{ 7*7 }} </style></textarea>"
"""What a stranger may write; it must be shown, and must not run."""

LANGUAGES: Final[tuple[Language, ...]] = ("de", "en", "fr")

MORNING: Final = int(parse_instant("2025-02-12T06:00:00Z"))
"""07:00 in Cologne."""
OUTAGE: Final = 120
"""Minutes after it at which all goes dark."""
MINUTES: Final = 360


def at(minute: float) -> Instant:
    """So many minutes after the morning's start."""
    return Instant(MORNING + round(minute * MINUTE))


def evidence(texts: tuple[str, ...], omitted: int) -> EvidenceItem:
    examples = tuple(
        EvidenceExample(
            id_hash=n, at=at(OUTAGE + 1), text=text, symptom="no_internet", area="DE/NW/koeln", language="de"
        )
        for n, text in enumerate(texts)
    )
    return EvidenceItem(
        source="mentions",
        measure="complaints",
        area="DE",
        operator="netcologne",
        first_at=at(OUTAGE + 1),
        last_at=at(OUTAGE + 120),
        panes=40,
        unit="count",
        observed="47",
        expected="0.25",
        surprise_milli=66_000,
        contribution_ppm=420_000,
        examples=examples,
        examples_omitted=omitted,
    )


def incident(revision: int, **changes: object) -> Incident:
    """The outage, as known at one revision."""
    words = Sentence(fr="Panne", en="Outage", de="Störung")
    texts = Paragraph(fr="Panne " + HOSTILE, en="Outage in Cologne", de="Störung in Köln")
    known: dict[str, object] = {
        "incident_id": "0a" * 10,
        "revision": revision,
        "updated_at": at(OUTAGE + revision * 3),
        "market": "DE",
        "time_zone": "Europe/Berlin",
        "state": IncidentState.CONFIRMED,
        "severity": Severity.CRITICAL,
        "opened_at": at(OUTAGE + 3),
        "confirmed_at": at(OUTAGE + 6),
        "state_history": (
            StateChange(state=IncidentState.SUSPECTED, at=at(OUTAGE + 3), reason="anomaly"),
            StateChange(state=IncidentState.CONFIRMED, at=at(OUTAGE + 6), reason="corroborated"),
        ),
        "severity_reasons": (SeverityReason(rule="customers", severity=Severity.CRITICAL, text=HOSTILE),),
        "services": ("broadband", "emergency"),
        "areas": (AreaShare(area="DE/NW/koeln", name="Köln", share_ppm=995_000, since=at(OUTAGE + 3)),),
        "operators": (OperatorRole(operator="netcologne", role="primary"),),
        "customers_affected": Interval(low=100_000, high=250_000, likely=200_000 + revision),
        "emergency": EmergencyImpact(affected=True, numbers=("110", "112"), first_claim_at=at(OUTAGE + 18)),
        "leads": (
            Lead(source="telemetry", first_evidence_at=at(OUTAGE + 1), found_at=at(OUTAGE + 3), lead_seconds=240),
            Lead(source="mentions", first_evidence_at=at(OUTAGE + 5), found_at=at(OUTAGE + 6)),
        ),
        "estimated_end": EtaEstimate(
            made_at=at(OUTAGE + 6),
            earliest=at(OUTAGE + 60),
            latest=at(OUTAGE + 240),
            likely=at(OUTAGE + 90),
            basis="similar_incidents",
        ),
        "resolution_curve": (ResolutionPoint(at=at(OUTAGE + 100), areas_back_ppm=500_000),),
        "evidence": (evidence((HOSTILE, "Internet weg in Köln"), 7),),
        "communication": Communication(first_official_at=at(OUTAGE + 47), last_official_at=at(OUTAGE + 47), grade="C"),
        "summary": Summary(headline=words, page=texts, phone_bot=texts),
    }
    return Incident(**{**known, **changes})  # type: ignore[arg-type]  # fields by name


def false_alarm() -> Incident:
    """Suspected by night, dismissed when nothing followed."""
    return incident(
        1,
        incident_id="0b" * 10,
        opened_at=at(10),
        confirmed_at=None,
        state=IncidentState.DISMISSED,
        severity=Severity.CLEARED,
        emergency=None,
        state_history=(
            StateChange(state=IncidentState.SUSPECTED, at=at(10), reason="anomaly"),
            StateChange(state=IncidentState.DISMISSED, at=at(40), reason="quiet"),
        ),
    )


def decisions() -> list[Decision]:
    def decision(minute: float, kind: DecisionKind, reason: DecisionReason, text: str) -> Decision:
        return Decision(
            decision_id=f"{minute}-{kind}",
            stage="correlate",
            kind=kind,
            subject="0a" * 10,
            incident_id="0a" * 10,
            reason=reason,
            text=text,
            at=at(minute),
        )

    return [
        decision(OUTAGE + 3, DecisionKind.OPENED, DecisionReason.ANOMALY, "netcologne in DE/NW"),
        decision(OUTAGE + 4, DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, "one claim of one person"),
    ]


def notices() -> list[Notice]:
    return [
        Notice(
            notice_id=f"{language}-{n}",
            incident_id="0a" * 10,
            revision=2,
            market="DE",
            operator="netcologne",
            kind=NoticeKind.ACKNOWLEDGEMENT,
            audience="customers",
            outlet="web",
            language=language,
            subject="Störung",
            body=HOSTILE,
            drafted_at=at(OUTAGE + 6),
        )
        for n, language in enumerate(LANGUAGES)
    ]


def questions() -> list[object]:
    """Two questions that have no incident: one waits, one was dismissed."""
    (asked, *_) = notices()
    text = "Can help be called? confirm or dismiss"
    waits, dismissed = (
        structs.replace(asked, notice_id=f"question-{n}", incident_id=str(n) * 20, kind=NoticeKind.QUESTION, body=text)
        for n in (1, 2)
    )
    ends = Decision(
        decision_id="ends",
        stage="correlate",
        kind=DecisionKind.DISMISSED,
        subject=dismissed.incident_id,
        reason=DecisionReason.COMMAND,
        text="dismiss: 1 claims are not believed: a joke",
        at=at(OUTAGE + 30),
        market="DE",
    )
    return [waits, dismissed, ends]


def truth() -> Truth:
    return Truth(
        scenario="small",
        title="A small world " + HOSTILE[:40],
        seed=1,
        market="DE",
        time_zone="Europe/Berlin",
        started_at=at(0),
        ended_at=at(MINUTES),
        shares_ppm={},
        outages=(
            TrueOutage(
                outage_id="one",
                started_at=at(OUTAGE),
                full_at=at(OUTAGE + 20),
                first_back_at=at(OUTAGE + 90),
                ended_at=at(OUTAGE + 120),
                operators=(TrueOperator(operator="netcologne", role="primary"),),
                areas=(TrueArea(area="DE/NW/koeln", operator="netcologne", customers=250_000, share_ppm=1_000_000),),
                services=("broadband",),
                cause="configuration_error",
                nature="technical",
                extent="general",
                customers=250_000,
                hit_per_minute=(0, *[250_000] * 119, 0),
                messages=(
                    TrueMessage(
                        post_id="p1",
                        operator="netcologne",
                        platform="facebook",
                        posted_at=at(OUTAGE + 47),
                        kind="acknowledgement",
                        text="Wir arbeiten daran. " + HOSTILE,
                    ),
                ),
            ),
        ),
    )


def judgements() -> list[Judgement]:
    """Three curves: people, network and hotline, quiet until the outage; the first half hour without a verdict."""

    def series(source: str, measure: str, unit: str) -> Series:
        area = "DE/NW" if unit == "ratio" else "DE"
        return Series("netcologne", area, area, "", "", "", source, measure, unit)

    rows = []
    for minute in range(1, MINUTES):
        down = OUTAGE <= minute < OUTAGE + 120
        learnt = minute > 30
        for which, seen, usual in (
            (series("mentions", "complaints", "count"), 40.0 if down else 0.0, 0.2),
            (series("telemetry", "session_success_ratio", "ratio"), 0.05 if down else 0.99, 0.991),
            (series("telemetry", "calls_waiting", "count"), 300.0 if down else 2.0, 1.5),
        ):
            rows.append(
                Judgement(
                    series=which,
                    ended_at=at(minute),
                    observed=seen,
                    expected=usual if learnt else None,
                    surprise=(50.0 if down else 0.3) if learnt else None,
                )
            )
    return rows


def write_run(path: Path, *, quiet: bool = False) -> Path:
    """Write the folder; a quiet one has no incident."""
    refused = Quarantined(
        reason=Reason.LATE, stage="ingest", message=HOSTILE, topic="mentions", partition=0, offset=1, timestamp=0
    )
    records: list[object] = [refused]
    if not quiet:
        slim = incident(3, evidence=(evidence((), 9),))
        records += [incident(1), incident(2), slim, false_alarm(), *decisions(), *notices(), *questions()]
    with RunFolder(path) as folder, SeriesFile(path) as curves:
        for record in records:
            folder.write(message_of(record, "correlate", "anomalies/1/0/0", 0))
        curves.take(tuple(judgements()))
    run = {
        "recording": f"worlds/{HOSTILE}",
        "first": at(0),
        "last": at(MINUTES),
        "records": 1_200,
        "used": 1_199,
        "counts": dict(folder.counts),
        "seconds": 0.5,
        "tocsin": "0.1.0",
        "ruleset": "abc",
        "settings": {"partitions.lanes": 4},
    }
    (path / "run.json").write_bytes(encode(run))
    if not quiet:
        (path / "truth.json").write_bytes(encode(truth()))
    return path

"""Changes of a small run: what its incident says, what is true, what was drafted - for the stories' tests."""

from collections.abc import Callable
from typing import Any

import msgspec

from pipeline.records.published.failovers import Failover, GuardRails
from pipeline.records.published.followups import Followup
from pipeline.records.published.incident_parts import (
    Blame,
    Lead,
    OperatorRole,
)
from pipeline.records.published.people import (
    Posts,
)
from pipeline.records.vocabulary import NoticeKind
from pipeline.views.run import Run
from tests.adapters.pages.world import OUTAGE, at, notices

Change = Callable[[Run], Run]


def changed(run: Run, **fields: object) -> Run:
    return Run(**{name: getattr(run, name) for name in Run.__slots__} | fields)


def incident(**fields: object) -> Change:
    """Change the last revision of the outage's incident."""

    def change(run: Run) -> Run:
        histories = tuple(
            (*one[:-1], msgspec.structs.replace(one[-1], **fields)) if one[-1].confirmed_at is not None else one
            for one in run.histories
        )
        return changed(run, histories=histories)

    return change


def outage(**fields: object) -> Change:
    """Change what is true."""

    def change(run: Run) -> Run:
        assert run.truth is not None
        true = msgspec.structs.replace(run.truth.outages[0], **fields)
        return changed(run, truth=msgspec.structs.replace(run.truth, outages=(true,)))

    return change


def drafts(*made: tuple[NoticeKind, str], **fields: Any) -> Change:
    """Notices of these kinds and outlets, drafted when the incident was confirmed."""
    like = notices()[0]

    def change(run: Run) -> Run:
        ours = tuple(
            msgspec.structs.replace(like, notice_id=f"n{n}", kind=kind, outlet=outlet, **fields)
            for n, (kind, outlet) in enumerate(made)
        )
        return changed(run, notices=ours)

    return change


def exercise(*, marked: bool) -> Change:
    """An exercise beside the outage: the same incident again, with a notice that says so or does not."""
    name, like = "0d" * 10, notices()[0]

    def change(run: Run) -> Run:
        real = next(one for one in run.histories if one[-1].confirmed_at is not None)
        rows = tuple(msgspec.structs.replace(one, incident_id=name, exercise=True) for one in real)
        notice = msgspec.structs.replace(like, notice_id="exercise", incident_id=name, exercise=marked)
        return changed(run, histories=(*run.histories, rows), notices=(*run.notices, notice))

    return change


def both(*changes: Change) -> Change:
    def change(run: Run) -> Run:
        for one in changes:
            run = one(run)
        return run

    return change


def failover(kind: str) -> Change:
    one = Failover(
        failover_id="f",
        target="hotline",
        revision=1,
        market="DE",
        operator="netcologne",
        kind=kind,  # type: ignore[arg-type]  # of the closed list, by name
        desired="active",
        decided_at=at(OUTAGE + 9),
        expires_at=at(OUTAGE + 99),
        guard_rails=GuardRails(approval_required=True),
        incident_id="0a" * 10,
        incident_revision=2,
        reason="calls to mobile lines",
    )
    return lambda run: changed(run, failovers=(one,))


def followup(kind: str) -> Change:
    one = Followup(
        followup_id="u",
        revision=1,
        incident_id="0a" * 10,
        incident_revision=3,
        market="DE",
        operator="netcologne",
        kind=kind,  # type: ignore[arg-type]  # of the closed list, by name
        created_at=at(OUTAGE + 200),
    )
    return lambda run: changed(run, followups=(one,))


def nothing(run: Run) -> Run:
    return run


def posts(**fields: Any) -> Change:
    return incident(posts=Posts(**{"posts": 40, "people": 31} | fields))


def first_posts(count: int) -> Change:
    """The first revision that has posts rests on so many."""

    def change(run: Run) -> Run:
        histories = tuple(
            (msgspec.structs.replace(one[0], posts=Posts(posts=count, people=count)), *one[1:]) for one in run.histories
        )
        return changed(run, histories=histories)

    return change


def operator(name: str, role: str | None, blame: Blame | None = None) -> OperatorRole:
    return OperatorRole(operator=name, role=role, blame=blame)  # type: ignore[arg-type]  # of the closed list


def leads(**first: float) -> Change:
    rows = [
        Lead(source=source, first_evidence_at=at(OUTAGE + minute), found_at=at(OUTAGE + minute + 2))  # type: ignore[arg-type]
        for source, minute in first.items()
    ]
    return incident(leads=tuple(rows))

"""Witnesses: what each kind of them (network, care, public) has said, each record and person counted once.

Sums that hold each other are counted once: DETECT added a city's posts to its
region's already, so adding both would double the people who complained.

People count as what exceeds the usual. Some complain on every day, so two or three
tickets a minute, added up over an hour, would make any evening an outage. What is
usual is taken off for the steps that stood out and for the quiet ones between them,
and what is used up that way is gone: an excess of the morning adds nothing to one of the evening.

Questionable decision: what is usual is that of the latest step, for the quiet ones
before it as well; DETECT says nothing of steps that do not stand out.
"""

from collections.abc import Iterable
from itertools import groupby

from msgspec import structs

from pipeline.correlate.evidence.testimony import Testimony
from pipeline.correlate.parts import Dossier, Witness
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.series import is_within


def hear_witnesses(dossier: Dossier, testimonies: Iterable[Testimony]) -> None:
    """Add up what the witnesses of a pane say.

    Args:
        dossier: Changes in place.
        testimonies: Testimonies that count as those of witnesses, each series once.
    """
    ordered = sorted(testimonies, key=lambda testimony: (testimony.kind, testimony.order))
    for kind, group in groupby(ordered, key=lambda testimony: testimony.kind):
        heard = list(group)
        said, usual_per_ms = _said(heard)
        known = dossier.witnesses.get(kind)
        dossier.witnesses[kind] = said if known is None else _gone_on(known, said, usual_per_ms)


def add_witness(dossier: Dossier, kind: str, said: Witness) -> None:
    """Add what a kind of witness said elsewhere: in a claim, or to another incident.

    Args:
        dossier: Changes in place.
        kind: `network`, `care` or `public`.
        said: What it said in addition.
    """
    known = dossier.witnesses.get(kind)
    dossier.witnesses[kind] = said if known is None else _both(known, said)


def people_beyond_usual(dossier: Dossier) -> int:
    """How many people more than usual have spoken at most, whatever kind of witness they are.

    The most, since an outage that people have stopped complaining of has hit them all the same; a part of a
    person is one.
    """
    return sum(-(-said.excess_most_milli // 1_000) for said in dossier.witnesses.values())


def _both(mine: Witness, theirs: Witness) -> Witness:
    return Witness(
        records=mine.records + theirs.records,
        people=mine.people + theirs.people,
        excess_milli=mine.excess_milli + theirs.excess_milli,
        excess_most_milli=mine.excess_most_milli + theirs.excess_most_milli,
        counted_to=max(mine.counted_to, theirs.counted_to),
        first_at=min(mine.first_at, theirs.first_at),
        last_at=max(mine.last_at, theirs.last_at),
        surprise_milli=max(mine.surprise_milli, theirs.surprise_milli),
    )


def _said(heard: list[Testimony]) -> tuple[Witness, float]:
    """What one kind of witness says in a pane, and how many thousandths of people are usual in a millisecond."""
    counted = [top.anomaly for top in tops_of(heard) if top.anomaly.measure == "complaints"]
    steps = [testimony.anomaly for testimony in heard]
    people = sum(anomaly.people for anomaly in counted)
    usual_milli = sum(1_000 * anomaly.expected for anomaly in counted)
    excess_milli = max(0, 1_000 * people - round(usual_milli))
    said = Witness(
        records=sum(anomaly.records for anomaly in counted),
        people=people,
        excess_milli=excess_milli,
        excess_most_milli=excess_milli,
        counted_to=max((int(anomaly.ended_at) for anomaly in counted), default=0),
        first_at=min(int(step.ended_at) - step.step_ms for step in steps),
        last_at=max(int(step.ended_at) for step in steps),
        surprise_milli=max(round(step.surprise * 1_000) for step in steps),
    )
    return said, usual_milli / max((anomaly.step_ms for anomaly in counted), default=1)


def tops_of(heard: Iterable[Testimony]) -> list[Testimony]:
    """The testimonies whose sums no other holds: the widest count, since DETECT added them up already."""

    def alike(testimony: Testimony) -> tuple[str, ...]:
        anomaly = testimony.anomaly
        return (anomaly.source, anomaly.measure, anomaly.operator)

    tops = []
    for _, group in groupby(sorted(heard, key=lambda testimony: (alike(testimony), testimony.order)), key=alike):
        parts = list(group)
        tops += [part for part in parts if not any(_holds(whole.anomaly, part.anomaly) for whole in parts)]
    return tops


def _holds(whole: Anomaly, part: Anomaly) -> bool:
    """Are a part's records among the whole's? `''` as service or item is all of them."""
    if whole.service not in ("", part.service) or whole.item not in ("", part.item) or whole.element:
        return False
    mine, theirs = (whole.area, whole.service, whole.item), (part.area, part.service, part.item)
    return mine != theirs and is_within(part.area, whole.area)


def _gone_on(known: Witness, said: Witness, usual_per_ms: float) -> Witness:
    """A witness goes on: what was usual since it was last counted is taken off first."""
    both = _both(known, said)
    if not said.counted_to or not known.counted_to:
        return both
    quiet_ms = max(0, said.first_at - known.counted_to)
    left_milli = max(0, known.excess_milli - round(usual_per_ms * quiet_ms))
    first_at = known.first_at if left_milli else said.first_at
    excess_milli = left_milli + said.excess_milli
    most_milli = max(known.excess_most_milli, excess_milli)
    return structs.replace(both, excess_milli=excess_milli, excess_most_milli=most_milli, first_at=first_at)

"""What claims that "112 does not work" say for an incident: evidence, a witness, and the emergency itself.

A claim is evidence like an anomaly, but of a single person: people who speak
in public are counted once each, however often they repeat it.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import structs

from pipeline.correlate.config import PEOPLE_MAX, CorrelateConfig
from pipeline.correlate.evidence.dossier import EXAMPLES_KEPT, add_area, note_found
from pipeline.correlate.evidence.testimony import kind_of_people
from pipeline.correlate.evidence.witnesses import add_witness
from pipeline.correlate.parts import Dossier, EmergencyClaims, SeriesEvidence, Witness
from pipeline.records.clocks import PANE_MS, Instant, pane_of
from pipeline.records.inner.examples import Example
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.vocabulary import PPM

MEASURE: Final = "emergency_claims"
"""Name of the evidence that claims make."""

NUMBERS_MAX: Final = 8
"""Emergency numbers kept of an incident: no market has more."""

DOUBTS_MAX: Final = 8
"""Claims in doubt kept of an incident: a person is asked about the latest; those before were asked about already."""

SURE_MILLI: Final = 1_000
"""What a sure claim weighs: one person, in thousandths."""

_DIGITS: Final = range(2, 7)
"""Digits of an emergency number: 15 in France, 112, 110, 999; what is longer is somebody's telephone."""


def absorb_claims(
    dossier: Dossier, claims: Sequence[EmergencyClaim], now: int, config: CorrelateConfig, *, believed: bool = False
) -> None:
    """Take claims into a dossier: the emergency, service `emergency`, and evidence.

    Those in doubt say nothing of where it is, unless no other does: a misread text that names no network fits every
    alarm of the nation, and would move it to its town.

    Args:
        dossier: Changes in place.
        claims: Those that are about it.
        now: End of the pane, ms.
        config: Settings.
        believed: A person takes those in doubt for true.
    """
    placing = [claim for claim in claims if believed or not claim.doubtful] or claims
    for claim in sorted(claims, key=lambda claim: claim.order):
        dossier.emergency = _with_claim(dossier.emergency, claim)
        doubts = [doubt for doubt in dossier.doubts if doubt.id_hash != claim.id_hash]
        if len(doubts) == len(dossier.doubts):
            _testify(dossier, claim, now, config)
        if claim in placing:
            add_area(dossier, claim.area, int(claim.at))
        dossier.doubts = doubts


def note_alarm(dossier: Dossier, claim: EmergencyClaim) -> None:
    """Note which claim sufficed, the first time that one did.

    Args:
        dossier: Has taken the claims in; changes in place.
        claim: The one with which they were enough.
    """
    known = dossier.emergency
    if known is not None and not known.sufficed_at:
        dossier.emergency = structs.replace(known, sufficed_at=int(claim.at))


def doubt_claim(dossier: Dossier, claim: EmergencyClaim, now: int, config: CorrelateConfig) -> None:
    """Take a claim into a dossier that proves nothing alone: it has its weight as evidence, and a person is asked.

    It says nothing of where the outage is, unless nothing else does: a misread text would move a nation's outage to
    its town.

    Args:
        dossier: Changes in place.
        claim: What one person says.
        now: End of the pane, ms.
        config: Settings.
    """
    _testify(dossier, claim, now, config)
    if not dossier.areas:
        add_area(dossier, claim.area, int(claim.at))
    dossier.doubts = [*dossier.doubts, claim][-DOUBTS_MAX:]


def believe_doubts(dossier: Dossier, now: int, config: CorrelateConfig) -> int:
    """Take the claims about which a person was asked for true: that person has said so.

    Args:
        dossier: Changes in place.
        now: End of the pane, ms.
        config: Settings.

    Returns:
        How many there were.
    """
    doubts = dossier.doubts
    absorb_claims(dossier, doubts, now, config, believed=True)
    return len(doubts)


def _testify(dossier: Dossier, claim: EmergencyClaim, now: int, config: CorrelateConfig) -> None:
    """Take what a claim says as evidence; one in doubt weighs as much as it is probable."""
    key = "|".join((claim.source, claim.operator, claim.area, MEASURE))
    dossier.series[key] = _with_text(dossier.series.get(key) or _new_series(claim, now), claim)
    weight = claim.permille if claim.doubtful else SURE_MILLI
    times = {"first_at": pane_of(claim.at), "last_at": int(claim.at)}
    said = Witness(records=1, people=1, excess_milli=weight, excess_most_milli=weight, **times)
    add_witness(dossier, kind_of_people(claim.source), said)
    if claim.operator:
        dossier.operators[claim.operator] = dossier.operators.get(claim.operator, 0) + 1
    service = "" if claim.doubtful else claim.service  # what may be no claim names no service that fails
    dossier.services = sorted({*dossier.services, "emergency", service} - {""})
    note_found(dossier, claim.source, int(claim.at), now, config)
    dossier.last_at = now


def _with_claim(known: EmergencyClaims | None, claim: EmergencyClaim) -> EmergencyClaims:
    known = known or EmergencyClaims(first_at=int(claim.at), last_at=int(claim.at))
    ticket = claim.source == "tickets"
    named = {number for number in claim.numbers if number.isdecimal() and len(number) in _DIGITS}
    return EmergencyClaims(
        first_at=min(known.first_at, int(claim.at)),
        last_at=max(known.last_at, int(claim.at)),
        sufficed_at=known.sufficed_at,
        claims=known.claims + (ticket or claim.person not in known.people),
        people=known.people if ticket else sorted({*known.people, claim.person})[:PEOPLE_MAX],
        tickets=known.tickets + ticket,
        numbers=sorted({*known.numbers, *named})[:NUMBERS_MAX],
    )


def united_claims(mine: EmergencyClaims | None, theirs: EmergencyClaims | None) -> EmergencyClaims | None:
    """The claims of two incidents that turn out one: who spoke in public of both has spoken once."""
    if mine is None or theirs is None:
        return mine or theirs
    both = len({*mine.people} & {*theirs.people})
    return EmergencyClaims(
        first_at=min(mine.first_at, theirs.first_at),
        last_at=max(mine.last_at, theirs.last_at),
        sufficed_at=min(filter(None, (mine.sufficed_at, theirs.sufficed_at)), default=0),
        claims=mine.claims + theirs.claims - both,
        people=sorted({*mine.people, *theirs.people})[:PEOPLE_MAX],
        tickets=mine.tickets + theirs.tickets,
        numbers=sorted({*mine.numbers, *theirs.numbers})[:NUMBERS_MAX],
    )


def _new_series(claim: EmergencyClaim, now: int) -> SeriesEvidence:
    pane = pane_of(claim.at)
    return SeriesEvidence(
        operator=claim.operator,
        area=claim.area,
        service="emergency",
        source=claim.source,
        measure=MEASURE,
        kind=kind_of_people(claim.source),
        started_at=int(claim.at),
        found_at=now,
        first_at=pane,
        last_at=pane + PANE_MS,
    )


def _with_text(known: SeriesEvidence, claim: EmergencyClaim) -> SeriesEvidence:
    shown = Example(0, claim.id_hash, Instant(claim.at), claim.example)
    return structs.replace(
        known,
        started_at=min(known.started_at, int(claim.at)),
        first_at=min(known.first_at, pane_of(claim.at)),
        last_at=max(known.last_at, pane_of(claim.at) + PANE_MS),
        panes=known.panes + 1,
        observed=known.observed + PPM,
        records=known.records + 1,
        people_peak=known.people_peak + 1,
        examples=sorted([*known.examples, shown])[:EXAMPLES_KEPT],
    )

"""Why an incident was believed, as pages draw it: bars to both sides that stand for the parts of one sum."""

from pipeline.records.published.evidence_card import BasePart, EvidenceCard, RivalShare, SourceContribution
from pipeline.records.published.incidents import Incident
from pipeline.views.belief import belief_of
from tests.adapters.pages.world import incident

CARD = EvidenceCard(
    log_odds_milli=1_000,
    base_milli=-8_000,
    rival="probe",
    outage_ppm=731_059,
    base=(BasePart(name="prior", added_milli=-7_000), BasePart(name="rest", added_milli=-1_000)),
    sources=(
        SourceContribution(source="telemetry", added_milli=9_000, without_ppm=12),
        SourceContribution(source="commands", added_milli=0, without_ppm=731_059),
    ),
    rivals=(RivalShare(rival="probe", share_ppm=250_000),),
)


def revision(number: int, card: EvidenceCard | None = CARD, **facts: object) -> Incident:
    return incident(number, evidence_card=card, **facts)


def test_parts_stand_to_their_side_and_say_what_would_be_without_them() -> None:
    told = belief_of([revision(1)])
    assert told is not None
    assert [(part.name, part.added, part.speaks, part.without) for part in told.parts] == [
        ("before anybody spoke", "−7.0", "against", ""),
        ("figures of the network", "+9.0", "for", "under 0.1 %"),
        ("a person’s word", "", "for", "73.1 %"),
        ("overlap, time, other explanations", "−1.0", "against", ""),
    ]
    assert max(part.percent for part in told.parts) == 50
    assert [(known.name, known.likely) for known in told.explanations] == [
        ("an outage", "73.1 %"),
        ("figures that lie", "25 %"),
    ]


def test_the_moment_that_confirmed_it_is_told_else_the_surest() -> None:
    surer = EvidenceCard(log_odds_milli=9_000, base_milli=9_000, outage_ppm=999_877)
    first = belief_of([revision(1, confirmed_at=None), revision(2), revision(3, surer)])
    surest = belief_of([revision(1, confirmed_at=None), revision(2, surer, confirmed_at=None)])
    assert first is not None
    assert surest is not None
    assert (first.when, first.total) == ("when it was confirmed", "+1.0")
    assert (surest.when, surest.total) == ("when it was surest", "+9.0")


def test_records_of_before_tell_nothing_of_it() -> None:
    assert belief_of([revision(1, None), revision(2, EvidenceCard(log_odds_milli=1, base_milli=1))]) is None

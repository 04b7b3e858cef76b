"""Why an incident was believed: what each source added, what would be believed without it, what else it could be.

It is told of the moment that made it a fact, else of the surest: what is said in hours is far more than it takes, and
after an outage nobody believes in one any more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records.published.evidence_card import EvidenceCard
from pipeline.records.published.incidents import Incident
from pipeline.views.words import share

SOURCES: Final[Mapping[str, str]] = {
    "telemetry": "figures of the network",
    "tickets": "tickets",
    "calls": "calls",
    "mentions": "posts",
    "official": "the operator’s own word",
    "commands": "a person’s word",
}
BASE: Final[Mapping[str, str]] = {
    "prior": "before anybody spoke",
    "places": "further places and services",
    "table": "how often it came true",
    "rest": "overlap, time, other explanations",
}
RIVALS: Final[Mapping[str, str]] = {
    "normal": "nothing is wrong",
    "chatter": "talk for another reason",
    "probe": "figures that lie",
    "load": "a bill or a price",
    "campaign": "few who write for many",
    "busy": "a busy day",
}
KINDS: Final[Mapping[str, str]] = {
    "fault": "a fault of the operator",
    "degradation": "service that gets worse",
    "content": "a dispute about content",
    "planned": "work that was planned",
    **RIVALS,
    "rumour": "something untrue that goes round",
    "other_company": "another company’s fault",
    "feed": "a feed that dies",
}
_CERTAIN_PPM: Final = 999_000
_HARDLY_PPM: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefPart:
    """One contribution to a belief.

    Attributes:
        name: Who or what it is.
        source: Raw topic that speaks; '' for what is no source.
        added: With its sign, natural log; '' for who settled it and added nothing.
        percent: Width of its bar, 0 to 50 of 100.
        speaks: `for` or `against`.
        without: What would be believed without it; '' where that is not asked.
    """

    name: str
    source: str
    added: str
    percent: float
    speaks: str
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One explanation of what was seen, with its probability, 0 to 100 percent."""

    name: str
    likely: str
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefTold:
    """What was believed of an incident when it became a fact, or was surest.

    Attributes:
        at_ms: When that was.
        when: The same in words.
        total: Sum of all parts, natural log.
        parts: What was believed before, then by source, then what else counts.
        explanations: An outage, and the others that are not out of the question, the likeliest first.
    """

    at_ms: int
    when: str
    total: str
    parts: tuple[BeliefPart, ...]
    explanations: tuple[Explanation, ...]


def belief_of(revisions: Sequence[Incident]) -> BeliefTold | None:
    """What was believed when an incident was confirmed, else when it was surest; None if no number was told.

    Args:
        revisions: All of the incident, rising.
    """
    told = [(row, card) for row in revisions if (card := row.evidence_card) and card.outage_ppm is not None]
    if not told:
        return None
    confirmed = [known for known in told if known[0].confirmed_at is not None]
    row, card = confirmed[0] if confirmed else max(told, key=lambda known: known[1].log_odds_milli)
    said = [(SOURCES[part.source], part.source, part.added_milli, part.without_ppm) for part in card.sources]
    base = {part.name: part.added_milli for part in card.base}
    before = [(BASE[name], "", base[name], None) for name in ("prior",) if name in base]
    after = [(BASE[name], "", base[name], None) for name in ("places", "table", "rest") if name in base]
    parts = [*before, *said, *after]
    most = max([1, *(abs(added) for _, _, added, _ in parts)])
    return BeliefTold(
        at_ms=int(row.updated_at),
        when="when it was confirmed" if confirmed else "when it was surest",
        total=_nats(card.log_odds_milli),
        parts=tuple(
            BeliefPart(
                name=name,
                source=source,
                added=_nats(added) if added else "",
                percent=round(50 * abs(added) / most, 2),
                speaks="for" if added >= 0 else "against",
                without="" if without is None else sure(without),
            )
            for name, source, added, without in parts
        ),
        explanations=tuple(_explanations(card)),
    )


def _explanations(card: EvidenceCard) -> Iterator[Explanation]:
    if card.explanations:
        for part in card.explanations:
            yield Explanation(
                name=KINDS[part.kind], likely=sure(part.share_ppm), percent=round(part.share_ppm / 10_000, 2)
            )
        return
    shares = [("an outage", card.outage_ppm or 0), *((RIVALS[part.rival], part.share_ppm) for part in card.rivals)]
    for name, ppm in sorted(shares, key=lambda known: -known[1]):
        yield Explanation(name=name, likely=sure(ppm), percent=round(ppm / 10_000, 2))


def _nats(milli: int) -> str:
    """Log-odds with their sign, as people read them.

    >>> _nats(12_100), _nats(-40), _nats(-7_000)
    ('+12.1', '±0.0', '−7.0')
    """
    tenths = round(milli / 100)
    sign = "±" if not tenths else "+" if tenths > 0 else "−"
    return f"{sign}{abs(tenths) / 10:.1f}"


def sure(ppm: int) -> str:
    """A probability as people read it, never as certain.

    >>> sure(931_054), sure(999_990), sure(12)
    ('93.1 %', 'over 99.9 %', 'under 0.1 %')
    """
    if ppm > _CERTAIN_PPM:
        return "over 99.9 %"
    return "under 0.1 %" if ppm < _HARDLY_PPM else share(ppm)

"""A small world for the rules of INGEST: one operator a market, a few towns, and words that mean one thing."""

import json
from collections.abc import Mapping, Sequence

import msgspec

from pipeline.adapters.codecs.raw import decode_batch
from pipeline.ingest.apply import Lane, LaneBatch
from pipeline.ingest.config import IngestConfig
from pipeline.ingest.rules import IngestRules
from pipeline.ingest.text.official.reading import OfficialReading
from pipeline.ingest.text.understood import Understood
from pipeline.records.clocks import Instant, format_instant
from pipeline.records.inner.partials import Partial
from pipeline.records.raw.record import HEARTBEAT_HEADERS
from pipeline.records.series import Series
from pipeline.records.vocabulary import OfficialKind

NOON = 1_739_358_000_000
"""2025-02-12T11:00:00Z: the start of a pane and of a minute."""

MARKETS = {"netcologne": "DE", "orange": "FR"}
"""Operators of the small world, each the only one of its market."""

TOWNS = ("DE/NW/koeln", "DE/NW/bonn", "DE/NW/aachen", "DE/BY/muenchen")


class Towns:
    """The place tree of the small world."""

    _areas = frozenset({"DE", "FR", "DE/NW", "DE/BY", *TOWNS})

    def __contains__(self, area: object) -> bool:
        return area in self._areas

    def by_postcode(self, market: str, code: str, /) -> str | None:
        return "DE/NW/koeln" if (market, code) == ("DE", "50667") else None

    def resolve(self, text: str, _market: str | None = None, /) -> str | None:
        return next((town for town in TOWNS if town.rpartition("/")[2] in text.casefold()), None)


class PlainReader:
    """Understands a few words: enough to test what the stage does with an understanding."""

    def understand(
        self, text: str, *, lang: str | None = None, market: str | None = None, operator: str | None = None
    ) -> Understood:
        del market  # every town here is in one
        words = text.casefold()
        relevant = "down" in words
        doubtful = "112" in words and "perhaps" in words
        return Understood(
            relevant=relevant,
            probability_permille=900 if relevant else 0,
            in_context_permille=900 if relevant else 0,
            evidence_cnat=200 if relevant else -200,
            in_context_cnat=200 if relevant else -200,
            lang=lang or "en",
            service="broadband" if "internet" in words else None,
            item=None,
            symptom="no_internet" if relevant else None,
            emergency="112" in words and relevant and not doubtful,
            area=Towns().resolve(words),
            operators=tuple(name for name in MARKETS if name in words) or ((operator,) if operator else ()),
            claim_permille=300 if doubtful else 0,
            claim_doubtful=doubtful,
        )

    def official(
        self,
        text: str,
        *,
        lang: str | None = None,
        market: str | None = None,
        operator: str | None = None,
        at: int = 0,
        answers: bool = False,
    ) -> OfficialReading:
        del lang, market, operator, answers
        ends = at + 3_600_000 if "within the hour" in text else None
        words: dict[str, OfficialKind] = {"down": "outage", "Nacht": "planned", "arbeiten": "outage"}
        told: list[OfficialKind] = [kind for word, kind in words.items() if word in text]
        kind = (*told, "chatter")[0]
        return OfficialReading(kind, ends, area=Towns().resolve(text))

    def topics(self, text: str, *, lang: str | None = None, market: str | None = None) -> tuple[str, ...]:
        del lang, market
        words = {"refund": "compensation", "to blame": "blame", "because of": "cause", "hacked": "claim:attack"}
        return tuple(sorted(topic for said, topic in words.items() if said in text.casefold()))

    def mood(self, text: str, code: str) -> str | None:
        if code != "en":
            return None
        return "hostile" if "awful" in text.casefold() else "favourable" if "lovely" in text.casefold() else "neutral"


class Raw(msgspec.Struct, frozen=True):
    """A raw record."""

    topic: str
    timestamp: int
    value: bytes | None
    partition: int = 0
    offset: int = 0
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


def rules(config: IngestConfig | None = None) -> IngestRules:
    """The small world, compiled."""
    return IngestRules(
        config=config or IngestConfig(),
        market_of=MARKETS,
        places=Towns(),
        reader=PlainReader(),
        decode=decode_batch,
        emergency_numbers={"DE": ("112", "110"), "FR": ("112", "15")},
        areas_of_elements={("netcologne", "olt-7"): "DE/NW/bonn"},
    )


def raw(topic: str, fields: Mapping[str, object], timestamp: int) -> Raw:
    """A raw record with JSON content."""
    return Raw(topic, timestamp, json.dumps(fields).encode())


def reading(at: int = NOON, *, timestamp: int | None = None, **fields: object) -> Raw:
    """A reading of a success ratio in Köln."""
    content = {
        "operator": "netcologne",
        "area": "DE/NW/koeln",
        "metric": "session_success_ratio",
        "value": 0.99,
        "unit": "ratio",
        "observed_at": format_instant(at),
        **fields,
    }
    return raw("telemetry", {k: v for k, v in content.items() if v is not None}, at if timestamp is None else timestamp)


def ticket(at: int = NOON, number: int = 1, *, timestamp: int | None = None, **fields: object) -> Raw:
    """A ticket about the internet in Köln."""
    content = {
        "ticket_id": f"T{number}",
        "operator": "netcologne",
        "opened_at": format_instant(at),
        "text": "internet down in Koeln",
        **fields,
    }
    return raw("tickets", content, at if timestamp is None else timestamp)


def post(at: int = NOON, number: int = 1, *, timestamp: int | None = None, **fields: object) -> Raw:
    """A post about the internet in Bonn."""
    content = {
        "post_id": f"P{number}",
        "platform": "x",
        "author": f"author-{number}",
        "operator": "netcologne",
        "posted_at": format_instant(at),
        "text": "internet down in Bonn",
        **fields,
    }
    return raw("mentions", content, at if timestamp is None else timestamp)


def command(timestamp: int = NOON, number: int = 1, **fields: object) -> Raw:
    """An acknowledgement."""
    content = {
        "command_id": f"C{number}",
        "market": "DE",
        "target": "abc",
        "kind": "acknowledge",
        "by": "noc",
        **fields,
    }
    return raw("commands", content, timestamp)


def heartbeat(topic: str, timestamp: int) -> Raw:
    """A record without content that moves a clock."""
    return Raw(topic, timestamp, None, headers=HEARTBEAT_HEADERS)


def by_source(records: Sequence[Raw]) -> dict[str, list[Raw]]:
    """Records of each source, in order."""
    sources: dict[str, list[Raw]] = {}
    for record in records:
        sources.setdefault(record.topic, []).append(record)
    return sources


def batch_of(records: Sequence[Raw], lane: Lane | None = None) -> LaneBatch:
    """What a lane says of some records."""
    lane = lane or Lane(0, rules(), {})
    for source, some in by_source(records).items():
        assert lane.take(source, some, None) == len(some)
    return lane.close()


def sums_of(batch: LaneBatch) -> dict[tuple[Series, Instant], Partial]:
    """The sums of a batch, by series and pane."""
    return {(item.series, item.pane): item.partial for e in batch.envelopes for item in e.partials}

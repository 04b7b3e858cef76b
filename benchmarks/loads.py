"""What the benchmarks send: readings of 96 German towns, everyday posts of 300 bytes, heartbeats beside them.

10,000 readings a second of event time from 96 towns: 1,000 readings add up in
one partial, the funnel that INGEST is made for. A load with fewer readings a
series makes larger envelopes and is slower; docs/benchmarks.md says by how much.
"""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.adapters.reference.folder import load_places, reference_folder
from pipeline.adapters.settings import Settings
from pipeline.records.clocks import SOURCES, format_instant
from pipeline.records.partitioner import partition_for
from pipeline.records.raw.record import HEARTBEAT_HEADERS
from pipeline.simulate.uniform import uniform_world

ROOT: Final = Path(__file__).resolve().parents[1]
LANES: Final = 4
TOWNS: Final = 96
OPERATOR: Final = "telekom"
PER_SECOND: Final = 10_000
"""Readings a second of event time."""
STARTED_AT: Final = 1_739_318_400_000
POST_BYTES: Final = 300
TEXT_BYTES_MAX: Final = 110
"""A longer text does not fit into a post of that size, beside its other fields, a town and a number."""
HEARTBEAT_MS: Final = 2_000
POSTS_SHARE: Final = 20
"""Of the mix: one record in so many is a post."""


class Load(NamedTuple):
    """One raw record to be sent."""

    topic: str
    partition: int
    timestamp: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


def towns(count: int = TOWNS) -> tuple[str, ...]:
    """Areas of the largest towns of Germany in the gazetteer, sorted.

    Args:
        count: How many.

    Raises:
        SystemExit: If there are fewer.
    """
    settings = Settings()
    places = load_places(settings.reference.gazetteer, reference=settings.reference.folder or reference_folder())
    named = sorted({name.area for name in places.names() if name.market == "DE"})
    found = [place for area in named if (place := places.get(area)) is not None and place.kind == "town"]
    largest = sorted(found, key=lambda place: (-place.population, place.area))
    if len(largest) < count:
        raise SystemExit(f"the gazetteer has {len(largest)} towns of Germany, fewer than {count}")
    return tuple(sorted(place.area for place in largest[:count]))


def readings(records: int, areas: tuple[str, ...]) -> Iterator[Load]:
    """Telemetry of about 135 bytes, evenly over towns and time."""
    for record in uniform_world(records, areas, per_second=PER_SECOND, lanes=LANES, operator=OPERATOR):
        yield Load("telemetry", record.partition, record.timestamp, record.key or b"", record.value or b"")


def posts(records: int, areas: Sequence[str], span_ms: int, seed: int = 20250212) -> Iterator[Load]:
    """Posts of 300 bytes in German, English and French, one in seven about a fault, evenly over time.

    The texts are everyday posts of writers of whom no weights have learnt, as many as it takes to 300 bytes, each
    with a town and a number, so that none comes twice and no cache helps. The language is given, as X, Bluesky and
    Mastodon give it.
    """
    chance = random.Random(seed)
    texts: dict[str, list[str]] = {}
    for path in sorted((ROOT / "training" / "texts" / "everyday" / "unlearnt").glob("*/*.tsv")):
        said = [line.rpartition("\t")[2] for line in path.read_text("utf-8").splitlines()]
        texts.setdefault(path.parent.name, []).extend(text for text in said if len(text.encode()) <= TEXT_BYTES_MAX)
    for number in range(records):
        at = STARTED_AT + number * span_ms // records
        lang, town = chance.choice(sorted(texts)), chance.choice(areas).rpartition("/")[2].title()
        post = {
            "post_id": f"p{number}",
            "platform": "x",
            "posted_at": format_instant(at),
            "author": f"a{chance.randrange(records)}",
            "operator": OPERATOR,
            "lang": lang,
            "text": f"{chance.choice(texts[lang])} {town} {number}",
        }
        while (missing := POST_BYTES - len(_json(post))) > 1:
            post["text"] = f"{post['text']} {chance.choice(texts[lang])[: missing - 1]}"
        value = _json(post)
        key = post["post_id"].encode()
        yield Load("mentions", partition_for(key, LANES), at + 1_000, key, value)


def _json(post: dict[str, str]) -> bytes:
    return json.dumps(post, ensure_ascii=False).encode()


def heartbeats(sources: Iterable[str], span_ms: int) -> Iterator[Load]:
    """What INGEST appends to quiet partitions: every 2 s, in every partition of these topics."""
    for at in range(STARTED_AT, STARTED_AT + span_ms + HEARTBEAT_MS, HEARTBEAT_MS):
        for source in sources:
            for lane in range(LANES):
                yield Load(source, lane, at, b"", b"", HEARTBEAT_HEADERS)


def load(records: int, *, with_posts: bool) -> Iterator[Load]:
    """A whole load in order of Kafka timestamps; heartbeats come on top of `records`."""
    areas = towns()
    count = records // POSTS_SHARE if with_posts else 0
    span_ms = (records - count) * 1_000 // PER_SECOND
    quiet = [source for source in SOURCES if source != "telemetry" and not (count and source == "mentions")]
    streams = [readings(records - count, areas), heartbeats(quiet, span_ms)]
    if count:
        streams.append(posts(count, areas, span_ms))
    return merge(*streams, key=lambda record: record.timestamp)

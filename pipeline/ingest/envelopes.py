"""Packing: a batch's sums, addressed to the partitions of `signals`.

What belongs to a region is added to its nation's scope as well: readings, but for those of
counters, as the region's sum, what people say by place. Every partition gets an envelope, content
or not, since every partition needs the clocks; and every order, since any of them may hold the series that it is about,
and all must know which ids were heard: CORRELATE obeys each order once. So do replies that name no operator, since any
of them may hold what they answer.
What a partition gets is in the order of its series, so the same batch has the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from pipeline.ingest.config import IngestConfig
from pipeline.records.clocks import Instant
from pipeline.records.inner.partials import Partial, SeriesPartial, merged
from pipeline.records.inner.signals import (
    EmergencyClaim,
    Envelope,
    LooseReply,
    OfficialPost,
    PlacedCommand,
    few_replies,
)
from pipeline.records.partitioner import partition_of_market, partition_of_scope
from pipeline.records.series import Series, nation_of

ENVELOPE_BYTES_MAX: Final = 524_288
"""Above, an envelope is split: half of the broker's usual limit of 1 MiB."""

_PARTIAL_BYTES: Final = 700
"""A partial without samples and examples, with the longest names that are usual, as JSON."""
_MEMBER_BYTES: Final = 48
"""A member of a sample with its tag."""
_WHOLE_BYTES: Final = 1_300
"""A complaint that rides whole: 120 characters of up to six bytes each, escaped, and its fields."""
_EXAMPLE_BYTES: Final = 1_700
"""An example: 240 characters of up to six bytes each, escaped, and its fields."""

Sum = tuple[Series, Instant, Partial]


class Whole(msgspec.Struct):
    """What rides whole in a batch, each kind in the order in which it was read."""

    officials: list[tuple[str, OfficialPost]] = []
    claims: list[EmergencyClaim] = []
    commands: list[PlacedCommand] = []
    replies: list[LooseReply] = []


def with_nations(sums: Iterable[Sum]) -> list[Sum]:
    """Merge equal series, and add each region's sum to its nation's scope.

    Args:
        sums: Sums of a batch, in any order; a series and pane may come more than once.

    Returns:
        One sum a series and pane, in their order.
    """
    parts: dict[tuple[Series, Instant], list[Partial]] = {}
    for series, pane, partial in sums:
        parts.setdefault((series, pane), []).append(partial)
        wide = _in_nation(series)
        if wide is not None and not partial.counter.at:  # readings of two counters are none of a third
            parts.setdefault((wide, pane), []).append(partial)
    return [(series, pane, merged(parts[series, pane])) for series, pane in sorted(parts)]


@lru_cache(maxsize=65_536)
def _in_nation(series: Series) -> Series | None:
    """Where a region's series adds to its nation's scope; None for a nation's own.

    What people say keeps its place: they are few, and DETECT tells where they say that it is.
    """
    nation = nation_of(series.area)
    if nation == series.scope_area:
        return None
    area = series.scope_area if series.source == "telemetry" else series.area
    return series._replace(scope_area=nation, area=area, element="")


def _addressed(series: Series, pane: Instant, partial: Partial) -> SeriesPartial:
    operator, scope_area, area, element, service, item, source, measure, unit = series
    return SeriesPartial(
        operator=operator,
        scope_area=scope_area,
        area=area,
        element=element,
        service=service,
        item=item,
        source=source,
        measure=measure,
        unit=unit,
        pane=pane,
        partial=partial,
    )


def pack(
    sums: Iterable[Sum], whole: Whole, lane: int, clocks: Mapping[str, Instant], config: IngestConfig
) -> list[Envelope]:
    """Make the envelopes of a batch.

    Args:
        sums: Partials with their addresses.
        whole: What is passed on whole beside the sums: claims and commands.
        lane: Number of the lane.
        clocks: The lane's clocks after the batch.
        config: Numbers of lanes and partitions.

    Returns:
        At least one envelope a partition, in order of partition; the last one of
        each carries the clocks.
    """
    contents: list[list[SeriesPartial]] = [[] for _ in range(config.signals_partitions)]
    for series, pane, partial in with_nations(sums):
        at = partition_of_scope(series.operator, series.scope_area, config.signals_partitions)
        contents[at].append(_addressed(series, pane, partial))
    envelopes: list[Envelope] = []
    for partition, partials in enumerate(contents):

        def part(partition: int = partition, **content: Any) -> Envelope:
            return Envelope(
                epoch=config.epoch,
                lane=lane,
                lanes=config.lanes,
                layout=config.layout,
                partition=partition,
                partitions=config.signals_partitions,
                **content,
            )

        *before, last = split(partials)
        envelopes += [part(partials=piece) for piece in before]
        envelopes += [part(**content) for content in _whole_parts(whole, partition, config.signals_partitions)]
        envelopes.append(part(partials=last, clocks=dict(clocks)))
    return envelopes


def _whole_parts(whole: Whole, partition: int, partitions: int) -> Iterator[dict[str, Any]]:
    """What rides whole in a partition, so much at a time as surely fits an envelope."""

    def here(market: str) -> bool:
        return partition_of_market(market, partitions) == partition

    things: dict[str, list[Any]] = {
        "officials": [post for market, post in whole.officials if here(market)],
        "claims": [claim for claim in whole.claims if here(claim.market)],
        "commands": whole.commands,
        "replies": few_replies(whole.replies),
    }
    for name, alike in things.items():
        for at in range(0, len(alike), _WHOLE_MAX):
            yield {name: alike[at : at + _WHOLE_MAX]}


_WHOLE_MAX: Final = 32
"""The longest official post takes 12 kB with every character escaped, a command as much."""


def split(partials: list[SeriesPartial]) -> list[list[SeriesPartial]]:
    """Cut a list so that each part's JSON is surely at most `ENVELOPE_BYTES_MAX`.

    Returns:
        One part or more; an empty list is one empty part.
    """
    parts: list[list[SeriesPartial]] = [[]]
    room = ENVELOPE_BYTES_MAX
    for item in partials:
        partial = item.partial
        size = _PARTIAL_BYTES + _MEMBER_BYTES * (len(partial.ids) + len(partial.people))
        size += _EXAMPLE_BYTES * len(partial.examples) + _WHOLE_BYTES * len(partial.whole)
        if size > room and parts[-1]:
            parts.append([])
            room = ENVELOPE_BYTES_MAX
        parts[-1].append(item)
        room -= size
    return parts

"""What INGEST knows beforehand: settings, operators, places and words, compiled once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.ingest.config import IngestConfig
from pipeline.ingest.text.official.reading import OfficialReading
from pipeline.ingest.text.understood import Understood
from pipeline.records.ids import keyed_hash
from pipeline.records.raw.people import names_nobody
from pipeline.records.raw.record import RawRecord
from pipeline.reference.metrics import Metrics

Decode = Callable[[str, Sequence[RawRecord]], list[object]]
"""Source and records in; for each its type, `HEARTBEAT` or the `RecordError` that refuses it."""


class PlaceIndex(Protocol):
    """The place tree, as far as INGEST asks it."""

    def __contains__(self, area: object) -> bool:
        """Is this the path of a known area?"""
        ...

    def by_postcode(self, market: str, code: str, /) -> str | None:
        """Area of a postcode, if known."""
        ...

    def resolve(self, text: str, market: str | None = None, /) -> str | None:
        """Smallest area that a few free words name, if any."""
        ...


class TextReader(Protocol):
    """Understands free text."""

    def understand(
        self, text: str, *, lang: str | None = None, market: str | None = None, operator: str | None = None
    ) -> Understood:
        """Find out what one post or ticket says.

        Args:
            text: The text as it was written.
            lang: Language that the sender states, `fr`, `en` or `de`; None = found from the text.
            market: Id of the market that the text comes from; None = unknown, so any market.
            operator: Id of the operator that received the text; None = it went to nobody in particular.

        Returns:
            What the text says; of a text about something else, that it is not relevant.
        """
        ...

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
        """Find out what a post of an operator about itself says.

        Args:
            text: The text as it was written.
            lang: Language of the text; None = found from the text.
            market: Id of the operator's market.
            operator: Id of the operator.
            at: When it was posted, ms.
            answers: The platform says that it answers another post.
        """
        ...

    def topics(self, text: str, *, lang: str | None = None, market: str | None = None) -> tuple[str, ...]:
        """What a text talks of beside the trouble, sorted.

        Args:
            text: The text as it was written.
            lang: Language of the text; None = found from the text.
            market: Id of the market that the text comes from; None = unknown.
        """
        ...

    def mood(self, text: str, code: str) -> str | None:
        """How a text feels: hostile, neutral or favourable; None if that cannot be told in its language.

        Args:
            text: The text as it was written.
            code: Its language, as it was understood.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRules:
    """Everything that a lane needs beside its records and clocks.

    Attributes:
        market_of: Operator id to market.
        emergency_numbers: Market to what people dial for help there.
        areas_of_elements: Operator id and element to area; an element that is not
            here is a core element and belongs to the nation.
        zones: Market to its time zone; one that is missing has UTC.
        metrics: What figures of telemetry mean: their units and ranges; by rule alone if nothing is handed in.
        decode: From bytes to record types; a door, so it is handed in.
    """

    config: IngestConfig
    market_of: Mapping[str, str]
    places: PlaceIndex
    reader: TextReader
    decode: Decode
    emergency_numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    areas_of_elements: Mapping[tuple[str, str], str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def markets(self) -> tuple[str, ...]:
        """All markets with an operator, sorted."""
        return tuple(sorted(set(self.market_of.values())))

    def names_nobody(self, target: str) -> bool:
        """Whether a command's target is an incident's id, or a known operator with or without a known area."""
        return names_nobody(target, self.market_of, self.places)

    def hashed(self, *parts: str) -> int:
        """Keyed hash of an id within its namespace."""
        return keyed_hash(self.config.hash_key, "\x1f".join(parts))

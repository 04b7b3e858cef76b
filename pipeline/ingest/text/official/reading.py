"""Reading an operator's own post: its kind, the end that it promises, and what it is about."""

from functools import cached_property
from typing import NamedTuple

import msgspec

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.meaning.asking import Meaning
from pipeline.ingest.text.official.cues import CueReader
from pipeline.ingest.text.official.ends import EndReader
from pipeline.ingest.text.official.kinds import KindScales
from pipeline.ingest.text.relevance import Relevance
from pipeline.records.vocabulary import TELL_OF_AN_OUTAGE, OfficialKind
from pipeline.reference.learnt.weights import ANY
from pipeline.reference.official_words import UNTRAINED_OFFICIAL, OfficialLexicon


class OfficialReading(msgspec.Struct, frozen=True):
    """What an operator's own post says.

    Attributes:
        kind: What kind of post it is.
        promised_end_at: The end of an outage that it promises, ms.
        services: That it names, sorted; empty if it says of none, and so of any.
        area: Path of the smallest area that it surely means.
    """

    kind: OfficialKind
    promised_end_at: int | None = None
    services: tuple[str, ...] = ()
    area: str | None = None


class PostedWhen(NamedTuple):
    """When and how a post was posted.

    Attributes:
        at: When, ms.
        zone: Time zone of its market.
        answers: It is known to answer another post.
    """

    at: int
    zone: str
    answers: bool


class OfficialReasons(NamedTuple):
    """Why a post is of its kind.

    Attributes:
        kind: What kind of post it is.
        end: Words that promise an end; '' for none.
        parts: What each feature adds to each kind, in centi-nats, in the order of `OFFICIAL_KINDS`.
    """

    kind: OfficialKind
    end: str
    parts: dict[str, tuple[int, ...]]


class OfficialReader:
    """Reads operators' own posts in one language.

    Args:
        lexicon: Words and weights.
        code: The language.
        meaning: What a whole post says, beside its words; None = words alone.
    """

    def __init__(self, lexicon: OfficialLexicon, code: str, meaning: Meaning | None = None) -> None:
        weights = lexicon.weights
        self._meaning = meaning
        self._words = lexicon.words.get(code)
        self._weights = weights.get(code) or weights.get(ANY) or UNTRAINED_OFFICIAL

    @cached_property
    def cues(self) -> CueReader:
        """What finds cues; made for the first official post, as all below, since patterns cannot be kept compiled."""
        return CueReader(self._words.cues if self._words else {})

    @cached_property
    def ends(self) -> EndReader | None:
        """What reads promised ends, if there are words for it."""
        return EndReader(self._words.ends) if self._words else None

    @cached_property
    def _kinds(self) -> KindScales:
        return KindScales(self._weights, self.cues, self._meaning)

    def read(
        self, folded: Folded, text: str, reading: Relevance, *, area: str | None, posted: PostedWhen
    ) -> OfficialReading:
        """Find out what a post says.

        Args:
            folded: The folded post.
            text: As posted.
            reading: What the lexicon of faults finds in it.
            area: The place that it names.
            posted: When and how it was posted.
        """
        promise = self.ends.read(text, posted.at, posted.zone) if self.ends else None
        kind = self._kinds.kind_of(folded, text, promises=promise is not None, answers=posted.answers)
        end = promise.at if promise and kind in TELL_OF_AN_OUTAGE else None
        things = {thing.service for thing in reading.things} | {said.service for said in reading.complaints}
        services = sorted(service for service in things if service is not None)
        return OfficialReading(kind, end, tuple(services), area)

    def reasons(self, folded: Folded, text: str, *, answers: bool) -> OfficialReasons:
        """Why a post is of its kind, for people who ask.

        Args:
            folded: The folded post.
            text: As posted.
            answers: It is known to answer another post.
        """
        promise = self.ends.read(text, 0, "UTC") if self.ends else None
        kind = self._kinds.kind_of(folded, text, promises=promise is not None, answers=answers)
        parts = self._kinds.parts(folded, text, promises=promise is not None, answers=answers)
        return OfficialReasons(kind, text[promise.start : promise.stop] if promise else "", parts)

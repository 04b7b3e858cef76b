"""Reading an operator's own post: its kind, the end that it promises, and what it is about."""

import msgspec

from pipeline.ingest.text.folding import Folded
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


class OfficialReader:
    """Reads operators' own posts in one language.

    Args:
        lexicon: Words and weights.
        code: The language.
    """

    def __init__(self, lexicon: OfficialLexicon, code: str) -> None:
        words, weights = lexicon.words.get(code), lexicon.weights
        self.cues = CueReader(words.cues if words else {})
        self._kinds = KindScales(weights.get(code) or weights.get(ANY) or UNTRAINED_OFFICIAL, self.cues)
        self.ends = EndReader(words.ends) if words else None

    def read(
        self, folded: Folded, text: str, reading: Relevance, *, area: str | None, at: int, zone: str
    ) -> OfficialReading:
        """Find out what a post says.

        Args:
            folded: The folded post.
            text: As posted.
            reading: What the lexicon of faults finds in it.
            area: The place that it names.
            at: When it was posted, ms.
            zone: Time zone of its market.
        """
        promise = self.ends.read(text, at, zone) if self.ends else None
        kind = self._kinds.kind_of(folded, text, promises=promise is not None)
        end = promise.at if promise and kind in TELL_OF_AN_OUTAGE else None
        things = {thing.service for thing in reading.things} | {said.service for said in reading.complaints}
        services = sorted(service for service in things if service is not None)
        return OfficialReading(kind, end, tuple(services), area)

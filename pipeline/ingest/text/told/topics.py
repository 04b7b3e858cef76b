"""Topics: what a text talks of beside the trouble, by weights where they are good enough, else by lists of words.

What the lists find is a sign among others for the weights. That others have it, too, and that all is well again, are
labels like the rest: there lists or weights may say so, since lists miss most of it and are right when they hit.
"""

from typing import Final

from pipeline.ingest.text.relevance import RelevanceReader
from pipeline.ingest.text.told.labels import LabelReader, ReadText
from pipeline.ingest.text.told.telling import SaidBeside
from pipeline.ingest.text.traits import AGAIN as CUE
from pipeline.records.inner.talk import DEVICE, GENERAL
from pipeline.reference.learnt.label_weights import NEVER, LabelWeights

AGAIN: Final = "back"
"""Label of a text that says that all is well again."""

CUE_CNAT: Final = 80
"""A word that speaks so much for `AGAIN`, in centi-nats, is a cue of it: a text without one is not asked.
Nine in ten of those that would be told have one."""

_EITHER: Final = frozenset({DEVICE})
"""Topics that lists or weights may tell: what the lists have of it says it in so many words."""

_ASIDE: Final = frozenset({AGAIN, GENERAL})
"""Labels that are no topics: `TopicReader.add` tells them."""


class TopicReader:
    """Tells what texts of one language talk of.

    Attributes:
        cues: Words that are cues of `AGAIN`.

    Args:
        relevance: Finds the words of the lists.
        weights: What was learnt of the language; None = lists alone.
        numbers: Number of each token that readers of labels know, see `LabelReader`.
    """

    def __init__(self, relevance: RelevanceReader, weights: LabelWeights | None, numbers: dict[str, int]) -> None:
        self._relevance = relevance
        self._labels = None if weights is None else LabelReader(weights, numbers)
        bars = {} if weights is None else dict(zip(weights.labels, weights.bars, strict=True))
        self._weighed = frozenset(label for label, bar in bars.items() if bar < NEVER)
        self.cues = frozenset[str]() if weights is None or AGAIN not in self._weighed else _cues_of(weights)
        self._last: ReadText | None = None
        self._told: frozenset[str] = frozenset()

    def topics(self, read: ReadText) -> tuple[str, ...]:
        """What a text talks of, sorted.

        Args:
            read: The text.
        """
        return tuple(sorted(self._all(read) - _ASIDE))

    def add(self, said: SaidBeside, read: ReadText, *, relevant: bool) -> SaidBeside:
        """What a text tells beside the fault by its lists, and by weights where those say nothing.

        Args:
            said: What the lists say.
            read: The text.
            relevant: It reports a present fault: then nothing is well again, and only then who has it is asked.
        """
        asks_who = relevant and not said.spread and GENERAL in self._weighed
        is_asked = not (relevant or said.back or said.turned or "?" in read.folded.words)
        asks_back = is_asked and bool(read.words.traits & CUE)
        if not (asks_who or asks_back):
            return said
        told = self._all(read)
        spread = GENERAL if asks_who and GENERAL in told else said.spread
        return said._replace(spread=spread, back=said.back or (asks_back and AGAIN in told))

    def _all(self, read: ReadText) -> frozenset[str]:
        """All labels of a text; of the one that was asked for last they are remembered."""
        if self._last is not read:
            self._last, self._told = read, self._found(read)
        return self._told

    def _found(self, read: ReadText) -> frozenset[str]:
        listed = self._relevance.topics(read.folded.tokens, read.words.known)
        labels = self._labels
        if labels is None:
            return frozenset(listed)
        permilles = labels.permilles(read, listed)
        told = {
            label for label, permille, bar in zip(labels.labels, permilles, labels.bars, strict=True) if permille >= bar
        }
        return frozenset(told.union([topic for topic in listed if topic not in self._weighed or topic in _EITHER]))


def _cues_of(weights: LabelWeights) -> frozenset[str]:
    place = weights.labels.index(AGAIN)
    return frozenset(name for name, row in weights.of.items() if row[place] >= CUE_CNAT and name.isalnum())

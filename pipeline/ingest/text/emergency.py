"""Emergency: does the writer say that help cannot be called?

One ticket or two posts of this kind are enough for an incident (Optus 2025: at
least five customers said so, none was heard), so a false one costs: a claim
needs a number or a service and its failure near each other in one sentence, in the order in
which the language puts them, with nothing else that may fail between. A text with
advice, news or a denial is none. "Emergency calls only", which a phone
without a network shows, is the most common false friend.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum

from pipeline.ingest.text.matching import Hit, Matcher, gathered
from pipeline.reference.words import ALARM_LISTS, Alarm


class _Kind(IntEnum):
    NEVER = 0
    BLOCKS = 1
    CLAIMS = 2
    REACH = 3
    LOST = 4
    FAULTS = 5
    NUMBERS = 6
    SERVICES = 7
    OTHERS = 8
    STOP = 9


_CALLED = frozenset({_Kind.NUMBERS, _Kind.SERVICES, _Kind.CLAIMS})
_PAIRS = frozenset(
    {
        (_Kind.REACH, _Kind.NUMBERS),
        (_Kind.REACH, _Kind.SERVICES),
        (_Kind.NUMBERS, _Kind.FAULTS),
        (_Kind.NUMBERS, _Kind.LOST),
        (_Kind.SERVICES, _Kind.LOST),
    }
)
"""Who fails how: in this order, in one sentence, nothing else that may fail between them."""


class AlarmReader:
    """Finds claims in texts of one language.

    Args:
        alarm: Words of one language about emergency calls.
    """

    def __init__(self, alarm: Alarm) -> None:
        rows = [(term, _Kind[name.upper()]) for name in ALARM_LISTS for term in getattr(alarm, name)]
        phrases: Mapping[str, tuple[_Kind, ...]] = gathered([*rows, (".", _Kind.STOP), ("?", _Kind.STOP)])
        self._matcher = Matcher({phrase: kinds[0] for phrase, kinds in phrases.items()})
        self._called = Matcher({phrase: kinds[0] for phrase, kinds in phrases.items() if _CALLED & set(kinds)})
        self._window = alarm.window

    def claims(self, words: str) -> bool:
        """Is there a first-hand claim in these folded words?"""
        if not self._called.any(words):
            return False
        hits = self._matcher.longest(words)
        if any(hit.payload == _Kind.BLOCKS for hit in hits):
            return False
        return any(hit.payload == _Kind.CLAIMS for hit in hits) or self._paired(hits)

    def _paired(self, hits: Sequence[Hit[_Kind]]) -> bool:
        return any(self._near(first, then) for index, first in enumerate(hits) for then in _beside(hits, index))

    def _near(self, first: Hit[_Kind], then: Hit[_Kind]) -> bool:
        return (first.payload, then.payload) in _PAIRS and then.start - first.end <= self._window


def _beside(hits: Sequence[Hit[_Kind]], index: int, most: int = 8) -> Sequence[Hit[_Kind]]:
    """The next few hits, up to the end of the sentence or to something else that may fail."""
    after = hits[index + 1 : index + 1 + most]
    for place, hit in enumerate(after):
        if hit.payload in (_Kind.STOP, _Kind.OTHERS):
            return after[:place]
    return after

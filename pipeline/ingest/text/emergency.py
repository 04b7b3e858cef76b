"""Emergency: does the writer say that help cannot be called?

One ticket or two posts of this kind are enough for an incident (Optus 2025: at
least five customers said so, none was heard), so a false one costs: a claim
needs a number and a failure near each other in one sentence, and a text with
advice, news or a denial is none. "Emergency calls only", which a phone
without a network shows, is the most common false friend.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum

from pipeline.ingest.text.matching import Hit, Matcher, gathered
from pipeline.reference.words import Alarm


class _Kind(IntEnum):
    NEVER = 0
    BLOCK = 1
    CLAIM = 2
    REACH = 3
    FAULT = 4
    NUMBER = 5
    STOP = 6


class AlarmReader:
    """Finds claims in texts of one language.

    Args:
        alarm: Its words.
    """

    def __init__(self, alarm: Alarm) -> None:
        rows = [
            *((term, _Kind.NEVER) for term in alarm.never),
            *((term, _Kind.BLOCK) for term in alarm.blocks),
            *((term, _Kind.CLAIM) for term in alarm.claims),
            *((term, _Kind.REACH) for term in alarm.reach),
            *((term, _Kind.FAULT) for term in alarm.faults),
            *((term, _Kind.NUMBER) for term in alarm.numbers),
            (".", _Kind.STOP),
            ("?", _Kind.STOP),
        ]
        phrases: Mapping[str, tuple[_Kind, ...]] = gathered(rows)
        self._matcher = Matcher({phrase: kinds[0] for phrase, kinds in phrases.items()})
        self._numbers = Matcher(
            {phrase: kinds[0] for phrase, kinds in phrases.items() if kinds[-1] in (_Kind.NUMBER, _Kind.CLAIM)}
        )
        self._window = alarm.window

    def claims(self, words: str) -> bool:
        """Is there a first-hand claim in these folded words?"""
        if not self._numbers.all(words):
            return False
        hits = self._matcher.longest(words)
        if any(hit.payload == _Kind.BLOCK for hit in hits):
            return False
        return any(hit.payload == _Kind.CLAIM for hit in hits) or self._paired(hits)

    def _paired(self, hits: Sequence[Hit[_Kind]]) -> bool:
        """A number with what fails beside it: `reach` before it, `faults` on either side."""
        return any(self._near(first, then) for index, first in enumerate(hits) for then in _sentence_after(hits, index))

    def _near(self, first: Hit[_Kind], then: Hit[_Kind]) -> bool:
        kinds = (first.payload, then.payload)
        fits = kinds in ((_Kind.REACH, _Kind.NUMBER), (_Kind.FAULT, _Kind.NUMBER), (_Kind.NUMBER, _Kind.FAULT))
        return fits and then.start - first.end <= self._window


def _sentence_after(hits: Sequence[Hit[_Kind]], index: int, most: int = 6) -> Sequence[Hit[_Kind]]:
    """The next few hits, up to the end of the sentence."""
    after = hits[index + 1 : index + 1 + most]
    for place, hit in enumerate(after):
        if hit.payload == _Kind.STOP:
            return after[:place]
    return after

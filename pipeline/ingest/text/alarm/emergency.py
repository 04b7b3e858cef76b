"""Emergency: does the writer say that help cannot be called?

One ticket or two posts of this kind are enough for an incident (Optus 2025: at
least five customers said so, none was heard), so a false one costs: a claim
needs a number or a service and its failure near each other in one sentence, in the order in
which the language puts them, with nothing else that may fail between. A text with
advice, news or a denial is none. "Emergency calls only", which a phone
without a network shows, is the most common false friend.

The words are the language's, the numbers are the market's: a Belgian who writes German dials 112, a
Canadian who writes French dials 911. So the lexicon says `xnumber` where a number stands,
and `dialled` makes a text's numbers that word before it is searched.
"""

from collections.abc import Container, Mapping, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from pipeline.ingest.text.alarm.asides import ABROAD, DEVICE, NO_ASIDES, Asides, asides_of
from pipeline.ingest.text.alarm.beside import BesideReader
from pipeline.ingest.text.alarm.countries import CountryReader
from pipeline.ingest.text.alarm.dialled import names_help
from pipeline.ingest.text.alarm.leads import Leads
from pipeline.ingest.text.matching import Bits, Hit, Matcher, Stems, gathered, longest_of
from pipeline.ingest.text.traits import (
    ABOUT,
    HINT,
    IN_NEED,
    NEVER,
    STEM,
    are_whole,
    halves_of,
    telling_part,
    telling_parts,
)
from pipeline.ingest.text.words import Word, WordsSum
from pipeline.reference.dialling import ADVICE_NUMBER, FOREIGN_NUMBER
from pipeline.reference.learnt.alarm_weights import UNTRAINED_ALARM, AlarmWeights
from pipeline.reference.words import ALARM_LISTS, NUMBER, Alarm


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


_NUMBERS_TELL: Final = ((ADVICE_NUMBER, "helpline"), (FOREIGN_NUMBER, "foreign"))
"""What numbers tell that bring no help here."""


class AlarmReading(NamedTuple):
    """What the lexicon finds in a text that may hold a claim.

    Attributes:
        words: The folded words, numbers marked.
        hits: Words around a claim, in order, as start, end and what they tell: names of `Alarm.signs`, of its lists
            (`list:faults`), `mention` for what may have been called, and ends of sentences.
        ruled: A pair of the lexicon's lists makes a claim, and nothing of its own sentence or text blocks it.
        asides: What it tells instead of a call that failed.
        against: What leaves a claim in doubt: see `BesideReader.against`.
    """

    words: str
    hits: tuple[tuple[int, int, str], ...]
    ruled: bool
    asides: Asides = NO_ASIDES
    against: frozenset[str] = frozenset()


class AlarmReader:
    """Reads texts of one language for claims.

    Args:
        alarm: Words of one language about emergency calls.
        often: How often words are met.
        weights: Their leads tell of a text that names nobody whether it may hold a claim nevertheless.
    """

    def __init__(self, alarm: Alarm, often: Mapping[str, int] = NEVER, weights: AlarmWeights = UNTRAINED_ALARM) -> None:
        rows = [(term, _Kind[name.upper()]) for name in ALARM_LISTS for term in getattr(alarm, name)]
        rows += [(ADVICE_NUMBER, _Kind.OTHERS), (".", _Kind.STOP), ("?", _Kind.STOP)]
        phrases: Mapping[str, tuple[_Kind, ...]] = gathered(rows)
        self._matcher = Matcher({phrase: kinds[0] for phrase, kinds in phrases.items()})
        self._signs: Matcher[tuple[str, ...]] = Matcher(
            gathered([*_NUMBERS_TELL, *((term, name) for name, terms in sorted(alarm.signs.items()) for term in terms)])
        )
        self._beside = BesideReader(alarm.beside)
        self._countries = CountryReader(alarm.countries)
        self._devices: Matcher[tuple[str, ...]] = Matcher(gathered([(name, DEVICE) for name in alarm.devices]))
        stems = (*alarm.stems, *alarm.devices)
        self._stems, self._hints = Stems(stems), Stems(alarm.hints)
        pairs = [telling_parts(stem, often) for stem in stems]
        traits = dict.fromkeys((first for first, then in pairs if first == then), STEM)
        for hint in alarm.hints:
            part = telling_part(hint, often)
            traits[part] = traits.get(part, 0) | HINT
        self._bits = Bits(traits, halves_of(pair for pair in pairs if pair[0] != pair[1]))
        self._leads, self._window = Leads(weights), alarm.window

    def tell(self, word: Word) -> None:
        """Note what a word may be part of, of what `read` looks for: `STEM` and `HINT`, halves of stems, its lead."""
        traits, halves = self._bits.of(word.text)
        word.traits |= traits
        word.halves |= halves
        self._leads.tell(word)

    def may_claim(self, words: WordsSum, *, complains: bool) -> bool:
        """May a text hold a claim, by what is known of its words? If not, `read` finds none.

        Args:
            words: What its words come to.
            complains: The text complains of a fault.
        """
        tells = IN_NEED if complains else ABOUT
        return bool(words.traits & tells) or are_whole(words.halves) or self._leads.are_enough(words)

    def is_about(self, words: str, *, complains: bool) -> bool:
        """May these folded words hold a claim, whatever numbers they name?

        Args:
            words: Folded words.
            complains: The text complains of a fault: then words about somebody in need are enough.
        """
        return self._stems.any(words) or (complains and self._hints.any(words))

    def read(self, marked: str, words: WordsSum, *, complains: bool, homes: Container[str] = ()) -> AlarmReading | None:
        """What stands in a text for a claim or against it; None for one about something else, as most texts are.

        Args:
            marked: Folded words whose numbers `Dialled` has marked.
            words: What the words come to as they were written: their leads count.
            complains: The text complains of a fault: then words about somebody in need are enough.
            homes: Ids of countries where the text may have been written.
        """
        if not (names_help(marked) or self._leads.are_enough(words) or self.is_about(marked, complains=complains)):
            return None
        tokens = marked.split()
        hits: Sequence[Hit[_Kind]] = longest_of(self._matcher.spans_of(tokens))
        if _is_blocked(hits):
            hits = _meant(hits, marked)
        found = [(hit.start, hit.end, _TOLD[hit.payload]) for hit in hits]
        found += [
            (hit.start, hit.end, name) for hit in longest_of(self._signs.spans_of(tokens)) for name in hit.payload
        ]
        claimed = any(hit.payload == _Kind.CLAIMS for hit in hits) or self._paired(hits)
        found = self._beside.told(marked, sorted(found))
        asides = asides_of(found, self._aside(marked, tokens, homes), complains=complains)
        against = self._beside.against(marked, found)
        return AlarmReading(marked, tuple(found), claimed and not _is_blocked(hits), asides, against)

    def _aside(self, marked: str, tokens: list[str], homes: Container[str]) -> list[tuple[int, int, str]]:
        """Where devices that call for help are named, and other countries; one in a list with a home is none."""
        found = [(hit.start, hit.end, DEVICE) for hit in longest_of(self._devices.spans_of(tokens))]
        return found + [(start, end, ABROAD) for start, end in self._countries.abroad(marked, tokens, homes)]

    def _paired(self, hits: Sequence[Hit[_Kind]]) -> bool:
        return any(self._near(first, then) for index, first in enumerate(hits) for then in _beside(hits, index))

    def _near(self, first: Hit[_Kind], then: Hit[_Kind]) -> bool:
        return (first.payload, then.payload) in _PAIRS and then.start - first.end <= self._window


_TOLD: Final = {
    kind: "mention" if kind in _CALLED else "." if kind == _Kind.STOP else f"list:{kind.name.lower()}" for kind in _Kind
}


def _is_blocked(hits: Sequence[Hit[_Kind]]) -> bool:
    return any(hit.payload == _Kind.BLOCKS for hit in hits)


def _meant(hits: Sequence[Hit[_Kind]], words: str) -> list[Hit[_Kind]]:
    """Hits in which advice whose verb is denied is none: of "cannot call 999 for my dad" the number is what counts."""
    denied = [hit for hit in hits if hit.payload == _Kind.REACH]
    return [heard for hit in hits if (heard := _undenied(hit, denied, words)) is not None]


def _undenied(hit: Hit[_Kind], denied: Sequence[Hit[_Kind]], words: str) -> Hit[_Kind] | None:
    """A hit as it is meant beside failed attempts: advice that begins in one is the number in it, or nothing."""
    if hit.payload != _Kind.BLOCKS or not any(other.start < hit.start < other.end for other in denied):
        return hit
    return hit._replace(payload=_Kind.NUMBERS) if NUMBER in words[hit.start : hit.end].split() else None


def _beside(hits: Sequence[Hit[_Kind]], index: int, most: int = 8) -> Sequence[Hit[_Kind]]:
    """The next few hits, up to the end of the sentence or to something else that may fail."""
    after = hits[index + 1 : index + 1 + most]
    for place, hit in enumerate(after):
        if hit.payload in (_Kind.STOP, _Kind.OTHERS):
            return after[:place]
    return after

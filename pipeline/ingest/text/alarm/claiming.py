"""Claiming: the probability that a text says, first hand and now, that help cannot be called.

It is a linear model like `weighing`, of its own: words, pairs of words and pieces of words near what may have been
called, and signs. A sign is what the lexicon's words around a claim tell (`device`, `hold`, `instead`), where they
stand to what was called, and which follows which. The verdict of the lexicon's pairs, which was the rule before, is
one sign.

The same number that says "help cannot be called" in one text is a price in the next, so what stands near counts,
not the whole text: a story of ten lines has one that matters.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from pipeline.ingest.text.alarm.dialled import names_help
from pipeline.ingest.text.alarm.emergency import AlarmReading
from pipeline.ingest.text.alarm.nearness import Clued, signs_near
from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.matching import Hit
from pipeline.ingest.text.odds.features import (
    FULL,
    PIECE,
    SIGN,
    pairs_of,
    pieces_of,
    share_of_words,
    signs_of_links,
    token_of,
)
from pipeline.ingest.text.odds.summing import WordWeights
from pipeline.ingest.text.relevance import Relevance
from pipeline.reference.dialling import FOREIGN_NUMBER
from pipeline.reference.learnt.alarm_weights import AlarmWeights
from pipeline.reference.learnt.weights import permille_of
from pipeline.reference.words import NUMBER, SHORT_NUMBER

NEAR_TOKENS: Final = 9
"""Words before and behind what was called that are read one by one."""

RULED_PERMILLE: Final = 500
"""Where the lexicon's pairs make a claim, it is sure from this probability on: two judges of different kinds agree."""

WHOLE_TOKENS_MAX: Final = 60
"""Words that are read of a text in which nothing is named that may have been called: it may be misspelt."""

BESIDE_TOKENS: Final = 6
"""How near a sign must stand to what was called for its side to be told."""

HITS_MAX: Final = 80
"""Hits of one text whose order is looked at: a long text has said it by then."""

_SURELY_CALLED: Final = frozenset({"mention", "body"})
"""Without one of these a claim is in doubt at most: a figure of every day may be a speed."""

_STANDS_FOR_A_CALL: Final = frozenset({"display", "device", "instead", "list:claims"})
"""What tells of a call for help though nothing is named that was called."""

UNNAMED_PARTS: Final = 2
"""Where neither is told, a claim is half as likely as its words alone make it, and half of that beside a price: of
everyday posts few are about calls for help, of those that weights are learnt from most."""

MENTIONS: Final = frozenset({"mention", "body", "short"})
"""Hits that name what may have been called."""

_CALLED: Final = "m"
"""Stands for anything that may have been called, where the order of hits is told."""

_MARKS: Final = frozenset({NUMBER, SHORT_NUMBER})


def claim_features(folded: Folded, alarm: AlarmReading, reading: Relevance) -> tuple[Counter[str], Counter[str]]:
    """What a text has that may speak for a claim or against it.

    Args:
        folded: The folded text.
        alarm: What the lexicon of claims finds in it.
        reading: What the lexicon of faults finds in it.

    Returns:
        Features of words near what was called, with how often each counts, and signs.
    """
    where = _Where.of(alarm)
    stretches = [[token_of(word) for word in stretch] for stretch in where.stretches()]
    words: Counter[str] = Counter()
    for token in {token for stretch in stretches for token in stretch}:
        words[token] += 1
        words.update(pieces_of(token))
    for stretch in stretches:
        words.update(dict.fromkeys(pairs_of(stretch) - words.keys(), 1))
    return words, Counter(dict.fromkeys(_signs(folded, where, reading), 1))


class ClaimScales:
    """Adds up the weights of one language.

    Args:
        weights: From `pipeline.reference.learnt.alarm_weights.parse_alarm_weights`.
    """

    def __init__(self, weights: AlarmWeights) -> None:
        self._weights, self._words = weights, WordWeights(weights.of)

    def permille(self, folded: Folded, alarm: AlarmReading, reading: Relevance) -> int:
        """Probability that a text is a claim, 0 to 999.

        Args:
            folded: The folded text.
            alarm: What the lexicon of claims finds in it.
            reading: What the lexicon of faults finds in it.
        """
        weights, where = self._weights, _Where.of(alarm)
        words, different, *_ = self._words.sum(*where.stretches())
        signs = sum(weights.of.get(sign, 0) for sign in set(_signs(folded, where, reading)))
        permille = permille_of(weights.base + words * share_of_words(different, STRETCH) // FULL + signs)
        if alarm.ruled and permille >= RULED_PERMILLE:
            return max(permille, weights.sure_permille)
        said = {hit.payload for hit in alarm.hits}
        if said & _SURELY_CALLED:
            return permille
        permille = min(permille, (weights.doubtful_permille if _is_foreign(alarm) else weights.sure_permille) - 1)
        if said & _STANDS_FOR_A_CALL:
            return permille
        return permille // (UNNAMED_PARTS * UNNAMED_PARTS if "price" in said else UNNAMED_PARTS)

    def parts(self, folded: Folded, alarm: AlarmReading, reading: Relevance) -> list[tuple[str, int]]:
        """Every feature that has a weight, with what it adds in centi-nats, heaviest first.

        Args:
            folded: The folded text.
            alarm: What the lexicon of claims finds in it.
            reading: What the lexicon of faults finds in it.
        """
        words, signs = claim_features(folded, alarm, reading)
        scale, of = scale_of(words), self._weights.of
        parts = [(name, of[name] * count * scale // FULL) for name, count in words.items() if name in of]
        parts += [(name, of[name] * count) for name, count in signs.items() if name in of]
        return sorted(parts, key=lambda part: (-abs(part[1]), part[0]))

    @property
    def sure(self) -> int:
        """Probability, in permille, from which on a text is a claim."""
        return self._weights.sure_permille

    @property
    def doubtful(self) -> int:
        """Probability, in permille, from which on a person should look."""
        return self._weights.doubtful_permille


STRETCH: Final = 20
"""Different words up to which each counts in full."""


def scale_of(words: Mapping[str, int]) -> int:
    """Share of 1,000 that words count for: the root of how many times more than `STRETCH` there are."""
    return share_of_words(sum(1 for name in words if " " not in name and not name.startswith(PIECE)), STRETCH)


def _is_foreign(alarm: AlarmReading) -> bool:
    """Is no number named but one that brings help in other countries only? Its failure is nobody's emergency here."""
    return f" {FOREIGN_NUMBER} " in alarm.words and not names_help(alarm.words)


class _Where(NamedTuple):
    """Where in a text stands what may have been called.

    Attributes:
        alarm: What the lexicon of claims finds in it.
        words: Its words.
        starts: First character of each.
        hits: Words around a claim, in order, those among them that are figures of every day.
        mentions: Numbers, in order, of the words that name what may have been called.
    """

    alarm: AlarmReading
    words: list[str]
    starts: list[int]
    hits: list[Hit[str]]
    mentions: list[int]

    @classmethod
    def of(cls, alarm: AlarmReading) -> "_Where":
        words = alarm.words.split()
        starts = list(accumulate((len(word) + 1 for word in words), initial=1))
        hits = list(alarm.hits[:HITS_MAX])
        if f" {SHORT_NUMBER} " in alarm.words:
            hits = sorted([*alarm.hits, *_short(alarm.words)])[:HITS_MAX]
        named = {bisect_right(starts, hit.start) - 1 for hit in hits if hit.payload in MENTIONS}
        named.update(place for place, word in enumerate(words) if word in _MARKS)
        return cls(alarm, words, starts, hits, sorted(named))

    def told(self) -> list[Clued]:
        """Hits that tell something, with their words; those that name what may have been called tell nothing."""
        return [
            Clued(hit.payload, bisect_right(self.starts, hit.start) - 1)
            for hit in self.hits
            if hit.payload not in MENTIONS and hit.payload != "."
        ]

    def stretches(self) -> list[list[str]]:
        """The words around what was called; the start of a text in which nothing is."""
        if not self.mentions:
            return [self.words[:WHOLE_TOKENS_MAX]]
        return [self.words[near.start : near.stop] for near in _stretches(self.mentions, len(self.words))]


def _short(words: str) -> Iterator[Hit[str]]:
    """Where a number stands that may be a figure of every day."""
    mark = f" {SHORT_NUMBER} "
    at = words.find(mark)
    while at >= 0:
        yield Hit(at + 1, at + len(mark) - 1, "short")
        at = words.find(mark, at + 1)


def _stretches(mentions: Sequence[int], count: int) -> Iterator[range]:
    """Parts of a text around what was called; those that overlap are one."""
    start = stop = -1
    for place in mentions:
        if start >= 0 and place - NEAR_TOKENS <= stop:
            stop = min(place + NEAR_TOKENS + 1, count)
            continue
        if start >= 0:
            yield range(start, stop)
        start, stop = max(place - NEAR_TOKENS, 0), min(place + NEAR_TOKENS + 1, count)
    if start >= 0:
        yield range(start, stop)


def _signs(folded: Folded, where: _Where, reading: Relevance) -> Iterator[str]:
    """Names of signs, some of them more than once."""
    words = where.words
    if where.alarm.ruled:
        yield f"{SIGN}ruled"
    if "?" in folded.words:
        yield f"{SIGN}ends:?" if words[-1] == "?" else f"{SIGN}asks"
    yield from signs_of_links(handle=bool(folded.handles), link=folded.linked, hashtag=bool(folded.hashtags))
    if folded.repost:
        yield f"{SIGN}repost"
    yield f"{SIGN}marks:{min(words.count(NUMBER), 3)}:{min(words.count(SHORT_NUMBER), 2)}"
    yield f"{SIGN}words:{min(len(words) // 10, 6)}"
    yield from _placed(where.hits, where.mentions, where.starts)
    yield from signs_near(where.told(), where.mentions, words)
    for clue in reading.clues:
        yield f"{SIGN}fault:{clue.row.role}:{clue.row.service or ''}"


def _placed(hits: Sequence[Hit[str]], mentions: Sequence[int], starts: Sequence[int]) -> Iterable[str]:
    """What hits tell, on which side of what was called, and which follows which."""
    before, last = "^^", "^"
    for hit in hits:
        name = _CALLED if hit.payload in MENTIONS else hit.payload
        yield f"{SIGN}{hit.payload}"
        if name == last:
            continue
        yield f"{SIGN}{last}>{name}"
        yield f"{SIGN}{before}>{last}>{name}"
        before, last = last, name
        place = bisect_right(starts, hit.start) - 1
        at = bisect_right(mentions, place)
        if at < len(mentions) and mentions[at] - place <= BESIDE_TOKENS:
            yield f"{SIGN}{name}<"
        if at and place - mentions[at - 1] <= BESIDE_TOKENS:
            yield f"{SIGN}{name}>"
    yield f"{SIGN}{last}>$"

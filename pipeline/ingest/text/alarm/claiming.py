"""Claiming: the probability that a text says, first hand and now, that help cannot be called.

It is a linear model like `weighing`, of its own: words, pairs of words and pieces of words near what may have been
called, and signs. A sign is what the lexicon's words around a claim tell (`device`, `hold`, `instead`), where they
stand to what was called, and which follows which. The verdict of the lexicon's pairs, which was the rule before, is
one sign.

The same number that says "help cannot be called" in one text is a price in the next, so what stands near counts,
not the whole text: a story of ten lines has one that matters.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple

from pipeline.ingest.text.alarm.asides import ASIDE_PARTS
from pipeline.ingest.text.alarm.beside import BESIDE, OWN, UNANSWERED, WAYS
from pipeline.ingest.text.alarm.dialled import names_help
from pipeline.ingest.text.alarm.emergency import AlarmReading
from pipeline.ingest.text.alarm.facts import facts_of, signs_of
from pipeline.ingest.text.alarm.nearness import FAILURE
from pipeline.ingest.text.alarm.standing import Fact, Where
from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.loops.sums import sum_once
from pipeline.ingest.text.meaning.net import MeaningNet
from pipeline.ingest.text.odds.features import (
    FULL,
    PIECE,
    SIGN,
    pairs_of,
    pieces_of,
    share_of_words,
    token_of,
)
from pipeline.ingest.text.odds.summing import WordWeights
from pipeline.ingest.text.relevance import Relevance
from pipeline.reference.dialling import FOREIGN_NUMBER
from pipeline.reference.learnt.alarm_weights import AlarmWeights
from pipeline.reference.learnt.weights import permille_of
from pipeline.reference.words import SHORT_NUMBER

RULED_PERMILLE: Final = 500
RULED_WORDS_MAX: Final = 14
"""Where the lexicon's pairs make a claim of so few words, it is sure from this probability on: two judges of different
kinds agree. In longer texts pairs add nothing to what the probability says."""

PLAIN_PERMILLE: Final = 350
PLAIN_WORDS_MAX: Final = 9
"""The same of a plain sentence, which is what pairs are for."""

AGREED_PERMILLE: Final = 900
"""What both say is then as sure at least: a plain sentence must not depend on how many like it were learnt."""

COMPARED_PERMILLE: Final = 500
"""From this probability on a text is sure that names who was called and that it fails, and what works beside it: who
compares has tried."""

_SURELY_CALLED: Final = frozenset({"mention", "body"})
"""Without one of these a claim is in doubt at most: a figure of every day may be a speed, and "no
signal at the station" means a train."""

_NO_CALL_FAILED: Final = frozenset({OWN, WAYS})
"""No rule makes it surer, and it is in doubt if all else works: an app or a text that fails, a device of one's own."""

_STANDS_FOR_A_CALL: Final = frozenset({"display", "device", "instead", "list:claims"})
"""What tells of a call for help though nothing is named that was called."""

WORTH_A_THOUGHT_PERMILLE: Final = 200
"""From this probability by its words on, the meaning of a text is asked for, which takes milliseconds: if it may then
count. Of a text that names nobody and tells of no call a person is asked at most, and words alone say as well when."""

UNNAMED_PARTS: Final = 2
"""Where neither is told, a claim is half as likely as words and meaning make it, and half of that beside a price: of
everyday posts few are about calls for help, of those that weights are learnt from most."""


class ClaimParts(NamedTuple):
    """A text that may hold a claim: folded, and what the lexicon finds in it of claims and of faults."""

    folded: Folded
    alarm: AlarmReading
    reading: Relevance


def claim_features(folded: Folded, alarm: AlarmReading, reading: Relevance) -> tuple[Counter[str], Counter[str]]:
    """What a text has that may speak for a claim or against it.

    Args:
        folded: The folded text.
        alarm: What the lexicon of claims finds in it.
        reading: What the lexicon of faults finds in it.

    Returns:
        Features of words near what was called, with how often each counts, and signs.
    """
    where = Where(alarm)
    stretches = [[token_of(word) for word in stretch] for stretch in where.stretches()]
    words: Counter[str] = Counter()
    for token in {token for stretch in stretches for token in stretch}:
        words[token] += 1
        words.update(pieces_of(token))
    for stretch in stretches:
        words.update(dict.fromkeys(pairs_of(stretch) - words.keys(), 1))
    signs = [sign for fact in facts_of(folded, where, reading) for sign in signs_of(fact)]
    return words, Counter(dict.fromkeys(signs, 1))


class ClaimScales:
    """Adds up the weights of one language.

    Args:
        weights: From `pipeline.reference.learnt.alarm_weights.parse_alarm_weights`.
        meaning: What a whole text says, beside its words; None = words alone.
    """

    def __init__(self, weights: AlarmWeights, meaning: MeaningNet | None = None) -> None:
        self._weights, self._words = weights, WordWeights(weights.of)
        self._meaning = meaning
        signs = {name: weight for name, weight in weights.of.items() if name.startswith(SIGN)}
        self._signs = list(signs.values())
        self._numbers = {name: number for number, name in enumerate(signs)}
        self._known: dict[Fact, tuple[int, ...]] = {}

    def permille(self, folded: Folded, alarm: AlarmReading, reading: Relevance) -> int:
        """Probability that a text is a claim, 0 to 999.

        Args:
            folded: The folded text.
            alarm: What the lexicon of claims finds in it.
            reading: What the lexicon of faults finds in it.
        """
        weights, where = self._weights, Where(alarm)
        words, different, *_ = self._words.sum(where.near())
        signs = sum_once(self._signs, [self._numbers_of(fact) for fact in facts_of(folded, where, reading)])
        log_odds = weights.base + words * share_of_words(different, STRETCH) // FULL + signs
        permille = permille_of(log_odds)
        named = is_named(alarm)
        if self._meaning is not None and permille >= WORTH_A_THOUGHT_PERMILLE and (named or _tells_of_a_call(alarm)):
            permille = permille_of(self._meaning.beside(log_odds, folded.plain, named=named))
        return self.settled(permille, alarm, where.count())

    def settled(self, permille: int, alarm: AlarmReading, words: int) -> int:
        """What the probability comes to beside the lexicon's pairs, and what the text names.

        Args:
            permille: What words and meaning say, 0 to 999.
            alarm: What the lexicon of claims finds in the text.
            words: How many words it has.
        """
        asides = alarm.asides
        if asides.weakens and permille < WORTH_A_THOUGHT_PERMILLE:
            return permille // ASIDE_PARTS
        if not alarm.against.isdisjoint(_NO_CALL_FAILED):
            permille = min(permille, self._weights.sure_permille - 1) if _tells_beside(alarm) else permille
        elif not asides.spares:
            if alarm.ruled and permille >= _least_ruled(alarm, words):
                return max(permille, self._weights.sure_permille, AGREED_PERMILLE)
            if permille >= COMPARED_PERMILLE and _compares(alarm):
                return max(permille, self._weights.sure_permille)
        permille = permille if is_named(alarm) else self._unnamed(permille, alarm)
        return max(permille, self._weights.doubtful_permille) if asides.fails else permille

    def _unnamed(self, permille: int, alarm: AlarmReading) -> int:
        """How likely a text that names nobody is a claim, of everyday posts."""
        weights = self._weights
        if _is_foreign(alarm) or _is_mere_figure(alarm):
            permille = min(permille, weights.doubtful_permille - 1)
        permille = min(permille, weights.sure_permille - 1)
        if _tells_of_a_call(alarm):
            return permille
        is_priced = any(what == "price" for _, _, what in alarm.hits)
        return permille // (UNNAMED_PARTS * UNNAMED_PARTS if is_priced else UNNAMED_PARTS)

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

    def _numbers_of(self, fact: Fact) -> tuple[int, ...]:
        """Numbers of the signs that a fact gives, of those that have a weight; remembered, as most come again."""
        known = self._known.get(fact)
        if known is None:
            if len(self._known) >= FACTS_KEPT_MAX:
                self._known.clear()
            known = tuple([self._numbers[sign] for sign in signs_of(fact) if sign in self._numbers])
            self._known[fact] = known
        return known

    @property
    def sure(self) -> int:
        """Probability, in permille, from which on a text is a claim."""
        return self._weights.sure_permille

    @property
    def doubtful(self) -> int:
        """Probability, in permille, from which on a person should look."""
        return self._weights.doubtful_permille


FACTS_KEPT_MAX: Final = 20_000
"""Facts whose signs are remembered; then all are forgotten, which changes no sum."""

STRETCH: Final = 20
"""Different words up to which each counts in full."""


def scale_of(words: Mapping[str, int]) -> int:
    """Share of 1,000 that words count for: the root of how many times more than `STRETCH` there are."""
    return share_of_words(sum(1 for name in words if " " not in name and not name.startswith(PIECE)), STRETCH)


def _tells_beside(alarm: AlarmReading) -> bool:
    """Does a text say that something else works?"""
    return any(what == BESIDE for _, _, what in alarm.hits)


def _least_ruled(alarm: AlarmReading, words: int) -> int:
    """Probability, in permille, from which on a claim by the lexicon's pairs is sure; 1,000 for never.

    A success of something else was learnt as one of the call: where it is told, the probability has to say more; and
    a call that rang, or waits, is then none that failed.
    """
    if _tells_beside(alarm):
        rang = any(what == "hold" for _, _, what in alarm.hits) or UNANSWERED in alarm.against
        return RULED_PERMILLE if words <= RULED_WORDS_MAX and not rang else 1_000
    return PLAIN_PERMILLE if words <= PLAIN_WORDS_MAX else RULED_PERMILLE if words <= RULED_WORDS_MAX else 1_000


def is_named(alarm: AlarmReading) -> bool:
    """Does a text name what may have been called?"""
    return any(what in _SURELY_CALLED for _, _, what in alarm.hits)


def _compares(alarm: AlarmReading) -> bool:
    """Does a text name what was called, that it fails, and what works beside it?"""
    told = {what for _, _, what in alarm.hits}
    if "hold" in told or UNANSWERED in alarm.against:
        return False
    return BESIDE in told and not told.isdisjoint(_SURELY_CALLED) and not told.isdisjoint(FAILURE)


def _tells_of_a_call(alarm: AlarmReading) -> bool:
    """Does a text tell of a call for help, whoever was called?"""
    return any(what in _STANDS_FOR_A_CALL for _, _, what in alarm.hits)


def _is_mere_figure(alarm: AlarmReading) -> bool:
    """Has a text a figure of every day that might be a number, and nothing else? "Piano lessons, Paris 18" has."""
    return f" {SHORT_NUMBER} " in alarm.words and all(what == "." for _, _, what in alarm.hits)


def _is_foreign(alarm: AlarmReading) -> bool:
    """Is no number named but one that brings help in other countries only? Its failure is nobody's emergency here."""
    return f" {FOREIGN_NUMBER} " in alarm.words and not names_help(alarm.words)

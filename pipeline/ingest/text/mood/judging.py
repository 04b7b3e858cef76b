"""Judging: the mood of a text as the class that its signs speak for most.

The model is linear and its weights are whole numbers, so a text has the same class on every machine. A class is what
one text says; shares of many texts are what may be published.
"""

from typing import Final, Literal, NamedTuple, get_args

from pipeline.ingest.text.mood.signs import (
    DENIED,
    POINTS_UNIT,
    REACH,
    denied_words,
    denies,
    ends_reach,
    found_in,
    looks_of,
    pairs_of,
    reach_of_denials,
    signs_of_points,
    sums_of_points,
    token_of,
    tokens_of,
    turned,
    values_of_points,
)
from pipeline.ingest.text.odds.features import FULL, pieces_of, share_of_words
from pipeline.reference.learnt.mood_weights import MoodWeights

MoodClass = Literal["hostile", "neutral", "favourable"]
CLASSES: Final[tuple[MoodClass, ...]] = get_args(MoodClass)

WORDS_KEPT: Final = 50_000
"""Words of which it is remembered what they come to; then all are forgotten, which changes no sum."""

CHARS_KEPT_MAX: Final = 60
"""A longer word, handle or address is not remembered: few come again."""

Three = tuple[int, int, int]
"""What a sign says for each class, in centi-nats."""

_NOTHING: Final[Three] = (0, 0, 0)


class MoodPart(NamedTuple):
    """What one sign of a text says for each class, in centi-nats before the text's length is taken into account."""

    sign: str
    hostile: int
    neutral: int
    favourable: int


class MoodReader:
    """Tells the mood of texts of one language.

    Args:
        weights: From `pipeline.reference.learnt.mood_weights.parse_mood_weights`.
    """

    def __init__(self, weights: MoodWeights) -> None:
        self._bases = (weights.hostile, weights.neutral, weights.favourable)
        self._stretch = weights.stretch
        self._of: dict[str, Three] = {sign: (three[0], three[1], three[2]) for sign, three in weights.of.items()}
        self._points = dict(weights.points)
        self._of_points = [[self._of.get(sign, _NOTHING) for sign in signs_of_points(kind)] for kind in (0, 1)]
        self._pairs: list[Three] = []
        self._beside: dict[str, dict[str, int]] = {}
        for sign, weight in self._of.items():
            first, space, then = sign.partition(" ")
            if space:
                self._beside.setdefault(first, {})[then] = len(self._pairs)
                self._pairs.append(weight)
        self._known: dict[str, _MoodWord] = {}

    def mood(self, text: str) -> MoodClass | None:
        """The class of a text; None of one that holds nothing but handles and links."""
        known = self._known
        words = [known.get(found) or self._learn(found) for found in found_in(text)]
        if not any(word.says for word in words):
            return None
        return max(zip(self._scores(text, words), (1, 2, 0), CLASSES, strict=True))[2]

    def parts(self, text: str) -> list[MoodPart]:
        """Signs of a text that have a weight, those that part the classes most first."""
        tokens = tokens_of(text)
        reached = reach_of_denials(tokens)
        signs = dict.fromkeys(
            (*tokens, *pairs_of(tokens), *denied_words(tokens, reached), *looks_of(text, len(tokens))), 1
        )
        parts = [MoodPart(sign, *self._of.get(sign, _NOTHING)) for sign in signs]
        for sign, value in sums_of_points(tokens, reached, self._points):
            three = (weight * value // POINTS_UNIT for weight in self._of.get(sign, _NOTHING))
            parts.append(MoodPart(sign, *three))
        told = [part for part in parts if any(part[1:])]
        return sorted(told, key=lambda part: (min(part[1:]) - max(part[1:]), part.sign))

    def _scores(self, text: str, words: list["_MoodWord"]) -> Three:
        total, looks, points = _Scores(), _Scores(), _Scores()
        self._add_points(words, points)
        different = self._add_words(words, total)
        for sign in looks_of(text, len(words)):
            looks.add(self._of.get(sign, _NOTHING))
        share, bases = share_of_words(different, self._stretch), self._bases
        return (
            bases[0] + total.hostile * share // FULL + looks.hostile + points.hostile // POINTS_UNIT,
            bases[1] + total.neutral * share // FULL + looks.neutral + points.neutral // POINTS_UNIT,
            bases[2] + total.favourable * share // FULL + looks.favourable + points.favourable // POINTS_UNIT,
        )

    def _add_words(self, words: list["_MoodWord"], total: "_Scores") -> int:
        """Add what words and pairs say, each once; returns how many different words there are."""
        seen, denied, pairs = set[str](), set[str](), set[int]()
        left, beside = 0, self._beside.get("^", _NONE)
        for word in words:
            token = word.token
            if token not in seen:
                seen.add(token)
                total.add(word.weight)
            if beside and (pair := beside.get(token)) is not None:
                pairs.add(pair)
            if left and word.denied is not _NOTHING and token not in denied:
                denied.add(token)
                total.add(word.denied)
            beside, left = word.beside, word.reach(left)
        if (pair := beside.get("$")) is not None:
            pairs.add(pair)
        for pair in pairs:
            total.add(self._pairs[pair])
        return len(seen)

    def _add_points(self, words: list["_MoodWord"], points: "_Scores") -> None:
        """Add what good and bad points of words come to, in parts of `POINTS_UNIT`."""
        left, listed, alike = 0, _Sums(), _Sums()
        for word in words:
            if word.points is not None:
                listed.add(word.points[0], is_denied=left > 0)
                alike.add(word.points[1], is_denied=left > 0)
            left = word.reach(left)
        listed.weigh(self._of_points[0], points)
        alike.weigh(self._of_points[1], points)

    def _learn(self, found: str) -> "_MoodWord":
        """What a word comes to, remembered with the word unless it is too long to come again."""
        token = token_of(found)
        weight = _Scores()
        for sign in (token, *pieces_of(token)):
            weight.add(self._of.get(sign, _NOTHING))
        denied = self._of.get(DENIED + token, _NOTHING) if token.isalpha() else _NOTHING
        word = _MoodWord(token, weight.three(), denied, self._points.get(token), self._beside.get(token, _NONE))
        if len(found) <= CHARS_KEPT_MAX:
            if len(self._known) >= WORDS_KEPT:
                self._known.clear()
            self._known[found] = word
        return word


_Pairs = dict[str, int]
"""Number of a pair by its second word."""

_NONE: Final[_Pairs] = {}


class _MoodWord:
    """What is remembered of a word as it was written.

    Attributes:
        token: As it is read.
        weight: What it and its pieces come to.
        denied: What it does besides behind a denial.
        points: From `Points`; None if it has none.
        beside: Pairs that it begins.
        says: It is no handle and no link.
        denies: It denies what follows.
        ends: Behind it nothing is denied any more.
    """

    __slots__ = ("beside", "denied", "denies", "ends", "points", "says", "token", "weight")

    def __init__(
        self, token: str, weight: Three, denied: Three, points: tuple[int, ...] | None, beside: _Pairs
    ) -> None:
        self.token = token
        self.weight = weight
        self.denied = denied
        self.points = points
        self.beside = beside
        self.says = token[0] != "="
        self.denies = denies(token)
        self.ends = ends_reach(token)

    def reach(self, left: int) -> int:
        """How many words behind this one are denied, if at this one so many were left."""
        return REACH if self.denies else 0 if self.ends or not left else left - 1


class _Sums:
    """Good and bad points of a text, of one kind."""

    __slots__ = ("bad", "good")

    def __init__(self) -> None:
        self.good = 0
        self.bad = 0

    def add(self, points: int, *, is_denied: bool) -> None:
        value = turned(points) if is_denied else points
        if value > 0:
            self.good += value
        else:
            self.bad -= value

    def weigh(self, weights: list[Three], into: "_Scores") -> None:
        """Add what they come to, in parts of `POINTS_UNIT`."""
        if self.good or self.bad:
            for weight, value in zip(weights, values_of_points(self.good, self.bad), strict=True):
                into.add((weight[0] * value, weight[1] * value, weight[2] * value))


class _Scores:
    """What has been said for each class so far."""

    __slots__ = ("favourable", "hostile", "neutral")

    def __init__(self) -> None:
        self.hostile = 0
        self.neutral = 0
        self.favourable = 0

    def add(self, three: Three) -> None:
        self.hostile += three[0]
        self.neutral += three[1]
        self.favourable += three[2]

    def three(self) -> Three:
        return self.hostile, self.neutral, self.favourable

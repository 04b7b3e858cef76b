"""Judging: the mood of a text as the class that its signs speak for most.

The model is linear and its weights are whole numbers, so a text has the same class on every machine. A class is what
one text says; shares of many texts are what may be published.
"""

from typing import Final, Literal, NamedTuple, get_args

from pipeline.ingest.text.mood.signs import (
    DENIED,
    POINTS_UNIT,
    Points,
    denied_words,
    looks_of,
    pairs_of,
    reach_of_denials,
    sums_of_points,
    tokens_of,
)
from pipeline.ingest.text.odds.features import FULL, pieces_of, share_of_words
from pipeline.reference.learnt.mood_weights import MoodWeights

MoodClass = Literal["hostile", "neutral", "favourable"]
CLASSES: Final[tuple[MoodClass, ...]] = get_args(MoodClass)

WORDS_KEPT: Final = 50_000
"""Words whose sums of pieces are remembered; then all are forgotten, which changes no sum."""

_LANE: Final = 1 << 40
_HALF: Final = 1 << 39
"""The three weights of a sign travel in one whole number, 40 bits each: one look-up, one addition."""


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
        self._of = {sign: _packed(*three) for sign, three in weights.of.items()}
        self._points = {word: Points(*two) for word, two in weights.points.items()}
        pairs = (sign.split(" ") for sign in weights.of if " " in sign)
        self._pairs = {(first, then): self._of[f"{first} {then}"] for first, then in pairs}
        self._known: dict[str, _WordSum] = {}

    def mood(self, text: str) -> MoodClass | None:
        """The class of a text; None of one that holds nothing but handles and links."""
        tokens = tokens_of(text)
        if not any(token[0] != "=" for token in tokens):
            return None
        scores = self._scores(text, tokens)
        return max(zip(scores, (1, 2, 0), CLASSES, strict=True))[2]

    def parts(self, text: str) -> list[MoodPart]:
        """Signs of a text that have a weight, those that part the classes most first."""
        tokens = tokens_of(text)
        reached = reach_of_denials(tokens)
        signs = dict.fromkeys((*tokens, *pairs_of(tokens), *denied_words(tokens, reached), *looks_of(text, tokens)), 1)
        parts = [MoodPart(sign, *_apart(self._of.get(sign, 0))) for sign in signs]
        for sign, value in sums_of_points(tokens, reached, self._points):
            three = (weight * value // POINTS_UNIT for weight in _apart(self._of.get(sign, 0)))
            parts.append(MoodPart(sign, *three))
        told = [part for part in parts if any(part[1:])]
        return sorted(told, key=lambda part: (min(part[1:]) - max(part[1:]), part.sign))

    def _scores(self, text: str, tokens: list[str]) -> tuple[int, ...]:
        known = self._known
        rows = [known.get(token) or self._learnt(token) for token in tokens]
        different = dict(zip(tokens, rows, strict=True))
        reached = reach_of_denials(tokens)
        words = sum([row.weight for row in different.values()])
        pairs, beside = self._pairs, set(zip(("^", *tokens), (*tokens, "$"), strict=True))
        words += sum([pairs[pair] for pair in beside if pair in pairs])
        if True in reached:
            words += sum(
                {token: row.denied for token, row, hit in zip(tokens, rows, reached, strict=True) if hit}.values()
            )
        looks = sum([self._of.get(sign, 0) for sign in looks_of(text, tokens)])
        points = sum([self._of.get(sign, 0) * value for sign, value in sums_of_points(tokens, reached, self._points)])
        share = share_of_words(len(different), self._stretch)
        parts = zip(self._bases, _apart(words), _apart(looks), _apart(points), strict=True)
        return tuple(base + word * share // FULL + look + point // POINTS_UNIT for base, word, look, point in parts)

    def _learnt(self, token: str) -> "_WordSum":
        """What a word comes to, remembered with the word."""
        weight = self._of.get(token, 0) + sum(self._of.get(piece, 0) for piece in pieces_of(token))
        denied = self._of.get(DENIED + token, 0) if token.isalpha() else 0
        if len(self._known) >= WORDS_KEPT:
            self._known.clear()
        known = self._known[token] = _WordSum(weight, denied)
        return known


class _WordSum(NamedTuple):
    """What a word and its pieces come to, and what it does besides behind a denial."""

    weight: int
    denied: int


def _packed(first: int, second: int, third: int) -> int:
    return first + (second + third * _LANE) * _LANE


def _apart(three: int) -> tuple[int, int, int]:
    """The three sums that one number holds.

    >>> _apart(_packed(-3, 5, -7))
    (-3, 5, -7)
    """
    first = (three + _HALF) % _LANE - _HALF
    rest = (three - first) // _LANE
    second = (rest + _HALF) % _LANE - _HALF
    return first, second, (rest - second) // _LANE

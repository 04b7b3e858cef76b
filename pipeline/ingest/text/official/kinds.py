"""Kinds: what an operator's own post is, by sums of whole numbers.

The model is linear like `weighing`, with a sum for each kind; the greatest sum wins, and of equal ones the first in
`OFFICIAL_KINDS`.
"""

from collections.abc import Collection
from typing import Final

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.meaning.asking import Meaning
from pipeline.ingest.text.odds.features import FULL, share_of_words
from pipeline.ingest.text.official.cues import CUE, CueReader
from pipeline.records.vocabulary import OFFICIAL_KINDS, OfficialKind
from pipeline.reference.official_words import OfficialWeights

RESTORED: Final = f"{CUE}restored"
"""The cue of an end that has come: nothing turns it."""

MEANT: Final = f"{CUE}meant"
"""Stands among a post's features for what the whole of it means."""

STRETCH: Final = 20
"""Different words up to which each counts in full."""


def share_of(words: Collection[str]) -> int:
    """Share of 1,000 that the words of a post count for.

    Args:
        words: Its words and pairs of words.
    """
    return share_of_words(sum(" " not in word for word in words), STRETCH)


class KindScales:
    """Tells the kind of a post in one language.

    Args:
        weights: From `pipeline.reference.official_words.parse_official_weights`.
        cues: Finds what the weights are of.
        meaning: What the whole post says, beside its words; None = words alone.
    """

    def __init__(self, weights: OfficialWeights, cues: CueReader, meaning: Meaning | None = None) -> None:
        self._weights = weights
        self._cues = cues
        self._meaning = meaning

    def kind_of(self, folded: Folded, text: str, *, promises: bool, answers: bool = False) -> OfficialKind:
        """The kind of a post, one of `OFFICIAL_KINDS`.

        Who promises an end and says nowhere that it has come gives no all-clear, whatever the sums say: it would end
        an outage that lasts.

        Args:
            folded: The folded post.
            text: As posted.
            promises: It promises an end.
            answers: It is known to answer another post.
        """
        words, signs = self._cues.features(folded, text, promises=promises, answers=answers)
        sums = self._sums(words, signs)
        if self._meaning is not None:
            sums = self._meaning.beside(sums, folded.plain)
        lasts = promises and RESTORED not in signs
        kinds = [place for place, kind in enumerate(OFFICIAL_KINDS) if not (lasts and kind == "all_clear")]
        return OFFICIAL_KINDS[max(kinds, key=lambda place: (sums[place], -place))]

    def _sums(self, words: frozenset[str], signs: frozenset[str]) -> list[int]:
        """What speaks for each kind, in centi-nats, in the order of `OFFICIAL_KINDS`."""
        share = share_of(words)
        of_words, of_signs = self._sum(words), self._sum(signs)
        return [
            base + said * share // FULL + shown
            for base, said, shown in zip(self._weights.base, of_words, of_signs, strict=True)
        ]

    def parts(self, folded: Folded, text: str, *, promises: bool, answers: bool) -> dict[str, tuple[int, ...]]:
        """What each feature of a post adds to each kind, in centi-nats, in the order of `OFFICIAL_KINDS`.

        Args:
            folded: The folded post.
            text: As posted.
            promises: It promises an end.
            answers: It is known to answer another post.
        """
        words, signs = self._cues.features(folded, text, promises=promises, answers=answers)
        share, of = share_of(words), self._weights.of
        parts = {name: tuple(weight * share // FULL for weight in of[name]) for name in sorted(words) if name in of}
        parts |= {name: of[name] for name in sorted(signs) if name in of}
        if self._meaning is None:
            return parts
        shared = {name: tuple(self._meaning.share_of(row)) for name, row in parts.items()}
        return shared | {MEANT: tuple(self._meaning.of(folded.plain))}

    def _sum(self, features: frozenset[str]) -> list[int]:
        rows = [self._weights.of[name] for name in features if name in self._weights.of]
        return [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * len(OFFICIAL_KINDS)

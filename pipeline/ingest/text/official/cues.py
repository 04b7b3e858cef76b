"""Cues: what the words of an operator's own post tell, and how they follow each other.

Single words are too many to be learnt from a few hundred posts. So words that tell the same are one cue ("restored",
"back online"), and cues have the same names in all languages: what is learnt of them in one holds in the others.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pipeline.ingest.text.folding import Folded, fold_words
from pipeline.ingest.text.odds.features import SIGN, pairs_of, token_of
from pipeline.ingest.text.official.looks import greeting_of, looks_of
from pipeline.ingest.text.official.phrases import LatePattern
from pipeline.ingest.text.official.turning import ONLY_TURN, CueHit, turned

CUE: Final = f"{SIGN}o:"
"""Begins the name of a sign of an official post."""

PROMISES: Final = f"{CUE}promises"
"""An end is promised: who does so says that the fault lasts."""

ANSWERS: Final = f"{CUE}answers"
"""The platform says that the post answers another one."""

AHEAD: Final = 6
"""A cue is told together with so many that follow it in one sentence."""

HITS_MAX: Final = 200
"""Cues of one post that are looked at: a long post has said it by then."""

_BORDER: Final = re.compile(r" [.?] ")


class CueReader:
    """Finds the cues of one language.

    Args:
        cues: Words by what they tell, from `pipeline.reference.official_words`.
    """

    def __init__(self, cues: Mapping[str, Sequence[str]]) -> None:
        self._cues = {cue: _compiled(phrases) for cue, phrases in cues.items()}
        self._greets = greeting_of(cues.get("hello", ()), cues.get("you_all", ()))

    def features(
        self, folded: Folded, text: str, *, promises: bool, answers: bool
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Words and pairs of words of a post, and its signs.

        Args:
            folded: The folded post.
            text: As posted.
            promises: It promises an end.
            answers: It is known to answer another post.
        """
        tokens = [token_of(word) for word in folded.words.split()]
        words = frozenset((*tokens, *pairs_of(tokens)))
        told = self._told(folded.words, promises=promises)
        looks = (f"{CUE}{look}" for look in looks_of(text, tokens, self._greets))
        known = (name for name, is_known in ((PROMISES, promises), (ANSWERS, answers)) if is_known)
        return words, frozenset((*told, *looks, *known))

    def _told(self, words: str, *, promises: bool) -> Iterator[str]:
        for number, (sentence, asks) in enumerate(self._sentences(words)):
            hits = turned(sentence, asks=asks, promises=promises)
            for hit in hits:
                yield f"{CUE}{hit.cue}"
                if not number:
                    yield f"{CUE}^{hit.cue}"
            yield from _followed([hit.cue for hit in hits if hit.cue not in ONLY_TURN])

    def _sentences(self, words: str) -> Iterator[tuple[list[CueHit], bool]]:
        """The cues of each sentence, in order of start, and whether it asks."""
        hits = sorted(
            CueHit(found.start(), found.end(), cue)
            for cue, pattern in self._cues.items()
            for found in pattern.compiled.finditer(words)
        )[:HITS_MAX]
        start = 0
        for border in (*_BORDER.finditer(words), None):
            end = border.end() - 1 if border else len(words)
            yield [hit for hit in hits if start <= hit.start < end], bool(border and "?" in border[0])
            start = end


def _followed(cues: Sequence[str]) -> Iterator[str]:
    """Which cue of a sentence follows which."""
    for place, cue in enumerate(cues):
        for then in cues[place + 1 : place + 1 + AHEAD]:
            if then != cue:
                yield f"{CUE}{cue}>{then}"


def _compiled(phrases: Sequence[str]) -> LatePattern:
    """One pattern of phrases, the longest first; between two spaces, so that it meets whole words."""
    patterns = sorted({_pattern(phrase) for phrase in phrases}, key=lambda pattern: (-len(pattern), pattern))
    return LatePattern(rf"(?<= )(?:{'|'.join(patterns)})(?= )")


def _pattern(phrase: str) -> str:
    r"""A phrase as a pattern: `*` stands for the rest of a word.

    >>> _pattern("ne marche* plus")
    'ne\\ marche[^ ]*\\ plus'
    """
    words = [[" ".join(fold_words(part).split()) for part in word.split("*")] for word in phrase.split()]
    return "\\ ".join("[^ ]*".join(re.escape(part) for part in parts) for parts in words)

"""Copies: one text that many paste is one voice, whoever posts it.

A text that comes word for word, or nearly so, from many accounts is a campaign, a joke or a chain letter. So a post is
counted by a mark of what it says, not by its id: copies share the mark and count once in a pane and area. Short texts
have none, since "no internet here" is what many people really write.

The mark of a long text is a pair of least hashes over all runs of three words: two texts of which nine tenths are the
same share it two times of three, two texts of different people practically never. Shorter ones have too few runs for
that; of these it is their words without order, figures and the shortest, which must all be the same. No earlier text
need be remembered, and no order kept.

Source:
    A. Z. Broder, "On the resemblance and containment of documents", SEQUENCES 1997 (least hashes of shingles).
"""

import re
from typing import Final

from pipeline.ingest.text.folding import fold_words
from pipeline.ingest.text.loops.sums import least_hashes

WORDS_MIN: Final = 8
"""A text with fewer words, signs left out, is nobody's copy."""

LONG_WORDS_MIN: Final = 14
"""A text with so many words may differ from its copies."""

TELLING_WORDS_MIN: Final = 6
TELLING_CHARS_MIN: Final = 3
"""A shorter one must have so many different words of so many letters: "is it me or is it down" is everybody's."""

WORDS_READ_MAX: Final = 200
"""Words that are looked at: a longer text has said whose copy it is."""

CHARS_READ_MAX: Final = 2_000

_ADDRESS: Final = re.compile(r"https?://\S+|www\.\S+|[@#]\w+")
_SIGNS: Final = frozenset({".", ",", "?"})


def copy_mark(text: str) -> str | None:
    """What a text shares with its copies, whatever handles, hashtags and links stand beside it.

    Args:
        text: As posted.

    Returns:
        The mark; None for a short text, which is nobody's copy.

    >>> copy_mark("no internet here since six") is None
    True
    >>> copy_mark("everybody cancel your contract with them today please") is None
    False
    """
    start = text[:CHARS_READ_MAX]
    if "@" in start or "#" in start or "http" in start or "www." in start:
        start = _ADDRESS.sub(" ", start)
    words = [word for word in fold_words(start).split() if word not in _SIGNS]
    if len(words) < WORDS_MIN:
        return None
    if len(words) < LONG_WORDS_MIN:
        return _mark_of_all(words)
    del words[WORDS_READ_MAX:]
    least, shuffled = least_hashes(words)
    return f"{least:08x}{shuffled:08x}"


def _mark_of_all(words: list[str]) -> str | None:
    """The words that tell, whatever their order."""
    telling = sorted({word for word in words if len(word) >= TELLING_CHARS_MIN and not word.isdigit()})
    if len(telling) < TELLING_WORDS_MIN:
        return None
    return " ".join(telling)

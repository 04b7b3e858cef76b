"""Copies: one text that many paste is one voice, whoever posts it.

A long text that comes word for word, or nearly so, from many accounts is a campaign, a joke or a chain letter. So a
complaint is counted by a mark of what it says, not by its post: copies share the mark and count once in a pane and
area. Short texts have none, since "no internet here" is what many people really write.

The mark is a pair of least hashes over all runs of three words: two texts of which nine tenths are the same share it
two times of three, two texts of different people practically never. It needs no memory of earlier texts, and no order.

Source:
    A. Z. Broder, "On the resemblance and containment of documents", SEQUENCES 1997 (least hashes of shingles).
"""

import re
from typing import Final
from zlib import crc32

from pipeline.ingest.text.folding import fold_words

WORDS_MIN: Final = 14
"""A text with fewer words, signs left out, is nobody's copy."""

WORDS_READ_MAX: Final = 200
"""Words that are looked at: a longer text has said whose copy it is."""

CHARS_READ_MAX: Final = 2_000

_RUN_WORDS: Final = 3

_WHOLE: Final = 0xFFFFFFFF
_SHUFFLE: Final = 0x9E3779B1
"""Odd, so that it gives every hash another one: a second order of the same runs."""

_ADDRESS: Final = re.compile(r"https?://\S+|www\.\S+|[@#]\w+")
_SIGNS: Final = frozenset({".", ",", "?"})


def copy_mark(text: str) -> str | None:
    """What a long text shares with its copies, whatever handles, hashtags and links stand beside it.

    Args:
        text: As posted.

    Returns:
        The mark; None for a short text, which is nobody's copy.

    >>> copy_mark("no internet here since six") is None
    True
    """
    words = [word for word in fold_words(_ADDRESS.sub(" ", text[:CHARS_READ_MAX])).split() if word not in _SIGNS]
    if len(words) < WORDS_MIN:
        return None
    del words[WORDS_READ_MAX:]
    runs = [" ".join(words[start : start + _RUN_WORDS]).encode() for start in range(len(words) - _RUN_WORDS + 1)]
    hashes = [crc32(run) for run in runs]
    return f"{min(hashes):08x}{min(number * _SHUFFLE & _WHOLE for number in hashes):08x}"

"""Features: what a text has that may speak for a present fault or against it.

There are three kinds. *Words* and pairs of words are taken as they are folded; *pieces* are the strings of three
to five letters within one word, so that a misspelt or inflected word still resembles its kin; *signs* are what the
lexicon finds: rows, the service of a thing, how a fault stands to it, a denial before or behind it. Nothing here
decides anything: a denial is a sign with a weight like all others, and takes nothing away from the rest.

Each feature counts once a text, except that a piece counts once for each different word that holds it; a word's
pieces can so be added up once and remembered with the word.
"""

from collections.abc import Iterator, Sequence
from math import isqrt
from typing import Final, NamedTuple

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.relevance import Clue, Relevance
from pipeline.reference.words import Row

SIGN: Final = "="
"""Begins the name of a sign."""

PIECE: Final = "~"
"""Begins the name of a piece of a word."""

NEAR_CHARS_MAX: Final = 12
BESIDE_CHARS_MAX: Final = 40
"""Gaps between two hits of the lexicon that are told apart; hits further apart say nothing together."""

BESIDE_WORDS_CHARS: Final = 1
"""Gap between two words side by side: nothing stands between them."""

CLUES_MAX: Final = 60
"""Hits of one text that are looked at: a long text has said it by then."""

FOLLOWING_MAX: Final = 5
"""A hit is looked at beside fewer than so many that follow it."""

HOWS: Final = ("-near", "-beside", ",near", ",beside", ".near", ".beside")
"""How two hits stand: what ends between them (`.`, `,` or nothing), and how far apart they are."""

APART: Final = -1
"""Too far apart to say anything together."""

FIRST: Final = "^"
LAST: Final = "$"
SKIPS: Final = "* "
"""In the name of a pair: the borders of the text, and a word between that is not told."""

FULL: Final = 1_000
"""What words of a short text count for, each; those of a long one less."""

PIECE_CHARS: Final = (3, 4, 5)
_DIGITS_KEPT: Final = 4
_NUMBERS: Final = tuple(["0" * digits for digits in range(_DIGITS_KEPT + 1)])
"""Tokens of numbers, each one string however often it is met."""


def token_of(word: str) -> str:
    """A folded word as a token: a number keeps how many digits it has, up to four.

    >>> token_of("down"), token_of("4g"), token_of("78704")
    ('down', '4g', '0000')
    """
    return _NUMBERS[min(len(word), _DIGITS_KEPT)] if word.isdigit() else word


def pieces_of(token: str) -> list[str]:
    """Names of the different pieces of a token, borders marked; a token with a digit or sign has none.

    >>> pieces_of("net")
    ['~<ne', '~net', '~et>', '~<net', '~net>', '~<net>']
    """
    if not token.isalpha():
        return []
    word = marked(token)
    return list(
        dict.fromkeys(
            PIECE + word[start : start + size] for size in PIECE_CHARS for start in range(len(word) - size + 1)
        )
    )


def marked(token: str) -> str:
    """A token with its borders marked; its pieces are parts of it.

    >>> marked("net")
    '<net>'
    """
    return f"<{token}>"


def share_of_words(different: int, stretch: int) -> int:
    """Share of `FULL` that words count for: the root of how many times more there are than a stretch.

    Args:
        different: Different words of a text.
        stretch: Words up to which each counts in full, 1 or more.

    >>> share_of_words(20, 20), share_of_words(80, 20)
    (1000, 500)
    """
    return FULL if different <= stretch else isqrt(FULL * FULL * stretch // different)


def pairs_of(tokens: Sequence[str]) -> set[str]:
    """Names of pairs: neighbours, borders of the text among them, and words with one word between.

    >>> sorted(pairs_of(["no", "signal", "here"]))
    ['^ no', 'here $', 'no * here', 'no signal', 'signal here']
    """
    pairs = {f"{first} {then}" for first, then in zip((FIRST, *tokens), (*tokens, LAST), strict=True)}
    pairs.update(f"{first} {SKIPS}{then}" for first, then in zip(tokens, tokens[2:], strict=False))
    return pairs


def signs_of(folded: Folded, reading: Relevance) -> set[str]:
    """Names of the signs of a text.

    Args:
        folded: The folded text.
        reading: What the lexicon finds in it.

    Returns:
        Names, each beginning with `SIGN`.
    """
    signs = set(signs_of_whole(whole_of(folded, reading)))
    for clue in reading.clues[:CLUES_MAX]:
        signs.update(signs_of_clue(clue.row))
    for first, then, how in two_of(folded.words, reading.clues):
        signs.update(signs_of_two(first.row, then.row, how))
    return signs


class WholeText(NamedTuple):
    """What a text is as a whole.

    Attributes:
        asks: Empty, or how it asks: `ends:?` or `asks`.
        handle: It is addressed to somebody.
        link: It holds a link.
        hashtag: It holds a hashtag.
        complaints: How many it makes, up to four.
        clearest: Points of the clearest, in steps of 80; 0 without one.
    """

    asks: str
    handle: bool
    link: bool
    hashtag: bool
    complaints: int
    clearest: int


def whole_of(folded: Folded, reading: Relevance) -> WholeText:
    """What a text is as a whole.

    Args:
        folded: The folded text.
        reading: What the lexicon finds in it.
    """
    words, complaints = folded.words, reading.complaints
    asks = ("ends:?" if words.endswith("? ") else "asks") if "?" in words else ""
    count, clearest = (min(len(complaints), 4), complaints[0].points // 80) if complaints else (0, 0)
    return WholeText(asks, bool(folded.handles), folded.linked, bool(folded.hashtags), count, clearest)


def signs_of_whole(whole: WholeText) -> Iterator[str]:
    """Signs that a text has as a whole: how it ends, what it is addressed to, how many complaints it makes."""
    if whole.asks:
        yield f"{SIGN}{whole.asks}"
    yield from signs_of_links(handle=whole.handle, link=whole.link, hashtag=whole.hashtag)
    yield f"{SIGN}complaints:{whole.complaints}"
    if whole.complaints:
        yield f"{SIGN}clearest:{whole.clearest}"


def signs_of_links(*, handle: bool, link: bool, hashtag: bool) -> Iterator[str]:
    """Signs of what a text is addressed to, points at, or is about by its own word.

    Args:
        handle: It is written to somebody: "@o2".
        link: It has an address of a page.
        hashtag: It has a hashtag.
    """
    if handle:
        yield f"{SIGN}handle"
    if link:
        yield f"{SIGN}link"
    if hashtag:
        yield f"{SIGN}hashtag"


def signs_of_clue(row: Row) -> tuple[str, ...]:
    """Signs that a hit of a row gives."""
    return f"=row:{row.name}", f"={row.role}:{row.service or ''}:{row.fault or row.symptom or ''}"


def two_of(words: str, clues: Sequence[Clue]) -> Iterator[tuple[Clue, Clue, str]]:
    """Hits that stand near one another, and how, one of `HOWS`."""
    several = clues[:CLUES_MAX]
    for index, first in enumerate(several):
        for then in several[index + 1 : index + FOLLOWING_MAX]:
            how = how_apart(words, first.end, then.start)
            if how == APART:
                break
            yield first, then, HOWS[how]


def how_apart(words: str, end: int, start: int) -> int:
    """How two hits stand, as a number of `HOWS`; `APART` for those that say nothing together.

    Args:
        words: Folded words that hold them.
        end: Where the first ends.
        start: Where the second starts.
    """
    chars = start - end
    if chars <= BESIDE_WORDS_CHARS:
        return 0
    if chars > BESIDE_CHARS_MAX:
        return APART
    gap = words[end:start]
    border = 4 if "." in gap or "?" in gap else 2 if "," in gap else 0
    return border + (chars > NEAR_CHARS_MAX)


def signs_of_two(first: Row, then: Row, how: str) -> tuple[str, ...]:
    """Signs that two hits give: what they are and how they stand.

    Args:
        first: Row of the first.
        then: Row of the one behind it.
        how: How they stand, one of `HOWS`.
    """
    roles = f"={first.role}{how[0]}{then.role}:{how[1:]}"
    if how[0] != "-":
        return (roles,)
    return roles, f"={_kind(first)}-{_kind(then)}", f"=row:{first.name}-{then.name}"


def _kind(row: Row) -> str:
    return row.service or row.fault or row.symptom or row.role

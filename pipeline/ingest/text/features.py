"""Features: what a text has that may speak for a present fault or against it.

There are three kinds. *Words* and pairs of words are taken as they are folded; *pieces* are the strings of three
to five letters within one word, so that a misspelt or inflected word still resembles its kin; *signs* are what the
lexicon finds: rows, the service of a thing, how a fault stands to it, a denial before or behind it. Nothing here
decides anything: a denial is a sign with a weight like all others, and takes nothing away from the rest.

Each feature counts once a text, except that a piece counts once for each different word that holds it; a word's
pieces can so be added up once and remembered with the word.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.relevance import Clue, Relevance

SIGN: Final = "="
"""Begins the name of a sign."""

PIECE: Final = "~"
"""Begins the name of a piece of a word."""

NEAR_CHARS_MAX: Final = 12
BESIDE_CHARS_MAX: Final = 40
"""Gaps between two hits of the lexicon that are told apart; hits further apart say nothing together."""

CLUES_MAX: Final = 60
"""Hits of one text that are looked at in pairs: a long text has said it by then."""

_PIECE_CHARS: Final = (3, 4, 5)
_DIGITS_KEPT: Final = 4


def token_of(word: str) -> str:
    """A folded word as a token: a number keeps how many digits it has, up to four.

    >>> token_of("down"), token_of("4g"), token_of("78704")
    ('down', '4g', '0000')
    """
    return "0" * min(len(word), _DIGITS_KEPT) if word.isdigit() else word


def pieces_of(token: str) -> list[str]:
    """Names of the different pieces of a token, borders marked; a token with a digit or sign has none.

    >>> pieces_of("net")
    ['~<ne', '~net', '~et>', '~<net', '~net>', '~<net>']
    """
    if not token.isalpha():
        return []
    marked = f"<{token}>"
    return list(
        dict.fromkeys(
            PIECE + marked[start : start + size] for size in _PIECE_CHARS for start in range(len(marked) - size + 1)
        )
    )


def pairs_of(tokens: Sequence[str]) -> set[str]:
    """Names of pairs: neighbours, borders of the text among them, and words with one word between.

    >>> sorted(pairs_of(["no", "signal", "here"]))
    ['^ no', 'here $', 'no * here', 'no signal', 'signal here']
    """
    pairs = {f"{first} {then}" for first, then in zip(("^", *tokens), (*tokens, "$"), strict=True)}
    pairs.update(f"{first} * {then}" for first, then in zip(tokens, tokens[2:], strict=False))
    return pairs


def signs_of(folded: Folded, reading: Relevance, tokens: Sequence[str]) -> set[str]:
    """Names of the signs of a text.

    Args:
        folded: The folded text.
        reading: What the lexicon finds in it.
        tokens: Its tokens, in order.

    Returns:
        Names, each beginning with `SIGN`.
    """
    signs: set[str] = set()
    if "?" in tokens:
        signs.add("=ends:?" if tokens[-1] == "?" else "=asks")
    if folded.handles:
        signs.add("=handle")
    if folded.linked:
        signs.add("=link")
    if folded.hashtags:
        signs.add("=hashtag")
    clues = reading.clues[:CLUES_MAX]
    for clue in clues:
        signs.update(_alone(clue))
    for index, first in enumerate(clues):
        signs.update(_together(folded.words, first, clues[index + 1 : index + 5]))
    complaints = reading.complaints
    signs.add(f"=complaints:{min(len(complaints), 4)}")
    if complaints:
        signs.add(f"=clearest:{complaints[0].points // 80}")
    return signs


def _alone(clue: Clue) -> Iterable[str]:
    row = clue.row
    yield f"=row:{row.name}"
    yield f"={row.role}:{row.service or ''}:{row.fault or row.symptom or ''}"


def _together(words: str, first: Clue, others: Sequence[Clue]) -> Iterable[str]:
    """How a hit stands to the next few: roles, how far, and whether a sentence or clause ends between them."""
    for then in others:
        gap = words[first.end : then.start]
        if len(gap) > BESIDE_CHARS_MAX:
            break
        far = "near" if len(gap) <= NEAR_CHARS_MAX else "beside"
        border = "." if "." in gap or "?" in gap else "," if "," in gap else "-"
        yield f"={first.row.role}{border}{then.row.role}:{far}"
        if border == "-":
            yield f"={_kind(first)}-{_kind(then)}"
            yield f"=row:{first.row.name}-{then.row.name}"


def _kind(clue: Clue) -> str:
    row = clue.row
    return row.service or row.fault or row.symptom or row.role

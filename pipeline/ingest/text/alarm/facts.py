"""Facts: what a text has that gives signs of a claim, or of none.

A fact is a kind and what it is about: `("turn", "^", "mention", "list:faults")` is a fault told behind a number. Its
signs have names, by which weights are learnt; as facts come again and again, a name is made once for each, not once a
text. Signs are what the lexicon's words around a claim tell (`device`, `hold`, `instead`), where they stand to what
was called, and which follows which.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from pipeline.ingest.text.alarm.nearness import facts_near
from pipeline.ingest.text.alarm.standing import CALLED, MENTIONS, Fact, Where
from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.odds.features import SIGN, signs_of_links
from pipeline.ingest.text.relevance import Relevance
from pipeline.reference.words import NUMBER, SHORT_NUMBER

BESIDE_TOKENS: Final = 6
"""How near a sign must stand to what was called for its side to be told."""


def facts_of(folded: Folded, where: Where, reading: Relevance) -> list[Fact]:
    """All facts of a text, some of them more than once.

    Args:
        folded: The folded text.
        where: Where in it stands what may have been called.
        reading: What the lexicon of faults finds in it.
    """
    words = where.words
    asks = ("ends:?" if words[-1] == "?" else "asks") if "?" in folded.words else ""
    marks, length = (min(words.count(NUMBER), 3), min(words.count(SHORT_NUMBER), 2)), min(len(words) // 10, 6)
    links = (bool(folded.handles), folded.linked, bool(folded.hashtags))
    facts: list[Fact] = [("whole", where.ruled, asks, *links, folded.repost, *marks, length)]
    _add_placed(facts, where)
    facts += facts_near(where)
    facts += [("fault", clue.row.role, clue.row.service or "") for clue in reading.clues]
    return facts


def _add_placed(facts: list[Fact], where: Where) -> None:
    """What hits tell, on which side of what was called, and which follows which."""
    before, last, mentions = "^^", "^", where.mentions
    for what, place in where.hits:
        name = CALLED if what in MENTIONS else what
        facts.append(("turn", before, last, what))
        if name == last:
            continue
        before, last = last, name
        at = bisect_right(mentions, place)
        if at < len(mentions) and mentions[at] - place <= BESIDE_TOKENS:
            facts.append(("side", name, "<"))
        if at and place - mentions[at - 1] <= BESIDE_TOKENS:
            facts.append(("side", name, ">"))
    facts.append(("last", last))


def signs_of(fact: Fact) -> list[str]:
    """Names of the signs that a fact gives.

    >>> signs_of(("turn", "^", "m", "cannot")), signs_of(("in", "cannot", "device"))
    (['=cannot', '=m>cannot', '=^>m>cannot'], ['=in:cannot', '=in:device', '=in:cannot&device'])
    """
    kind, about = fact[0], fact[1:]
    if kind == "whole":
        return _signs_of_whole(about)
    if kind == "turn":
        before, last, what = about
        name = CALLED if what in MENTIONS else what
        follows = [] if name == last else [f"{SIGN}{last}>{name}", f"{SIGN}{before}>{last}>{name}"]
        return [f"{SIGN}{what}", *follows]
    if kind == "in":
        pairs = [f"{SIGN}in:{first}&{then}" for at, first in enumerate(about) for then in about[at + 1 :]]
        return [f"{SIGN}in:{what}" for what in about] + pairs
    return [SIGN + _SHAPES[str(kind)].format(*about)]


_SHAPES: Final = {
    "side": "{}{}",
    "last": "{}>$",
    "away": "d:{}:{}",
    "nearer": "nearer:{}",
    "fault": "fault:{}:{}",
}
"""Facts of one sign."""


def _signs_of_whole(about: Sequence[object]) -> list[str]:
    ruled, asks, handle, link, hashtag, repost, numbers, shorts, length = about
    said = [f"{SIGN}ruled"] if ruled else []
    said += [f"{SIGN}{asks}"] if asks else []
    said += signs_of_links(handle=bool(handle), link=bool(link), hashtag=bool(hashtag))
    said += [f"{SIGN}repost"] if repost else []
    return [*said, f"{SIGN}marks:{numbers}:{shorts}", f"{SIGN}words:{length}"]

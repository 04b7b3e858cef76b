"""Asides: what a text tells of a call for help that nobody here tried, or that did go through.

A number that exists in many countries fails in one of them; a pendant, a lift or a fire panel that is silent is not a
person who cannot call; a display that offers emergency calls only, and a call that is put on hold, are none that
failed. Pairs of the lexicon, which know words and not what they are about, make no claim of these. A failed call told
beside it still counts: where a sentence names what was called, and its failure, the rest of the text takes nothing
from it.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

ASIDE_PARTS: Final = 4
"""What shows only a display, or a call on hold, is so many times less likely a claim than its words make it, where
these have little to say: of texts of which they say more, some tell between the lines of a call that failed."""

_CALLED: Final = frozenset({"mention", "body", "list:claims"})
_FAILS: Final = frozenset({"list:faults", "list:lost", "list:reach", "list:claims"})
_NO_CALL: Final = frozenset({"display", "hold", "list:never"})
_TOLD_BESIDE: Final = frozenset({"instead", "even"})
"""What tells of a call that failed where no failure is named: "... and even those", "drove there"."""

_IN_DOUBT: Final = frozenset({"device", "hearsay", "how_to", "hypothetical", "kin", "need", "official", "untried"})
"""What makes a display worth a thought: somebody in need, who asks whether a call would go through."""

DEVICE: Final = "own:device"
ABROAD: Final = "own:abroad"
"""What hits that are no signs tell: a device that calls for help by itself, a country that is not the text's own."""

_Hits = Sequence[tuple[int, int, str]]


class Asides(NamedTuple):
    """What a text tells instead of a call that failed.

    Attributes:
        spares: It tells of another country, or of a device: the lexicon's pairs make no claim.
        fails: A device that calls for help fails: a person should look.
        weakens: It tells of a display, or of a call on hold, and of no failure.
    """

    spares: bool = False
    fails: bool = False
    weakens: bool = False


NO_ASIDES: Final = Asides()


def asides_of(hits: _Hits, more: _Hits, *, complains: bool) -> Asides:
    """What a text tells instead of a call that failed; nothing if it tells of one.

    Args:
        hits: What the lexicon of claims finds, in order: see `AlarmReading.hits`.
        more: Devices and countries that are named.
        complains: The text complains of a fault.
    """
    if not more and not any(what in _NO_CALL for _, _, what in hits):
        return NO_ASIDES
    spares = waits = fails = False
    for sentence in _sentences(sorted([*hits, *more])):
        told = {what for _, _, what in sentence}
        silent = [hit for hit in sentence if hit[2] in _NO_CALL]
        own = [hit for hit in sentence if hit[2] == DEVICE]
        failing = any(hit[2] in _FAILS and not _is_within(hit, silent) for hit in sentence)
        called = any(hit[2] in _CALLED and not _is_within(hit, silent + own) for hit in sentence)
        if called and failing and ABROAD not in told:
            return NO_ASIDES
        spares = spares or bool(own) or ABROAD in told
        waits = waits or bool(silent)
        fails = fails or failing or not told.isdisjoint(_TOLD_BESIDE)
    device_fails = any(what == DEVICE for _, _, what in more) and (fails or complains)
    alone = waits and not fails and not any(what in _IN_DOUBT for _, _, what in hits)
    return Asides(spares, device_fails, alone)


def _sentences(hits: _Hits) -> Iterator[_Hits]:
    start = 0
    for place, (_, _, what) in enumerate(hits):
        if what == ".":
            yield hits[start:place]
            start = place + 1
    yield hits[start:]


def _is_within(hit: tuple[int, int, str], others: _Hits) -> bool:
    """Does a hit lie in another one?"""
    return any(start <= hit[0] and hit[1] <= end for start, end, _ in others)

"""Beside: what works though a call for help does not.

"My phone can't reach 911 but everything else works": the success is of everything else, and makes the claim likelier,
since a network that is gone altogether is heard of otherwise, and who has compared has looked. The same of another
phone, another network, another number. So a success counts as one of the call for help only if nothing near it says
whose it is; with a subject of its own it has a sign of its own.

What a reader may question: "112 works, everything else is dead" is kept apart by what stands between, a number or a
failure. No grammar is read.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from pipeline.ingest.text.matching import Matcher, gathered
from pipeline.reference.dialling import ADVICE_NUMBER
from pipeline.reference.words import Beside

BESIDE: Final = "beside"
"""Sign of a success of something else than the call for help."""

THROUGH: Final = "through"
"""Sign of a success, whosever it is."""

APART_WORDS_MAX: Final = 6
"""Words between a success and its subject, at most."""

OWN_LETTERS_MAX: Final = 30
"""A number so near before a success is what succeeds, whatever is named behind it: "112 works, not the internet"."""

APART_LETTERS_MAX: Final = 100
"""Letters between them, at most."""

NEIGHBOURS: Final = 2
"""Subjects asked on each side of a success."""

THINGS: Final = "things"
PHONES: Final = "phones"
WELL: Final = "well"
"""What a phrase is: another thing, another phone or network, a success of something."""

WAYS: Final = "ways"
OWN: Final = "own"
UNANSWERED: Final = "unanswered"
"""What a phrase tells against a claim: another way than a call, an own device or errand, a call that rang."""

WAY_WORDS_MAX: Final = 4
"""Words between another way and what was called, at most: "112 not in the app either"."""

_STOPS: Final = frozenset({".", "?"})
_PAUSES: Final = _STOPS | {","}

_Told = tuple[int, int, str]

_NAMED: Final = frozenset({"mention", "body", "short", "list:claims"})
_FAILS: Final = frozenset({"nothing", "cannot", "list:faults", "list:lost", "list:reach"})
_CALLED: Final = frozenset({"mention", "body"})
_TURNS: Final = _NAMED | _FAILS


class BesideReader:
    """Finds what works beside a call for help, in texts of one language.

    Args:
        words: Subjects and successes.
    """

    def __init__(self, words: Beside) -> None:
        kinds = {THINGS: words.things, PHONES: words.phones, WELL: words.well}
        self._matcher: Matcher[tuple[str, ...]] = Matcher(
            gathered((term, kind) for kind, terms in kinds.items() for term in terms)
        )

        against = {WAYS: (*words.ways, ADVICE_NUMBER), OWN: words.own, UNANSWERED: words.unanswered}
        self._doubts: Matcher[tuple[str, ...]] = Matcher(
            gathered((term, kind) for kind, terms in against.items() for term in terms)
        )

    def told(self, marked: str, found: Sequence[_Told]) -> list[_Told]:
        """Hits of a text in which a success of something else has its own sign.

        Args:
            marked: Folded words whose numbers `Dialled` has marked.
            found: What else the lexicon finds in it, in order.
        """
        hits = [(hit.start, hit.end, kind) for hit in self._matcher.longest(marked) for kind in hit.payload]
        subjects = [hit for hit in hits if hit[2] != WELL]
        if not subjects:
            return list(found)
        near = _Near(marked, found, subjects)
        beside = {hit[0]: hit for hit in found if hit[2] == THROUGH and near.has_subject(hit)}
        kept = [hit for hit in found if hit[2] != THROUGH or hit[0] not in beside]
        for hit in hits:
            if hit[2] == WELL and not near.is_part(hit) and near.has_subject(hit):
                beside.setdefault(hit[0], hit)
        return sorted([*kept, *[(start, end, BESIDE) for start, end, _ in beside.values()]])

    def against(self, marked: str, found: Sequence[_Told]) -> frozenset[str]:
        """What a text tells against a claim: `WAYS` if all that was called is only another way, `OWN`, `UNANSWERED`.

        Args:
            marked: Folded words whose numbers `Dialled` has marked.
            found: What else the lexicon finds in it, in order.
        """
        hits = [(hit.start, hit.end, kind) for hit in self._doubts.longest(marked) for kind in hit.payload]
        told = {kind for _, _, kind in hits if kind != WAYS}
        called = [hit for hit in found if hit[2] in _CALLED]
        fails = [start for start, _, what in found if what in _FAILS]
        reached: set[int] = set()
        for way in (hit for hit in hits if hit[2] == WAYS):
            at = bisect_left(called, way)
            near = [hit for hit in called[max(at - 1, 0) : at + 1] if _is_way(marked, way, hit, fails)]
            if near:
                reached.add(min(near, key=lambda hit: max(way[0] - hit[1], hit[0] - way[1]))[0])
        if reached and reached.issuperset(start for start, _, _ in called):
            told.add(WAYS)
        return frozenset(told)


def _is_way(marked: str, way: _Told, called: _Told, fails: Sequence[int]) -> bool:
    """Does another way stand by what was called, with no failure or pause between?"""
    start, end = min(way[1], called[1]), max(way[0], called[0])
    if end <= start:
        return True
    between = marked[start : min(end, start + APART_LETTERS_MAX)].split()
    if end - start > APART_LETTERS_MAX or len(between) > WAY_WORDS_MAX or not _PAUSES.isdisjoint(between):
        return False
    return called[0] > way[0] or bisect_left(fails, start) == bisect_left(fails, end)


class _Near:
    """What stands near a success; of each only its neighbours are asked, so the work is linear.

    Args:
        marked: Folded words.
        found: What the lexicon finds in them, in order.
        subjects: Other things and phones, in order.
    """

    def __init__(self, marked: str, found: Sequence[_Told], subjects: Sequence[_Told]) -> None:
        self._marked, self._subjects = marked, subjects
        self._told = [hit for hit in found if hit[2] in _TURNS or hit[2] == THROUGH]
        self._starts = [start for start, _, _ in self._told]
        self._begin = [start for start, _, _ in subjects]

    def is_part(self, hit: _Told) -> bool:
        """Does a bare verb lie in what fails, or in another success ("geht" of "geht nicht")?"""
        around = self._between(hit[0] - APART_LETTERS_MAX, hit[0] + 1)
        return any(hit[1] <= end for _, end, what in around if what not in _NAMED)

    def has_subject(self, hit: _Told) -> bool:
        """Is a success one of a subject that stands near, with nothing between that turns it?"""
        at = bisect_left(self._begin, hit[0])
        return any(self._belongs(hit, subject) for subject in self._subjects[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS])

    def _belongs(self, hit: _Told, subject: _Told) -> bool:
        start, end = min(hit[1], subject[1]), max(hit[0], subject[0])
        if end - start > APART_LETTERS_MAX:
            return False
        between = self._marked[start:end].split()
        told_first = hit[0] < subject[0]
        if len(between) > APART_WORDS_MAX or not (_PAUSES if told_first else _STOPS).isdisjoint(between):
            return False
        if subject[2] == PHONES:
            return all(what in _NAMED or what == THROUGH for _, _, what in self._between(start, end))
        if end < start:  # they overlap: what stands before both may be what succeeds
            start, end = min(hit[0], subject[0]), max(hit[0], subject[0])
            told_first = True
        since = start - OWN_LETTERS_MAX if told_first else start
        return all(what == THROUGH for _, _, what in self._between(since, end))

    def _between(self, start: int, end: int) -> Sequence[_Told]:
        """What begins between two letters."""
        return self._told[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

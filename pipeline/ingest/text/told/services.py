"""Services: which of them a text says fail.

A linear model over words and the rows of the lexicon says of each service how likely it is meant; a text may mean
several. A language without such weights is read by what its complaints name. What a clause says of a thing that works
("internet works, TV is dead") is no complaint about it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pipeline.ingest.text.operators.tone import WELL, ToneReader
from pipeline.ingest.text.relevance import Relevance, service_of
from pipeline.ingest.text.told.labels import LabelReader, ReadText

FURTHER_PERMILLE: Final = 500
"""Beside the likeliest service of a text, one is told from this probability on."""

LISTED_PERMILLE: Final = 150
"""The same of one that stands in a list with others: "internet and TV dead"."""

CLEAR_PERCENT: Final = 60
"""A complaint whose points are so many in a hundred of the clearest one's names a service of its own."""

SERVICES_MAX: Final = 3
"""Services of one text that count: who names more lists what there is."""

LISTED_CHARS_MAX: Final = 6
"""Gap between two things of a list: a comma, "and"."""

_DATA: Final = ("broadband", "mobile_data")
_MOBILE: Final = ("mobile_voice", "mobile_data")
_BORDERS: Final = (" , ", " . ", " ? ")


class ServiceReader:
    """Tells which services texts of one language say fail.

    Args:
        labels: Weighs them; None in a language without weights.
        tones: Tells what works.
    """

    def __init__(self, labels: LabelReader | None, tones: ToneReader) -> None:
        self._labels = labels
        self._tones = tones

    def told(self, read: ReadText) -> tuple[str, ...]:
        """All services that a text which reports a fault says fail, the likeliest first.

        Args:
            read: The text.
        """
        named = services_of(read.reading, service_of(read.reading))
        likely = named if self._labels is None else self._likely(read, named)
        if len(likely) < _SEVERAL:
            return likely
        works = self._working(read.folded.words, read.reading)
        return tuple([service for service in likely if service not in works]) or likely[:1]

    def _likely(self, read: ReadText, named: Sequence[str]) -> tuple[str, ...]:
        labels = self._labels
        assert labels is not None, "asked before"
        permilles = labels.permilles(read, ())
        found: list[tuple[int, str]] = []
        best = max(permilles)
        if not any(permille == best >= bar for permille, bar in zip(permilles, labels.bars, strict=True)):
            return ()
        listed = _in_lists(read.reading)
        for service, permille, bar in zip(labels.labels, permilles, labels.bars, strict=True):
            least = bar if permille == best else LISTED_PERMILLE if service in listed else FURTHER_PERMILLE
            if best >= bar and permille >= least:
                found.append((-permille, service))
        told: list[str] = []
        for _, service in sorted(found):
            both = service in _MOBILE and any(other in _MOBILE for other in told)
            if not (_is_same(service, told) or (both and service not in named)):
                told.append(service)
        return tuple(told[:SERVICES_MAX])

    def _working(self, words: str, reading: Relevance) -> frozenset[str]:
        """Services of whose things all that are named are said to work, right behind them."""
        works, fails = set[str](), set[str]()
        things = [clue for clue in reading.clues if clue.row.role == "thing" and clue.row.service is not None]
        for place, clue in enumerate(things):
            ends = [end for border in _BORDERS if (end := words.find(border, clue.end)) >= 0]
            ends += [then.start for then in things[place + 1 : place + 2]]
            well = self._tones.tone(f" {words[clue.end : min(ends, default=len(words))]} ") == WELL
            (works if well else fails).add(str(clue.row.service))
        return frozenset(works - fails)


_SEVERAL: Final = 2


def services_of(reading: Relevance, service: str | None) -> tuple[str, ...]:
    """All services that a text says fail: those of complaints nearly as clear as the clearest.

    Args:
        reading: What is found in the text.
        service: That of the clearest, as `told_of` has it; None = the text tells none.
    """
    if service is None:
        return ()
    complaints = reading.complaints
    found = [service]
    for complaint in complaints:
        named = complaint.service
        clear = complaint.points * 100 >= complaints[0].points * CLEAR_PERCENT
        if named is not None and named not in found and clear and not _is_same(named, found):
            found.append(named)
    found += [named for named in _listed_before(reading) if named not in found and not _is_same(named, found)]
    return tuple(found[:SERVICES_MAX])


def _listed_before(reading: Relevance) -> list[str]:
    """Services of things that stand in a list before the clearest complaint: "broadband, TV and landline dead"."""
    if not reading.complaints:
        return []
    start, found = reading.complaints[0].start, []
    for clue in reversed(reading.clues):
        if clue.start < start and clue.row.role == "thing" and start - clue.end <= LISTED_CHARS_MAX:
            start = clue.start
            if clue.row.service is not None:
                found.append(clue.row.service)
    return found


def _in_lists(reading: Relevance) -> frozenset[str]:
    """Services of things that stand in a list with others: "internet and TV dead"."""
    found = set[str]()
    things = [clue for clue in reading.clues if clue.row.role == "thing" and clue.row.service is not None]
    for first, then in pairwise(things):
        if 0 <= then.start - first.end <= LISTED_CHARS_MAX:
            found.update((str(first.row.service), str(then.row.service)))
    return frozenset(found)


def _is_same(service: str, found: Sequence[str]) -> bool:
    """Is it another word for what is found: data of the mobile and the internet at home are told apart by few?"""
    return service == "emergency" or (service in _DATA and any(other in _DATA for other in found))

"""Relevance: what the lexicon finds in a text, and which complaints its words make.

A complaint names a thing and says that it fails, near each other in one
sentence ("the 4G in town is useless"), or is a phrase that does both ("no
signal"). Its service and symptom are what the text tells of the fault. Whether there
is a fault is not decided here: a denial, an advert or a bill are clues beside the complaint,
and `weighing` adds up what all of them say. A denial deletes nothing, as "it has NOT been
restored" holds one, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple

from pipeline.ingest.text.matching import Hit, Matcher, gathered, longest
from pipeline.reference.words import Join, Language, Lexicon, Row, Scoring

HITS_PAIRED_MAX = 40
"""Things and faults of one text that are paired: a long text has said it by then."""

APART_CHARS_MAX = 16
"""Gap between a thing and what the next sentence says of it: "Where is my 4G? It's gone"."""


class Complaint(NamedTuple):
    """One thing that fails, in the words of the text.

    Attributes:
        points: How clearly the text complains, in points.
        service: Service that is said to fail; None if the text does not say.
        item: Technology or TV channel that is named.
        symptom: How it fails, if the words say so.
        fault: Kind of failure, if a symptom is still to be looked up.
        start: Where in the folded words it begins, in characters.
        claim: A phrase that says it all, not a thing and a fault side by side.
    """

    points: int
    service: str | None
    item: str | None
    symptom: str | None
    fault: str | None
    start: int
    claim: bool


class Clue(NamedTuple):
    """A row of the lexicon that a text holds, and where.

    Attributes:
        start: Offset in the folded words.
        end: One behind the last.
        row: Row of the lexicon.
        sentence: Number of the sentence, from 0.
    """

    start: int
    end: int
    row: Row
    sentence: int = 0


class Relevance(NamedTuple):
    """What the lexicon finds: complaints (clearest first), things, items, all clues in order, and what they come to."""

    complaints: tuple[Complaint, ...]
    things: tuple[Row, ...]
    items: tuple[str, ...]
    clues: tuple[Clue, ...]
    points: int = 0


NOTHING: Final = Relevance((), (), (), ())
"""What the lexicon finds in most texts of a day."""


class _Sorted(NamedTuple):
    """Hits that make complaints, by role; and all clues."""

    things: list[Clue]
    faults: list[Clue]
    claims: list[Clue]
    clues: list[Clue]


class RelevanceReader:
    """Reads texts of one language.

    Args:
        language: The words of one language.
        lexicon: For what all languages share.
        more: Rows from elsewhere: the TV channels.
    """

    def __init__(self, language: Language, lexicon: Lexicon, more: Iterable[Row] = ()) -> None:
        self._rows = (*language.row, *lexicon.common.row, *more)
        self._scoring: Scoring = lexicon.common.scoring
        self._symptoms: Mapping[str, Mapping[str, str]] = lexicon.common.symptoms
        number = {row.name: index for index, row in enumerate(self._rows)}
        self._joins = _joins_of(language.join, number)
        self._items = {place: row.item for place, row in enumerate(self._rows) if row.item is not None}
        numbered = list(enumerate(self._rows))
        self._matcher = Matcher(
            gathered((term, at) for at, row in numbered if row.role != "topic" for term in row.terms)
        )
        self._topic_rows = tuple(row for row in self._rows if row.role == "topic")

    def read(self, words: str) -> Relevance:
        """Read folded words."""
        hits = self._matcher.all(words)
        if not hits:
            return NOTHING
        found = self._sorted_out(self._joined(longest(hits)))
        items = {row: None for hit in hits for row in hit.payload if row in self._items}
        items_named = tuple(dict.fromkeys(self._items[row] for row in items))
        if not found.clues:
            return NOTHING._replace(items=items_named)
        things = tuple(clue.row for clue in found.things)
        points = points_of(found.clues, self._scoring)
        return Relevance(self._complaints(found), things, items_named, tuple(found.clues), points)

    @cached_property
    def _topics(self) -> Matcher[tuple[str, ...]]:
        """Words of topics; compiled when they are first asked for, as few texts are asked."""
        return Matcher(gathered((term, row.topic) for row in self._topic_rows for term in row.terms if row.topic))

    def topics(self, words: str) -> tuple[str, ...]:
        """What else folded words talk of, sorted: prices, compensation, blame, professionals, thanks and so on."""
        return tuple(sorted({topic for hit in self._topics.all(words) for topic in hit.payload}))

    def symptom_of(self, complaint: Complaint, service: str | None) -> str:
        """The symptom of a complaint: its own, or what its kind of failure is for this service."""
        if complaint.symptom is not None:
            return complaint.symptom
        kinds = self._symptoms.get(complaint.fault or "", {})
        return kinds.get(service or "any") or kinds.get("any", "other")

    def _joined(self, hits: Sequence[Hit[tuple[int, ...]]]) -> list[Hit[int]]:
        """Hits by row, with those of phrases with a gap."""
        flat = [Hit(start, end, row) for start, end, rows in hits for row in rows]
        made: list[Hit[int]] = []
        for index, first in enumerate(flat):
            if first.payload in self._joins:
                for then, makes, window in self._joins[first.payload]:
                    last = _next(flat, index, then, window)
                    if last is not None:
                        made.append(Hit(first.start, last.end, makes))
        return sorted([*flat, *made]) if made else flat

    def _sorted_out(self, hits: Sequence[Hit[int]]) -> _Sorted:
        found = _Sorted([], [], [], [])
        sentence, last_stop = 0, -9
        for start, end, number in hits:
            row = self._rows[number]
            role = row.role
            if role == "stop":
                sentence += start > last_stop + 2  # "?!?!" ends one sentence
                last_stop = start
                continue
            if role == "part":
                continue
            clue = Clue(start, end, row, sentence)
            found.clues.append(clue)
            if role == "thing":
                found.things.append(clue)
            elif role == "fault":
                found.faults.append(clue)
            elif role == "claim":
                found.claims.append(clue)
        return found

    def _complaints(self, found: _Sorted) -> tuple[Complaint, ...]:
        complaints = [
            Complaint(row.weight, row.service, row.item, row.symptom, row.fault, start, claim=True)
            for start, _, row, _ in found.claims
        ]
        if found.faults and found.things:
            complaints += [
                _pair(thing.row, fault.row, fault.start, 0 if thing.sentence == fault.sentence else self._scoring.apart)
                for fault in found.faults[:HITS_PAIRED_MAX]
                for thing in found.things[:HITS_PAIRED_MAX]
                if are_pair(thing, fault)
            ]
        return tuple(sorted(complaints, key=_by_points)) if len(complaints) > 1 else tuple(complaints)


def points_of(clues: Sequence[Clue], scoring: Scoring) -> int:
    """What the rows of the lexicon come to by hand-set points, below 0 against a fault.

    This is an expert's word beside the learnt weights: written by people who read what customers post on ordinary days,
    of which the training texts have few. In its own sentence a denial cancels here.

    Args:
        clues: All that a text has, in order.
        scoring: Scoring of the lexicon.
    """
    denied: dict[int, Clue] = {}
    cues: dict[str, int] = {}
    for clue in clues:
        role = clue.row.role
        if role == "deny":
            denied[clue.sentence] = clue
        elif role == "contrast":  # "full bars but nothing works"
            denied.pop(clue.sentence, None)
        elif role == "cue":
            cues[clue.row.name] = clue.row.weight
    cues.update({clue.row.name: clue.row.weight for clue in denied.values()})
    against = sum(points for points in cues.values() if points < 0)
    points = sum(cues.values()) - against
    told = [clue for clue in clues if clue.sentence not in denied] if denied else clues
    things = [clue for clue in told if clue.row.role == "thing"][:HITS_PAIRED_MAX]
    faults = [clue for clue in told if clue.row.role == "fault"][:HITS_PAIRED_MAX]
    found = [(clue.row.weight, True) for clue in told if clue.row.role == "claim"]
    if things and faults:
        found += [
            (thing.row.weight + fault.row.weight + (0 if thing.sentence == fault.sentence else scoring.apart), False)
            for fault in faults
            for thing in things
            if are_pair(thing, fault)
        ]
    if not found:
        points += max((thing.row.weight for thing in things), default=0) * scoring.lone_thing_percent // 100
        points += max((fault.row.weight for fault in faults), default=0) * scoring.lone_fault_percent // 100
        return points + against
    best, by_claim = max(found)
    percent = scoring.against_claim_percent if by_claim else scoring.against_percent
    more = scoring.more * min(len(found) - 1, scoring.more_max)
    return points + best + more + against * percent // 100


def words_of(rows: Iterable[Row]) -> frozenset[str]:
    """All folded words of the terms of some rows."""
    plain = {word for row in rows for word in " ".join(row.terms).split()}
    return frozenset(word for phrase in gathered((text, None) for text in sorted(plain)) for word in phrase.split())


def _by_points(complaint: Complaint) -> tuple[int, int]:
    return (-complaint.points, complaint.start)


def _pair(thing: Row, fault: Row, start: int, apart: int) -> Complaint:
    gone = thing.absent if fault.fault in ("absent", "down", "bad") else None
    symptom = gone or fault.symptom
    points = thing.weight + fault.weight + apart
    return Complaint(points, thing.service, thing.item, symptom, fault.fault, start, claim=False)


def are_pair(thing: Clue, fault: Clue) -> bool:
    """Is a fault said of a thing: near enough, in the same sentence or the next?"""
    if not fault.sentence - 1 <= thing.sentence <= fault.sentence:
        return False
    return _near(thing, fault, APART_CHARS_MAX if thing.sentence < fault.sentence else None)


def _near(thing: Clue, fault: Clue, window: int | None) -> bool:
    """Do a thing and a fault stand near enough, the thing on the side where the fault looks for it?"""
    side: Literal["after", "before"] = "after" if thing.start >= fault.start else "before"
    gap = thing.start - fault.end if side == "after" else fault.start - thing.end
    return fault.row.side in ("any", side) and gap <= (fault.row.window if window is None else window)


def _joins_of(joins: Iterable[Join], number: Mapping[str, int]) -> dict[int, list[tuple[int, int, int]]]:
    together: dict[int, list[tuple[int, int, int]]] = {}
    for join in joins:
        together.setdefault(number[join.first], []).append((number[join.then], number[join.makes], join.window))
    return together


def _next(hits: Sequence[Hit[int]], index: int, row: int, window: int) -> Hit[int] | None:
    """The next hit of a row within a window, in order of start."""
    first = hits[index]
    for hit in hits[index + 1 :]:
        if hit.start - first.end > window:
            return None
        if hit.payload == row and hit.start >= first.end:
            return hit
    return None

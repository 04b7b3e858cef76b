"""Relevance: does the writer say that something fails, here and now?

A complaint names a thing and says that it fails, near each other in one
sentence ("the 4G in town is useless"), or is a phrase that does both ("no
signal"). Cues add and take away: hours and questions make it likelier, upgrades, bills
and adverts less so. A sentence that denies trouble ("no problems here") has no
complaints. Weights are whole numbers from the lexicon, set by hand: nothing
is learnt, so nothing drifts and each score can be explained.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

from pipeline.ingest.text.matching import Hit, Matcher, gathered, longest
from pipeline.reference.words import Join, Language, Lexicon, Row, Scoring

SCORE_MAX = 1000
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


class Relevance(NamedTuple):
    """What the words come to: points before place and repost, complaints (best first), things, items."""

    points: int
    complaints: tuple[Complaint, ...]
    things: tuple[Row, ...]
    items: tuple[str, ...]


class _Clues(msgspec.Struct):
    """Hits of one text, by role; `at` is the number of the sentence."""

    things: list[tuple[int, Hit[int], Row]] = []
    faults: list[tuple[int, Hit[int], Row]] = []
    claims: list[tuple[int, Hit[int], Row]] = []
    denied: dict[int, tuple[int, Row]] = {}
    contrasts: dict[int, int] = {}
    cues: dict[str, int] = {}


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
        numbered = list(enumerate(self._rows))
        self._matcher = Matcher(
            gathered((term, at) for at, row in numbered if row.role != "topic" for term in row.terms)
        )
        self._topic_rows = tuple(row for row in self._rows if row.role == "topic")

    def read(self, words: str) -> Relevance:
        """Read folded words."""
        hits = self._matcher.all(words)
        found = self._sorted_out(self._joined(longest(hits)))
        items = dict.fromkeys(item for hit in hits for row in hit.payload if (item := self._rows[row].item) is not None)
        complaints = self._complaints(found)
        points = self._points(found, complaints)
        things = tuple(row for _, _, row in found.things)
        return Relevance(points, complaints, things, tuple(items))

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
        flat = [Hit(hit.start, hit.end, row) for hit in hits for row in hit.payload]
        made: list[Hit[int]] = []
        for index, first in enumerate(flat):
            for then, makes, window in self._joins.get(first.payload, ()):
                last = _next(flat, index, then, window)
                if last is not None:
                    made.append(Hit(first.start, last.end, makes))
        return sorted([*flat, *made]) if made else flat

    def _sorted_out(self, hits: Sequence[Hit[int]]) -> _Clues:
        found = _Clues(things=[], faults=[], claims=[], denied={}, contrasts={}, cues={})
        sentence, last_stop = 0, -9
        for hit in hits:
            row = self._rows[hit.payload]
            if row.role == "stop":
                sentence += hit.start > last_stop + 2  # "?!?!" ends one sentence
                last_stop = hit.start
            elif row.role == "thing":
                found.things.append((sentence, hit, row))
            elif row.role == "fault":
                found.faults.append((sentence, hit, row))
            elif row.role == "claim":
                found.claims.append((sentence, hit, row))
            else:
                _note(found, sentence, hit.start, row)
        for at, contrast in found.contrasts.items():
            if at in found.denied and found.denied[at][0] < contrast:  # "full bars but nothing works"
                del found.denied[at]
        found.cues.update({row.name: row.weight for _, row in found.denied.values()})
        return found

    def _complaints(self, found: _Clues) -> tuple[Complaint, ...]:
        claims = [
            Complaint(row.weight, row.service, row.item, row.symptom, row.fault, hit.start, claim=True)
            for sentence, hit, row in found.claims
            if sentence not in found.denied
        ]
        pairs = [
            _pair(thing, fault, fault_hit.start, 0 if thing_at == at else self._scoring.apart)
            for at, fault_hit, fault in found.faults[:HITS_PAIRED_MAX]
            if at not in found.denied
            for thing_at, thing_hit, thing in found.things[:HITS_PAIRED_MAX]
            if at - 1 <= thing_at <= at
            and _near(thing_hit, fault_hit, fault, APART_CHARS_MAX if thing_at < at else None)
        ]
        return tuple(sorted([*claims, *pairs], key=_by_points))

    def _points(self, found: _Clues, complaints: Sequence[Complaint]) -> int:
        scoring = self._scoring
        cues = found.cues.values()
        against = sum(points for points in cues if points < 0)
        points = sum(points for points in cues if points > 0)
        if complaints:
            percent = scoring.against_claim_percent if complaints[0].claim else scoring.against_percent
            against = against * percent // 100
            points += complaints[0].points + scoring.more * min(len(complaints) - 1, scoring.more_max)
        else:
            things = [row.weight for at, _, row in found.things if at not in found.denied]
            faults = [row.weight for at, _, row in found.faults if at not in found.denied]
            points += max(things, default=0) * scoring.lone_thing_percent // 100
            points += max(faults, default=0) * scoring.lone_fault_percent // 100
        return points + against


def words_of(rows: Iterable[Row]) -> frozenset[str]:
    """All folded words of the terms of some rows."""
    plain = {word for row in rows for word in " ".join(row.terms).split()}
    return frozenset(word for phrase in gathered((text, None) for text in sorted(plain)) for word in phrase.split())


def _by_points(complaint: Complaint) -> tuple[int, int]:
    return (-complaint.points, complaint.start)


def _note(found: _Clues, sentence: int, start: int, row: Row) -> None:
    """Note a cue (each row counts once), a denial (the last of its sentence), or what turns a sentence round."""
    if row.role == "deny":
        found.denied[sentence] = (start, row)
    if row.role == "contrast":
        found.contrasts[sentence] = start
    if row.role == "cue":
        found.cues[row.name] = row.weight


def _pair(thing: Row, fault: Row, start: int, apart: int) -> Complaint:
    gone = thing.absent if fault.fault in ("absent", "down", "bad") else None
    symptom = gone or fault.symptom
    points = thing.weight + fault.weight + apart
    return Complaint(points, thing.service, thing.item, symptom, fault.fault, start, claim=False)


def _near(thing: Hit[int], fault: Hit[int], row: Row, window: int | None) -> bool:
    """Do a thing and a fault stand near enough, the thing on the side where the fault looks for it?"""
    side: Literal["after", "before"] = "after" if thing.start >= fault.start else "before"
    gap = thing.start - fault.end if side == "after" else fault.start - thing.end
    return row.side in ("any", side) and gap <= (row.window if window is None else window)


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

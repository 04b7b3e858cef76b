"""Relevance: what the lexicon finds in a text, and which complaints its words make.

A complaint names a thing and says that it fails, near each other in one
sentence ("the 4G in town is useless"), or is a phrase that does both ("no
signal"). Its service and symptom are what the text tells of the fault. Whether there
is a fault is not decided here: a denial, an advert or a bill are clues beside the complaint,
and `weighing` adds up what all of them say. A denial deletes nothing, as "it has NOT been
restored" holds one, too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from pipeline.ingest.text.folding import fold_words
from pipeline.ingest.text.loops.walking import starts_of
from pipeline.ingest.text.matching import Matcher, Span, gathered
from pipeline.ingest.text.words import Word
from pipeline.reference.words import Join, Language, Lexicon, Row, Scoring

HITS_PAIRED_MAX = 40
"""Things and faults of one text that are paired: a long text has said it by then."""

APART_CHARS_MAX = 16
"""Gap between a thing and what the next sentence says of it: "Where is my 4G? It's gone"."""


class Complaint:
    """One thing that fails, in the words of the text.

    Attributes:
        points: How clearly the text complains, in points.
        service: Service that is said to fail; None if the text does not say.
        item: Technology or TV channel that is named.
        symptom: How it fails, if the words say so.
        fault: Kind of failure, if a symptom is still to be looked up.
        start: Where in the folded words it begins, in characters.
        claim: A phrase that says it all, not a thing and a fault side by side.

    Args:
        row: Row of the lexicon that says what fails.
        points: How clearly the text complains, in points.
        start: Where in the folded words it begins, in characters.
    """

    __slots__ = ("claim", "fault", "item", "points", "service", "start", "symptom")

    def __init__(self, row: Row, points: int, start: int) -> None:
        self.points = points
        self.service = row.service
        self.item = row.item
        self.symptom = row.symptom
        self.fault = row.fault
        self.start = start
        self.claim = True


class Clue:
    """A row of the lexicon that a text holds, and where.

    Attributes:
        start: Offset in the folded words.
        end: One behind the last.
        row: Row of the lexicon.
        number: Number of the row among those of its reader, from 0.
        sentence: Number of the sentence, from 0.
    """

    __slots__ = ("end", "number", "row", "sentence", "start")

    def __init__(self, start: int, end: int, row: Row, number: int, sentence: int) -> None:
        self.start = start
        self.end = end
        self.row = row
        self.number = number
        self.sentence = sentence


class Relevance(NamedTuple):
    """What the lexicon finds: complaints (clearest first), things, items, all clues in order, and what they come to."""

    complaints: tuple[Complaint, ...]
    things: tuple[Row, ...]
    items: tuple[str, ...]
    clues: tuple[Clue, ...]
    points: int = 0


NOTHING: Final = Relevance((), (), (), ())
"""What the lexicon finds in most texts of a day."""


class _Phrase(NamedTuple):
    """What a phrase stands for: numbers of rows, items that it names, and whether it may begin a phrase with a gap."""

    rows: tuple[int, ...]
    items: tuple[str, ...]
    joins: bool


_RowHit = tuple[int, int, int]
"""Start, end, number of a row."""

_ByRole = Mapping[str, Sequence[Clue]]


class RelevanceReader:
    """Reads texts of one language.

    Args:
        language: The words of one language.
        lexicon: For what all languages share.
        more: Rows from elsewhere: the TV channels.
    """

    def __init__(self, language: Language, lexicon: Lexicon, more: Iterable[Row] = ()) -> None:
        worded = (*language.row, *lexicon.common.row, *more)
        self._rows = tuple(msgspec.structs.replace(row, terms=()) for row in worded)  # terms are in the tables below
        self._scoring: Scoring = lexicon.common.scoring
        self._symptoms: Mapping[str, Mapping[str, str]] = lexicon.common.symptoms
        number = {row.name: index for index, row in enumerate(self._rows)}
        self._joins = _joins_of(language.join, number)
        phrases = gathered((term, at) for at, row in enumerate(worded) if row.role != "topic" for term in row.terms)
        known = {rows: self._phrase(rows) for rows in phrases.values()}
        self._matcher = Matcher({phrase: known[rows] for phrase, rows in phrases.items()})
        self._topics: Matcher[tuple[str, ...]] = Matcher(
            gathered((term, row.topic) for row in worded for term in row.terms if row.role == "topic" and row.topic)
        )

    def read(self, tokens: list[str], known: Sequence[Word]) -> Relevance:
        """Read folded words.

        Args:
            tokens: The words in order.
            known: What is known of each.
        """
        spans = self._matcher.spans_along(tokens, starts_of(known, "phrases", self._matcher.start))
        if not spans:
            return NOTHING
        clues, by_role = self._sorted_out(self._by_row(spans))
        items = tuple(dict.fromkeys([item for _, _, found in spans if found.items for item in found.items]))
        if not clues:
            return NOTHING._replace(items=items) if items else NOTHING
        complaints = self._complaints(by_role)
        points = self._points(clues, by_role, complaints)
        things = tuple([clue.row for clue in by_role.get("thing", ())])
        return Relevance(complaints, things, items, tuple(clues), points)

    def topics(self, tokens: list[str], known: Sequence[Word]) -> tuple[str, ...]:
        """What else folded words talk of, sorted: prices, compensation, blame, professionals, thanks and so on.

        Args:
            tokens: The words in order.
            known: What is known of each.
        """
        spans = self._topics.spans_along(tokens, starts_of(known, "topics", self._topics.start))
        return tuple(sorted({topic for _, _, topics in spans for topic in topics}))

    def symptom_of(self, complaint: Complaint, service: str | None) -> str:
        """The symptom of a complaint: its own, or what its kind of failure is for this service."""
        if complaint.symptom is not None:
            return complaint.symptom
        kinds = self._symptoms.get(complaint.fault or "", {})
        return kinds.get(service or "any") or kinds.get("any", "other")

    def _phrase(self, rows: tuple[int, ...]) -> _Phrase:
        items = tuple(item for number in rows if (item := self._rows[number].item) is not None)
        return _Phrase(rows, items, not self._joins.keys().isdisjoint(rows))

    def _by_row(self, spans: Sequence[Span[_Phrase]]) -> list[_RowHit]:
        """Hits by row, those inside longer ones left out, with those of phrases with a gap."""
        flat: list[_RowHit] = []
        joins, reach = False, -1
        for start, end_turned, found in spans:
            if -end_turned > reach:
                reach = -end_turned
                joins = joins or found.joins
                for number in found.rows:
                    flat.append((start, reach, number))  # noqa: PERF401 - nearly always one, and a list for it costs more
        return self._joined(flat) if joins else flat

    def _joined(self, flat: list[_RowHit]) -> list[_RowHit]:
        made: list[_RowHit] = []
        for index, (start, _, row) in enumerate(flat):
            for then, makes, window in self._joins.get(row, ()):
                end = _end_of_next(flat, index, then, window)
                if end is not None:
                    made.append((start, end, makes))
        return sorted([*flat, *made]) if made else flat

    def _sorted_out(self, hits: Sequence[_RowHit]) -> tuple[list[Clue], _ByRole]:
        """All clues in order, and the same by role."""
        clues: list[Clue] = []
        by_role: dict[str, list[Clue]] = {}
        rows, sentence, last_stop = self._rows, 0, -9
        for start, end, number in hits:
            row = rows[number]
            role = row.role
            if role == "stop":
                sentence += start > last_stop + 2  # "?!?!" ends one sentence
                last_stop = start
            elif role != "part":
                clue = Clue(start, end, row, number, sentence)
                clues.append(clue)
                if role in by_role:
                    by_role[role].append(clue)
                else:
                    by_role[role] = [clue]
        return clues, by_role

    def _complaints(self, by_role: _ByRole) -> tuple[Complaint, ...]:
        """What phrases and pairs of a thing and a fault complain of, the clearest first."""
        complaints = [Complaint(clue.row, clue.row.weight, clue.start) for clue in by_role.get("claim", ())]
        if "thing" in by_role and "fault" in by_role:
            things = by_role["thing"][:HITS_PAIRED_MAX]
            complaints += [
                _pair(thing.row, fault.row, fault.start, 0 if thing.sentence == fault.sentence else self._scoring.apart)
                for fault in by_role["fault"][:HITS_PAIRED_MAX]
                for thing in things
                if are_pair(thing, fault)
            ]
        return tuple(sorted(complaints, key=_by_points)) if len(complaints) > 1 else tuple(complaints)

    def _points(self, clues: Sequence[Clue], by_role: _ByRole, complaints: tuple[Complaint, ...]) -> int:
        """What the rows of the lexicon come to by hand-set points, below 0 against a fault.

        This is an expert's word beside the learnt weights: written by people who read what customers post on ordinary
        days, of which the training texts have few. In its own sentence a denial cancels here.
        """
        scoring = self._scoring
        cues = {clue.row.name: clue.row.weight for clue in by_role.get("cue", ())}
        if "deny" in by_role and (denied := _denied(clues)):
            cues.update({clue.row.name: clue.row.weight for clue in denied.values()})
            by_role = _left(by_role, denied)
            complaints = self._complaints(by_role)
        against = sum([points for points in cues.values() if points < 0]) if cues else 0
        points = sum(cues.values()) - against
        if not complaints:
            things, faults = (by_role.get(role, ())[:HITS_PAIRED_MAX] for role in ("thing", "fault"))
            points += max([thing.row.weight for thing in things], default=0) * scoring.lone_thing_percent // 100
            points += max([fault.row.weight for fault in faults], default=0) * scoring.lone_fault_percent // 100
            return points + against
        best = complaints[0].points
        by_claim = any(complaint.claim for complaint in complaints if complaint.points == best)
        percent = scoring.against_claim_percent if by_claim else scoring.against_percent
        more = scoring.more * min(len(complaints) - 1, scoring.more_max)
        return points + best + more + against * percent // 100


def _denied(clues: Sequence[Clue]) -> dict[int, Clue]:
    """The last denial of each sentence in which nothing turns it round: "full bars but nothing works"."""
    denied: dict[int, Clue] = {}
    for clue in clues:
        if clue.row.role == "deny":
            denied[clue.sentence] = clue
        elif clue.row.role == "contrast":
            denied.pop(clue.sentence, None)
    return denied


def _left(by_role: _ByRole, denied: Mapping[int, Clue]) -> _ByRole:
    """What makes complaints in sentences without a denial."""
    left = {
        role: [clue for clue in by_role.get(role, ()) if clue.sentence not in denied]
        for role in ("claim", "thing", "fault")
    }
    return {role: clues for role, clues in left.items() if clues}


def words_of(rows: Iterable[Row]) -> frozenset[str]:
    """All folded words of the terms of some rows."""
    plain = {word for row in rows for word in " ".join(row.terms).split()}
    return frozenset(word for phrase in gathered((text, None) for text in sorted(plain)) for word in phrase.split())


def how_often(rows: Iterable[Row]) -> Counter[str]:
    """How often each folded word stands in the terms of some rows: what many phrases are made of, many texts are."""
    plain = Counter(word for row in rows for word in " ".join(row.terms).split())
    often: Counter[str] = Counter()
    for word, times in plain.items():
        often.update(dict.fromkeys(fold_words(word).split(), times))
    return often


def _by_points(complaint: Complaint) -> tuple[int, int]:
    return (-complaint.points, complaint.start)


def _pair(thing: Row, fault: Row, start: int, apart: int) -> Complaint:
    complaint = Complaint(thing, thing.weight + fault.weight + apart, start)
    gone = thing.absent if fault.fault in ("absent", "down", "bad") else None
    complaint.symptom, complaint.fault = gone or fault.symptom, fault.fault
    complaint.claim = False
    return complaint


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


def _end_of_next(hits: Sequence[_RowHit], index: int, row: int, window: int) -> int | None:
    """Where the next hit of a row within a window ends, in order of start."""
    after = hits[index][1]
    for start, end, number in hits[index + 1 :]:
        if start - after > window:
            return None
        if number == row and start >= after:
            return end
    return None


def service_of(reading: Relevance) -> str | None:
    """Service of the clearest complaint that names one, else of the first thing; None if nothing tells."""
    service = _first(complaint.service for complaint in reading.complaints)
    return reading.things[0].service if service is None and reading.things else service


def told_of(
    reader: RelevanceReader, reading: Relevance, service: str | None, *, relevant: bool
) -> tuple[str | None, str | None]:
    """Item and symptom of the clearest complaint of a service; what it leaves open, the next ones and other words say.

    Args:
        reader: Reader of the text's language.
        reading: What it finds in the text.
        service: That fails; None if the text does not tell.
        relevant: The text reports a fault: only then it has a symptom.
    """
    complaints = reading.complaints
    item = _first(complaint.item for complaint in complaints if complaint.service in (service, None))
    if item is None and service == "mobile_data" and len(reading.items) == 1:
        item = reading.items[0]
    if not relevant:
        return item, None
    if not complaints:
        return item, "other"
    fitting = [complaint for complaint in complaints if complaint.service in (service, None)] or list(complaints)
    symptoms = [reader.symptom_of(complaint, service) for complaint in fitting]
    return item, _first(symptom for symptom in symptoms if symptom != "other") or "other"


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value is not None), None)

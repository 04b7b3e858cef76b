"""Lessons: posts of a recording of which people said whether they report a fault.

Care teams that sort the posts they answer have such a list; what they answered Tocsin is in the orders and in a run's
folder (`answers`). A list wins over an answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.intake.tables import RowError, rows_of
from pipeline.adapters.recordings.passing import BATCH_RECORDS, decoded
from pipeline.adapters.runs.teaching.answers import Answers, Label, balanced
from pipeline.ingest.text.folding import fold_words
from pipeline.ingest.text.masking import masked
from pipeline.ingest.text.odds.features import signs_of
from pipeline.ingest.text.odds.learning import Lesson
from pipeline.ingest.text.understand import TextRules
from pipeline.ingest.text.understood import Understood
from pipeline.records.clocks import DAY_MS, parse_instant
from pipeline.records.errors import ConfigError, RecordError
from pipeline.records.raw.commands import Command
from pipeline.records.raw.mentions import Mention

COLUMNS: Final = ("post_id", "fault")
"""Of a file of labels."""

_FAULTS: Final = {"1": True, "0": False}

Days = dict[int, list[Lesson]]
"""Lessons by day since 1970."""


def read_labels(path: Path) -> dict[str, bool]:
    """Read what people said of posts: rows with `post_id` and `fault`, 1 or 0; the last one of a post counts.

    Raises:
        ConfigError: Names the first row that says neither.
    """
    labels = {}
    for row in rows_of(path):
        fields = {} if isinstance(row.fields, RowError) else row.fields
        post, fault = (str(fields.get(name, "")).strip() for name in COLUMNS)
        if not post or fault not in _FAULTS:
            raise ConfigError(f"{path} row {row.number}: must have {' and '.join(COLUMNS)}, the second 1 or 0")
        labels[post] = _FAULTS[fault]
    return labels


class Teacher:
    """Tells what posts teach.

    Args:
        rules: By the shipped weights, without corrections.
        market_of: Operator to market.
        labels: From `read_labels`.
        answers: What else is known of posts; None = nothing.
    """

    def __init__(
        self,
        rules: TextRules,
        market_of: Mapping[str, str],
        labels: Mapping[str, bool],
        answers: Answers | None = None,
    ) -> None:
        self._rules, self._market_of, self._labels, self._answers = rules, market_of, labels, answers

    def lessons(self, records: Iterable[RecordedRecord]) -> dict[str, Days]:
        """Lessons by language and day.

        Args:
            records: Records of a recording; all but posts of which something is known are passed over.
        """
        told: dict[tuple[str, int], list[tuple[Lesson, Label]]] = {}
        for outcome in _posts(records):
            known = outcome.post_id in self._labels or (self._answers is not None and _is_of_a_customer(outcome))
            if known and outcome.text and outcome.kind != "engagement" and (lesson := self._lesson(outcome)):
                language, taught, label = lesson
                told.setdefault((language, taught.at // DAY_MS), []).append((taught, label))
        found: dict[str, Days] = {}
        for (language, day), lessons in told.items():
            quiet = balanced((lesson.mark, label) for lesson, label in lessons)
            kept = [lesson for lesson, label in lessons if not label.is_quiet or lesson.mark in quiet]
            if kept:
                found.setdefault(language, {})[day] = kept
        return found

    def _lesson(self, mention: Mention) -> tuple[str, Lesson, Label] | None:
        market = mention.market or self._market_of.get(mention.operator or "")
        said = self._rules.understand(mention.text, lang=mention.lang, market=market, operator=mention.operator)
        at = parse_instant(mention.posted_at)
        label = self._label(mention, at, said)
        if label is None:
            return None
        signs = tuple(sorted(signs_of(*self._rules.read(mention.text, said.lang))))
        mark = fold_words(mention.text)
        lesson = Lesson(
            at, mark, said.probability_permille, signs, label.is_fault, label.is_weak, moves_base=label.moves_base
        )
        return said.lang, lesson, label

    def _label(self, mention: Mention, at: int, said: Understood) -> Label | None:
        if mention.post_id in self._labels:
            return Label(self._labels[mention.post_id], is_weak=False)
        return self._answers.of(masked(mention.text), at, said, mention.operator) if self._answers else None


def commands_of(records: Iterable[RecordedRecord]) -> Iterator[Command]:
    """Orders that can be read, in order."""
    orders = (record for record in records if record.topic == "commands")
    while batch := list(islice(orders, BATCH_RECORDS)):
        for _, outcome in decoded(batch):
            if isinstance(outcome, Command):
                yield outcome


def _is_of_a_customer(mention: Mention) -> bool:
    return not mention.official and mention.repost_of is None


def _posts(records: Iterable[RecordedRecord]) -> Iterator[Mention]:
    """Posts that can be read, with a time that can."""
    mentions = (record for record in records if record.topic == "mentions")
    while batch := list(islice(mentions, BATCH_RECORDS)):
        for _, outcome in decoded(batch):
            if isinstance(outcome, Mention) and _has_time(outcome):
                yield outcome


def _has_time(mention: Mention) -> bool:
    try:
        parse_instant(mention.posted_at)
    except RecordError:
        return False
    return True

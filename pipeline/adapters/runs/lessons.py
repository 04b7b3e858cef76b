"""Lessons: posts of a recording of which people said whether they report a fault.

Care teams that sort the posts they answer have such a list. Incidents are not asked: learning from the posts of the one
incident on which it was tried made verdicts worse (DECISIONS.md).
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.intake.tables import RowError, rows_of
from pipeline.adapters.recordings.passing import BATCH_RECORDS, decoded
from pipeline.ingest.text.folding import fold_words
from pipeline.ingest.text.odds.features import signs_of
from pipeline.ingest.text.odds.learning import Lesson
from pipeline.ingest.text.understand import TextRules
from pipeline.records.clocks import DAY_MS, parse_instant
from pipeline.records.errors import ConfigError, RecordError
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
    """

    def __init__(self, rules: TextRules, market_of: Mapping[str, str], labels: Mapping[str, bool]) -> None:
        self._rules, self._market_of, self._labels = rules, market_of, labels

    def lessons(self, records: Iterable[RecordedRecord]) -> dict[str, Days]:
        """Lessons by language and day.

        Args:
            records: Records of a recording; all but posts with a label are passed over.
        """
        found: dict[str, Days] = {}
        for outcome in _posts(records):
            if outcome.post_id in self._labels and outcome.text and outcome.kind != "engagement":
                language, lesson = self._lesson(outcome)
                found.setdefault(language, {}).setdefault(lesson.at // DAY_MS, []).append(lesson)
        return found

    def _lesson(self, mention: Mention) -> tuple[str, Lesson]:
        market = mention.market or self._market_of.get(mention.operator or "")
        said = self._rules.understand(mention.text, lang=mention.lang, market=market, operator=mention.operator)
        signs = tuple(sorted(signs_of(*self._rules.read(mention.text, said.lang))))
        at = parse_instant(mention.posted_at)
        mark = fold_words(mention.text)
        return said.lang, Lesson(at, mark, said.probability_permille, signs, self._labels[mention.post_id])


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

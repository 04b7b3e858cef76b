"""Refusals on the terminal: while a run goes, first among its results, and as its exit code."""

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.terminal import Terminal
from pipeline.records.published.quarantine import read_errors
from pipeline.records.raw.feeds import FeedCounts, FeedName
from pipeline.records.raw.record import RawRecord
from pipeline.views import words
from pipeline.views.refusals import FIXES, ROWS_MAX, Refusals, refusals_of, unheard

REFUSED_NEWEST = 1_000
"""Who begins to follow hears of so many refused records of each partition: the reasons of today, not of a month."""

KINDS_MAX = 1_000
"""Topics with reasons that are counted apart; there are a few dozen unless a stranger writes to quarantine."""

_SAID_CHARS_MAX = 160


class RefusalTeller:
    """Tells what a run does not hear.

    Args:
        terminal: Where it is told: on the error stream, so that data stay data.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._told: set[FeedName] = set()
        self._refusals: Refusals | None = None

    def hear(self, feeds: FeedCounts) -> None:
        """Say of a feed once, while the run goes, that nothing of it can be used."""
        for feed, sentence in unheard(feeds):
            if feed not in self._told:
                self._told.add(feed)
                self._terminal.say(_cut(sentence))

    def tell(self, feeds: FeedCounts) -> None:
        """Say at the end, before the results, what was refused, what was heard late, and what was guessed."""
        refusals = self._refusals = refusals_of(feeds)
        say = self._terminal.say
        for sentence in refusals.guessed[:ROWS_MAX]:
            say(sentence)
        for sentence in refusals.heard_late[:ROWS_MAX]:
            say(sentence)
        if not refusals.refused:
            return
        say(f"{refusals.headline}: {refusals.by_reason}")
        shown = [row for row in refusals.rows if row.is_finding] or list(refusals.rows[:3])
        for row in shown[:ROWS_MAX]:
            say(_cut(f"  {row.feed}: {row.share} refused, {words.plain(row.reason)}: {row.said}"))
        if len(shown) < len(refusals.rows):
            say(f"  and {len(refusals.rows) - len(shown[:ROWS_MAX])} more feeds or reasons: run.json")

    def leave(self) -> None:
        """End with exit code 1 if the result is to be doubted.

        Raises:
            FindingError: With what mends it.
        """
        if self._refusals is not None and self._refusals.is_finding:
            raise FindingError(self._refusals.verdict)


def _cut(sentence: str) -> str:
    """A line that fits a terminal or two."""
    return sentence if len(sentence) <= _SAID_CHARS_MAX * 2 else f"{sentence[: _SAID_CHARS_MAX * 2]}…"


class QuarantineTeller:
    """Tells what is refused while the stages run, as records of `quarantine` arrive.

    A feed that is refused whole comes a thousand times a second, so a line comes with
    the 1st, 10th, 100th ... record of a topic and reason.

    Args:
        terminal: Where it is told: on the error stream, so that data stay data.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._counts: dict[tuple[str, str], int] = {}

    def hear(self, record: RawRecord) -> None:
        """Count a refused record, and say so where its number is a power of ten."""
        said = read_errors(record.headers)
        topic, reason = said.get("topic", record.topic), said.get("reason", "no reason of ours")
        kind = (topic, reason)
        if kind not in self._counts and len(self._counts) >= KINDS_MAX:
            return
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        if set(str(count)[1:]) <= {"0"} and str(count)[0] == "1":
            records = "a record" if count == 1 else f"{count:,} records"
            message = said.get("exception.message", "")
            self._terminal.say(_cut(f"refused: {records} of {topic}, {words.plain(reason)}: {message}"))
            if count == 1 and reason in FIXES:
                self._terminal.say(f"  {FIXES[reason]}")

    def tell(self) -> None:
        """Say at the end what was refused in all."""
        if self._counts:
            most = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
            parts = (f"{count:,} of {topic}, {words.plain(reason)}" for (topic, reason), count in most[:ROWS_MAX])
            self._terminal.say(f"refused meanwhile: {'; '.join(parts)}")

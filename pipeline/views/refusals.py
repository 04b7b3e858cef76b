"""What a run did not hear, told beside what it found: a refused feed is not peace.

"No incident" means little if the figures that would have shown one were refused. So
whoever shows a result shows first which feeds were refused, how much of
each, why, and what mends it. Some refusals are a finding of their own: more than a
tenth of all records, a whole feed, or more than a hundredth of a feed for what its
sender wrote, since that is a mistake which strikes the values that matter:
a percent that is called a ratio is in range until something fails.

Stragglers are no finding: every stream has them.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pipeline.records.errors import Reason
from pipeline.records.raw.feeds import FeedCount, FeedName
from pipeline.reference.metrics import by_rule
from pipeline.views import words

SHARE_OF_ALL_MAX: Final = 0.1
"""More than a tenth of all records refused: the result is of another stream."""

SHARE_OF_FEED_MAX: Final = 0.01
"""More than a hundredth of a feed refused for its content is no typing error."""

WHOLE_RECORDS_MIN: Final = 2
"""A single record that is refused for its content is a slip, not a feed."""

LATE_RECORDS_MIN: Final = 3
"""So many late records, and none in time, make a feed that is not heard; one or two are stragglers."""

UNHEARD_RECORDS_MIN: Final = 20
"""So many refused records, and none used, are told while the run still goes."""

ROWS_MAX: Final = 50
"""Rows shown; the rest is counted."""

_OF_TIME: Final = frozenset({Reason.LATE, Reason.LATE_PARTIAL, Reason.STALE, Reason.FUTURE_TIMESTAMP})
"""Reasons that lie in when a record came, not in what it says."""

FIXES: Final[Mapping[str, str]] = {
    Reason.LATE: "raise ingest.steady_lag_ms_max to its lag, or ingest.lateness_ms of its source; or mend its clock",
    Reason.STALE: "import history as a recording with Kafka timestamps of its own, or raise ingest.stale_ms_max",
    Reason.FUTURE_TIMESTAMP: "mend the sender's clock or time zone",
    Reason.BAD_TIME: "name the form of its times: tocsin import --time-format, --time-zone",
    Reason.OUT_OF_RANGE: "name the unit that its values are in (percent, permille, us ...), or state the metric's"
    " unit and range in metrics.toml",
    Reason.UNKNOWN_UNIT: "send the metric's own unit, or state the unit in metrics.toml",
    Reason.UNKNOWN_OPERATOR: "add the operator to operators.toml, or map its name to a known id",
    Reason.UNKNOWN_MARKET: "add the market to markets.toml and an operator of it to operators.toml",
    Reason.UNKNOWN_AREA: "add the area to own_places.csv, or send a path that the place tree knows",
    Reason.UNKNOWN_SERVICE: "map the service to one of ours: tocsin import --values service:...",
    Reason.SCHEMA_MISMATCH: "send the fields as schemas/ says",
    Reason.MALFORMED_JSON: "send JSON objects, one a record",
}


class RefusedFeed(NamedTuple):
    """One feed and one reason.

    Attributes:
        feed: Name of the feed, as people read it.
        refused: How many of its records were refused for that reason.
        records: How many it has in all.
        reason: Reason of the closed list.
        said: One of the messages.
        fix: What mends it; empty if nobody but the message knows.
        is_finding: It alone is enough to doubt the result.
    """

    feed: str
    refused: int
    records: int
    reason: str
    said: str
    fix: str
    is_finding: bool

    @property
    def share(self) -> str:
        """How much of the feed it is.

        >>> RefusedFeed("tickets sfr app", 3, 3, "late", "", "", True).share
        'all 3'
        """
        of = f"all {self.records:,}" if self.refused == self.records else f"{self.refused:,} of {self.records:,}"
        return of


class Refusals(NamedTuple):
    """All refusals of a run.

    Attributes:
        refused: Records that were refused.
        records: Records in all, without heartbeats.
        rows: By feed and reason; findings first, then the most.
        heard_late: Sentences on feeds whose times were moved by their lag.
        guessed: Sentences on metrics that nobody described.
    """

    refused: int
    records: int
    rows: tuple[RefusedFeed, ...]
    heard_late: tuple[str, ...]
    guessed: tuple[str, ...]

    @property
    def is_finding(self) -> bool:
        """Whether the result is to be doubted."""
        return self.refused > SHARE_OF_ALL_MAX * self.records or any(row.is_finding for row in self.rows)

    @property
    def headline(self) -> str:
        """One sentence on all of them; empty if there are none."""
        if not self.refused:
            return ""
        share = f"{100 * self.refused / self.records:.2g} %"
        return f"{self.refused:,} of {self.records:,} records ({share}) were refused: the result does not know them"

    @property
    def by_reason(self) -> str:
        """How many for each reason, the most first."""
        counts: dict[str, int] = {}
        for row in self.rows:
            counts[row.reason] = counts.get(row.reason, 0) + row.refused
        most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return ", ".join(f"{count:,} {words.plain(reason)}" for reason, count in most)

    @property
    def verdict(self) -> str:
        """Why the result is to be doubted and what mends it, one line each; empty if it is not."""
        if not self.is_finding:
            return ""
        findings = [row for row in self.rows if row.is_finding] or list(self.rows[:1])
        lines = [
            f"{row.feed}: {row.share} refused, {words.plain(row.reason)}: {row.fix or row.said}" for row in findings
        ]
        return "\n".join((f"{self.headline}", *lines[:ROWS_MAX]))


def refusals_of(feeds: Mapping[FeedName, FeedCount]) -> Refusals:
    """What the counts of a run's feeds say of refusals.

    Args:
        feeds: Every feed of the run.
    """
    rows = [row for feed, count in feeds.items() for row in _rows(feed, count)]
    refused = sum(row.refused for row in rows)
    return Refusals(
        refused=refused,
        records=refused + sum(count.used for count in feeds.values()),
        rows=tuple(sorted(rows, key=lambda row: (not row.is_finding, -row.refused, row.feed, row.reason))),
        heard_late=tuple(_heard_late(feeds.items())),
        guessed=tuple(guesses(feeds.items()).values()),
    )


def unheard(feeds: Mapping[FeedName, FeedCount]) -> Iterable[tuple[FeedName, str]]:
    """Feeds of which nothing could be used so far, for what their senders wrote; told before there is a result.

    Args:
        feeds: Every feed, as far as the run has come.
    """
    for feed, count in sorted(feeds.items()):
        refused = {reason: number for reason, number in count.refused.items() if reason not in _OF_TIME}
        if feed.kind and not count.used and sum(refused.values()) >= UNHEARD_RECORDS_MIN:
            reason = max(refused, key=lambda reason: (refused[reason], reason))
            said = count.said.get(reason, "")
            yield feed, f"{feed}: none of its records could be used so far: {words.plain(reason)}: {said}"


def _rows(feed: FeedName, count: FeedCount) -> Iterable[RefusedFeed]:
    refused = sum(count.refused.values())
    records = refused + count.used
    for reason, number in count.refused.items():
        yield RefusedFeed(
            feed=str(feed),
            refused=number,
            records=records,
            reason=reason,
            said=count.said.get(reason, ""),
            fix=FIXES.get(reason, ""),
            is_finding=bool(feed.kind) and _is_finding(count, reason, records),
        )


def _is_finding(count: FeedCount, reason: str, records: int) -> bool:
    """Whether a feed's refusals for one reason are enough to doubt the result."""
    is_of_time = reason in _OF_TIME
    if not count.used:
        return records >= (LATE_RECORDS_MIN if is_of_time else WHOLE_RECORDS_MIN)
    refused = count.refused[reason]
    return not is_of_time and refused >= WHOLE_RECORDS_MIN and refused > SHARE_OF_FEED_MAX * records


def _heard_late(feeds: Iterable[tuple[FeedName, FeedCount]]) -> Iterable[str]:
    for feed, count in sorted(feeds):
        if count.moved_ms and count.used:
            lag = words.lasting(count.moved_ms)
            yield f"{feed}: steadily {lag} late, heard all the same; what it shows is dated up to {lag} too late"


def guesses(feeds: Iterable[tuple[FeedName, FeedCount]]) -> dict[str, str]:
    """Each metric that nobody described, and what it is taken for, in a sentence.

    Args:
        feeds: Feeds with what became of their records.

    >>> guesses([(FeedName("telemetry", "o2", "jitter_ms"), FeedCount(used=1, unit="ms"))])["jitter_ms"]
    'jitter_ms: not in metrics.toml; taken by its name and unit for a latency in ms, worse when it rises'
    """
    return dict(_guessed(feeds))


def _guessed(feeds: Iterable[tuple[FeedName, FeedCount]]) -> Iterable[tuple[str, str]]:
    units = {feed.kind: count.unit for feed, count in sorted(feeds) if count.unit}
    for name, unit in units.items():
        metric = by_rule(name, unit)
        worse = {"up": "worse when it rises", "down": "worse when it falls", "both": "supports, opens nothing"}[
            metric.bad
        ]
        yield name, f"{name}: not in metrics.toml; taken by its name and unit for a {metric.kind} in {unit}, {worse}"

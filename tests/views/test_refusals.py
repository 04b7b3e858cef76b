"""Refusals beside a result: what is a finding, what is a straggler, and what mends it."""

import pytest

from pipeline.records.errors import Reason
from pipeline.records.raw.feeds import FEEDS_MAX, FeedCount, FeedCounts, FeedName, counted, feed_of_value
from pipeline.views.refusals import FIXES, refusals_of, unheard

LOSS = FeedName("telemetry", "netcologne", "loss")
LATENCY = FeedName("telemetry", "netcologne", "latency_ms")


def feed(used: int, **refused: int) -> FeedCount:
    return FeedCount(used=used, refused=refused, said={reason: f"{reason} it is" for reason in refused})


@pytest.mark.parametrize(
    ("count", "is_finding"),
    [
        pytest.param(feed(8_460, out_of_range=180), True, id="two_in_a_hundred_that_cannot_exist"),
        pytest.param(feed(9_990, out_of_range=10), False, id="one_in_a_thousand_is_a_glitch"),
        pytest.param(feed(0, unknown_operator=2), True, id="a_whole_feed_of_two"),
        pytest.param(feed(0, late=40_278), True, id="a_whole_feed_that_is_late"),
        pytest.param(feed(0, late=2), False, id="two_stragglers_are_no_feed"),
        pytest.param(feed(4_000, late=300), False, id="stragglers"),
        pytest.param(feed(4_000, late=600), True, id="more_than_a_tenth_of_all"),
        pytest.param(feed(10), False, id="all_used"),
    ],
)
def test_what_is_refused_is_a_finding_if_it_may_hide_an_outage(count: FeedCount, *, is_finding: bool) -> None:
    refusals = refusals_of({LOSS: count, LATENCY: feed(1_000)})
    assert refusals.is_finding is is_finding
    assert bool(refusals.verdict) is is_finding
    assert refusals.refused == sum(count.refused.values())
    assert refusals.records == count.used + refusals.refused + 1_000


def test_findings_come_first_with_share_reason_and_fix() -> None:
    refusals = refusals_of({LATENCY: feed(90_000, late=900), LOSS: feed(0, out_of_range=180)})
    assert [row.feed for row in refusals.rows] == ["telemetry netcologne loss", "telemetry netcologne latency_ms"]
    assert refusals.headline.startswith("1,080 of 91,080 records (1.2 %) were refused")
    assert refusals.by_reason == "900 late, 180 out of range"
    assert refusals.verdict.splitlines()[1] == (
        f"telemetry netcologne loss: all 180 refused, out of range: {FIXES[Reason.OUT_OF_RANGE]}"
    )


def test_nothing_refused_says_nothing() -> None:
    refusals = refusals_of({LOSS: feed(5)})
    assert (refusals.headline, refusals.rows, refusals.verdict) == ("", (), "")


def test_a_feed_that_is_heard_late_and_a_metric_that_was_guessed_are_said() -> None:
    late, guessed = FeedCount(used=9, moved_ms=152_500), FeedCount(used=9, unit="ratio")
    refusals = refusals_of({LATENCY: late, LOSS: guessed})
    assert refusals.heard_late[0].startswith("telemetry netcologne latency_ms: steadily 2 min 32 s late")
    assert refusals.guessed == (
        "loss: not in metrics.toml; taken by its name and unit for a ratio in ratio, worse when it rises",
    )
    assert not refusals.is_finding


def test_a_feed_that_cannot_be_used_is_told_while_the_run_goes_and_a_late_one_may_still_be_learnt() -> None:
    feeds = {
        LOSS: feed(0, unknown_area=20),
        LATENCY: feed(0, late=500),
        FeedName("tickets"): feed(0, malformed_json=99),
    }
    assert [name for name, _ in unheard(feeds)] == [LOSS]


def test_counts_do_not_depend_on_the_order_of_work() -> None:
    refused = [(LOSS, "late", f"message {n}") for n in range(9)]
    assert counted(refused) == counted(reversed(refused))
    merged = FeedCounts()
    merged.merge(counted(refused[4:]))
    merged.merge(counted(refused[:4]))
    assert merged == counted(refused)


def test_a_flood_of_names_is_counted_together() -> None:
    counts = counted((FeedName("telemetry", f"o{n}", "m"), "unknown_operator", "") for n in range(FEEDS_MAX + 50))
    assert len(counts) == FEEDS_MAX + 1
    assert counts[FeedName("telemetry")].refused == {"unknown_operator": 50}


@pytest.mark.parametrize(
    ("value", "name"),
    [
        pytest.param(b'{"operator": "sfr", "metric": "x", "value": "high"}', ("sfr", "x"), id="bare"),
        pytest.param(b'\0\0\0\0\1{"operator": "sfr", "metric": "x"}', ("sfr", "x"), id="registry_prefix"),
        pytest.param(b'{"specversion": "1.0", "data": {"operator": "sfr", "metric": "x"}}', ("sfr", "x"), id="event"),
        pytest.param(b'{"operator": 5, "metric": "a\\u0007b"}', ("", ""), id="no_names"),
        pytest.param(b"[" * 20_000, ("", ""), id="too_deep"),
        pytest.param(b"\xff\xfe", ("", ""), id="no_text"),
        pytest.param(None, ("", ""), id="nothing"),
    ],
)
def test_the_feed_of_a_record_that_cannot_be_read_is_looked_for_in_its_bytes(
    value: bytes | None, name: tuple[str, str]
) -> None:
    assert feed_of_value("telemetry", value) == ("telemetry", *name)

"""The dashboard `feeds`: is everybody heard?"""

from typing import Final

from tools.dashboards.tables import Dashboard, Panel, Query

FEEDS: Final = Dashboard(
    "feeds",
    "Tocsin: feeds",
    "Is everybody heard? What comes in, of whom, what of it is used, and why the rest is not.",
    (
        Panel(
            "Events",
            "Real records by source; heartbeats are not among them.",
            "ops",
            (Query("sum by (source) (rate(tocsin_events_consumed_total{S}[R]))", "{{source}}"),),
        ),
        Panel(
            "Share that is used",
            "1 is all of it; the objective is 0.999 over 30 days (TocsinQuarantineBudgetBurn, TocsinQuarantineRatio).",
            "percentunit",
            (
                Query(
                    "sum by (source) (rate(tocsin_events_used_total{S}[R]))"
                    " / (sum by (source) (rate(tocsin_events_consumed_total{S}[R])) > 0)",
                    "{{source}}",
                ),
            ),
        ),
        Panel(
            "Share in time",
            "Worked on within 30 s of the Kafka timestamp; the objective is 0.99 (TocsinLatencyBudgetBurn).",
            "percentunit",
            (
                Query(
                    "sum by (source) (rate(tocsin_events_on_time_total{S}[R]))"
                    " / (sum by (source) (rate(tocsin_events_consumed_total{S}[R])) > 0)",
                    "{{source}}",
                ),
            ),
        ),
        Panel(
            "Since a feed was heard",
            "By operator; one that grows while others do not is a dead feed (TocsinFeedDead).",
            "s",
            (
                Query(
                    "time() - max by (source, operator) (tocsin_feed_last_heard_timestamp_seconds{S})",
                    "{{source}} {{operator}}",
                ),
            ),
        ),
        Panel(
            "Since a feed was used",
            "Heard and not used is refused: as good as dead (TocsinFeedRefused).",
            "s",
            (
                Query(
                    "time() - max by (source, operator) (tocsin_feed_last_used_timestamp_seconds{S})",
                    "{{source}} {{operator}}",
                ),
            ),
        ),
        Panel(
            "Since a source had a real record",
            "Heartbeats do not count; the clocks go on without it.",
            "s",
            (Query("time() - max by (source) (tocsin_last_event_timestamp_seconds{S})", "{{source}}"),),
        ),
        Panel(
            "Used, by feed",
            "Records of each operator's feed that count for something.",
            "ops",
            (
                Query(
                    'sum by (source, operator) (rate(tocsin_feed_events_total{S,outcome="used"}[R]))',
                    "{{source}} {{operator}}",
                ),
            ),
        ),
        Panel(
            "Refused, by feed",
            "Whose records go to quarantine; `unknown` is an operator that the reference does not have.",
            "ops",
            (
                Query(
                    'sum by (source, operator) (rate(tocsin_feed_events_total{S,outcome="refused"}[R]))',
                    "{{source}} {{operator}}",
                ),
            ),
        ),
        Panel(
            "Refused, by reason",
            "Each reason has a runbook in quarantine/.",
            "ops",
            (
                Query(
                    "topk(10, sum by (source, reason) (rate(tocsin_events_quarantined_total{S}[R])))",
                    "{{source}} {{reason}}",
                ),
            ),
        ),
        Panel(
            "Refused readings, by metric",
            "Metrics of telemetry whose readings are refused.",
            "ops",
            (
                Query(
                    "topk(10, sum by (metric, reason) (rate(tocsin_readings_quarantined_total{S}[R])))",
                    "{{metric}} {{reason}}",
                ),
            ),
        ),
        Panel(
            "Silent feeds",
            "What DETECT calls silent: neither an outage nor an all-clear (TocsinFeedSilent).",
            "short",
            (Query("sum by (source) (tocsin_feeds_silent{S})", "{{source}}"),),
        ),
        Panel(
            "Heartbeats",
            "Sent to quiet raw partitions, and read; without them a quiet partition holds time back.",
            "ops",
            (
                Query("sum by (source) (rate(tocsin_heartbeats_sent_total{S}[R]))", "sent {{source}}"),
                Query("sum by (source) (rate(tocsin_heartbeats_read_total{S}[R]))", "read {{source}}"),
            ),
        ),
    ),
)

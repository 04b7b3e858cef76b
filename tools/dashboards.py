"""The dashboards of deploy/grafana, written from short tables: `python -m tools.dashboards`.

A panel is a title, a sentence that says what to see in it, a unit and its queries; all the rest that
Grafana wants is the same for every panel. In a query `{S}` stands for the job and the instances that were chosen, and
`{S,reason="late"}` narrows them; `[R]` is the interval that fits the width of the panel.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

FOLDER: Final = Path(__file__).parents[1] / "deploy" / "grafana"
CHOSEN: Final = 'job="tocsin", instance=~"$instance"'
PANEL_WIDTH, PANEL_HEIGHT, ROW_WIDTH = 8, 8, 24
SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
OTHER_PAGES: Final = {
    "type": "dashboards",
    "tags": ["tocsin"],
    "title": "Tocsin",
    "tooltip": "The other dashboards of Tocsin, at the same time and of the same processes",
    "icon": "external link",
    "asDropdown": False,
    "includeVars": True,
    "keepTime": True,
    "targetBlank": False,
}


class Query(NamedTuple):
    """One line, or one bundle of lines, of a panel.

    Attributes:
        asked: PromQL, with `{S}` and `[R]`.
        legend: Name of a line, with labels in double braces.
    """

    asked: str
    legend: str


class Panel(NamedTuple):
    """One picture.

    Attributes:
        title: Title of the panel.
        says: What to see in it, and which alert belongs to it.
        unit: Unit of Grafana.
        queries: What it draws.
        kind: `timeseries` or `stat`.
    """

    title: str
    says: str
    unit: str
    queries: tuple[Query, ...]
    kind: str = "timeseries"


class Dashboard(NamedTuple):
    """One page.

    Attributes:
        name: Name of its file and its id.
        title: Title of the page.
        says: What the page is for.
        panels: From left to right, three in a row.
    """

    name: str
    title: str
    says: str
    panels: tuple[Panel, ...]


def _quantiles(metric: str, by: str) -> tuple[Query, ...]:
    return tuple(
        Query(
            f"histogram_quantile({share}, sum by (le, {by}) (rate({metric}_bucket{{S}}[R])))", f"p{name} {{{{{by}}}}}"
        )
        for share, name in ((0.5, "50"), (0.99, "99"))
    )


PIPELINE: Final = Dashboard(
    "pipeline",
    "Tocsin: pipeline",
    "Is everything running, and how far behind is it? From the top: processes, time, messages, Kafka, resources.",
    (
        Panel(
            "Processes",
            "Processes that answer, by stage; none of a stage means that no outage is heard (TocsinStageDown).",
            "short",
            (Query("sum by (stage) (tocsin_build_info{S})", "{{stage}}"),),
            "stat",
        ),
        Panel(
            "Ends in the last hour",
            "With which words processes left; a word has a runbook in exits/ (TocsinRestarts, TocsinBrokerGone).",
            "short",
            (
                Query(
                    "sum by (stage, word) (increase(tocsin_process_exits_total{S}[1h])) > 0.5 or on() vector(0)",
                    "{{stage}} {{word}}",
                ),
            ),
        ),
        Panel(
            "Age of the watermark",
            "How far time is behind, by source and as DETECT sealed it; 30 s to 45 s are well (TocsinWatermarkOld).",
            "s",
            (
                Query("time() - min by (source) (tocsin_watermark_timestamp_seconds{S})", "{{source}}"),
                Query('time() - min by (stage) (tocsin_last_result_timestamp_seconds{S,stage="detect"})', "sealed"),
            ),
        ),
        Panel(
            "Messages that wait",
            "Lag by topic: raw topics are INGEST's, signals DETECT's, anomalies CORRELATE's (TocsinLagGrows).",
            "short",
            (Query("sum by (topic) (tocsin_consumer_lag_messages{S})", "{{topic}}"),),
        ),
        Panel(
            "Partitions that wait most",
            "The ten largest lags; one alone among many means a lopsided key or a partition without leader.",
            "short",
            (Query("topk(10, tocsin_consumer_lag_messages{S})", "{{topic}}/{{partition}}"),),
        ),
        Panel(
            "Records read",
            "By stage and topic, heartbeats among them; nothing read while messages wait is TocsinStageStuck.",
            "ops",
            (Query("sum by (stage, topic) (rate(tocsin_records_read_total{S}[R]))", "{{stage}} {{topic}}"),),
        ),
        Panel(
            "Loop and commit",
            "How long ago each loop came round, and each stage committed; seconds, unless nothing happens.",
            "s",
            (
                Query("time() - min by (stage) (tocsin_heartbeat_timestamp_seconds{S})", "loop {{stage}}"),
                Query("time() - max by (stage) (tocsin_last_commit_timestamp_seconds{S})", "commit {{stage}}"),
            ),
        ),
        Panel(
            "Transactions",
            "Committed by stage, and aborted; a process leaves after an aborted one.",
            "ops",
            (
                Query("sum by (stage) (rate(tocsin_transaction_seconds_count{S}[R]))", "{{stage}}"),
                Query("sum by (stage) (rate(tocsin_transactions_aborted_total{S}[R]))", "{{stage}} aborted"),
            ),
        ),
        Panel(
            "Length of a transaction",
            "Slow ones on all stages at once point at Kafka; the oldest open one is TocsinStageStuck after a minute.",
            "s",
            (
                *_quantiles("tocsin_transaction_seconds", "stage"),
                Query(
                    "max by (stage) ((time() - tocsin_transaction_begun_timestamp_seconds{S})"
                    " * (tocsin_transaction_begun_timestamp_seconds{S} > bool 0))",
                    "open {{stage}}",
                ),
            ),
        ),
        Panel(
            "Event to commit",
            "Wall time of a commit less the event time of its oldest result: where is time lost on the way?",
            "s",
            _quantiles("tocsin_event_e2e_latency_seconds", "stage"),
        ),
        Panel(
            "Partitions and rebalances",
            "What each stage owns in all; less than there are means that somebody is missing.",
            "short",
            (
                Query("sum by (stage) (tocsin_consumer_assigned_partitions{S})", "owned {{stage}}"),
                Query("sum(tocsin_consumer_paused_partitions{S})", "paused"),
                Query("sum by (stage) (increase(tocsin_rebalances_total{S}[R]))", "rebalances {{stage}}"),
            ),
        ),
        Panel(
            "State written",
            "State that goes to its topics; the broker keeps all of it until compaction (TocsinStateDisk).",
            "Bps",
            (Query("sum by (stage) (rate(tocsin_state_written_bytes_total{S}[R]))", "{{stage}}"),),
        ),
        Panel(
            "Processor",
            "Cores in use; INGEST and DETECT near 1 a process are full: start another one.",
            "short",
            (Query("sum by (instance) (rate(process_cpu_seconds_total{S}[R]))", "{{instance}}"),),
        ),
        Panel(
            "Memory",
            "Resident memory; it is flat once all series are known.",
            "bytes",
            (Query("process_resident_memory_bytes{S}", "{{instance}}"),),
        ),
        Panel(
            "Open descriptors",
            "Sockets and files, as a share of what is allowed.",
            "percentunit",
            (Query("process_open_fds{S} / process_max_fds{S}", "{{instance}}"),),
        ),
    ),
)

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

INCIDENTS: Final = Dashboard(
    "incidents",
    "Tocsin: incidents",
    "What is found, how bad it is, how soon it is told, and what waits for a person.",
    (
        Panel(
            "Open incidents",
            "By state and worst severity so far; drills are left out (TocsinCriticalIncident).",
            "short",
            (Query("sum by (state, severity) (tocsin_incidents_open{S})", "{{state}} {{severity}}"),),
        ),
        Panel(
            "Emergency",
            "Open incidents with a claim that emergency calls fail; those not acknowledged need a person now.",
            "short",
            (Query("sum by (acknowledged) (tocsin_emergency_incidents_open{S})", "acknowledged {{acknowledged}}"),),
            "stat",
        ),
        Panel(
            "Turns",
            "Incidents that entered a state, by hour; `suspected` is their opening.",
            "short",
            (Query("sum by (state) (increase(tocsin_incident_moves_total{S}[1h]))", "{{state}}"),),
        ),
        Panel(
            "Worst severities",
            "Incidents whose worst severity rose to this one, by hour.",
            "short",
            (
                Query(
                    "sum by (market, severity) (increase(tocsin_incident_peaks_total{S}[1h]))",
                    "{{market}} {{severity}}",
                ),
            ),
        ),
        Panel(
            "Reopened",
            "Incidents that came back after they were resolved, by day: many mean that all-clears come too early.",
            "short",
            (Query("sum by (market) (increase(tocsin_incidents_reopened_total{S}[1d]))", "{{market}}"),),
        ),
        Panel(
            "Anomalies",
            "Steps of series that stood out, by source and detector.",
            "ops",
            (Query("sum by (source, detector) (rate(tocsin_anomalies_total{S}[R]))", "{{source}} {{detector}}"),),
        ),
        Panel(
            "Time to tell",
            "From the pane end that made a revision to its commit; the objective is 60 s (TocsinTellingBudgetBurn).",
            "s",
            _quantiles("tocsin_incident_emit_delay_seconds", "job"),
        ),
        Panel(
            "Time to find",
            "From the estimated start of an incident to its opening, in event time, on average of a day.",
            "s",
            (
                Query(
                    "sum(increase(tocsin_incident_detection_delay_seconds_sum{S}[1d]))"
                    " / (sum(increase(tocsin_incident_detection_delay_seconds_count{S}[1d])) > 0) or on() vector(0)",
                    "mean",
                ),
            ),
        ),
        Panel(
            "Notices",
            "Notices that can still change, by kind and state; 0 stands for none at all.",
            "short",
            (Query("sum by (kind, state) (tocsin_notices_open{S}) or on() vector(0)", "{{kind}} {{state}}"),),
        ),
        Panel(
            "Oldest draft",
            "How long the oldest draft has waited for a person; 0 if none waits (TocsinDraftWaits).",
            "s",
            (Query("time() - min by (kind) (tocsin_draft_oldest_timestamp_seconds{S}) or on() vector(0)", "{{kind}}"),),
        ),
        Panel(
            "Communication clocks",
            "Time left until a draft is due; below 0 it is overdue (TocsinDraftOverdue); 0 if none is due at all.",
            "s",
            (Query("min by (kind) (tocsin_draft_due_timestamp_seconds{S}) - time() or on() vector(0)", "{{kind}}"),),
        ),
        Panel(
            "Regulators' clocks",
            "Time left until a first report is due; 0 if none runs (TocsinReportDue).",
            "s",
            (
                Query(
                    "min by (profile) (tocsin_report_due_timestamp_seconds{S}) - time() or on() vector(0)",
                    "{{profile}}",
                ),
            ),
        ),
        Panel(
            "Notices made",
            "Notices that entered a state, by hour.",
            "short",
            (Query("sum by (kind, state) (increase(tocsin_notice_moves_total{S}[1h]))", "{{kind}} {{state}}"),),
        ),
    ),
)

DASHBOARDS: Final = (PIPELINE, INCIDENTS, FEEDS)


def _target(query: Query, number: int) -> dict[str, Any]:
    asked = (
        query.asked.replace("{S}", f"{{{CHOSEN}}}").replace("{S,", f"{{{CHOSEN}, ").replace("[R]", "[$__rate_interval]")
    )
    return {"refId": chr(ord("A") + number), "datasource": SOURCE, "expr": asked, "legendFormat": query.legend}


def _panels(panels: tuple[Panel, ...]) -> Iterator[dict[str, Any]]:
    a_row = ROW_WIDTH // PANEL_WIDTH
    for number, panel in enumerate(panels):
        yield {
            "id": number + 1,
            "type": panel.kind,
            "title": panel.title,
            "description": panel.says,
            "datasource": SOURCE,
            "gridPos": {
                "x": number % a_row * PANEL_WIDTH,
                "y": number // a_row * PANEL_HEIGHT,
                "w": PANEL_WIDTH,
                "h": PANEL_HEIGHT,
            },
            "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
            "options": {"legend": {"showLegend": True}} if panel.kind == "timeseries" else {},
            "targets": [_target(query, place) for place, query in enumerate(panel.queries)],
        }


def page_of(dashboard: Dashboard) -> str:
    """The file of a dashboard, as Grafana reads it."""
    variables = [
        {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"},
        {
            "name": "instance",
            "label": "Process",
            "type": "query",
            "datasource": SOURCE,
            "query": 'label_values(tocsin_build_info{job="tocsin"}, instance)',
            "includeAll": True,
            "allValue": ".+",
            "multi": True,
            "refresh": 2,
            "current": {"text": "All", "value": "$__all"},
        },
    ]
    page = {
        "uid": f"tocsin-{dashboard.name}",
        "title": dashboard.title,
        "description": dashboard.says,
        "tags": ["tocsin"],
        "editable": False,
        "schemaVersion": 39,
        "timezone": "utc",
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": variables},
        "links": [OTHER_PAGES],
        "panels": list(_panels(dashboard.panels)),
    }
    return json.dumps(page, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for dashboard in DASHBOARDS:
        (FOLDER / f"{dashboard.name}.json").write_text(page_of(dashboard), "utf-8")


if __name__ == "__main__":
    main()

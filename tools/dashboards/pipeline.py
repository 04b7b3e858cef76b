"""The dashboard `pipeline`: does it run, does it keep up, how long does a record take?"""

from typing import Final

from tools.dashboards.tables import Dashboard, Panel, Query, quantiles

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
                *quantiles("tocsin_transaction_seconds", "stage"),
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
            quantiles("tocsin_event_e2e_latency_seconds", "stage"),
        ),
        Panel(
            "Corrections learnt",
            "How old what was learnt of the operator's posts is, by language, where it is in force and where frozen.",
            "s",
            (
                Query(
                    "time() - max by (language) (tocsin_corrections_until_timestamp_seconds{S})"
                    " and on(language) max by (language) (tocsin_corrections_in_force{S}) > 0",
                    "{{language}}",
                ),
                Query(
                    "time() - max by (language) (tocsin_corrections_until_timestamp_seconds{S})"
                    " and on(language) max by (language) (tocsin_corrections_frozen{S}) > 0",
                    "{{language}} frozen",
                ),
            ),
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

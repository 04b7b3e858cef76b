"""The dashboard `incidents`: what is found, how soon it is told, what waits for a person."""

from typing import Final

from tools.dashboards.tables import Dashboard, Panel, Query, quantiles

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
            quantiles("tocsin_incident_emit_delay_seconds", "job"),
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

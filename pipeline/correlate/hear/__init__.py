"""Who is heard in a pane: orders, officials, claims, feeds, figures and anomalies."""

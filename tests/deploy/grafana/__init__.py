"""Dashboards against Grafana's own types."""

"""Tests of what lies in deploy/: rules, runbooks, dashboards."""

"""CORRELATE: which abnormal things are one outage, and how it goes on.

Pure: anomalies, official posts, emergency claims and commands in; changes of
incidents and the decisions behind them out. `apply` says in which order.
"""

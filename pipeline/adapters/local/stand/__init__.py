"""The stand: Kafka, all stages, Prometheus and Alertmanager on one machine, and faults that are caused on it.

`place` says where everything is, `watching` starts what watches, `feed` keeps feeds alive, `page` shows it all;
`faults` is the list of what can go wrong, `records` what is sent to cause it, `causing` and `drilling` do so.
"""

"""Worlds with their truth: made-up outages and quiet weeks, to test and measure on.

A scenario is data (`scenarios/*.toml`, its wording in `texts/*.toml`); a seed
chooses one world of it; the world writes raw records as the field would send
them, and the truth beside them. Nothing here knows the pipeline's rules or its
lexicon: a world that only our own rules could see through measures nothing.

    scenario   what a world is made of           parse      TOML to scenario, all mistakes at once
    seeds      chance, by name                   rhythm     hours and weekdays
    outage     who is hit when, and the truth    crowd      how people react; talk: to what
    telemetry, care, tickets, mentions, official            what each source writes
    wording    sentences from patterns           world      what the streams share
    simulate   all streams in order of arrival, and the truth
    uniform    a plain load for benchmarks
"""

"""Worlds with their truth: made-up outages, traps and quiet weeks, to test and measure on.

A scenario is data (`scenarios/*.toml`, below it what many share in `markets/` and `bases/`, its wording in
`texts/*.toml`); a seed chooses one world of it; the world writes raw records as the field would send them, and the
truth beside them. Nothing here knows the pipeline's rules or its lexicon: a world that only our own rules could see
through measures nothing.

    spec/       a scenario as it is written
        scenario, events    what a world is made of, and what happens in it
        template, compose   draws and expressions; towns and operators
        parse, checks       all mistakes at once
        wording             sentences from patterns
    seeds       chance, by name
    world/      the scenario in absolute time
        rhythm              hours, weekdays, holidays, growth
        outage, surges      who is hit when; crowds without an outage
        speakers            who writes, and what they know
        world               what all streams share
    network/    what collectors send
        telemetry, gauges   targets and collectors; the figures that they measure
        vendors, faults     gaps and resets; how monitoring fails
    people/     what people, agents and operators write
        everyday, crowd     when people write: as usual, and in an outage
        talk, delivery      of what; late, and twice
        care, tickets, desks    what the call centre counts; what its agents and other desks write
        mentions, posts, threads, official      what people and operators post
    answer, visible     the truth, and when it could be seen
    simulate    all streams in order of arrival, and the truth
    uniform     a plain load for benchmarks
"""

"""INGEST: raw records in, sums out. Everything here is pure.

`apply` adds a lane's records up; `lateness` decides what is late; `telemetry`,
`tickets`, `mentions` and `commands` say what each source means; `text`
understands what people write; `envelopes` packs the sums.
"""

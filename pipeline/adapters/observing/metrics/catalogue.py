"""docs/metrics.md, written from the table of definitions: `tocsin metrics`."""

from collections.abc import Iterator

from pipeline.adapters.observing.metrics.definitions import CATALOGUE, Definition

_HEAD = """\
# Metrics

Each process serves `/metrics` on `web.host` and `web.port`. This page is written by `tocsin metrics > docs/metrics.md`
from the table in `pipeline/adapters/observing/metrics/definitions.py`; a test compares the two. What to look at when
something is wrong, and which alerts there are: [operating.md](operating.md).

A *feed* is one operator's part of a source. A heartbeat is a record without content that moves a clock: it is counted
apart, so that a dead feed looks dead. Moments are in seconds since 1970; event time is the time in the records, so
while a recording is played it lies in the past. The first hundred feeds and the first hundred metrics of refused
readings have their names as labels, all others are `other`; a feed that names an operator that the reference does not
know is `unknown`, one that names none is `none`.
"""

_FOOT = """\
## The process itself

`process_cpu_seconds_total`, `process_resident_memory_bytes`, `process_virtual_memory_bytes`,
`process_start_time_seconds`, `process_open_fds` and `process_max_fds` are those of Prometheus' own client library.
"""


def catalogue() -> str:
    """The whole page, as Markdown."""
    return "\n".join([_HEAD, *_tables(), _FOOT])


def _tables() -> Iterator[str]:
    for title, definitions in CATALOGUE:
        rows = "".join(map(_row, definitions))
        yield f"## {title}\n\n| metric | kind | labels | says |\n|---|---|---|---|\n{rows}"


def _row(definition: Definition) -> str:
    labels = " ".join(f"`{label}`" for label in definition.labels)
    return f"| `{definition.name}` | {definition.kind} | {labels} | {definition.says} |\n"

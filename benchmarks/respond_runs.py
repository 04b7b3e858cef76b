"""What RESPOND wrote in runs that there are: how soon drafts were ready, and records and bytes for each incident.

Nothing is replayed: the folders of `tocsin story`, `demo` or `replay` are read. How soon is event time, the same on
every machine (`readiness`). Incidents are told by the bytes written about them, the most first.

Usage: respond_runs.py RUN ... [--most N]
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.readiness import Readiness
from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.runs.reading import read_run
from pipeline.records.inner.changes import Change
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import NoticeKind
from pipeline.views.run import Run

TOPICS: Final = ("incidents", "replies", "notices", "followups", "failovers", "decisions")
"""Replies are notices, told apart: there is one for each who complains."""


def hear(run: Run, readiness: Readiness) -> None:
    """Let the watch hear a run as it went: of one moment revisions first, then what was written at them."""
    steps: list[tuple[int, int, str, Change | Notice]] = []
    for history in run.histories:
        for before, after in zip((None, *history), history, strict=False):
            change = Change(at=after.updated_at, before=before, after=after)
            steps.append((int(after.updated_at), 0, after.incident_id, change))
    steps += [(int(notice.drafted_at), 1, notice.notice_id, notice) for notice in run.notices]
    for *_, step in sorted(steps, key=lambda step: step[:3]):
        readiness.hear(step, (step,) if isinstance(step, Notice) else ())


def written(run: Run) -> dict[str, dict[str, list[int]]]:
    """Bytes of each record, by incident and topic."""
    sizes: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for revision in (revision for history in run.histories for revision in history):
        sizes[revision.incident_id]["incidents"].append(len(encode(revision)))
    for notice in run.notices:
        kind = "replies" if notice.kind == NoticeKind.REPLY else "notices"
        sizes[notice.incident_id][kind].append(len(encode(notice)))
    named = (("followups", run.followups), ("failovers", run.failovers), ("decisions", run.decisions))
    for topic, records in named:
        for record in records:
            if record.incident_id is not None:
                sizes[record.incident_id][topic].append(len(encode(record)))
    return sizes


def lines(runs: Sequence[Path], most: int) -> Iterator[str]:
    """The table.

    Args:
        runs: Folders.
        most: So many incidents are told.
    """
    readiness, rows = Readiness(), list[tuple[int, str]]()
    for folder in runs:
        run = read_run(folder)
        hear(run, readiness)
        for name, topics in written(run).items():
            cells = "".join(_cell(topics.get(topic, [])) for topic in TOPICS)
            rows.append((sum(map(sum, topics.values())), f"{folder.name + ' ' + name[:6]:<26}{cells}"))
    yield from readiness.lines()
    yield f"\n{'records, kB':<26}" + "".join(f"{topic:>16}" for topic in TOPICS)
    yield from (row for _, row in sorted(rows, reverse=True)[:most])


def _cell(sizes: Sequence[int]) -> str:
    return f"{len(sizes):>8,}{sum(sizes) / 1e3:>8,.0f}" if sizes else f"{'-':>16}"


def main(words: list[str] | None = None) -> int:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=12)
    said = parser.parse_args(words)
    print("\n".join(lines(said.runs, said.most)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Posts alone: what Tocsin makes of sparse streams, beside a fixed rule that anybody could write.

The rule warns of an operator when at least 5 posts name it in 30 minutes, at least 6 times as many as usual, and at
least 3 of them, and 30 %, are understood as reports of a fault. Warnings within six hours of the one before are one.
"Usual" is the mean of all that came before those 30 minutes, so the rule needs a day to begin.

    python -m benchmarks.quality_sparse
    python -m benchmarks.quality_sparse YEAR.jsonl.zst

Recordings of your own are made by `tocsin import --kind mentions`. Without any, worlds are made up of which only the
posts are kept: three of AT&T 2010, two of television, a rumour; both sides are judged by their truth, and what came of
it is a part of docs/quality.md: exit 1 if the rule is better. Of your own both sides are judged where a truth lies
beside, else printed, to be judged by who knows what happened.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from benchmarks.quality_sections import POSTS, put_alone
from benchmarks.quality_worlds import FOLDER, RULES, replayed
from benchmarks.quality_worlds_bars import MISSED
from benchmarks.quality_worlds_chosen import ROOT, World, cores, simulated, simulator
from benchmarks.quality_worlds_without import Thing, recordings_without
from pipeline.adapters.compose import Parts
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.runs.folder import truth_beside
from pipeline.adapters.runs.scoring import read_histories
from pipeline.adapters.settings.sections import Settings
from pipeline.ingest.text.understand import TextRules
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS, Instant, format_instant, parse_instant

WINDOW_MS: Final = 30 * MINUTE_MS
POSTS_MIN: Final = 5
TIMES_USUAL_MIN: Final = 6.0
UNDERSTOOD_MIN: Final = 3
UNDERSTOOD_SHARE_MIN: Final = 0.3
APART_MS: Final = 6 * HOUR_MS
"""Warnings of one operator that are closer than this are one."""


OWN: Final = (
    *(World("att-2010", seed) for seed in (31, 32, 33)),
    *(World(name, 31) for name in ("live-tv", "tv-rights-error", "rumour")),
)
"""Faults of a few cells that five posts tell, two failures of television, and a trap. Of seeds to train with: the fixed
rule has learnt from none."""
POSTS_ONLY: Final = Thing("posts alone", drops=lambda record: record.topic != "mentions")


STREAM: Final = "en_uk_operators_stream.jsonl"
STREAM_OPERATORS: Final = "operator:@ThreeUK=three-uk,@VodafoneUK=vodafone-uk,@EE=ee,@O2=o2-uk"
STREAM_OUTAGES: Final = (("vodafone-uk", "2019-12-02T11:30:00Z", "2019-12-02T14:00:00Z"),)
"""What its posts tell, read by a person: text messages did not go through. Nothing else that several told at once."""


class Post(NamedTuple):
    """A post about an operator: when, ms, and whether it was understood as a report of a fault."""

    at: int
    understood: bool


def warnings_of(posts: Sequence[Post]) -> list[int]:
    """When the fixed rule warns of one operator, ms.

    Args:
        posts: All that name the operator, by time.

    >>> quiet = [Post(hour * HOUR_MS, False) for hour in range(48)]
    >>> loud = [Post(48 * HOUR_MS + minute * MINUTE_MS, True) for minute in range(6)]
    >>> warnings_of(quiet), [at / MINUTE_MS - 48 * 60 for at in warnings_of(quiet + loud)]
    ([], [4.0])
    """
    warned: list[int] = []
    first, latest = 0, -APART_MS
    for number, post in enumerate(posts, start=1):
        while posts[first].at <= post.at - WINDOW_MS:
            first += 1
        lived = post.at - WINDOW_MS - posts[0].at
        if lived < DAY_MS:
            continue
        together = posts[first:number]
        understood = sum(one.understood for one in together)
        usual = first * WINDOW_MS / lived
        if len(together) >= max(POSTS_MIN, TIMES_USUAL_MIN * usual) and understood >= max(
            UNDERSTOOD_MIN, UNDERSTOOD_SHARE_MIN * len(together)
        ):
            if post.at - latest > APART_MS:
                warned.append(post.at)
            latest = post.at
    return warned


class Said(msgspec.Struct):
    """What is read of a mention here; a deletion has no text."""

    text: str
    market: str
    lang: str | None = None
    operator: str | None = None


def posts_of(recording: Path, reader: TextRules) -> dict[str, list[Post]]:
    """Posts of a recording by the operator that they name."""
    found: dict[str, list[Post]] = defaultdict(list)
    for record in open_recording(recording).records():
        if record.topic != "mentions" or not record.value:
            continue
        try:
            said = msgspec.json.decode(record.value, type=Said)
        except msgspec.DecodeError:
            continue  # what nobody can read is no post
        read = reader.understand(said.text, lang=said.lang, market=said.market, operator=said.operator)
        for operator in read.operators:
            found[operator].append(Post(record.timestamp, read.relevant))
    return {operator: sorted(posts) for operator, posts in found.items()}


class Warned(NamedTuple):
    """A warning about an operator: when, ms, and what was thought of it in the end."""

    at: int
    operator: str
    words: str


def by_rule(recording: Path, reader: TextRules) -> list[Warned]:
    """What the fixed rule warns of."""
    posts = posts_of(recording, reader)
    return sorted(Warned(at, operator, "") for operator in posts for at in warnings_of(posts[operator]))


def by_tocsin(run: Path) -> list[Warned]:
    """What a run has suspected.

    Args:
        run: Its folder.
    """
    found = []
    for history in read_histories(run):
        last, sure = history[-1], any(told.confirmed_at is not None for told in history)
        found += [
            Warned(last.opened_at, said.operator, f"{last.state}, {'confirmed' if sure else 'never confirmed'}")
            for said in last.operators
        ]
    return sorted(found)


def outages_of(recording: Path) -> list[tuple[str, int, int]]:
    """Operator, begin and end (ms) of each outage that the truth beside a recording knows."""
    truth = json.loads(truth_beside(recording).read_bytes())
    return [
        (hit["operator"], parse_instant(outage["started_at"]), parse_instant(outage["ended_at"]))
        for outage in truth["outages"]
        for hit in outage["areas"][:1]
    ]


def stream_in(folder: str | None) -> Path | None:
    """The real stream in the folder of the user's data, or in `text/` there; None if there is none.

    Args:
        folder: What TOCSIN_DATA names.
    """
    places = (Path(folder) / STREAM, Path(folder) / "text" / STREAM) if folder else ()
    return next(filter(Path.is_file, places), None)


def recorded(stream: Path, folder: Path) -> Path:
    """A recording of the real stream.

    Args:
        stream: Its posts.
        folder: Where the recording is made.

    Raises:
        subprocess.CalledProcessError: If it cannot be read.
    """
    out = folder / "stream.jsonl.zst"
    words = ["import", str(stream), "--kind", "mentions", "--map", "post_id=id", "--map", "posted_at=ts"]
    words += [
        "--set",
        "platform=x",
        "--set",
        "market=GB",
        "--values",
        STREAM_OPERATORS,
        "--force",
        "-q",
        "-o",
        str(out),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "pipeline", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return out


class Judged(NamedTuple):
    """How many outages were found, and how many warnings were of none."""

    found: int
    others: int

    def is_as_good(self, other: "Judged") -> bool:
        """Were no fewer outages found, and not warned more often of none?"""
        return self.found >= other.found and self.others <= other.others

    def __add__(self, other: object) -> "Judged":
        """Both together."""
        if not isinstance(other, Judged):
            return NotImplemented
        return Judged(self.found + other.found, self.others + other.others)


def judged(warned: Sequence[Warned], outages: Sequence[tuple[str, int, int]]) -> Judged:
    """Lay warnings beside what was true.

    Args:
        warned: All warnings of one side.
        outages: Operator, begin and end of each, ms.
    """
    hits = [{w for w in warned if w.operator == one[0] and one[1] <= w.at <= one[2]} for one in outages]
    return Judged(sum(map(bool, hits)), len(set(warned) - {w for found in hits for w in found}))


def known_of(recording: Path, *, is_stream: bool) -> list[tuple[str, int, int]] | None:
    """Outages that were; None if nobody knows.

    Args:
        recording: A truth may lie beside it.
        is_stream: Is it the real stream?
    """
    if is_stream:
        return [(operator, parse_instant(begin), parse_instant(end)) for operator, begin, end in STREAM_OUTAGES]
    return outages_of(recording) if truth_beside(recording).is_file() else None


def told(name: str, warned: Sequence[Warned], outages: Sequence[tuple[str, int, int]] | None) -> Iterable[str]:
    """Lines about one side: how many outages it found, or all of its warnings."""
    if outages is not None:
        side = judged(warned, outages)
        yield f"  {name}: {side.found} of {len(outages)} outages, {side.others} others"
        return
    yield f"  {name}: {len(warned)}"
    for w in warned:
        yield f"    {format_instant(Instant(w.at))} {w.operator} {w.words}".rstrip()


class Row(NamedTuple):
    """One recording: how many outages there were, and what both sides made of it."""

    name: str
    outages: int
    rule: Judged
    tocsin: Judged


def section(rows: Sequence[Row]) -> Iterable[str]:
    """The part of the page.

    Args:
        rows: A recording each.
    """
    yield from (POSTS, "")
    yield "Made by `python -m benchmarks.quality_sparse`: worlds of which only the posts are kept (seeds 31 to 33),"
    yield f"beside a fixed rule that anybody could write: at least {POSTS_MIN} posts about an operator in 30 minutes,"
    yield f"{TIMES_USUAL_MIN:g} times as many as usual, and at least {UNDERSTOOD_MIN} of them,"
    yield f"and {UNDERSTOOD_SHARE_MIN:.0%}, understood as reports of a fault."
    yield "A suspicion counts as a warning. `stream` is a real one of four British operators in late 2019, with one"
    yield "failure of text messages; it is left out where TOCSIN_DATA names no folder that holds it."
    yield from ("", "| posts of | outages | rule: found, others | Tocsin: found, others | as the rule or better |")
    yield "|---|---|---|---|---|"
    yield from map(_row, [*rows, _all(rows)])


def _all(rows: Sequence[Row]) -> Row:
    rule, tocsin = (
        sum(sides, start=Judged(0, 0)) for sides in zip(*((row.rule, row.tocsin) for row in rows), strict=True)
    )
    return Row("all", sum(row.outages for row in rows), rule, tocsin)


def _row(row: Row) -> str:
    sides = (f"{side.found}, {side.others}" for side in (row.rule, row.tocsin))
    met = "yes" if row.tocsin.is_as_good(row.rule) else MISSED
    return f"| {row.name} | {row.outages} | {' | '.join(sides)} | {met} |"


def main(words: Sequence[str] | None = None) -> int:
    """Print both sides for each recording; 1 if the rule is better on our own together."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("recordings", nargs="*", type=Path, metavar="RECORDING", help="of posts, .jsonl.zst")
    parser.add_argument("--jobs", type=int, default=cores(), help="processes at a time")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where worlds and runs are kept")
    chosen = parser.parse_args(words)
    recordings = [path.resolve() for path in chosen.recordings]
    stream = None if recordings else stream_in(os.environ.get("TOCSIN_DATA"))
    if not recordings:
        whole = simulated(OWN, chosen.folder / "worlds" / simulator(), chosen.jobs)
        recordings = recordings_without(POSTS_ONLY, "all-but-posts", whole)
        recordings += [recorded(stream, chosen.folder)] if stream else []
    reader = Parts(Settings(), lambda: Instant(0)).texts()
    rows = []
    for outcome in replayed(recordings, chosen.folder, chosen.jobs):
        recording = outcome.recording
        outages = known_of(recording, is_stream=stream is not None and recording.name == "stream.jsonl.zst")
        rule, tocsin = by_rule(recording, reader), by_tocsin(outcome.runs[RULES])
        print(recording.name)
        print("\n".join(told("fixed rule", rule, outages)))
        print("\n".join(told("Tocsin", tocsin, outages)), flush=True)
        if outages is not None:
            name = recording.name.removesuffix(".jsonl.zst")
            rows.append(Row(name, len(outages), judged(rule, outages), judged(tocsin, outages)))
    if chosen.recordings:
        return 0
    put_alone(list(section(rows)))
    return int(not _all(rows).tocsin.is_as_good(_all(rows).rule))


if __name__ == "__main__":
    raise SystemExit(main())

"""Posts alone: what Tocsin makes of sparse streams, beside a fixed rule that anybody could write.

The rule warns of an operator when at least 5 posts name it in 30 minutes, at least 6 times as many as usual, and at
least 3 of them, and 30 %, are understood as reports of a fault. Warnings within six hours of the one before are one.
"Usual" is the mean of all that came before those 30 minutes, so the rule needs a day to begin.

    python -m benchmarks.quality_sparse
    python -m benchmarks.quality_sparse YEAR.jsonl.zst

Recordings of your own are made by `tocsin import --kind mentions`. Without any, three days of AT&T 2010 are made up,
seeds 31 to 33, of which only the posts are kept. Where a truth file lies beside a recording, both are judged by it;
else both are printed, to be judged by who knows what happened.
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from benchmarks.quality_worlds import FOLDER
from benchmarks.quality_worlds_chosen import ROOT, World, simulated, simulator
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


OWN: Final = tuple(World("att-2010", seed) for seed in (31, 32, 33))
POSTS_ONLY: Final = Thing("posts alone", drops=lambda record: record.topic != "mentions")


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


def by_tocsin(recording: Path, folder: Path) -> list[Warned]:
    """What a replay suspects, by the default settings.

    Raises:
        subprocess.CalledProcessError: If it fails.
    """
    run = folder / "sparse" / recording.name.removesuffix(".jsonl.zst")
    words = ["replay", str(recording), "-o", str(run), "--no-report", "-q", "-f", "json"]
    subprocess.run([sys.executable, "-m", "pipeline", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
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


def told(name: str, warned: Sequence[Warned], outages: Sequence[tuple[str, int, int]] | None) -> Iterable[str]:
    """Lines about one side: how many outages it found, or all of its warnings."""
    if outages is not None:
        hits = [{(one, w) for w in warned if w.operator == one[0] and one[1] <= w.at <= one[2]} for one in outages]
        right = {w for found in hits for _, w in found}
        yield f"  {name}: {sum(map(bool, hits))} of {len(outages)} outages, {len(set(warned) - right)} others"
        return
    yield f"  {name}: {len(warned)}"
    for w in warned:
        yield f"    {format_instant(Instant(w.at))} {w.operator} {w.words}".rstrip()


def main(words: Sequence[str] | None = None) -> None:
    """Print both sides for each recording."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("recordings", nargs="*", type=Path, metavar="RECORDING", help="of posts, .jsonl.zst")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where worlds and runs are kept")
    chosen = parser.parse_args(words)
    recordings = [path.resolve() for path in chosen.recordings]
    if not recordings:
        whole = simulated(OWN, chosen.folder / "worlds" / simulator(), 2)
        recordings = recordings_without(POSTS_ONLY, "all-but-posts", whole)
    reader = Parts(Settings(), lambda: Instant(0)).texts()
    for recording in recordings:
        outages = outages_of(recording) if truth_beside(recording).is_file() else None
        print(recording.name)
        print("\n".join(told("fixed rule", by_rule(recording, reader), outages)))
        print("\n".join(told("Tocsin", by_tocsin(recording, chosen.folder), outages)), flush=True)


if __name__ == "__main__":
    main()

"""Which worlds the standing measure runs, and their recordings.

Seeds are kept apart: 1 to 49 to train what is learnt, 50 to 99 to set rules, from 101 on
to measure. Who sets a rule on a world that measures it finds out how well the rule knows
that world (docs/scoring.md).
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.adapters.cli.offline.simulate import load, names
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.runs.backtesting import bar
from pipeline.adapters.runs.backtesting.kept import sha256_of
from pipeline.adapters.runs.folder import truth_beside

ROOT: Final = Path(__file__).parents[1]

SEED_MIN: Final = 101
"""Seeds from here on are for measuring alone."""
SEEDS: Final = (101, 102)
MORE_SEEDS: Final = (103, 104)
TRAPS_TWICE: Final = ("backlog", "broken-probe", "competitor-outage", "quiet-week", "rumour")
"""Traps with as many seeds as outages, one of each sort: a collector, a probe, another company, normal life, people."""
DAYS: Final = {"netcologne-2025": 3.0}
"""Lengths that are not the scenario's own: a quiet week is a world of its own."""
WEEKS_DAYS: Final = 28.0


class World(NamedTuple):
    """A scenario's world; without days it is as long as the measure has it."""

    name: str
    seed: int
    days: float = 0.0

    @property
    def command(self) -> str:
        """What shows it again."""
        length = f" --days {self.days:g}" if self.days else ""
        return f"python -m benchmarks.quality_worlds --only {self.name} --seeds {self.seed}{length}"

    @property
    def is_weeks(self) -> bool:
        """Is it one of four weeks or more?"""
        return self.days >= WEEKS_DAYS

    @property
    def stem(self) -> str:
        """Name of its files."""
        return f"{self.name}-{self.seed}" + (f"-{self.days:g}d" if self.days else "")


WEEKS_DAILY: Final = tuple(
    World(name, 101, WEEKS_DAYS) for name in ("quiet-week", "netcologne-2025", "fibre-cut", "price-rise")
)
"""Mobile without an outage, fixed with one on the last day, fixed with one of some hours, mobile with a trap."""

WEEKS: Final = (
    *WEEKS_DAILY,
    *(
        World(name, 101, WEEKS_DAYS)
        for name in (
            "at-night",
            "att-2010",
            "football-night",
            "new-year",
            "power-cut",
            "slow-degradation",
            "two-at-once",
        )
    ),
    World("quiet-week", 103, WEEKS_DAYS),
    World("fibre-cut", 103, WEEKS_DAYS),
    World("at-night", 103, WEEKS_DAYS),
)
"""What happens, happens in the last days; before it lie weekends, public holidays (Christmas in new-year, May in
at-night) and a hotline that closes at night. Fixed and mobile operators of all four markets."""

ABLATED: Final = tuple(
    World(name, 101)
    for name in (
        *("emergency-only", "fibre-cut", "first-day", "live-tv", "o2-2012", "slow-degradation"),
        *("broken-probe", "price-rise", "rumour"),
    )
)
"""What is measured again without one source or rule: six kinds of outages, one of a day among them, as only such
teach a baseline; three traps that each source falls for. Few and mostly short ones, as each is replayed nine times."""


def cores() -> int:
    """Processes at a time: as many as there are cores for us; each takes half a gigabyte."""
    return len(os.sched_getaffinity(0))


def standing() -> list[World]:
    """The worlds of days that are measured at every change of a rule."""
    return [World(name, seed) for name in names() for seed in (SEEDS if _is_worth_more(name) else SEEDS[:1])]


def daily() -> list[World]:
    """What `make quality` runs."""
    return [*standing(), *WEEKS_DAILY]


def every() -> list[World]:
    """What `make quality ALL=1` runs: twice the seeds, and all worlds of weeks."""
    seeds = (*SEEDS, *MORE_SEEDS)
    days = [World(name, seed) for name in names() for seed in (seeds if _is_worth_more(name) else SEEDS)]
    return [*days, *WEEKS]


@cache
def _is_worth_more(name: str) -> bool:
    return name in TRAPS_TWICE or bool(load(name).file.outages)


def simulated(worlds: Sequence[World], folder: Path, jobs: int) -> list[Path]:
    """Recordings of all worlds, each made once for each version of the simulator.

    Args:
        worlds: Which.
        folder: Theirs; folders of other versions beside it are removed.
        jobs: Processes at a time.
    """
    for other in folder.parent.glob("*") if folder.parent.is_dir() else ():
        if other != folder:
            shutil.rmtree(other)
    paths = [folder / f"{world.stem}.jsonl.zst" for world in worlds]
    missing = [(world, path) for world, path in zip(worlds, paths, strict=True) if not path.is_file()]
    missing.sort(key=lambda one: -one[0].days)
    with bar("simulating") as on_part, ThreadPoolExecutor(jobs) as threads:
        making = [threads.submit(_simulate, world, path) for world, path in missing]
        try:
            for done, made in enumerate(as_completed(making), 1):
                made.result()
                on_part(done, len(making), done)
        finally:
            threads.shutdown(cancel_futures=True)
    return paths


def _simulate(world: World, path: Path) -> None:
    """Under another name first: a recording with its own name is whole, and its truth lies beside it."""
    unfinished = path.parent / "unfinished" / path.name
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    words = ["simulate", world.name, "--seed", str(world.seed), "-o", str(unfinished), "--force", "--quiet"]
    if days := world.days or DAYS.get(world.name):
        words += ["--days", str(days)]
    made = subprocess.run([sys.executable, "-m", "pipeline", *words], capture_output=True, text=True, check=False)
    if made.returncode:
        raise SystemExit(f"simulate {world.name} --seed {world.seed}: {made.stderr.strip()}")
    truth_beside(unfinished).rename(truth_beside(path))
    unfinished.rename(path)


@cache
def simulator() -> str:
    """Which simulator: a hash of its code, its scenarios and its texts, as they are when first asked.

    It names the folder in which recordings are kept: other code may make other worlds.
    """
    code = ROOT / "pipeline"
    files = [path for path in (code / "simulate").rglob("*") if path.suffix in (".py", ".toml")]
    total = hashlib.blake2b(digest_size=6)
    for path in sorted([*files, code / "adapters" / "cli" / "offline" / "simulate.py"]):
        total.update(path.relative_to(code).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def hash_of(recordings: Sequence[Path]) -> str:
    """Which worlds: a hash of their recordings. Code that moves or is renamed, and makes the same worlds, keeps it."""
    total = hashlib.blake2b(digest_size=6)
    for path in recordings:
        total.update(sha256_of(open_recording(path)).encode())
    return total.hexdigest()

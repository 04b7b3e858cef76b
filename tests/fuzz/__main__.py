"""Fuzz the doors for some minutes: `python -m tests.fuzz --seed 1 --minutes 10`."""

import argparse
import itertools
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.doors import doors
from tests.fuzz.run import fault_of, input_of, shrunk

TOLD_SECONDS = 30.0
"""Between two lines of progress."""


def main() -> int:
    """Run until the time is over or an input fails; 1 if one did."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--door", choices=sorted(doors()))
    parser.add_argument("--input", type=int, help="only the input of this number")
    given = parser.parse_args()
    chosen = {name: door for name, door in doors().items() if given.door in {None, name}}
    numbers = itertools.count() if given.input is None else [given.input]
    sent: Counter[str] = Counter()
    failed: set[str] = set()
    end = time.monotonic() + given.minutes * 60
    tell_at = time.monotonic() + TOLD_SECONDS
    with tempfile.TemporaryDirectory() as temporary:
        for number, (name, door) in ((number, pair) for number in numbers for pair in chosen.items()):
            if time.monotonic() > end:
                break
            if name in failed:
                continue
            if time.monotonic() > tell_at:
                tell_at += TOLD_SECONDS
                sys.stderr.write(f"{sent.total()} inputs, {len(failed)} of {len(chosen)} doors failed\n")
            data = input_of(door, name, given.seed, number)
            sent[name] += 1
            if fault := fault_of(door, Path(temporary), data):
                failed.add(name)
                path = Path(tempfile.gettempdir()) / f"fuzz-{name}-{given.seed}-{number}"
                path.write_bytes(shrunk(door, Path(temporary), data, fault))
                sys.stdout.write(
                    f"{name}: {fault}\n  --seed {given.seed} --door {name} --input {number}; smallest: {path}\n"
                )
            if failed >= chosen.keys():
                break
    for name, count in sorted(sent.items()):
        sys.stdout.write(f"{name:12} {count:8} inputs{'  FAILED' if name in failed else ''}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

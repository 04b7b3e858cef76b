"""What DETECT remembers of a series: memory of the process and bytes of state, after days of telemetry and complaints.

No Kafka: the rules are given envelopes of ten minutes each, in the largest towns of Germany. A metric of a success
ratio and complaints by tickets are what most series of an operator are. Each operator has up to 2,000 of them, as a
region of an operator holds a thousand at most. Memory is that of the process, before and
after; state is what a snapshot of all slots takes in the state topic, packed. CPU seconds per step of a series are
told, too: they are what one core can bear; so are those that a series takes to be written into a snapshot and loaded.
These three have bars: exit code 1 if one is missed. Other work on the machine makes them larger; take the least of some
runs.

Usage: bench_state.py [--series N] [--days N] [--json FILE]
"""

import argparse
import gc
import json
import random
import sys
import time
from pathlib import Path
from typing import Final

from benchmarks.loads import OPERATOR, towns
from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.adapters.stages.collector import spare_the_collector
from pipeline.detect.apply import apply
from pipeline.detect.config import DetectConfig
from pipeline.detect.state import DetectState
from pipeline.records.clocks import SOURCES, Instant
from pipeline.records.fixed_point import Exact
from pipeline.records.inner.partials import Partial, SeriesPartial
from pipeline.records.inner.samples import add_to_sample
from pipeline.records.inner.signals import Envelope

STARTED_AT: Final = 1_736_121_600_000
EVERY_MINUTES: Final = 10
TEN_THOUSAND: Final = 10_000
TOWNS_MAX: Final = 500
BARS: Final = {"cpu_us_per_judged_step": 12.0, "cpu_us_to_write_a_series": 3.2, "cpu_us_to_load_a_series": 1.8}
"""At most. A snapshot is to take half of what it took before there was an account of evidence (6.3 and 3.6 us)."""
KINDS: Final = 4
"""Of series in a town: two metrics, and complaints of two programmes."""


def resident_bytes() -> int:
    """Memory of this process that is in use, by the kernel."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4_096


def partial_of(chance: random.Random, operator: str, area: str, number: int, at: int) -> SeriesPartial:
    """What was said of a series in a pane: every second one is a metric, the others are complaints."""
    is_metric = number % 2 == 0
    partial = Partial(count=1)
    if is_metric:
        value = Exact(980_000 + chance.randrange(20_000))
        partial.total, partial.least, partial.most = value, value, value
        partial.squares = Exact(value * value)
    else:
        add_to_sample(partial.ids, chance.getrandbits(50))
    return SeriesPartial(
        operator=operator,
        scope_area="/".join(area.split("/")[:2]),
        area=area,
        source="telemetry" if is_metric else "tickets",
        measure=f"ratio_{number // 2}" if is_metric else "complaints",
        unit="ratio" if is_metric else "count",
        item="" if is_metric else f"item {number // 2}",
        pane=Instant(at),
        partial=partial,
    )


def measured(series: int, days: float) -> dict[str, float]:
    """Fill a state; what it takes.

    Args:
        series: How many are sent, 4 or more; operators times towns times kinds, so that a few may be missing.
        days: Event time.
    """
    operators = [f"{OPERATOR} {number}" for number in range(-(-series // (TOWNS_MAX * KINDS)))]
    areas = towns(series // KINDS // len(operators))
    named = [(operator, area, number) for operator in operators for area in areas for number in range(KINDS)]
    state, chance, config, judged = DetectState(0), random.Random(1), DetectConfig(), 0
    spare_the_collector()
    before, cpu = resident_bytes(), 0.0
    for minute in range(0, int(days * 1_440), EVERY_MINUTES):
        at = STARTED_AT + minute * 60_000
        parts = [partial_of(chance, *names, at) for names in named]
        clocks = {source: Instant(at) for source in SOURCES}
        envelope = Envelope(epoch=1, lane=0, lanes=1, partition=0, partitions=1, clocks=clocks, partials=parts)
        began = time.process_time()
        judged += len(apply(state, envelope, config, {}).judged)
        cpu += time.process_time() - began
    after = resident_bytes()
    began = time.process_time()
    packed = [(type(slot), encode_slot(slot)) for slot in state.slots.values()]
    written = time.process_time() - began
    began = time.process_time()
    for kind, data in packed:
        decode_slot(data, kind)
    loaded = time.process_time() - began
    sizes = [len(data) for _, data in packed]
    held = sum(len(scope.heard) for _, scope in state.scopes())
    return {
        "series_sent": len(named),
        "series_held": held,
        "memory_mb_per_10000": (after - before) / held * TEN_THOUSAND / 1e6,
        "state_mb_per_10000": sum(sizes) / held * TEN_THOUSAND / 1e6,
        "largest_slot_mb": max(sizes) / 1e6,
        "cpu_us_per_judged_step": cpu / judged * 1e6,
        "cpu_us_to_write_a_series": written / held * 1e6,
        "cpu_us_to_load_a_series": loaded / held * 1e6,
    }


def report(figures: dict[str, float]) -> None:
    """Print them, and what became of the bars."""
    for name, value in figures.items():
        told = f"  bar {BARS[name]:g}: {'holds' if value <= BARS[name] else 'MISSED'}" if name in BARS else ""
        print(f"{name.replace('_', ' '):<26}{value:>12,.2f}{told}")


def main(words: list[str] | None = None) -> int:
    """Run the benchmark; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=2_000)
    parser.add_argument("--days", type=float, default=2.0)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    said = parser.parse_args(words)
    figures = measured(said.series, said.days)
    report(figures)
    if said.json:
        said.json.write_text(json.dumps(figures, indent=1) + "\n")
    return int(any(figures[name] > most for name, most in BARS.items()))


if __name__ == "__main__":
    sys.exit(main())

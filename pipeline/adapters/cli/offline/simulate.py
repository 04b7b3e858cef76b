"""`tocsin simulate`: a world with its truth, as a recording."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pipeline.adapters.cli.options import Form, Quiet
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.adapters.codecs.names import readable
from pipeline.adapters.recordings.progress import OnProgress, Progress
from pipeline.adapters.runs.own_scenario import is_path, load_own
from pipeline.adapters.shipped import CODE
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.recordings.format import RecordedRecord

DEMO_DAYS: Final = 3.0
"""Length of the demo's world, in days: two normal days and the outage.

With the gazetteer they take under a minute on a slow machine.
"""
_HOME: Final = CODE / "simulate"


def simulate(  # noqa: PLR0913, PLR0917 - one for each option
    scenario: Annotated[
        str | None, typer.Argument(help="Name of a scenario, see --list, or OWN.toml.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Which of the scenario's worlds.")] = 1,
    days: Annotated[float | None, typer.Option(min=0.05, help="Length, from the end; DETECT learns for one.")] = None,
    after: Annotated[float, typer.Option(min=0, help="Days of normal life that follow its end.")] = 0.0,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The recording, .jsonl.zst.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help=f"{DEMO_DAYS:g} days, as bundled; replaces the file.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="Name the scenarios and end.")] = False,
    describe: Annotated[bool, typer.Option("--describe", help="Tell what happens in it and end.")] = False,
    picture: Annotated[Path | None, typer.Option(help="With --describe: draw its rates and truth, .svg.")] = None,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Make a recording of a made-up outage, its truth beside it.

    The same scenario, seed and days give the same file, to the byte. The truth
    goes to NAME.truth.json: who was hit, when, where; `replay` brings it along
    and the report draws it. docs/scenarios.md shows how to write one of your own.
    """
    terminal = Terminal(form, quiet=quiet)
    if listing:
        _list(terminal)
        return
    if scenario is None:
        raise ConfigError(f"name a scenario; --list tells what happens in each: {', '.join(names())}")
    if picture is not None and picture.suffix.lower() != ".svg":
        raise ConfigError(f"--picture {picture}: is drawn as SVG: its name must end in .svg")
    if describe:
        _describe(terminal, scenario, seed, days)
        if picture is not None:
            _draw(terminal, scenario, seed, days, picture)
        return
    if picture is not None:
        raise ConfigError("--picture draws what --describe tells: add --describe")
    if out is None:
        raise ConfigError("-o is missing: name the recording, such as -o runs/world.jsonl.zst")
    length = DEMO_DAYS if demo and days is None else days
    made = write_world(
        terminal, World(name=scenario, seed=seed, days=length, after=after, out=out, force=force or demo)
    )
    terminal.data({"recording": readable(str(out)), "truth": readable(str(made.truth)), "records": made.records})
    terminal.text(f"{made.records:,} records: {out}\ntruth: {made.truth}")


def names() -> list[str]:
    """Bundled scenarios."""
    return sorted(path.stem for path in (_HOME / "scenarios").glob("*.toml"))


def load(name: str, seed: int = 1) -> Any:
    """A bundled scenario, or the file of one's own that the name leads to, with the draws of a seed.

    Raises:
        ConfigError: If there is none of that name, or its file is wrong.
    """
    from pipeline.simulate.spec.parse import load_scenario

    if is_path(name):
        return load_own(Path(name), _HOME, seed)
    if name not in names():
        near = get_close_matches(name.lower().replace("_", "-"), names(), n=1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(names())}"
        raise ConfigError(f"scenario {name}: there is none; {hint}")
    return load_scenario(name, lambda path: (_HOME / path).read_text("utf-8"), seed)


def _list(terminal: Terminal) -> None:
    from pipeline.adapters.cli.narrate import duration

    rows = [("scenario", "kind", "market", "length", "what")]
    for name in names():
        file = load(name).file
        length = (file.ends_at - file.starts_at).total_seconds()
        kind = "trap" if file.traps else "outage" if file.outages else "normal"
        about = {"scenario": name, "kind": kind, "market": file.market, "seconds": round(length), "title": file.title}
        terminal.data(about)
        rows.append((name, kind, file.market, duration(length), file.title))
    terminal.table(rows)


def _describe(terminal: Terminal, name: str, seed: int, days: float | None) -> None:
    from pipeline.adapters.cli.narrate import local
    from pipeline.simulate.answer import truth_of
    from pipeline.simulate.telling import description
    from pipeline.simulate.world.world import World as Told

    world = Told(load(name, seed), seed, days)
    true = truth_of(world)
    terminal.data(true)
    for line in description(world, true, lambda at: local(at, true.time_zone)):
        terminal.text(line)


def _draw(terminal: Terminal, name: str, seed: int, days: float | None, out: Path) -> None:
    """Simulate the world, count its records, draw them: what is seen is what a recording would hold."""
    from pipeline.adapters.pages.world import draw_world, rates_for
    from pipeline.adapters.recordings.passing import BATCH_RECORDS, decoded
    from pipeline.simulate.simulate import truth

    scenario = load(name, seed)
    true = truth(scenario, seed, days)
    rates = rates_for(true)
    with terminal.progress("simulating") as progress:
        span = (int(true.started_at), int(true.ended_at))
        records = _told(records_of(scenario, seed, days), span, progress)
        while batch := list(islice(records, BATCH_RECORDS)):
            for record, outcome in decoded(batch):
                rates.add(record.topic, outcome, record.timestamp)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(draw_world(rates, true, sum(area.people for area in scenario.file.areas)), "utf-8")
    terminal.say(f"picture: {out.resolve().as_uri()}")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Which world, and where it is written; `days` None is its own length, `after` more days follow its end."""

    name: str
    seed: int
    days: float | None
    after: float = 0.0
    out: Path
    force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWorld:
    """A world that was written: where its truth lies, and how many records it has."""

    truth: Path
    records: int


def write_world(terminal: Terminal, world: World) -> MadeWorld:
    """Simulate a world and write it, its truth beside it.

    Args:
        terminal: Shows progress.
        world: Which, and where.

    Returns:
        What was written.

    Raises:
        ConfigError: If there is no such scenario, it is wrong, or the file exists and may not be replaced.
        RecordingError: If the name is not that of a recording.
    """
    from pipeline.adapters.codecs.wire import encode
    from pipeline.adapters.recordings.format import Manifest, raw_topics
    from pipeline.adapters.recordings.writer import write_recording
    from pipeline.adapters.runs.folder import truth_beside
    from pipeline.records.clocks import format_instant
    from pipeline.simulate.simulate import truth
    from pipeline.simulate.spec.parse import prolonged

    scenario, out = prolonged(load(world.name, world.seed), world.after), world.out
    days = None if world.days is None else world.days + world.after
    true = truth(scenario, world.seed, days)
    length = "" if world.days is None else f" --days {world.days:g}"
    length += f" --after {world.after:g}" if world.after else ""
    if out.exists() and not world.force:
        raise ConfigError(f"{out}: exists already; replace it with --force, or choose another name")
    out.parent.mkdir(parents=True, exist_ok=True)
    if world.force:
        out.unlink(missing_ok=True)
    manifest = Manifest(
        created=format_instant(true.ended_at),  # no wall clock: the same world, the same bytes
        tool=f"tocsin simulate {world.name} --seed {world.seed}{length}",
        topics=raw_topics(scenario.file.lanes),
    )
    with terminal.progress("simulating") as progress:
        heard = _told(records_of(scenario, world.seed, days), (true.started_at, true.ended_at), progress)
        written = write_recording(out, manifest, heard)
    beside = truth_beside(out)
    beside.write_bytes(encode(true) + b"\n")
    return MadeWorld(truth=beside, records=written.records)


def records_of(scenario: Any, seed: int, days: float | None) -> Iterator["RecordedRecord"]:
    """A world's records in merged order: by timestamp as they come, then by source and partition.

    Args:
        scenario: Loaded with the same seed.
        seed: Which of the scenario's worlds.
        days: Length in days, counted back from its end; None is its own length.
    """
    from pipeline.adapters.codecs.wire import encode
    from pipeline.adapters.recordings.format import RecordedRecord, source_rank
    from pipeline.simulate.simulate import simulate as simulated

    records = simulated(scenario, seed, days, encode=encode)
    for _, together in groupby(records, key=attrgetter("timestamp")):
        for made in sorted(together, key=lambda record: (source_rank(record.topic), record.partition)):
            yield RecordedRecord(
                topic=made.topic,
                partition=made.partition,
                offset=made.offset,
                timestamp=made.timestamp,
                key=made.key,
                headers=made.headers,
                value=made.value,
            )


def _told(
    records: Iterable["RecordedRecord"], span: tuple[int, int], progress: OnProgress
) -> Iterator["RecordedRecord"]:
    for number, record in enumerate(records):
        if number % 5_000 == 0:
            progress(Progress(records=number, time_ms=record.timestamp, first_ms=span[0], last_ms=span[1]))
        yield record

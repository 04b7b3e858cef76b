"""`tocsin story` and `tocsin demo`: a bundled world replayed and told, beside what really happened in it.

The world is simulated from what was reported of a real outage. What Tocsin
saw, said and when is read from the files of the run, and so is what it could
not do: nothing here is written down beforehand but the facts of the outage.
"""

from dataclasses import asdict, replace
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pipeline.adapters.cli.offline.replay import RUNS, bundled
from pipeline.adapters.cli.options import Form, Quiet, loaded_from
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.cli.refused import RefusalTeller
    from pipeline.adapters.pages.story import Judged
    from pipeline.adapters.runs.replaying import ReplayOptions
    from pipeline.stories.evidence import StoryEvidence
    from pipeline.stories.plot import Plot

DEMO: Final = "netcologne-2025"
BUNDLED_SEED: Final = 1
DAYS_AFTER: Final = 8.0
"""Days that follow the world of a story: what is measured a week after the end must fall due."""
_SIDE_CHARS: Final = 46
"""Width of a clock's column: two of them and the time fit in 100."""

Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder of the story; runs/NAME by default.")]


def story(
    name: Annotated[str | None, typer.Argument(help="Which story; none lists them.", show_default=False)] = None,
    out: Out = None,
    seed: Annotated[int, typer.Option(min=0, help="Which of the story's worlds.")] = BUNDLED_SEED,
    after: Annotated[
        float, typer.Option(min=0, help="Days that follow the world's end; 0 is quicker, and shows less.")
    ] = DAYS_AFTER,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
) -> None:
    """Tell a real outage again: what happened, what Tocsin saw and said and when, and what it could not do.

    The world is simulated from what was reported and replayed through all stages. A week and a day of
    normal life follow, since what comes of an outage is measured a week after its end.
    The folder then holds the run's files, and story.html with the pictures.
    """
    from pipeline.stories.plots import PLOTS

    terminal = Terminal(form, quiet=quiet)
    if name is None:
        _list(terminal)
        return
    if name not in PLOTS:
        raise ConfigError(f"story {name}: there is none; known are {', '.join(PLOTS)}")
    tell(terminal, replace(PLOTS[name], days_after=after), seed, out or RUNS / name)


def demo(out: Out = None, form: Form = Format.TABLE, quiet: Quiet = False) -> None:
    """Tell the story of NetCologne, 12 February 2025, from the bundled recording; under a minute.

    Phone, internet and TV of a regional operator fail, emergency calls with them.
    The recording is simulated from what is known; the texts in it are made up.
    """
    from pipeline.stories.plots import PLOTS

    tell(Terminal(form, quiet=quiet), PLOTS[DEMO], BUNDLED_SEED, out or RUNS / "demo")


def _list(terminal: Terminal) -> None:
    from pipeline.stories.plots import PLOTS

    rows = [("story", "what")]
    for plot in PLOTS.values():
        terminal.data({"story": plot.name, "title": plot.title})
        rows.append((plot.name, plot.title))
    terminal.table(rows)


def tell(terminal: Terminal, plot: "Plot", seed: int, out: Path) -> None:
    """Tell one story.

    Args:
        terminal: The terminal where it is told.
        plot: The story that is told.
        seed: Seed of the story's world.
        out: Folder of results; made if need be.

    Raises:
        ConfigError: If settings are wrong, or another run writes to the folder.
    """
    from pipeline.adapters.runs.locking import locked

    plot = _with_sources(plot, seed)
    with locked(out):
        _tell_facts(terminal, plot)
        tell_recording(terminal, plot, _world(terminal, plot, seed, out), out, is_locked=True)


def tell_recording(terminal: Terminal, plot: "Plot", recording: Path, out: Path, *, is_locked: bool = False) -> None:
    """Replay a recording that has its truth beside it, and tell what came of it.

    Args:
        terminal: The terminal where it is told.
        plot: What the recording is about.
        recording: Recording of the story's world.
        out: Folder of results.
        is_locked: Does the caller keep other runs out of it?

    Raises:
        ConfigError: If settings are wrong.
    """
    from pipeline.adapters.pages.story import build_story, judged
    from pipeline.adapters.recordings.reader import open_recording
    from pipeline.adapters.runs.reading import read_run
    from pipeline.adapters.runs.replaying import ReplayOptions
    from pipeline.stories.evidence import evidence_of
    from pipeline.stories.plots import NEXT

    backups = [asdict(backup) for backup in plot.backups]
    lanes = open_recording(recording).lanes
    loaded = loaded_from(None, None, partitions__lanes=lanes, respond__failovers__backups=backups or None)
    refused = _replay(terminal, ReplayOptions(recording=recording, out=out, loaded=loaded, is_locked=is_locked))
    run = read_run(out)
    page = build_story(out, plot, NEXT)
    evidence = evidence_of(run)
    own, then = judged(evidence, plot.asked), judged(evidence, NEXT)
    terminal.data(_as_data(evidence, plot, (*own, *then), page))
    _tell_clocks(terminal, evidence)
    _tell_ledger(terminal, evidence)
    _tell_asked(terminal, "What this outage asks of Tocsin", own)
    _tell_asked(terminal, "What people do next", then)
    terminal.text(f"\nfiles: {out}/\nstory: {page.resolve().as_uri()}")
    refused.leave()


def _with_sources(plot: "Plot", seed: int) -> "Plot":
    from pipeline.adapters.cli.offline.simulate import load

    return replace(plot, sources=(*load(plot.name, seed).file.facts, *plot.sources))


def _tell_facts(terminal: Terminal, plot: "Plot") -> None:
    terminal.text(terminal.painted(plot.title, "bold"))
    terminal.text(f"\n{plot.heading}:")
    width = max(len(fact.when) for fact in plot.facts)
    for fact in plot.facts:
        terminal.text(f"  {fact.when.ljust(width)}  {fact.text}")
    for source in plot.sources:
        terminal.text(terminal.painted(f"  source: {source}", "dim"))
    terminal.text(terminal.painted(f"  {plot.simulated}", "dim"))


def _world(terminal: Terminal, plot: "Plot", seed: int, out: Path) -> Path:
    """The story's recording: the bundled one where there is one, else made beside the results."""
    from pipeline.adapters.cli.offline.simulate import World, write_world

    if plot.name == DEMO and seed == BUNDLED_SEED and not plot.days_after:
        return bundled()
    recording = out / "world.jsonl.zst"
    world = World(name=plot.name, seed=seed, days=plot.days, after=plot.days_after, out=recording, force=True)
    write_world(terminal, world)
    return recording


def _replay(terminal: Terminal, options: "ReplayOptions") -> "RefusalTeller":
    from pipeline.adapters.cli.narrate import Narrator
    from pipeline.adapters.cli.refused import RefusalTeller
    from pipeline.adapters.runs.replaying import replay

    terminal.text("\nWhat Tocsin said, as it came:")
    narrator, refused = Narrator(terminal), RefusalTeller(terminal)
    hear = (lambda _incident: None) if terminal.is_json else narrator.hear
    with terminal.progress("replaying") as progress:
        done = replay(options, hear, progress, on_feeds=refused.hear)
    refused.tell(done.feeds)
    terminal.say(f"{done.records:,} records in {done.seconds:.1f} s")
    return refused


def _tell_clocks(terminal: Terminal, evidence: "StoryEvidence") -> None:
    from pipeline.stories.clocks import beats_of, lead_sentence

    if not evidence.stories:
        terminal.text("nothing: no incident was opened")
    terminal.text("\nTwo clocks:")
    rows = [("what happened", "", "what Tocsin knew")]
    for beat in beats_of(evidence):
        for number, line in enumerate(wrap(beat.text, _SIDE_CHARS)):
            time = "" if number else evidence.time(beat.at)
            rows.append((line, time, "") if beat.side == "happened" else ("", time, line))
    terminal.table(rows)
    terminal.text("\n" + terminal.painted(lead_sentence(evidence), "bold"))
    for found in (found for found in evidence.all_found if found.outage != evidence.outage):
        began = evidence.clock.full(int(found.outage.started_at))
        what = "not found" if found.story is None else f"suspected {evidence.clock.full(found.story.suspected_ms)}"
        terminal.text(f"Another outage began {began}: {what}")
    for alarm in evidence.false_alarms:
        terminal.text(f"False: {alarm.name}, confirmed {evidence.clock.full(alarm.confirmed_ms or alarm.suspected_ms)}")


def _tell_ledger(terminal: Terminal, evidence: "StoryEvidence") -> None:
    from pipeline.views.words import lasting

    if evidence.head is None:
        return
    terminal.text()
    rows = [("who knew first", "first evidence", "ahead of the next")]
    for lead in evidence.now.leads:
        ahead = "" if lead.lead_seconds is None else lasting(lead.lead_seconds * 1_000)
        rows.append((str(lead.source), evidence.time(int(lead.first_evidence_at)), ahead))
    if evidence.first_word_ms is not None:
        rows.append(("the operator's first word", evidence.time(evidence.first_word_ms), ""))
    terminal.table(rows)


def _tell_asked(terminal: Terminal, title: str, asked: "tuple[Judged, ...]") -> None:
    from pipeline.stories.verdicts import NOT_FOUND

    shown = sum(requirement.verdict.done for requirement in asked)
    terminal.text(f"\n{title} ({shown} of {len(asked)} shown by this run):")
    for requirement in asked:
        sign = terminal.painted("done   ", "green") if requirement.verdict.done else terminal.painted("missing", "red")
        terminal.text(f"  {sign}  {requirement.sentence}")
        if not requirement.verdict.text.startswith(NOT_FOUND):  # which is told once, above, and what stands against it
            terminal.text(terminal.painted(f"           {requirement.verdict.text}", "dim"))


def _as_data(evidence: "StoryEvidence", plot: "Plot", asked: "tuple[Judged, ...]", page: Path) -> dict[str, Any]:
    from pipeline.records.clocks import Instant
    from pipeline.stories.clocks import beats_of, lead_sentence

    lead = evidence.lead_ms()
    return {
        "story": plot.name,
        "sentence": lead_sentence(evidence),
        "lead_seconds": None if lead is None else lead // 1_000,
        "clocks": [
            {"at": Instant(beat.at), "side": beat.side, "kind": beat.kind, "text": beat.text}
            for beat in beats_of(evidence)
        ],
        "asked": [
            {"sentence": requirement.sentence, "done": requirement.verdict.done, "text": requirement.verdict.text}
            for requirement in asked
        ],
        "page": str(page),
    }

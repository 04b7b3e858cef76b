"""`tocsin replay`: a recording through all stages, incidents as they come, files at the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.adapters.cli.options import Form, Quiet, RecordingFile, Sets, SettingsFile, loaded_from, moment
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.adapters.recordings.pacing import parse_speed
from pipeline.adapters.shipped import shipped
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.runs.replaying import Replayed

RUNS = Path("runs")
DEMO = "netcologne-2025.jsonl.zst"

Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder of results; runs/NAME by default.")]
Speed = Annotated[str, typer.Option(help="Event time per time: 1, 60, or max.")]
Since = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Leave out what is earlier, by Kafka timestamp: 2025-02-12T09:00+01:00."),
]
Until = Annotated[
    str | None, typer.Option(metavar="TIME", help="Stop there: '2025-02-13 Europe/Berlin'; without a zone it is UTC.")
]
Report = Annotated[bool, typer.Option("--report/--no-report", help="Write report.html.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    recording: Path
    out: Path
    speed: str = "max"
    since: str | None = None
    until: str | None = None
    report: bool = True


def replay(  # noqa: PLR0913, PLR0917 - one for each option
    recording: RecordingFile,
    out: Out = None,
    speed: Speed = "max",
    since: Since = None,
    until: Until = None,
    report: Report = True,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
    settings: SettingsFile = None,
    sets: Sets = None,
) -> None:
    """Run a recording through all stages, without Kafka.

    The incidents are told as they open, change and close. The folder then
    holds every published record as JSON lines, run.json, and report.html.
    The same recording, settings and version give the same files, at any speed.
    """
    from pipeline.adapters.recordings.reader import open_recording

    wanted = _Wanted(
        recording=recording,
        out=out or RUNS / name_of(recording),
        speed=speed,
        since=since,
        until=until,
        report=report,
    )
    lanes = open_recording(recording).lanes
    loaded = loaded_from(settings, sets, partitions__lanes=lanes)
    replay_and_tell(wanted, loaded, Terminal(form, quiet=quiet))


def bundled() -> Path:
    """The recording that comes with the program; ConfigError if it is gone."""
    path = shipped("recordings", in_checkout="examples/recordings") / DEMO
    if not path.is_file():
        raise ConfigError(
            f"{path}: is missing; make it with: tocsin simulate netcologne-2025 --demo --seed 1 -o {path}"
        )
    return path


def name_of(recording: Path) -> str:
    """A recording's name without what only says that it is one."""
    return recording.name.removesuffix(".jsonl.zst")


def replay_and_tell(wanted: _Wanted, loaded: Any, terminal: Terminal) -> None:
    """Replay, tell, write the report.

    Args:
        wanted: What the options ask for.
        loaded: Settings, and where each came from.
        terminal: Where it is told.

    Raises:
        ConfigError: If an option or a setting is wrong.
        FindingError: If so much was refused that the result is to be doubted; all is told and written before.
    """
    from pipeline.adapters.cli.narrate import Narrator
    from pipeline.adapters.cli.refused import RefusalTeller
    from pipeline.adapters.runs.replaying import ReplayOptions, replay

    options = ReplayOptions(
        recording=wanted.recording,
        out=wanted.out,
        loaded=loaded,
        speed=parse_speed(wanted.speed),
        since_ms=None if wanted.since is None else moment(wanted.since, "--since"),
        until_ms=None if wanted.until is None else moment(wanted.until, "--until"),
    )
    narrator, refused = Narrator(terminal), RefusalTeller(terminal)
    with terminal.progress("replaying") as progress:
        replayed = replay(options, narrator.hear, progress, on_feeds=refused.hear, on_notice=narrator.hear_notice)
    refused.tell(replayed.feeds)
    report = None
    if wanted.report:
        from pipeline.adapters.pages.report import build

        report = build(wanted.out)
    _tell_end(terminal, replayed, report)
    _tell_learning(terminal, replayed, loaded.settings.detect.warm_up_ms)
    refused.leave()


def _tell_end(terminal: Terminal, replayed: "Replayed", report: Path | None) -> None:
    from pipeline.adapters.cli.narrate import tell_leads, tell_truth
    from pipeline.adapters.codecs.wire import decoder
    from pipeline.records.truth import Truth

    if terminal.is_json:
        return
    for incident in replayed.incidents:
        if incident.state != "dismissed":
            tell_leads(terminal, incident)
    truth = replayed.out / "truth.json"
    if truth.is_file():
        terminal.text()
        tell_truth(terminal, decoder(Truth).decode(truth.read_bytes()), replayed.incidents)
    per_second = replayed.records / replayed.seconds if replayed.seconds else 0.0
    terminal.text(
        f"\n{replayed.records:,} records, with heartbeats, in {replayed.seconds:.1f} s ({per_second:,.0f} a second); "
        f"{_counted(replayed.counts, len(replayed.incidents))}"
    )
    terminal.text(f"files: {replayed.out}/")
    if report is not None:
        terminal.text(f"report: {report.resolve().as_uri()}")


def _tell_learning(terminal: Terminal, replayed: "Replayed", warm_up_ms: int) -> None:
    """Who finds nothing in a short recording should know that most of it was spent learning."""
    from pipeline.adapters.cli.narrate import duration
    from pipeline.adapters.runs.scoring import read_times

    times = read_times(replayed.out)
    if replayed.incidents or times.first is None or times.last is None:
        return
    length_ms = times.last - times.first
    if length_ms < 2 * warm_up_ms:
        learning, length = duration(warm_up_ms / 1_000), duration(length_ms / 1_000)
        terminal.say(f"no incidents: DETECT learns for {learning} (detect.warm_up_ms) of the recording's {length}")


def _counted(counts: Mapping[str, int], incidents: int) -> str:
    parts = [f"{incidents} incident{'' if incidents == 1 else 's'} in {counts['incidents']} revisions"]
    parts += [f"{count} {topic}" for topic, count in counts.items() if topic != "incidents" and count]
    return ", ".join(parts)

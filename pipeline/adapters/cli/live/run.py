"""`tocsin run`: the whole flow on a Kafka of its own, fed by a recording that is played live.

Broker, stages, player and teller are processes under one supervisor. Ctrl-C
reaches the supervisor alone; it stops the rest in order, and should it be
killed, the kernel ends its children.
"""

import asyncio
import contextlib
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.adapters.cli.live.processes import STAGES, passed_on
from pipeline.adapters.cli.offline.replay import bundled
from pipeline.adapters.cli.options import (
    Bootstrap,
    Form,
    Quiet,
    Sets,
    SettingsFile,
    loaded_for_kafka,
    require_agreement,
    said_with_set,
)
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.adapters.recordings.pacing import parse_speed
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.local.supervisor import Program
    from pipeline.adapters.settings import Loaded

StandFile = Annotated[Path | None, typer.Option(help="With --all: file that says where all is; .build/stand.json.")]
MaybeRecording = Annotated[
    Path | None, typer.Argument(metavar="[RECORDING]", help="To play; the bundled one by default.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    recording: Path
    speed: str
    form: Format
    web_port: int
    is_verbose: bool
    is_quiet: bool
    settings: Path | None
    sets: tuple[str, ...]


def run(  # noqa: PLR0913, PLR0917 - one for each option
    recording: MaybeRecording = None,
    speed: Annotated[str, typer.Option(help="Event time per time: 1, 60, or max.")] = "60",
    data: Annotated[Path | None, typer.Option(help="New folder for Kafka's data; a temporary one by default.")] = None,
    web_port: Annotated[int, typer.Option(help="Probes and metrics of the stages, here and on the next two.")] = 0,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the processes' logs from info up.")] = False,
    bootstrap: Bootstrap = None,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
    settings: SettingsFile = None,
    sets: Sets = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Prometheus, Alertmanager and a page, too; feeds of now.")
    ] = False,
    minute: Annotated[int, typer.Option(min=1, max=60, help="With --all: seconds that a minute of alerts takes.")] = 60,
    stand: StandFile = None,
) -> None:
    """Run Kafka and all stages, and play a recording into them.

    Incidents are told as they arrive; Ctrl-C ends it. With --bootstrap the
    Kafka is yours; its raw topics must not hold records yet. With --all no
    recording is played: three operators send what happens now, all is well, and
    `tocsin drill` causes faults.
    """
    if everything:
        if recording is not None or bootstrap is not None:
            raise ConfigError("--all: takes no recording and no --bootstrap: it has a Kafka and feeds of its own")
        from pipeline.adapters.cli.live.stand import run_stand

        run_stand(Terminal(form, quiet=quiet), settings, sets or (), data=data, minute_seconds=minute, stand_file=stand)
        return
    said = said_with_set(sets)
    require_agreement(said, {"ingest.heartbeats": False})  # the recording brings its own
    parse_speed(speed)  # before Kafka is started for nothing
    if data is not None and (data / "kafka").exists():
        raise ConfigError(f"--data {data}: holds a Kafka of an earlier run: name a new folder, or delete it")
    wanted = _Run(
        recording=recording or bundled(),
        speed=speed,
        form=form,
        web_port=web_port,
        is_verbose=verbose,
        is_quiet=quiet,
        settings=settings,
        sets=tuple(sets or ()),
    )
    if code := _run(wanted, Terminal(form, quiet=quiet), bootstrap or said.get("kafka.bootstrap"), data):
        raise SystemExit(code)


def _run(wanted: _Run, terminal: Terminal, bootstrap: str | None, data: Path | None) -> int:
    """Run until all is over; the exit code.

    Args:
        wanted: What the caller asked for.
        terminal: Is told what happens.
        bootstrap: The caller's Kafka; None for one of our own.
        data: Folder for the data of our own; None for a temporary one.
    """
    from pipeline.adapters.kafka.topics import create_topics
    from pipeline.adapters.local.supervisor import Supervisor
    from pipeline.adapters.recordings.reader import open_recording
    from pipeline.adapters.reference.folder import gazetteer_folder

    where = {
        "kafka__security_protocol": None if bootstrap else "PLAINTEXT",  # a Kafka of our own has no users
        "partitions__lanes": open_recording(wanted.recording).lanes,
    }
    loaded = loaded_for_kafka(wanted.settings, wanted.sets, kafka__bootstrap=bootstrap, **where)
    gazetteer_folder(loaded.settings.reference.gazetteer)  # where it is missing, that is said before Kafka starts
    with _broker(bootstrap, data, terminal) as (address, what_is_gone), tempfile.TemporaryDirectory() as exits:
        found = loaded_for_kafka(wanted.settings, wanted.sets, kafka__bootstrap=address, **where)
        connection = found.settings.connection()
        copies = 1 if bootstrap is None else found.settings.kafka.replication
        asyncio.run(create_topics(connection, found.settings.partitions, replication=copies, playback=True))
        terminal.say(
            f"{address}: all stages start; {wanted.recording.name} is played at {wanted.speed}; Ctrl-C ends it"
        )
        code = Supervisor(_programs(wanted, found, exits), terminal.say, what_is_gone).run()
        terminal.say("stopped")
    return code


@contextlib.contextmanager
def _broker(bootstrap: str | None, data: Path | None, terminal: Terminal) -> Iterator[tuple[str, Callable[[], str]]]:
    """Where Kafka is, the caller's or one that lives as long as this block; and what names it once it has ended."""
    if bootstrap is not None:
        yield bootstrap, str
        return
    from pipeline.adapters.local.broker import running_broker

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # also before and after the supervisor listens
    terminal.say("starting Apache Kafka ...")
    with running_broker(data) as broker:
        try:
            yield broker.bootstrap, lambda: "" if broker.is_running else "Apache Kafka"
        finally:
            if data is None:
                broker.kill()  # its data goes with it: nothing is worth a tidy end


def _programs(wanted: _Run, loaded: "Loaded", exits: str) -> list["Program"]:
    """All processes of the flow; the settings reach them through the environment.

    Args:
        wanted: What the caller asked for.
        loaded: Settings.
        exits: Folder in which each stage remembers how it ended.
    """
    from pipeline.adapters.local.supervisor import Program

    tocsin = (sys.executable, "-m", "pipeline")
    environment = _environment(wanted, loaded)
    programs = [
        Program(
            name=words[-1],
            command=(*tocsin, *words, "--first-start"),
            environment={
                **environment,
                "TOCSIN__WEB__PORT": str(wanted.web_port and wanted.web_port + number),
                "TOCSIN__WEB__EXITS_FILE": f"{exits}/{words[-1]}.json",
            },
        )
        for number, words in enumerate(STAGES)
    ]
    follow = (*tocsin, "follow", "--format", str(wanted.form))
    programs.append(Program(name="follow", command=follow, environment=environment))
    prefix = loaded.settings.kafka.prefix
    progress = "--quiet" if wanted.is_quiet else "--lines"
    where = ("--speed", wanted.speed, "--topic-prefix", prefix)
    play = (*tocsin, "play", str(wanted.recording), *where, progress)
    programs.append(Program(name="play", command=_to_stderr(play), environment=environment, is_done_by_itself=True))
    return programs


def _to_stderr(command: tuple[str, ...]) -> tuple[str, ...]:
    """A command whose output is not data of ours."""
    return ("/bin/sh", "-c", 'exec "$@" >&2', "sh", *command)


def _environment(wanted: _Run, loaded: "Loaded") -> dict[str, str]:
    kafka = loaded.settings.kafka
    return {
        **passed_on(wanted.settings, wanted.sets, is_verbose=wanted.is_verbose),
        "TOCSIN__KAFKA__BOOTSTRAP": kafka.bootstrap,
        "TOCSIN__KAFKA__SECURITY_PROTOCOL": kafka.security_protocol,
        "TOCSIN__PARTITIONS__LANES": str(loaded.settings.partitions.lanes),
        "TOCSIN__INGEST__HEARTBEATS": "false",  # the recording brings its own
    }

"""`tocsin run --all`: Kafka, all stages, Prometheus, Alertmanager and a page that says where everything is.

Feeds of now keep it alive, so alerts mean what they mean in production, and
`tocsin drill` can cause each fault. Everything listens on 127.0.0.1 and ends
with this process.
"""

import asyncio
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.adapters.cli.live.processes import STAGES, passed_on
from pipeline.adapters.cli.options import loaded_for_kafka
from pipeline.adapters.cli.terminal import Terminal
from pipeline.adapters.shipped import is_checkout
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.local.broker import Broker
    from pipeline.adapters.local.stand.place import Stand
    from pipeline.adapters.local.supervisor import Program

_PORTS: Final = {
    "ingest": 9101,
    "detect": 9102,
    "correlate": 9103,
    "prometheus": 9090,
    "alertmanager": 9093,
    "page": 9100,
}
"""Where each listens on 127.0.0.1 if nobody else does."""

_MINUTE: Final = 60
_HASTY: Final = ("ingest.lateness_ms={telemetry=1000, tickets=1000, mentions=1000, commands=0}",)
"""Where a minute is short, nothing waits for half of one."""


def run_stand(
    terminal: Terminal,
    settings: Path | None,
    sets: Sequence[str],
    *,
    data: Path | None,
    minute_seconds: int,
    stand_file: Path | None,
) -> None:
    """Run it all until Ctrl-C.

    Args:
        terminal: Is told what happens.
        settings: File of settings.
        sets: Single settings.
        data: New folder for Kafka's data; None for a temporary one.
        minute_seconds: Seconds that a minute of the alerts takes.
        stand_file: Where it says that it runs; None for the usual place.

    Raises:
        ConfigError: If it cannot start, or runs already.
        SystemExit: If one of its programs ended for good.
    """
    from pipeline.adapters.local.broker import running_broker
    from pipeline.adapters.local.stand.place import STAND_FILE

    place = stand_file or STAND_FILE
    if not is_checkout():
        raise ConfigError("--all: needs the files of deploy/: take a checkout, then `make run ALL=1`")
    if _MINUTE % minute_seconds:
        raise ConfigError(f"--minute {minute_seconds}: must divide 60, so that a threshold stays a whole number")
    if place.exists():
        raise ConfigError(f"{place}: a stand runs here, or one was killed: end it, or delete the file")
    said = [*(_HASTY if minute_seconds < _MINUTE else ()), *sets]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # also before and after the supervisor listens
    terminal.say("starting Apache Kafka ...")
    with running_broker(data) as broker:
        try:
            code = _run(terminal, broker, place, settings, said, minute_seconds)
        finally:
            place.unlink(missing_ok=True)
            if data is None:
                broker.kill()  # its data goes with it: nothing is worth a tidy end
    terminal.say("stopped")
    if code:
        raise SystemExit(code)


def _run(
    terminal: Terminal, broker: "Broker", place: Path, settings: Path | None, said: list[str], minute_seconds: int
) -> int:
    from pipeline.adapters.kafka.topics import create_topics
    from pipeline.adapters.local.stand.watching import write_configuration
    from pipeline.adapters.local.supervisor import Supervisor

    where = {"kafka__bootstrap": broker.bootstrap, "kafka__security_protocol": "PLAINTEXT", "kafka__prefix": ""}
    found = loaded_for_kafka(settings, said, **where)
    asyncio.run(create_topics(found.settings.connection(), found.settings.partitions))
    with tempfile.TemporaryDirectory(prefix="tocsin-stand-") as folder:
        stand = _stand(broker, folder, minute_seconds)
        write_configuration(stand)
        stand.write(place)
        terminal.say(f"all starts; http://{stand.page} says where everything is; Ctrl-C ends it")
        if not stand.alertmanager:
            terminal.say("without Alertmanager: neither its templates nor bubblewrap can be had here (make setup)")
        return Supervisor(
            list(_programs(stand, place, settings, said)),
            terminal.say,
            lambda: "" if broker.is_running else "Apache Kafka",
            stand.note_start,
        ).run()


def _stand(broker: "Broker", folder: str, minute_seconds: int) -> "Stand":
    from pipeline.adapters.local.broker import port_or_another
    from pipeline.adapters.local.stand.place import Stand
    from pipeline.adapters.local.stand.watching import can_route

    where = {name: f"127.0.0.1:{port_or_another(port)}" for name, port in _PORTS.items()}
    return Stand(
        bootstrap=broker.bootstrap,
        broker_pid=broker.pid,
        stages={words[-1]: where[words[-1]] for words in STAGES},
        prometheus=where["prometheus"],
        alertmanager=where["alertmanager"] if can_route() else "",
        page=where["page"],
        folder=folder,
        minute_seconds=minute_seconds,
    )


def _programs(stand: "Stand", place: Path, settings: Path | None, said: Sequence[str]) -> Iterator["Program"]:
    from pipeline.adapters.local.stand.watching import watching_programs
    from pipeline.adapters.local.supervisor import Program

    environment = {
        **passed_on(settings, said, is_verbose=False),
        "TOCSIN__KAFKA__BOOTSTRAP": stand.bootstrap,
        "TOCSIN__KAFKA__SECURITY_PROTOCOL": "PLAINTEXT",
        "TOCSIN__KAFKA__PREFIX": "",
    }
    own = (sys.executable, "-m", "pipeline")
    for words in STAGES:
        name = words[-1]
        web = {
            "TOCSIN__WEB__PORT": stand.stages[name].rpartition(":")[2],
            "TOCSIN__WEB__EXITS_FILE": f"{stand.folder}/{name}.exits.json",
        }
        yield Program(name=name, command=(*own, *words, "--first-start"), environment={**environment, **web})
    yield from watching_programs(stand)
    module = "pipeline.adapters.local.stand"
    yield Program(name="page", command=(sys.executable, "-m", f"{module}.page", str(place)))
    yield Program(name="feed", command=(sys.executable, "-m", f"{module}.feed", stand.bootstrap, str(stand.wishes)))
    yield Program(name="follow", command=(*own, "follow"), environment=environment)

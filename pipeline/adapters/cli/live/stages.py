"""`tocsin ingest` and `tocsin agents STAGE`: one process of a stage, until SIGTERM."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.adapters.cli.options import Bootstrap, Sets, SettingsFile, loaded_for_kafka

if TYPE_CHECKING:
    from pipeline.adapters.codecs.messages import Message
    from pipeline.adapters.kafka.layout import Layout
    from pipeline.adapters.observing.metrics.open_incidents import WatchedStage
    from pipeline.adapters.observing.observer import Observer
    from pipeline.adapters.settings import Settings
    from pipeline.adapters.stages.contracts import IngestStage
    from pipeline.kinds import AnyKeyed

FirstStart = Annotated[
    bool, typer.Option("--first-start", help="Begin at the start of the log where nothing is remembered yet.")
]
Rebuild = Annotated[bool, typer.Option("--rebuild", help="Throw the state away and make it again from the log.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _From:
    settings: Path | None
    sets: list[str] | None
    bootstrap: str | None


def ingest(
    settings: SettingsFile = None, sets: Sets = None, bootstrap: Bootstrap = None, first_start: FirstStart = False
) -> None:
    """Run one process of INGEST: raw topics in, signals out.

    Start as many as you like, up to one per lane; Kafka's group protocol
    shares the lanes among them.
    """
    from pipeline.adapters.compose import Parts
    from pipeline.adapters.kafka.running import run_ingest

    found = _started(_From(settings=settings, sets=sets, bootstrap=bootstrap), "ingest")

    def make(layout: "Layout") -> "IngestStage":
        lanes = replace(found.partitions, lanes=layout.lanes)
        return Parts(found.model_copy(update={"partitions": lanes}), _now_ms).ingest(live=True, layout=layout.number)

    run_ingest(found.ingest_options(first_start=first_start), make, _observer(found))


def agent_command(stage: "AnyKeyed") -> Callable[..., None]:
    """The command that runs one process of a stage that keeps state.

    Args:
        stage: Its row of the map.
    """

    def command(
        settings: SettingsFile = None,
        sets: Sets = None,
        bootstrap: Bootstrap = None,
        first_start: FirstStart = False,
        rebuild: Rebuild = False,
    ) -> None:
        _run_agent(_From(settings=settings, sets=sets, bootstrap=bootstrap), stage, first_start, rebuild)

    topics = ", ".join(topic.noun for topic in stage.to)
    command.__doc__ = f"Run one process of {stage.name.upper()}: {stage.source.noun} in; {topics} out.\n\n{stage.does}"
    return command


def _run_agent(said: _From, stage: "AnyKeyed", first_start: bool, rebuild: bool) -> None:
    from pipeline.adapters.compose import Parts
    from pipeline.adapters.kafka.running import run_agent
    from pipeline.adapters.observing.metrics.open_incidents import WatchedStage
    from pipeline.flow import INCIDENTS

    found = _started(said, stage.name)
    compiled = Parts(found, _now_ms).keyed(stage)
    options = found.agent_options(stage, first_start=first_start, rebuild=rebuild)
    changes = _Changes(stage, found.epoch, found.schema_base).message
    if INCIDENTS in stage.to:
        watched = WatchedStage(compiled)
        run_agent(options, watched, _observer(found, watched), changes)
    else:
        run_agent(options, compiled, _observer(found), changes)


def _started(said: _From, stage: str) -> "Settings":
    """Settings, with logs set up; what is risky about them is in the log."""
    import structlog

    from pipeline.adapters.observing.logs import configure_logs

    found: Settings = loaded_for_kafka(said.settings, said.sets, kafka__bootstrap=said.bootstrap).settings
    configure_logs(found.logs.level, found.logs.format, found.secrets())
    log = structlog.get_logger("tocsin")
    log.info("starting", stage=stage, bootstrap=found.kafka.bootstrap, epoch=found.epoch)
    if stage == "ingest" and found.uses_development_key():
        log.warning("development_key", fix="privacy.hash_key: set your own; with this one anybody can find authors")
    return found


def _observer(found: "Settings", correlate: "WatchedStage | None" = None) -> "Observer":
    """Metrics, health and log; probes are served if the settings name a port."""
    from pipeline.adapters.observing.logs import LoggingObserver
    from pipeline.adapters.observing.metrics.counting import Metrics
    from pipeline.adapters.observing.metrics.families import CONTENT_TYPE, Families
    from pipeline.adapters.observing.metrics.open_incidents import OpenIncidents
    from pipeline.adapters.observing.together import Together
    from pipeline.adapters.web.health import Health

    families, health = Families(), Health()
    if found.web.port:
        from pipeline.adapters.web.server import Server

        Server(health, families.page, CONTENT_TYPE).start(found.web.host, found.web.port)
    counted = () if correlate is None else (OpenIncidents(families, correlate),)
    return Together(Metrics(families), health, LoggingObserver(), *counted)


class _Changes:
    """Writes the decision that says that the rules are other ones than before."""

    def __init__(self, stage: "AnyKeyed", epoch: int, schema_base: str) -> None:
        self._stage, self._epoch, self._schema_base = stage, epoch, schema_base

    def message(self, partition: int, before: str, now: str) -> "Message":
        """Write the decision that says so.

        Args:
            partition: Partition of the stage's input.
            before: The ruleset that the state was made with.
            now: The ruleset of this process.
        """
        from pipeline.adapters.codecs.outputs import message_of
        from pipeline.records.clocks import Instant
        from pipeline.records.ids import content_id
        from pipeline.records.published.decisions import Decision
        from pipeline.records.vocabulary import DecisionKind, DecisionReason

        stage = self._stage.name
        at = Instant(_now_ms())  # a person's act: the one decision whose time is not in the log
        decision = Decision(
            decision_id=content_id(stage, "ruleset_changed", partition, before, now),
            stage=stage,
            kind=DecisionKind.RULESET_CHANGED,
            subject=f"{stage}/{partition}",
            reason=DecisionReason.RULESET_CHANGED,
            text=f"rules, settings or reference changed: ruleset {before} before, {now} now",
            at=at,
            details={"before": before, "now": now},
        )
        origin = f"{self._stage.state_noun}/{self._epoch}/{partition}/0"
        return message_of(decision, stage, origin, at, self._schema_base)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000

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
    from pipeline.adapters.observing.metrics.held import WatchedStage
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
    from pipeline.adapters.observing.learnt import tell
    from pipeline.adapters.observing.logs import GuessLog
    from pipeline.adapters.observing.metrics.feeds import FeedGauges, WatchedIngest

    found = _started(_From(settings=settings, sets=sets, bootstrap=bootstrap), "ingest")
    watch, guesses = _Watch(found, "ingest"), GuessLog()

    def make(layout: "Layout") -> "IngestStage":
        lanes = replace(found.partitions, lanes=layout.lanes)
        parts = Parts(found.model_copy(update={"partitions": lanes}), _now_ms)
        stage = parts.ingest(live=True, layout=layout.number)
        tell(parts.corrections(), watch.families, frozen=found.reference.learnt_frozen)
        return WatchedIngest(stage, FeedGauges(watch.families, stage.rules.market_of), guesses)

    run_ingest(found.ingest_options(first_start=first_start), make, watch.observer())
    watch.stopped()


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
    from pipeline.adapters.observing.metrics.held import WatchedStage
    from pipeline.flow import INCIDENTS

    found = _started(said, stage.name)
    watch = _Watch(found, stage.name)
    compiled = Parts(found, _now_ms).keyed(stage)
    options = found.agent_options(stage, first_start=first_start, rebuild=rebuild)
    changes = _Changes(stage, found.epoch, found.schema_base).message
    if INCIDENTS in stage.to:
        watched = WatchedStage(compiled)
        run_agent(options, watched, watch.observer(watched), changes)
    else:
        run_agent(options, compiled, watch.observer(), changes)
    watch.stopped()


def _started(said: _From, stage: str) -> "Settings":
    """Settings, with logs set up; what is risky about them is in the log."""
    import structlog

    from pipeline import compiled
    from pipeline.adapters.observing.logs import configure_logs

    found: Settings = loaded_for_kafka(said.settings, said.sets, kafka__bootstrap=said.bootstrap).settings
    configure_logs(found.logs.level, found.logs.format, found.secrets())
    log = structlog.get_logger("tocsin")
    log.info("starting", stage=stage, bootstrap=found.kafka.bootstrap, epoch=found.epoch)
    if stage == "ingest":
        log.info("compiled", state=compiled.state())
    if stage == "ingest" and found.uses_development_key():
        log.warning("development_key", fix="privacy.hash_key: set your own; with this one anybody can find authors")
    return found


class _Watch:
    """Who watches the process of a stage: metrics, health, log, and the book of its ends.

    Probes are served from the start, if the settings name a port.

    Args:
        found: Settings.
        stage: Name of the stage.
    """

    def __init__(self, found: "Settings", stage: str) -> None:
        from pipeline.adapters.kafka.leaving import Word, remember_with
        from pipeline.adapters.observing.metrics.exits import KILLED, STOPPED, ExitBook
        from pipeline.adapters.observing.metrics.families import CONTENT_TYPE, Families
        from pipeline.adapters.observing.metrics.zeros import begin_at_zero
        from pipeline.adapters.web.health import Health

        self.families: Families = Families(stage)
        begin_at_zero(self.families, stage, found.detect.markets)
        self._found, self._health = found, Health()
        self._book = ExitBook(Path(found.web.exits_file) if found.web.exits_file else None)
        self._book.begin(self.families, stage, (*Word, KILLED, STOPPED))
        remember_with(self._book.end)
        if found.web.port:
            from pipeline.adapters.web.server import Server

            Server(self._health, self.families.page, CONTENT_TYPE).start(found.web.host, found.web.port)

    def observer(self, correlate: "WatchedStage | None" = None) -> "Observer":
        """All who hear what the stage does.

        Args:
            correlate: CORRELATE, whose states are looked at; None for another stage.
        """
        from pipeline.adapters.observing.logs import LoggingObserver
        from pipeline.adapters.observing.metrics.counting import Metrics
        from pipeline.adapters.observing.metrics.held import HeldGauges
        from pipeline.adapters.observing.together import Together

        metrics = Metrics(self.families, nouns=_nouns(self._found))
        held = () if correlate is None else (HeldGauges(self.families, correlate, metrics),)
        return Together(metrics, self._health, LoggingObserver(), *held)

    def stopped(self) -> None:
        """Note a planned stop."""
        from pipeline.adapters.observing.metrics.exits import STOPPED

        self._book.end(STOPPED)


def _nouns(found: "Settings") -> dict[str, str]:
    """Whole names of topics to their nouns, those of others among them."""
    from pipeline.flow import TOPICS

    connection = found.connection()
    ours = {connection.topic(topic.noun): topic.noun for topic in TOPICS}
    return ours | {name: source for source, names in connection.raw_topics().items() for name in names}


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

"""Logs: a JSON line per event on standard error, UTC; words for people on a terminal.

Libraries log through the standard library and come out in the same form. The
values of secrets are known here and masked wherever they turn up, also in the
text of somebody else's exception.
"""

import logging
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.observing.repeats import OncePerWhile
from pipeline.records.raw.feeds import FeedCount, FeedName
from pipeline.views.refusals import guesses

MASK: Final = "***"
_SECRET_CHARS_MIN: Final = 4
GUESSES_MAX: Final = 1_000
"""Names of metrics come from senders: who sends a new one with each record does not fill the disk."""

_LOUD: Final = ("faust", "mode", "aiokafka", "kafka", "asyncio", "pipeline.adapters.kafka")
"""Who tells its life at `info`, our subclasses of Faust among them: only warnings, unless all is asked for."""


class Masking:
    """Takes secrets out of whatever is logged.

    Args:
        secrets: Their values; too short ones would mask half of the text.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted(
            {secret for secret in secrets if len(secret) >= _SECRET_CHARS_MIN}, key=len, reverse=True
        )

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """A processor of structlog."""
        del logger, method
        return {name: self._masked(value) for name, value in event.items()} if self._secrets else event

    def _masked(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._masked(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._masked(inner) for inner in value]
        if not isinstance(value, str):
            if isinstance(value, int | float | None):
                return value
            value = str(value)
        for secret in self._secrets:
            value = value.replace(secret, MASK)
        return value


def configure_logs(level: str = "info", form: str = "auto", secrets: Iterable[str] = ()) -> None:
    """Set up logging for this process.

    Args:
        level: debug, info, warning or error.
        form: json, console, or auto: console on a terminal.
        secrets: Values that must never show.
    """
    is_console = form == "console" or (form == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        Masking(secrets),
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if is_console else _json(),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    handler.addFilter(OncePerWhile())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else max(root.level, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _json() -> Processor:
    return structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False)


class GuessLog:
    """Logs of each metric that nobody described what it is taken for: once, as long as the process runs."""

    def __init__(self) -> None:
        self._log: Any = structlog.get_logger("tocsin")
        self._told: set[str] = set()

    def hear(self, feeds: Mapping[FeedName, FeedCount]) -> None:
        """Take in what became of the records of a batch.

        Args:
            feeds: Used and refused records by feed.
        """
        undescribed = [(feed, count) for feed, count in feeds.items() if count.unit and feed.kind not in self._told]
        for metric, sentence in guesses(undescribed).items() if undescribed else ():
            if len(self._told) == GUESSES_MAX:
                return
            self._told.add(metric)
            self._log.warning("metric_guessed", metric=metric, taken=sentence, fix="describe it in metrics.toml")
            if len(self._told) == GUESSES_MAX:
                self._log.warning(
                    "metrics_guessed", fix=f"{GUESSES_MAX} metrics are not in metrics.toml; no more is said"
                )


class LoggingObserver(Observer):
    """Logs the turning points of a stage: what it owns, which state it has, what it could not use."""

    def __init__(self) -> None:
        self._log: Any = structlog.get_logger("tocsin")

    def assigned(self, stage: str, partitions: int) -> None:
        """Log the end of a rebalance."""
        self._log.info("assigned", stage=stage, partitions=partitions)

    def skipped(self, stage: str, place: str, why: str) -> None:
        """Log a record that could not be read and was passed over."""
        self._log.warning("skipped", stage=stage, record=place, why=why)

    def state_loaded(self, stage: str, slots: int, seconds: float) -> None:
        """Log a state that was read."""
        self._log.debug("state_loaded", stage=stage, slots=slots, seconds=round(seconds, 3))

    def snapshot(self, stage: str, slots: int, size_bytes: int) -> None:
        """Log a state that was written."""
        self._log.debug("snapshot", stage=stage, slots=slots, size_bytes=size_bytes)

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:
        """Log what became of incidents, and that something could not be used."""
        del seconds
        refused = 0
        for message in messages:
            refused += message.topic == "quarantine"
            if message.topic == "incidents":
                headers = dict(message.headers)
                self._log.info(
                    "incident",
                    incident_id=(message.key or b"").decode("utf-8", "replace"),
                    revision=headers.get("revision", b"").decode(),
                    state=headers.get("state", b"").decode(),
                )
        if refused:
            self._log.warning("quarantined", stage=stage, records=refused)

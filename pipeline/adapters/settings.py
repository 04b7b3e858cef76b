"""Settings: a TOML file, over it the environment, over that the command line; all mistakes at once.

The stages' own configurations are frozen dataclasses that know their limits;
this door fills them, finds keys that do not exist, and says for each value
where it came from. A process with a mistake in its settings does not start.
"""

import dataclasses
import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from pipeline.adapters.kafka.options import Connection, Partitions
from pipeline.correlate.config import CorrelateConfig
from pipeline.detect.config import DetectConfig
from pipeline.ingest.config import LATENESS_MS, IngestConfig
from pipeline.records.errors import ConfigError
from pipeline.respond.config import RespondConfig

FILE: Final = "tocsin.toml"
"""Read from the working folder if there is one."""
PREFIX: Final = "TOCSIN__"
"""Of environment variables: TOCSIN__KAFKA__BOOTSTRAP is kafka.bootstrap."""
DEVELOPMENT_KEY: Final = "tocsin-development-key"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class Kafka(_Section):
    """Where Kafka is and how to speak to it; passed through to every client.

    Attributes:
        prefix: Before the noun of every topic, such as `prod.`.
        raw_prefix: Before the four raw topics, where they have another owner; None is `prefix`.
        security_protocol: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.
        ssl_cafile: Certificate authority, PEM.
        replication: Copies of each topic that `tocsin topics create` makes.
    """

    bootstrap: str = "127.0.0.1:9092"
    prefix: str = ""
    client_id: str = "tocsin"
    security_protocol: str = Field(default="PLAINTEXT", pattern="^(PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)$")
    sasl_mechanism: str = Field(default="SCRAM-SHA-512", pattern="^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)$")
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_cafile: Path | None = None
    ssl_certfile: Path | None = None
    ssl_keyfile: Path | None = None
    ssl_password: SecretStr | None = None
    replication: int = Field(default=3, ge=1, le=9)
    session_seconds: float = Field(default=30.0, ge=6, le=300)


class Ingest(_Section):
    """How INGEST takes raw records in.

    Attributes:
        heartbeats: Off while a recording is played: it brings its own.
        batch_seconds: A batch ends so long after its first record.
        horizon_ms: Event time by which a lane may run ahead of the least clock.
    """

    lateness_ms: dict[str, int] = Field(default_factory=lambda: dict(LATENESS_MS))
    future_ms_max: int = 300_000
    stale_ms_max: int = 86_400_000
    slow_sources: tuple[str, ...] = ()
    slow_vendors: tuple[str, ...] = ()
    heartbeats: bool = True
    batch_seconds: float = Field(default=2.0, ge=0.05, le=60)
    batch_records: int = Field(default=50_000, ge=1, le=1_000_000)
    horizon_ms: int = Field(default=300_000, ge=10_000, le=86_400_000)


class Reference(_Section):
    """Where the files of the reference are.

    Attributes:
        folder: Operators, markets, elements, lexicon; None is what Tocsin brings.
        gazetteer: Where `tocsin gazetteer build` wrote; None is the default place.
    """

    folder: Path | None = None
    gazetteer: Path | None = None


class Privacy(_Section):
    """How people stay unnamed.

    Attributes:
        hash_key: Secret for the hashes of authors, customers and ids; 16 to 64 bytes.
    """

    hash_key: SecretStr = Field(default=SecretStr(DEVELOPMENT_KEY), min_length=16, max_length=64)


class Web(_Section):
    """Probes and metrics: loopback unless said otherwise.

    Attributes:
        port: 0 turns them off.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65_535)


class Logs(_Section):
    """What is logged, and how."""

    level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    format: str = Field(default="auto", pattern="^(auto|json|console)$")


class Settings(_Section):
    """All settings of all commands."""

    epoch: int = Field(default=1, ge=1, le=10**6)
    kafka: Kafka = Kafka()
    partitions: Partitions = Partitions()
    ingest: Ingest = Ingest()
    detect: DetectConfig = DetectConfig()
    correlate: CorrelateConfig = CorrelateConfig()
    respond: RespondConfig = RespondConfig()
    reference: Reference = Reference()
    privacy: Privacy = Privacy()
    web: Web = Web()
    logs: Logs = Logs()

    def ingest_config(self) -> IngestConfig:
        """The rules' settings of INGEST.

        Raises:
            ConfigError: Lists what is wrong.
        """
        return IngestConfig(
            lanes=self.partitions.lanes,
            signals_partitions=self.partitions.signals,
            epoch=self.epoch,
            lateness_ms=self.ingest.lateness_ms,
            future_ms_max=self.ingest.future_ms_max,
            stale_ms_max=self.ingest.stale_ms_max,
            slow_sources=frozenset(self.ingest.slow_sources),
            slow_vendors=frozenset(self.ingest.slow_vendors),
            hash_key=self.privacy.hash_key.get_secret_value().encode(),
        )

    def connection(self) -> Connection:
        """Where Kafka is, for the Kafka shell.

        Raises:
            ConfigError: If a certificate cannot be read.
        """
        kafka = self.kafka
        return Connection(
            bootstrap=kafka.bootstrap, security=_security(kafka), prefix=kafka.prefix, client_id=kafka.client_id
        )


def _security(kafka: Kafka) -> dict[str, Any]:
    """Keyword arguments of aiokafka's clients."""
    security: dict[str, Any] = {"security_protocol": kafka.security_protocol}
    if "SSL" in kafka.security_protocol:
        from aiokafka.helpers import create_ssl_context

        try:
            security["ssl_context"] = create_ssl_context(
                cafile=_text(kafka.ssl_cafile),
                certfile=_text(kafka.ssl_certfile),
                keyfile=_text(kafka.ssl_keyfile),
                password=kafka.ssl_password.get_secret_value() if kafka.ssl_password else None,
            )
        except OSError as error:
            raise ConfigError(f"kafka.ssl_*: a certificate cannot be read: {error}") from None
    if kafka.security_protocol.startswith("SASL"):
        if not kafka.sasl_username or not kafka.sasl_password:
            raise ConfigError(f"kafka.sasl_username, kafka.sasl_password: {kafka.security_protocol} needs both")
        security["sasl_mechanism"] = kafka.sasl_mechanism
        security["sasl_plain_username"] = kafka.sasl_username
        security["sasl_plain_password"] = kafka.sasl_password.get_secret_value()
    return security


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


@dataclasses.dataclass(frozen=True, slots=True)
class Loaded:
    """Settings and, for each value that is not a default, where it came from.

    Attributes:
        origins: Dotted name to `file`, the variable's name, or `command line`.
    """

    settings: Settings
    origins: Mapping[str, str]


def load_settings(
    file: Path | None = None, environment: Mapping[str, str] | None = None, options: Mapping[str, Any] | None = None
) -> Loaded:
    """Read all sources and check them together.

    Args:
        file: TOML; None is `tocsin.toml` of the working folder, if it exists.
        environment: None is the process's.
        options: Dotted names and values from the command line.

    Raises:
        ConfigError: Lists every mistake, one a line.
    """
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    problems: list[str] = []
    environment = os.environ if environment is None else environment
    path = file or Path(environment.get("TOCSIN_SETTINGS", FILE))
    if path.is_file():
        _merge(merged, _toml(path, problems), origins, str(path))
    elif file or "TOCSIN_SETTINGS" in environment:
        problems.append(f"{path}: no such file; see deploy/tocsin.example.toml")
    for name, value in sorted(environment.items()):
        if name.startswith(PREFIX):
            dotted = name.removeprefix(PREFIX).lower().replace("__", ".")
            _put(merged, dotted, parsed(value), origins, name)
    for dotted, value in (options or {}).items():
        if value is not None:
            _put(merged, dotted, value, origins, "command line")
    problems += _unknown(merged, Settings.model_fields, "")
    problems += _wrong(merged)
    if problems:
        raise ConfigError("\n".join(problems))
    return Loaded(Settings(**merged), origins)


def _wrong(merged: Mapping[str, Any]) -> list[str]:
    """What the types and the dataclasses object to; unknown keys are named elsewhere."""
    try:
        settings = Settings(**merged)
        settings.ingest_config()
    except ValidationError as error:
        return [_line(problem) for problem in error.errors() if problem["type"] != "extra_forbidden"]
    except ConfigError as error:
        return str(error).splitlines()
    return []


def _line(problem: Any) -> str:
    dotted = ".".join(str(part) for part in problem["loc"])
    message = str(problem["msg"]).removeprefix("Value error, ")
    if message.startswith(dotted.partition(".")[0]):
        return message
    secret = any(word in dotted for word in ("password", "key"))
    return f"{dotted} = {'***' if secret else repr(problem.get('input'))}: {message}"


def _toml(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{path}: {error}")
        return {}


def _merge(into: dict[str, Any], new: Mapping[str, Any], origins: dict[str, str], origin: str, above: str = "") -> None:
    for key, value in new.items():
        if isinstance(value, Mapping):
            _merge(into.setdefault(key, {}), value, origins, origin, f"{above}{key}.")
        else:
            into[key] = value
            origins[above + key] = origin


def _put(into: dict[str, Any], dotted: str, value: Any, origins: dict[str, str], origin: str) -> None:
    *sections, key = dotted.split(".")
    for section in sections:
        into = into.setdefault(section, {})
    into[key] = value
    origins[dotted] = origin


def parsed(text: str) -> Any:
    """An environment variable's value: TOML where it is a list, a table or a truth value, else text."""
    if text[:1] in "[{" or text in ("true", "false"):
        try:
            return tomllib.loads(f"x = {text}")["x"]
        except tomllib.TOMLDecodeError:
            return text
    return text


def _unknown(given: Mapping[str, Any], known: Mapping[str, Any], above: str) -> Iterator[str]:
    """Names of keys that do not exist, with the nearest that does."""
    for key, value in given.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {above}{near[0]}?" if near else f"; known are {', '.join(sorted(known))}"
            yield f"{above}{key}: no such setting{hint}"
        elif isinstance(value, Mapping) and (inner := fields_of(known[key])):
            yield from _unknown(value, inner, f"{above}{key}.")


def fields_of(field: Any) -> Mapping[str, Any]:
    """Fields of a section, whether a model or a dataclass; none if it is a value."""
    kind = getattr(field, "annotation", None) or getattr(field, "type", None)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.model_fields
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return {one.name: one for one in dataclasses.fields(kind)}
    return {}


def values_of(settings: Settings) -> Iterator[tuple[str, Any]]:
    """All settings by dotted name, secrets masked."""
    yield from _flat(settings, "")


def _flat(section: Any, above: str) -> Iterator[tuple[str, Any]]:
    names = (
        type(section).model_fields if isinstance(section, BaseModel) else [f.name for f in dataclasses.fields(section)]
    )
    for name in names:
        value = getattr(section, name)
        if isinstance(value, BaseModel) or (dataclasses.is_dataclass(value) and not isinstance(value, type)):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, "***" if isinstance(value, SecretStr) else value

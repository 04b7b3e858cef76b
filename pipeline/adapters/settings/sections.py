"""The sections of the settings: what may be said, within which limits, and what is meant if nothing is said."""

import re
from pathlib import Path
from typing import Any, Final

from pydantic import DirectoryPath, Field, SecretStr, field_validator

from pipeline.adapters.codecs.outputs import SCHEMA_BASE
from pipeline.adapters.kafka.options import AgentOptions, Connection, IngestOptions, Partitions, group_of
from pipeline.adapters.settings.kafka import Kafka, Section
from pipeline.adapters.settings.security import login_of, security_of
from pipeline.correlate.config import CorrelateConfig
from pipeline.detect.config import DetectConfig
from pipeline.ingest.config import LATENESS_MS, IngestConfig
from pipeline.ingest.text.refused import QuarantineKeeps
from pipeline.kinds import AnyKeyed
from pipeline.records.clocks import DAY_MS, MINUTE_MS
from pipeline.respond.config import RespondConfig

DEVELOPMENT_KEY: Final = "tocsin-development-key"
"""Of who tries Tocsin out; a process that ingests with it says so in its log."""

HEARTBEAT_SECONDS: Final = 2.0

_ABSOLUTE_URI: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:[!$&-;=?-Z_a-z~%]+")
"""RFC 3986, section 4.3: a scheme, a colon, and no fragment. The class holds what may stand in the rest."""


class Ingest(Section):
    """How INGEST takes raw records in.

    Attributes:
        lateness_ms: A pane waits for a source so many milliseconds after its end, 0 to 3600000; a record that comes
            later is refused as late. 30 s covers collectors that poll every 10 s. Sources that are not named keep
            their default.
        future_ms_max: A record is refused if it says to be so many milliseconds later than Kafka received it, 1000
            to 3600000. No honest clock in the field is 5 minutes off.
        stale_ms_max: A record is refused if Kafka received it so many milliseconds after its own time, one minute to
            30 days. After a day it is history.
        steady_lag_ms_max: A feed (operator, vendor and metric; intake; platform) that is steadily late by at most so
            many milliseconds, 0 to 86400000, is heard all the same: its times are moved by its lag. Half an hour is two
            intervals of the slowest figures of the trade. 0 refuses all that is late.
        slow_sources: Records of these sources take the time at which Kafka received them as their own, as figures
            of 15 minutes must.
        slow_vendors: Telemetry of these vendors does the same.
        heartbeats: INGEST tells quiet raw topics the time by records of its own; off while a recording is played,
            which brings its own.
        batch_seconds: A batch ends so many seconds after its first record, 0.05 to 60. Two seconds are most of the
            delay of an event, and few enough transactions.
        batch_records: A batch ends with so many records, 1 to 1000000, if that comes first; it bounds memory.
        horizon_ms: A lane may run so many milliseconds of event time ahead of the slowest, 10000 to 86400000; then
            it waits, so that DETECT holds few panes open.
    """

    lateness_ms: dict[str, int] = Field(default_factory=lambda: dict(LATENESS_MS))
    future_ms_max: int = 300_000
    stale_ms_max: int = DAY_MS
    steady_lag_ms_max: int = 30 * MINUTE_MS
    slow_sources: tuple[str, ...] = ()
    slow_vendors: tuple[str, ...] = ()
    heartbeats: bool = True
    batch_seconds: float = Field(default=2.0, ge=0.05, le=60)
    batch_records: int = Field(default=50_000, ge=1, le=1_000_000)
    horizon_ms: int = Field(default=300_000, ge=10_000, le=DAY_MS)

    @field_validator("lateness_ms")
    @classmethod
    def _fill(cls, given: dict[str, int]) -> dict[str, int]:
        """Sources that are not named keep their default."""
        return {**LATENESS_MS, **given}


class Reference(Section):
    """Where the files are that Tocsin knows operators, places and words from.

    Attributes:
        folder: Operators, markets, network elements, metrics and lexicon are read from this folder; unset, from the
            one that Tocsin brings.
        gazetteer: Places and postcodes are read from this folder, where `tocsin gazetteer build` wrote them; unset,
            from `.build/reference`.
        learnt: What `tocsin learn` wrote into this folder corrects the weights by which posts are read; unset, nothing
            does. It changes by that command only.
        learnt_frozen: Nothing more is learnt: `tocsin learn` leaves every folder as it is. What was learnt is used.
    """

    folder: DirectoryPath | None = None
    gazetteer: Path | None = None
    learnt: DirectoryPath | None = None
    learnt_frozen: bool = False


class Privacy(Section):
    """How people stay unnamed.

    Attributes:
        hash_key: Authors, customers and ids are hashed with this secret of 16 to 64 bytes. The default is public,
            and so hides nobody: set your own, and keep it, for with another one all people are new.
        hash_key_file: The secret is the content of this file, without its last line break.
        quarantine: What is kept of a raw record that is refused or late: whole (all of it, people in clear, for 30
            days), masked (people and ids hashed, words masked; codes, times and figures stay, so that it can be
            repaired and played back), or hash_only (length and hash).
    """

    hash_key: SecretStr = Field(default=SecretStr(DEVELOPMENT_KEY), min_length=16, max_length=64)
    hash_key_file: Path | None = None
    quarantine: QuarantineKeeps = QuarantineKeeps.MASKED


class Web(Section):
    """Where a process answers probes and shows its metrics: /livez, /readyz, /metrics.

    Attributes:
        host: The name or address of the interface; 0.0.0.0 is all of them. There is no login, so leave it at
            loopback where strangers come.
        port: The number of the port; 0 turns probes and metrics off.
        exits_file: The file, of this process alone, that remembers with which words it ended, so that the next start
            can show them as a metric; empty remembers nothing. `tocsin run` keeps one for each stage.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65_535)
    exits_file: str = ""


class Logs(Section):
    """What a process tells on standard error.

    Attributes:
        level: The least weighty lines that are written: debug, info, warning or error.
        format: A line is json, or console for people; auto is console on a terminal.
    """

    level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    format: str = Field(default="auto", pattern="^(auto|json|console)$")


class Settings(Section):
    """All settings of all commands.

    Attributes:
        epoch: A new number, 1 to 1000000, begins the raw topics anew: offsets, clocks and states of another epoch
            are not used. It is needed when a topic was made again, or its number of partitions changed.
        schema_base: Each record that is written names its schema in the header `ce_dataschema`: this absolute URI,
            and directly behind it the name of the schema's file. The default names schemas without saying where
            they lie; if they are published somewhere, such as at `https://schemas.example.org/tocsin/`, say so.
    """

    epoch: int = Field(default=1, ge=1, le=10**6)
    schema_base: str = Field(default=SCHEMA_BASE, max_length=200)
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

    @field_validator("schema_base")
    @classmethod
    def _absolute(cls, base: str) -> str:
        if _ABSOLUTE_URI.fullmatch(base) is None:
            must = (
                "must be an absolute URI without a fragment, such as urn:tocsin:schema: or https://example.org/tocsin/"
            )
            raise ValueError(f"schema_base = {base!r}: {must}")
        return base

    def ingest_config(self, layout: int = 1) -> IngestConfig:
        """The rules' settings of INGEST.

        Args:
            layout: Number of the layout of lanes, from 1.

        Raises:
            ConfigError: Lists what is wrong.
        """
        return IngestConfig(
            lanes=self.partitions.lanes,
            signals_partitions=self.partitions.signals,
            epoch=self.epoch,
            layout=layout,
            lateness_ms=self.ingest.lateness_ms,
            future_ms_max=self.ingest.future_ms_max,
            stale_ms_max=self.ingest.stale_ms_max,
            steady_lag_ms_max=self.ingest.steady_lag_ms_max,
            slow_sources=frozenset(self.ingest.slow_sources),
            slow_vendors=frozenset(self.ingest.slow_vendors),
            hash_key=self.privacy.hash_key.get_secret_value().encode(),
            quarantine=self.privacy.quarantine,
        )

    def connection(self) -> Connection:
        """Where Kafka is, for the Kafka shell.

        Raises:
            ConfigError: If a certificate cannot be read, or a name or password is missing.
        """
        kafka = self.kafka
        return Connection(
            bootstrap=kafka.bootstrap,
            security=security_of(kafka),
            prefix=kafka.prefix,
            client_id=kafka.client_id,
            login=login_of(kafka),
            raw=kafka.raw_topics,
        )

    def ingest_options(self, *, first_start: bool = False) -> IngestOptions:
        """How a process of INGEST runs.

        Raises:
            ConfigError: As `connection`.
        """
        ingest = self.ingest
        return IngestOptions(
            connection=self.connection(),
            group=group_of("ingest", self.kafka.prefix),
            epoch=self.epoch,
            partitions=self.partitions,
            batch_seconds=ingest.batch_seconds,
            batch_records=ingest.batch_records,
            heartbeat_seconds=HEARTBEAT_SECONDS if ingest.heartbeats else None,
            horizon_ms=ingest.horizon_ms,
            first_start=first_start,
            **self._session(),
        )

    def agent_options(self, stage: AnyKeyed, *, first_start: bool = False, rebuild: bool = False) -> AgentOptions:
        """How a process of an agent runs.

        Args:
            stage: Its row of the map.
            first_start: As in `AgentOptions`.
            rebuild: As in `AgentOptions`.

        Raises:
            ConfigError: As `connection`.
        """
        return AgentOptions(
            connection=self.connection(),
            group=group_of(stage.name, self.kafka.prefix),
            epoch=self.epoch,
            partitions=self.partitions.of(stage.source),
            instance=self.kafka.instance,
            first_start=first_start,
            rebuild=rebuild,
            **self._session(),
        )

    def _session(self) -> dict[str, Any]:
        seconds = self.kafka.session_seconds
        return {} if seconds is None else {"session_seconds": seconds}

    def secrets(self) -> tuple[str, ...]:
        """Values that must not show anywhere."""
        kafka = self.kafka
        given = (kafka.sasl_password, kafka.ssl_password, self.privacy.hash_key)
        return tuple(secret.get_secret_value() for secret in given if secret is not None)

    def uses_development_key(self) -> bool:
        """Whether people's names are hashed with the key that everybody knows."""
        return self.privacy.hash_key.get_secret_value() == DEVELOPMENT_KEY

"""The section `kafka` of the settings: where Kafka is, and as whom we speak to it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from pipeline.records.clocks import SOURCES


class Section(BaseModel):
    """A table of the settings: what is not known in it is refused, and nothing changes once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class Kafka(Section):
    """Where Kafka is, and as whom Tocsin speaks to it.

    Attributes:
        bootstrap: Tocsin finds the cluster through these brokers, `host:port` with commas between them.
        prefix: These characters stand before the name of every topic, consumer group and transactional id, such as
            `prod.`; two deployments on one cluster need different ones.
        client_id: Kafka shows this name in its logs, and counts quotas by it.
        security_protocol: The connection is PLAINTEXT, SSL (TLS), SASL_PLAINTEXT (users without TLS) or SASL_SSL
            (users over TLS).
        sasl_mechanism: A user logs in by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.
        sasl_username: The user that logs in, where the protocol is one of SASL; each stage may have its own.
        sasl_password: The user's password; a file is the better place for it.
        sasl_password_file: The user's password is the content of this file, without its last line break.
        ssl_cafile: Brokers are believed if the authorities in this PEM file have signed their certificates; unset,
            those of the system are asked.
        ssl_certfile: Tocsin shows the certificate in this PEM file, where the broker asks for one.
        ssl_keyfile: The key of `ssl_certfile` is in this PEM file; unset, it is in the same file as the certificate.
        ssl_password: An encrypted key opens with this password; a file is the better place for it.
        ssl_password_file: An encrypted key opens with the content of this file, without its last line break.
        raw_topics: A source is read from these topics, by their whole names, with any number of partitions each, such
            as `telemetry = ["oss.kpi", "probes"]`; a source that is not named has one topic, the prefix and its noun.
        replication: `tocsin topics create` makes so many copies of each topic, 1 to 9; three survive the loss of a
            broker without a stop.
        session_seconds: Kafka takes a process for dead after so many seconds without a word, 6 to 300; unset, they
            are 10 for INGEST, which starts quickly, and 30 for the stages that load a state.
        instance: A process with this name, such as a pod's, gets its partitions back after a quick restart, so that
            nothing moves (static membership); unset, every start moves partitions. It must differ between processes.
    """

    bootstrap: str = "127.0.0.1:9092"
    prefix: str = ""
    client_id: str = "tocsin"
    security_protocol: str = Field(default="PLAINTEXT", pattern="^(PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)$")
    sasl_mechanism: str = Field(default="SCRAM-SHA-512", pattern="^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)$")
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    sasl_password_file: Path | None = None
    ssl_cafile: Path | None = None
    ssl_certfile: Path | None = None
    ssl_keyfile: Path | None = None
    ssl_password: SecretStr | None = None
    ssl_password_file: Path | None = None
    raw_topics: dict[str, tuple[str, ...]] = {}
    replication: int = Field(default=3, ge=1, le=9)
    session_seconds: float | None = Field(default=None, ge=6, le=300)
    instance: str | None = None

    @field_validator("raw_topics")
    @classmethod
    def _check(cls, given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Sources exist, each has a topic, and no topic is of two."""
        named = [name for names in given.values() for name in names]
        if unknown := sorted(given.keys() - set(SOURCES)):
            raise ValueError(f"{', '.join(unknown)}: sources are {', '.join(SOURCES)}")
        if not all(given.values()) or not all(named):
            raise ValueError("each source that is named needs a topic")
        if len(set(named)) != len(named):
            raise ValueError("a topic is of one source only, and named once")
        return given

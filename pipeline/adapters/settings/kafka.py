"""The section `kafka` of the settings: where Kafka is, and as whom we speak to it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Section(BaseModel):
    """A table of the settings: what is not known in it is refused, and nothing changes once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class Kafka(Section):
    """Where Kafka is and how to speak to it; passed through to every client.

    Attributes:
        prefix: Before the noun of every topic, such as `prod.`.
        security_protocol: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.
        ssl_cafile: Certificate authority, PEM.
        replication: Copies of each topic that `tocsin topics create` makes.
        session_seconds: Kafka takes a process for dead after this long; None is 10 for INGEST, 30 for agents.
        instance: Static membership, such as a pod's name: a quick restart then moves no partition.
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
    replication: int = Field(default=3, ge=1, le=9)
    session_seconds: float | None = Field(default=None, ge=6, le=300)
    instance: str | None = None

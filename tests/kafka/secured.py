"""An Apache Kafka with users, rights and certificates: every way to be turned away, on one broker.

Listeners, all on 127.0.0.1: `plain` is the administrator's, without users;
`sasl_tls` takes PLAIN over TLS, `sasl` SCRAM-SHA-512 without TLS, `mutual` wants a
certificate of the client; `expired` and `other_host` show certificates that
nobody should accept.
"""

import shlex
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest

from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.rights.entering import entered
from pipeline.adapters.kafka.rights.listing import kafka_acls
from pipeline.adapters.kafka.rights.needed import Operation, Resource, Right
from pipeline.adapters.local.broker import Broker, free_port
from pipeline.adapters.settings import load_settings
from tests.authority import Authority, Certificate

USERS = {name: f"{name}-secret" for name in ("ingest", "detect", "correlate", "follow", "topics", "nobody")}
PROTOCOLS = {
    "plain": "PLAINTEXT",
    "sasl_tls": "SASL_SSL",
    "sasl": "SASL_PLAINTEXT",
    "mutual": "SSL",
    "expired": "SSL",
    "other_host": "SSL",
}
_RESOURCES = {Resource.TOPIC: 2, Resource.GROUP: 3, Resource.TRANSACTIONAL_ID: 5}
_OPERATIONS = {Operation.READ: 3, Operation.WRITE: 4, Operation.CREATE: 5, Operation.DESCRIBE: 8}
_LITERAL, _PREFIXED, _ALLOW = 3, 4, 3


class Secured:
    """The broker, its certificates, and how its users log in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority(folder)
        self.ports = {name: free_port() for name in PROTOCOLS}
        own = self.authority.issue("broker")
        shown = {
            "expired": self.authority.issue("expired", days=-1),
            "other_host": self.authority.issue("elsewhere", host="DNS:kafka.example"),
        }
        self.broker = Broker(
            folder / "data",
            port=self.ports["plain"],
            settings=dict(self._settings(own, shown)),
            users=USERS,
            heap_mb=384,
        )
        for name, secret in {**USERS, "wrong": "wrong-secret"}.items():
            (folder / f"{name}.password").write_text(secret + "\n")

    def _settings(self, own: Certificate, shown: dict[str, Certificate]) -> Iterator[tuple[str, str]]:
        listeners = ",".join(f"{name.upper()}://127.0.0.1:{port}" for name, port in self.ports.items())
        kinds = ",".join(f"{name.upper()}:{protocol}" for name, protocol in PROTOCOLS.items())
        yield "listeners", listeners + ",CONTROLLER://127.0.0.1:{controller_port}"
        yield "advertised.listeners", listeners
        yield "listener.security.protocol.map", kinds + ",CONTROLLER:PLAINTEXT"
        yield "inter.broker.listener.name", "PLAIN"
        yield "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
        yield "super.users", "User:ANONYMOUS"  # who comes by the plain listener: the broker itself, and the tests
        yield "ssl.keystore.type", "PEM"
        yield "ssl.truststore.type", "PEM"
        yield "ssl.truststore.location", str(self.authority.certificate)
        for name, protocol in PROTOCOLS.items():
            if "SSL" in protocol:
                yield f"listener.name.{name}.ssl.keystore.location", str(self._together(name, shown.get(name, own)))
        yield "listener.name.mutual.ssl.client.auth", "required"
        yield "listener.name.sasl.sasl.enabled.mechanisms", "SCRAM-SHA-512"
        scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        yield "listener.name.sasl.scram-sha-512.sasl.jaas.config", scram
        yield "listener.name.sasl_tls.sasl.enabled.mechanisms", "PLAIN"
        users = " ".join(f'user_{name}="{secret}"' for name, secret in USERS.items())
        plain = f"org.apache.kafka.common.security.plain.PlainLoginModule required {users};"
        yield "listener.name.sasl_tls.plain.sasl.jaas.config", plain

    def _together(self, name: str, shown: Certificate) -> Path:
        file = self.folder / f"{name}.keystore.pem"
        file.write_text(shown.key.read_text() + shown.certificate.read_text())
        return file

    def kafka(self, listener: str, user: str | None = None, **more: str) -> dict[str, str]:
        """Settings `kafka.*` of who comes by a listener; empty ones are left out."""
        protocol = PROTOCOLS[listener]
        said = {"bootstrap": f"127.0.0.1:{self.ports[listener]}", "security_protocol": protocol}
        if "SSL" in protocol:
            said["ssl_cafile"] = str(self.authority.certificate)
        if user is not None:
            said |= {"sasl_username": user, "sasl_password_file": str(self.folder / f"{user}.password")}
            said["sasl_mechanism"] = "PLAIN" if listener == "sasl_tls" else "SCRAM-SHA-512"
        return {name: value for name, value in {**said, **more}.items() if value}

    def connection(self, listener: str, user: str | None = None, **more: str) -> Connection:
        """As whom one comes by a listener."""
        return connection_of(self.kafka(listener, user, **more))

    async def grant(self, user: str, rights: Iterable[Right]) -> None:
        """Give rights: exactly what the printed commands of `kafka-acls` say."""
        lines = [line for line in kafka_acls({user: list(rights)}, "unused") if not line.startswith("#")]
        rights = (right for line in lines for right in read_acls(line, user))
        await give(self.connection("plain"), user, rights)

    async def take(self, user: str, right: Right) -> None:
        """Take one right away."""
        async with entered(self.connection("plain")) as conn:
            answer = await conn.send(DeleteAclsRequest(*_resource(right), *_who(right, user)))
            assert all(found[0] == 0 and len(found[2]) == 1 for found in answer.filter_responses), answer


def connection_of(kafka: dict[str, str]) -> Connection:
    named: dict[str, Any] = {f"kafka.{name}": value for name, value in kafka.items()}
    return load_settings(environment={}, options=named).settings.connection()


async def give(administrator: Connection, user: str, rights: Iterable[Right]) -> None:
    """Give a user rights, as who may do so."""
    async with entered(administrator) as conn:
        for right in rights:
            answer = await conn.send(CreateAclsRequest(*_resource(right), *_who(right, user)))
            assert all(code == 0 for code, *_ in answer.creation_responses), answer


def _resource(right: Right) -> tuple[int, str, int]:
    return _RESOURCES[right.resource], right.name, _PREFIXED if right.is_prefix else _LITERAL


def _who(right: Right, user: str) -> tuple[str, str, int, int]:
    return f"User:{user}", "*", _OPERATIONS[right.operation], _ALLOW


def read_acls(line: str, user: str) -> Iterator[Right]:
    """The rights that a command of `kafka-acls` gives to a user."""
    said: dict[str, list[str]] = {}
    words = shlex.split(line)
    for option, value in zip(words, [*words[1:], ""], strict=True):
        if option.startswith("--"):
            said.setdefault(option.removeprefix("--"), []).append(value)
    assert said["allow-principal"] == [f"User:{user}"]
    is_prefix = said.get("resource-pattern-type") == ["prefixed"]
    for resource in Resource:
        for name in said.get(resource, []):
            for operation in said["operation"]:
                yield Right(Operation(operation), resource, name, is_prefix)


@contextmanager
def running_secured(folder: Path) -> Iterator[Secured]:
    """The broker for the length of a block."""
    secured = Secured(folder)
    with secured.broker:
        yield secured

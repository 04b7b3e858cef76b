"""Turned away at the door: one line says why, with the user and the file, and nobody knocks again for ever."""

import asyncio
import gc
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.adapters.kafka.rights.entering import NoKafkaError, TurnedAwayError, entered
from pipeline.adapters.kafka.topics import verify_topics
from pipeline.adapters.local.broker import free_port
from tests.authority import Authority
from tests.kafka.harness import Flow
from tests.kafka.secured import Secured, connection_of
from tests.kafka.test_failures import left_with

Kafka = Callable[[Secured], dict[str, str]]


def by(listener: str, user: str | None = None, **more: str) -> Kafka:
    return lambda secured: secured.kafka(listener, user, **more)


def with_wrong_password(listener: str) -> Kafka:
    return lambda secured: secured.kafka(listener, "ingest", sasl_password_file=str(secured.folder / "wrong.password"))


def with_certificate(name: str) -> Kafka:
    """A certificate of an authority that the broker does not know."""

    def kafka(secured: Secured) -> dict[str, str]:
        own = Authority(secured.folder, "stranger").issue(name)
        return secured.kafka("mutual", ssl_certfile=str(own.certificate), ssl_keyfile=str(own.key))

    return kafka


def knows_only(name: str) -> Kafka:
    """Trusts another authority than the broker's."""
    return lambda secured: secured.kafka(
        "sasl_tls", "ingest", ssl_cafile=str(Authority(secured.folder, name).certificate)
    )


@pytest.mark.parametrize(
    ("kafka", "says"),
    [
        pytest.param(
            with_wrong_password("sasl_tls"),
            ("refuses user ingest with the password of kafka.sasl_password_file = ", "/wrong.password", "(PLAIN)"),
            id="a_wrong_password",
        ),
        pytest.param(
            with_wrong_password("sasl"),
            ("refuses user ingest with the password of kafka.sasl_password_file = ", "(SCRAM-SHA-512)"),
            id="a_wrong_password_by_scram",
        ),
        pytest.param(
            by("sasl_tls", "wrong"), ("refuses user wrong with the password of", "/wrong.password"), id="no_such_user"
        ),
        pytest.param(
            by("sasl_tls", "ingest", sasl_mechanism="SCRAM-SHA-512"),
            ("does not take kafka.sasl_mechanism = SCRAM-SHA-512 from user ingest: set it to PLAIN",),
            id="another_mechanism",
        ),
        pytest.param(
            knows_only("unknown"),
            ("is signed by nobody known to kafka.ssl_cafile = ", "/unknown.pem"),
            id="an_unknown_authority",
        ),
        pytest.param(
            by("sasl_tls", "ingest", ssl_cafile=""),
            ("is signed by nobody known to this system (kafka.ssl_cafile is not set)",),
            id="an_authority_that_was_not_named",
        ),
        pytest.param(by("expired"), ("its certificate is not valid today (certificate has expired)",), id="expired"),
        pytest.param(by("other_host"), ("its certificate is not for 127.0.0.1 (IP address mismatch",), id="host_name"),
        pytest.param(
            by("sasl_tls", security_protocol="PLAINTEXT"),
            ("it speaks TLS and kafka.security_protocol = PLAINTEXT does not: set it to SSL or SASL_SSL",),
            id="plain_to_tls",
        ),
        pytest.param(
            by("sasl_tls", "ingest", security_protocol="SASL_PLAINTEXT"),
            ("it speaks TLS and kafka.security_protocol = SASL_PLAINTEXT does not",),
            id="a_login_without_tls_to_tls",
        ),
        pytest.param(
            by("plain", security_protocol="SSL"),
            ("it does not speak TLS, kafka.security_protocol = SSL does: set it to PLAINTEXT",),
            id="tls_to_plain",
        ),
        pytest.param(
            by("sasl", security_protocol="PLAINTEXT"),
            ("hung up on who does not log in (kafka.security_protocol = PLAINTEXT): set it to SASL_PLAINTEXT",),
            id="no_login",
        ),
        pytest.param(
            by("plain", "ingest", security_protocol="SASL_PLAINTEXT"),
            ("it wants no user here (user ingest): set kafka.security_protocol to PLAINTEXT",),
            id="a_login_that_nobody_wants",
        ),
        pytest.param(
            by("mutual"),
            ("it wants a certificate of ours", "set kafka.ssl_certfile and kafka.ssl_keyfile"),
            id="no_certificate",
        ),
        pytest.param(
            with_certificate("unknown-client"),
            ("it refuses the certificate of kafka.ssl_certfile = ", "/unknown-client.pem"),
            id="a_certificate_of_a_stranger",
        ),
    ],
)
async def test_the_cause_is_one_line_with_the_user_and_the_file(
    secured: Secured, kafka: Kafka, says: tuple[str, ...]
) -> None:
    connection = connection_of(kafka(secured))
    with pytest.raises(TurnedAwayError) as refusal:
        await verify_topics(connection, {"signals": 1})
    line = str(refusal.value)
    assert "\n" not in line
    assert line.startswith(f"Kafka at {connection.bootstrap}: ")
    assert [word for word in says if word not in line] == [], line
    assert "secret" not in line


def test_who_is_turned_away_leaves_no_socket_open(secured: Secured) -> None:
    connection = connection_of(with_wrong_password("sasl_tls")(secured))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        with pytest.raises(TurnedAwayError):
            asyncio.run(verify_topics(connection, {"signals": 1}))
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


@pytest.mark.parametrize("kafka", [by("sasl_tls", "ingest"), by("sasl", "ingest"), by("plain")])
async def test_who_is_right_gets_in(secured: Secured, kafka: Kafka) -> None:
    async with entered(connection_of(kafka(secured))) as conn:
        assert conn.connected()


async def test_a_certificate_of_ours_gets_in(secured: Secured) -> None:
    own = secured.authority.issue("client")
    kafka = secured.kafka("mutual", ssl_certfile=str(own.certificate), ssl_keyfile=str(own.key))
    async with entered(connection_of(kafka)) as conn:
        assert conn.connected()


async def test_a_broker_that_is_away_is_told_as_away(secured: Secured) -> None:
    kafka = secured.kafka("sasl_tls", "ingest", bootstrap=f"127.0.0.1:{free_port()},nowhere.invalid:9092")
    with pytest.raises(NoKafkaError, match="no Kafka answers at"):
        await verify_topics(connection_of(kafka), {"signals": 1})


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL", "SASL_SSL"])
async def test_a_proxy_that_hangs_up_on_everybody_is_a_broker_that_is_away(secured: Secured, protocol: str) -> None:
    proxy = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with proxy:
        address = f"127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        user = "ingest" if protocol.startswith("SASL") else None
        kafka = secured.kafka("sasl_tls", user, bootstrap=address, security_protocol=protocol)
        with pytest.raises(NoKafkaError, match="no Kafka answers at"):
            await verify_topics(connection_of(kafka), {"signals": 1})


async def test_one_bootstrap_broker_that_is_away_does_no_harm(secured: Secured) -> None:
    right = secured.kafka("sasl_tls", "ingest")
    async with entered(connection_of({**right, "bootstrap": f"127.0.0.1:{free_port()},{right['bootstrap']}"})) as conn:
        assert conn.connected()


async def test_a_stage_with_a_wrong_password_leaves_with_2_and_one_line(secured: Secured, tmp_path: Path) -> None:
    flow = Flow(secured.connection("plain").bootstrap, tmp_path)
    kafka = with_wrong_password("sasl_tls")(secured)
    for stage in ("ingest", "detect"):
        process = flow.start(stage, kafka=kafka)
        detail = await left_with(process, 2, "settings")
        assert f"refuses user ingest with the password of kafka.sasl_password_file = {secured.folder}" in detail
        assert len([line for line in process.said.splitlines() if line.strip()]) == 1, process.said

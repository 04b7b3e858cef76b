"""Why does Kafka not let us in? The one line that an operator needs, out of what TLS, SASL and sockets say.

aiokafka tries brokers in turn and in the end knows only that none answered.
But a wrong password will be wrong at the next start, too, and an account is
locked after a few of them. So what a person must mend is told as such, and only
a broker that is not there is worth another start.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator

from aiokafka.errors import (
    AuthenticationFailedError,
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.admin import SaslHandShakeRequest

from pipeline.adapters.kafka.options import Connection, Login
from pipeline.adapters.kafka.rights.knocking import knock, leave

_EXPIRED, _NOT_YET = 10, 9
_OTHER_HOST = frozenset({62, 64})
_UNKNOWN_SIGNER = frozenset({18, 19, 20, 21})
"""OpenSSL's X509_V_ERR numbers: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/."""

_PROBE_SECONDS_MAX = 5.0
_SAID = "what the broker's sasl.enabled.mechanisms says"
_CERTIFICATE_WANTED = ("CERTIFICATE_REQUIRED", "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN", "HANDSHAKE_FAILURE")
"""TLS alerts of a server that is not content with our certificate; older ones send the last two if there is none."""


async def cause_of(error: BaseException, host: str, port: int, connection: Connection) -> str | None:
    """What must be mended before this broker lets us in.

    Args:
        error: What the attempt ended with.
        host: Of the broker.
        port: Of the broker, 1 to 65535.
        connection: How the attempt was made.

    Returns:
        The rest of a line that begins with the broker's address; None if the broker may simply be away.
    """
    login = connection.login
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _of_its_certificate(cause, host, login)
        if isinstance(cause, UnsupportedSaslMechanismError):
            offered = await _offered(host, port, connection.security.get("ssl_context")) or [_SAID]
            return (
                f"it does not take kafka.sasl_mechanism = {login.mechanism} from user {login.user}:"
                f" set it to {' or '.join(offered)}"
            )
        if line := _of_login(cause, login):
            return line
        if isinstance(cause, ssl.SSLError) and any(word in str(cause) for word in _CERTIFICATE_WANTED):
            return _of_our_certificate(cause, login)
    if isinstance(error, ConnectionRefusedError) or not _was_closed(error):
        return None
    return await _of_protocol(host, port, connection)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _was_closed(error: BaseException) -> bool:
    """Whether somebody was there and hung up."""
    closed = KafkaConnectionError | ConnectionResetError | BrokenPipeError | EOFError | ssl.SSLError
    return any(isinstance(cause, closed) for cause in _causes(error))


def _of_its_certificate(error: ssl.SSLCertVerificationError, host: str, login: Login) -> str:
    said = error.verify_message
    if error.verify_code in (_EXPIRED, _NOT_YET):
        return f"its certificate is not valid today ({said}): renew it at the broker, or mend this machine's clock"
    if error.verify_code in _OTHER_HOST:
        return (
            f"its certificate is not for {host} ({said}): name the broker as its certificate does, in kafka.bootstrap"
            " and in the broker's advertised.listeners"
        )
    if error.verify_code in _UNKNOWN_SIGNER:
        known = login.authorities or "this system (kafka.ssl_cafile is not set)"
        return f"its certificate is signed by nobody known to {known} ({said}): name the file of who signed it"
    return f"its certificate is not accepted ({said}); authorities: {login.authorities or 'of this system'}"


def _of_our_certificate(error: ssl.SSLError, login: Login) -> str:
    said = (error.reason or str(error)).replace("_", " ").lower()
    if not login.certificate:
        return f"it wants a certificate of ours ({said}): set kafka.ssl_certfile and kafka.ssl_keyfile"
    return f"it refuses the certificate of {login.certificate} ({said}): take one that its authorities have signed"


def _of_login(error: BaseException, login: Login) -> str | None:
    if isinstance(error, SaslAuthenticationFailed | AuthenticationFailedError) or "wrong signature" in str(error):
        return (
            f"it refuses user {login.user} with the password of {login.password} ({login.mechanism}):"
            " correct kafka.sasl_username or the password"
        )
    if isinstance(error, IllegalSaslStateError):
        plain = login.protocol.removeprefix("SASL_")
        return f"it wants no user here (user {login.user}): set kafka.security_protocol to {plain}"
    return None


async def _of_protocol(host: str, port: int, connection: Connection) -> str | None:
    """It hung up without a word: see whether another protocol is answered.

    Only an answer counts. A proxy whose broker is away hangs up on everybody,
    and is worth another start.
    """
    login = connection.login
    has_tls = "SSL" in login.protocol
    said = f"kafka.security_protocol = {login.protocol}"
    if not has_tls and await _speaks_tls(host, port):
        return f"it speaks TLS and {said} does not: set it to SSL or SASL_SSL"
    if has_tls and (offered := await _offered(host, port, None)) is not None:
        return f"it does not speak TLS, {said} does: set it to {'SASL_PLAINTEXT' if offered else 'PLAINTEXT'}"
    if not login.protocol.startswith("SASL") and await _offered(host, port, connection.security.get("ssl_context")):
        wanted = "SASL_SSL" if has_tls else "SASL_PLAINTEXT"
        return f"it hung up on who does not log in ({said}): set it to {wanted}, with kafka.sasl_username"
    return None


async def _offered(host: str, port: int, context: ssl.SSLContext | None) -> list[str] | None:
    """How a broker lets users log in, as it says itself without a login; None if it does not answer."""
    protocol = "PLAINTEXT" if context is None else "SSL"
    milliseconds = int(_PROBE_SECONDS_MAX * 1_000)
    try:
        conn = await knock(host, port, security_protocol=protocol, ssl_context=context, request_timeout_ms=milliseconds)
    except (KafkaError, OSError, TimeoutError):
        return None
    try:
        answer = await conn.send(SaslHandShakeRequest("none"))
        return sorted(answer.enabled_mechanisms) if answer.error_code == UnsupportedSaslMechanismError.errno else []
    except (KafkaError, OSError, TimeoutError):
        return None
    finally:
        await leave(conn)


async def _speaks_tls(host: str, port: int) -> bool:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is sent, nothing is believed
    try:
        async with asyncio.timeout(_PROBE_SECONDS_MAX):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except (OSError, TimeoutError, EOFError):
        return False
    await _close(writer)
    return True


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(_PROBE_SECONDS_MAX):
            await writer.wait_closed()

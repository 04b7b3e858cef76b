"""How to log in to Kafka: from settings to the arguments of its clients, with the file at fault named alone.

OpenSSL's errors say neither which file they are about nor what is wrong with
it, so each file is looked at by itself before the next. No password is ever
asked for on the terminal: a process of a service would wait there for ever.
"""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.adapters.kafka.options import Login
from pipeline.adapters.settings.kafka import Kafka
from pipeline.records.errors import ConfigError


def security_of(kafka: Kafka) -> dict[str, Any]:
    """Keyword arguments of aiokafka's clients.

    Raises:
        ConfigError: Lists every mistake.
    """
    if mistakes := list(_mistakes(kafka)):
        raise ConfigError("\n".join(mistakes))
    security: dict[str, Any] = {"security_protocol": kafka.security_protocol}
    if _has_tls(kafka):
        security["ssl_context"] = _ssl_context(kafka)
    if _has_sasl(kafka) and kafka.sasl_password is not None:
        security["sasl_mechanism"] = kafka.sasl_mechanism
        security["sasl_plain_username"] = kafka.sasl_username
        security["sasl_plain_password"] = kafka.sasl_password.get_secret_value()
    return security


def login_of(kafka: Kafka) -> Login:
    """Who logs in, in words for messages; holds no secret."""
    password, user = "", "ANONYMOUS"
    if _has_tls(kafka) and kafka.ssl_certfile is not None:
        user = f"of certificate {kafka.ssl_certfile}"
    if _has_sasl(kafka):
        user = kafka.sasl_username or ""
        named = kafka.sasl_password_file
        password = f"kafka.sasl_password_file = {named}" if named else "kafka.sasl_password"
    return Login(
        user=user,
        protocol=kafka.security_protocol,
        mechanism=kafka.sasl_mechanism if _has_sasl(kafka) else "",
        password=password,
        authorities=f"kafka.ssl_cafile = {kafka.ssl_cafile}" if kafka.ssl_cafile else "",
        certificate=f"kafka.ssl_certfile = {kafka.ssl_certfile}" if kafka.ssl_certfile else "",
    )


def _has_tls(kafka: Kafka) -> bool:
    return "SSL" in kafka.security_protocol


def _has_sasl(kafka: Kafka) -> bool:
    return kafka.security_protocol.startswith("SASL")


def _mistakes(kafka: Kafka) -> Iterator[str]:
    protocol = kafka.security_protocol
    if _has_sasl(kafka) and not (kafka.sasl_username and kafka.sasl_password):
        yield f"kafka.sasl_username, kafka.sasl_password or kafka.sasl_password_file: {protocol} needs a user and one"
    files = {
        "ssl_cafile": kafka.ssl_cafile,
        "ssl_certfile": kafka.ssl_certfile,
        "ssl_keyfile": kafka.ssl_keyfile,
    }
    if not _has_tls(kafka):
        return
    if kafka.ssl_keyfile and not kafka.ssl_certfile:
        yield f"kafka.ssl_keyfile = {kafka.ssl_keyfile}: name its certificate, too, with kafka.ssl_certfile"
    for name, path in files.items():
        if path is not None and (wrong := _wrong_pem(path, "PRIVATE KEY" if name == "ssl_keyfile" else "CERTIFICATE")):
            yield f"kafka.{name} = {path}: {wrong}"


def _wrong_pem(path: Path, kind: str) -> str:
    """What is wrong with a file that must hold PEM blocks of a kind; nothing if it will do."""
    try:
        text = path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if f"{kind}-----".encode() not in text:
        return f"must hold -----BEGIN {kind}----- in PEM form"
    if kind == "CERTIFICATE":
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
        except ssl.SSLError as error:
            return f"holds no certificate that can be read: {_words(error)}"
    return ""


def _ssl_context(kafka: Kafka) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=kafka.ssl_cafile)
    if kafka.ssl_certfile is None:
        return context
    key = kafka.ssl_keyfile or kafka.ssl_certfile
    name = "kafka.ssl_keyfile" if kafka.ssl_keyfile else "kafka.ssl_certfile"
    given = kafka.ssl_password.get_secret_value() if kafka.ssl_password else None
    asked = False

    def password() -> str:
        nonlocal asked
        asked = True
        return given or ""

    try:
        context.load_cert_chain(kafka.ssl_certfile, key, password)
    except (ssl.SSLError, ValueError) as error:
        raise ConfigError(f"{name} = {key}: {_wrong_key(error, kafka, given, asked=asked)}") from None
    return context


def _wrong_key(error: Exception, kafka: Kafka, given: str | None, *, asked: bool) -> str:
    if asked and given is None:
        return "the key is encrypted: name the file with its password in kafka.ssl_password_file"
    if "KEY_VALUES_MISMATCH" in str(error):
        return f"is not the key of the certificate kafka.ssl_certfile = {kafka.ssl_certfile}"
    if asked:
        named = f"kafka.ssl_password_file = {kafka.ssl_password_file}" if kafka.ssl_password_file else "ssl_password"
        return f"the password of {named} does not open this key"
    return f"holds no key that can be read: {_words(error)}"


def _words(error: Exception) -> str:
    """What OpenSSL says, without the place in its source."""
    return (getattr(error, "reason", None) or str(error)).replace("_", " ").lower()

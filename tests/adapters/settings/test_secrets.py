"""Secrets and certificates: from files, never from the terminal, and the file at fault is named alone."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.adapters.settings import load_settings
from pipeline.records.errors import ConfigError
from tests.authority import Authority

SASL = {"kafka.security_protocol": "SASL_SSL", "kafka.sasl_username": "tocsin-ingest"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def refusal(options: Mapping[str, object]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_settings(environment={}, options=options)
    return str(caught.value).splitlines()


def written(folder: Path, text: str | bytes, name: str = "secret") -> str:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(file)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_password_comes_out_of_a_file_without_its_last_line_break(tmp_path: Path, end: str) -> None:
    file = written(tmp_path, f" correct horse {end}")
    loaded = load_settings(environment={}, options={**SASL, "kafka.sasl_password_file": file})
    connection = loaded.settings.connection()
    assert connection.security["sasl_plain_password"] == " correct horse "  # noqa: S105 - made up
    assert connection.login.user == "tocsin-ingest"
    assert file in connection.login.password
    assert " correct horse " in loaded.settings.secrets()
    assert "horse" not in repr(loaded.settings) + repr(connection.login)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "is empty, must hold the secret", id="empty"),
        pytest.param(b"\n", "is empty, must hold the secret", id="a_line_break_alone"),
        pytest.param(b"\xff\xfehunter2", "must be UTF-8 text", id="no_text"),
        pytest.param(b"hunter2" * 10_000, "must hold one secret", id="too_long_for_a_secret"),
    ],
)
def test_a_file_without_a_secret_is_named_alone_and_not_quoted(tmp_path: Path, content: bytes, says: str) -> None:
    file = written(tmp_path, content)
    [line] = [line for line in refusal({**SASL, "kafka.sasl_password_file": file}) if "needs a user" not in line]
    assert line.startswith(f"kafka.sasl_password_file = {file}: ")
    assert says in line
    assert "hunter2" not in line


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    lines = refusal({**SASL, "kafka.sasl_password_file": str(tmp_path / "gone")})
    assert f"kafka.sasl_password_file = {tmp_path / 'gone'}: cannot be read: No such file or directory" in lines


def test_a_secret_said_twice_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "hunter2hunter2hunter2")
    lines = refusal({"privacy.hash_key_file": file, "privacy.hash_key": "correct-horse-battery"})
    assert lines == ["privacy.hash_key, privacy.hash_key_file: say one of them, not both"]


def test_the_key_of_the_hashes_comes_out_of_a_file_and_keeps_its_limits(tmp_path: Path) -> None:
    file = written(tmp_path, "correct-horse-battery\n")
    settings = load_settings(environment={}, options={"privacy.hash_key_file": file}).settings
    assert settings.ingest_config().hash_key == b"correct-horse-battery"
    short = written(tmp_path, "hunter2")
    [line] = refusal({"privacy.hash_key_file": short})
    assert "privacy.hash_key = ***" in line
    assert "hunter2" not in line


def test_what_does_not_speak_to_kafka_needs_no_password(tmp_path: Path) -> None:
    options = {**SASL, "kafka.sasl_password_file": str(tmp_path / "gone"), "kafka.ssl_cafile": str(tmp_path / "gone")}
    assert load_settings(environment={}, options=options, needs_kafka=False).settings.epoch == 1
    assert refusal(options)


def tls(authority: Authority, **files: object) -> dict[str, object]:
    given = {f"kafka.{name}": str(value) for name, value in files.items()}
    return {"kafka.security_protocol": "SSL", "kafka.ssl_cafile": str(authority.certificate), **given}


def test_a_certificate_with_its_key_is_taken(authority: Authority) -> None:
    own = authority.issue("own")
    options = tls(authority, ssl_certfile=own.certificate, ssl_keyfile=own.key)
    connection = load_settings(environment={}, options=options).settings.connection()
    assert connection.security["ssl_context"].check_hostname
    assert str(own.certificate) in connection.login.certificate


def test_an_encrypted_key_opens_with_the_password_of_its_file(authority: Authority, tmp_path: Path) -> None:
    own = authority.issue("locked", password="staple")  # noqa: S106 - made up
    options = tls(authority, ssl_certfile=own.certificate, ssl_keyfile=own.key)
    right, wrong = written(tmp_path, "staple\n", "right"), written(tmp_path, "stable\n", "wrong")
    assert load_settings(environment={}, options={**options, "kafka.ssl_password_file": right})
    [line] = refusal({**options, "kafka.ssl_password_file": wrong})
    assert line == (
        f"kafka.ssl_keyfile = {own.key}: the password of kafka.ssl_password_file = {wrong} does not open this key"
    )


def test_an_encrypted_key_without_its_password_asks_nobody(authority: Authority) -> None:
    own = authority.issue("secret", password="staple")  # noqa: S106 - made up
    code = (
        "import sys; from pipeline.adapters.settings import load_settings;"
        "load_settings(environment={}, options=dict(word.split('=') for word in sys.argv[1:]))"
    )
    options = tls(authority, ssl_certfile=own.certificate, ssl_keyfile=own.key)
    words = [f"{name}={value}" for name, value in options.items()]
    pid, terminal = os.forkpty()
    if pid == 0:  # a process with a terminal of its own, on which OpenSSL could ask
        os.execv(sys.executable, [sys.executable, "-c", code, *words])  # noqa: S606 - this test's own words
    said = b""
    while chunk := _read(terminal):
        said += chunk
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1, said
    assert b"the key is encrypted: name the file with its password in kafka.ssl_password_file" in said
    assert b"Enter PEM pass phrase" not in said


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4_096)
    except OSError:  # its only process has ended
        return b""


def test_of_several_files_the_one_at_fault_is_named_alone(authority: Authority, tmp_path: Path) -> None:
    own, other = authority.issue("mine"), authority.issue("theirs")
    none = written(tmp_path, "no certificate", "none.pem")
    broken = written(tmp_path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "broken.pem")
    for files, name, says in (
        ({"ssl_cafile": none}, "kafka.ssl_cafile", "must hold -----BEGIN CERTIFICATE-----"),
        ({"ssl_cafile": broken}, "kafka.ssl_cafile", "holds no certificate that can be read"),
        ({"ssl_cafile": tmp_path}, "kafka.ssl_cafile", "cannot be read: Is a directory"),
        ({"ssl_certfile": none}, "kafka.ssl_certfile", "must hold -----BEGIN CERTIFICATE-----"),
        ({"ssl_keyfile": none}, "kafka.ssl_keyfile", "must hold -----BEGIN PRIVATE KEY-----"),
        ({"ssl_keyfile": tmp_path / "gone"}, "kafka.ssl_keyfile", "cannot be read: No such file or directory"),
        ({"ssl_keyfile": other.key}, "kafka.ssl_keyfile", "is not the key of the certificate"),
    ):
        given = {"ssl_certfile": own.certificate, "ssl_keyfile": own.key, **files}
        [line] = refusal(tls(authority, **given))
        assert line.startswith(f"{name} = "), line
        assert says in line

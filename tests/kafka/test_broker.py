"""The broker that the tests and `make run` start."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from pipeline.adapters.local import broker as door
from pipeline.adapters.local.broker import Broker, BrokerError


def _answers(broker: Broker) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", broker.port)) == 0


def test_a_killed_broker_is_the_same_broker_after_its_start(broker: Broker) -> None:
    address = broker.bootstrap
    broker.kill()
    assert not _answers(broker)
    broker.start()
    assert _answers(broker)
    assert broker.bootstrap == address


def test_a_missing_java_is_one_line_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrokerError, match=r"java is missing: install Java 17 .*") as refusal:
        Broker(tmp_path)
    assert "\n" not in str(refusal.value)


def test_a_missing_maven_is_one_line_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = shutil.which("java")
    assert java is not None
    (tmp_path / "java").symlink_to(os.path.realpath(java))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path / "cache"))
    with pytest.raises(BrokerError, match=r"mvn is missing: install Maven .*"):
        Broker(tmp_path)


def test_a_jar_that_is_not_the_one_we_pinned_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    jars = tmp_path / f"kafka-{door.KAFKA_VERSION}"
    shutil.copytree(door.fetch_jars(), jars)
    (jars / "jackson-core-2.19.0.jar").write_bytes(b"something else")
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path))
    with pytest.raises(BrokerError, match=r"jackson-core-2.19.0.jar has sha256 \w+, must have \w+; delete the folder"):
        door.fetch_jars()

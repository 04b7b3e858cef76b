"""deploy/compose.yaml without Docker: its form, the files it names, and what a careful operator looks for."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.adapters.settings import load_settings
from tests.deploy.validators import ROOT, refusal

COMPOSE = ROOT / "deploy" / "compose.yaml"
ONE_SHOT = {"rights", "topics"}
"""They do their work and end, so nobody asks them for their health."""


@cache
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return document


SERVICES: dict[str, dict[str, Any]] = compose()["services"]


def test_a_stage_begins_at_a_guessed_place_only_if_it_is_told_so_that_time() -> None:
    commands = [SERVICES[name]["command"] for name in ("ingest", "detect", "correlate")]
    assert all(command.endswith(" ${FIRST_START:-}") for command in commands)
    assert "--first-start" not in " ".join(commands)


def test_it_is_valid_by_the_compose_specification(tmp_path: Path) -> None:
    assert not refusal("check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE))
    misspelt = tmp_path / "compose.yaml"
    misspelt.write_text(COMPOSE.read_text("utf-8").replace("image: apache", "imagee: apache"), "utf-8")
    assert "imagee" in refusal("check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(misspelt))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_limits_no_privileges_and_a_file_system_it_cannot_write(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert {"mem_limit", "cpus"} <= service.keys()
    assert not service.get("privileged")


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - ONE_SHOT))
def test_a_service_that_stays_is_asked_for_its_health(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_of_others_names_its_version(name: str) -> None:
    image = SERVICES[name]["image"]
    assert image == "tocsin" or image.rpartition(":")[2][:1] in {*"0123456789v"}
    assert not image.endswith("latest")


def test_ports_are_published_on_loopback_alone_and_each_once() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    published = [port.split(":")[1] for port in ports]
    assert len(published) == len(set(published))
    assert not {"8090", "8091"} & set(published), "kept free for a status page and a console"


def test_no_secret_stands_in_an_environment_or_on_a_command_line() -> None:
    for name, service in SERVICES.items():
        for variable in service.get("environment", {}):
            is_secret = any(word in variable for word in ("PASSWORD", "HASH_KEY", "TOKEN"))
            assert not is_secret or variable.endswith("FILE"), f"{name}: {variable}"
        assert "secret" not in str(service.get("command", ""))


def test_what_a_service_is_handed_is_declared_and_all_that_is_declared_is_handed_to_one() -> None:
    for kind in ("configs", "secrets", "networks"):
        used = {used for service in SERVICES.values() for used in _names(service.get(kind, []))}
        assert used == set(compose()[kind]), kind
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert {name for name in mounted if not name.startswith(".")} == set(compose()["volumes"])
    waited_for = {other for service in SERVICES.values() for other in service.get("depends_on", {})}
    assert waited_for <= SERVICES.keys()


def _names(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        yield entry if isinstance(entry, str) else entry["source"]


def test_every_file_it_names_is_there_and_every_secret_is_made_by_the_script(tmp_path: Path) -> None:
    subprocess.run([COMPOSE.parent / "compose" / "make-secrets", tmp_path], check=True, capture_output=True)
    for name, secret in compose()["secrets"].items():
        folder, _, file = secret["file"].rpartition("/")
        assert (folder, (tmp_path / file).is_file()) == ("./compose/secrets", True), name
    named = [config["file"] for config in compose()["configs"].values()]
    named += [v.split(":")[0] for service in SERVICES.values() for v in service.get("volumes", []) if v[0] == "."]
    missing = [name for name in named if not (COMPOSE.parent / name).exists()]
    assert not missing


def test_secrets_are_made_once_and_only_by_their_owner_to_be_found(tmp_path: Path) -> None:
    script = COMPOSE.parent / "compose" / "make-secrets"
    subprocess.run([script, tmp_path / "made"], check=True, capture_output=True)
    before = {file.name: file.read_bytes() for file in (tmp_path / "made").iterdir()}
    subprocess.run([script, tmp_path / "made"], check=True, capture_output=True)
    assert {file.name: file.read_bytes() for file in (tmp_path / "made").iterdir()} == before
    assert (tmp_path / "made").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("stage", ["topics", "ingest", "detect", "correlate"])
def test_settings_of_a_stage_name_secrets_that_it_is_handed(stage: str) -> None:
    service = SERVICES[stage]
    files = {value for value in service["environment"].values() if value.startswith("/run/secrets/")}
    files.add(str(load_settings(_settings(), environment={}, needs_kafka=False).settings.kafka.ssl_cafile))
    assert files == {f"/run/secrets/{name}" for name in service["secrets"]}


def _settings() -> Path:
    return COMPOSE.parent / "compose" / "tocsin.toml"

"""Each command says what went wrong, how to mend it, and by which code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.adapters.cli.exits import Exit, code_for, words_for
from pipeline.adapters.local.broker import BrokerError, BrokerMissingError, free_port
from pipeline.records.errors import ConfigError, StateError
from tests.adapters.cli.conftest import Ask, Run

COMMANDS = [
    "demo",
    "story",
    "replay",
    "run",
    "simulate",
    "import",
    "ingest",
    "agents detect",
    "agents correlate",
    "follow",
    "record",
    "play",
    "topics create",
    "topics check",
    "topics acl",
    "recordings info",
    "recordings verify",
    "recordings validate",
    "recordings stats",
    "recordings redact",
    "config show",
    "config check",
    "config example",
    "gazetteer build",
    "broker install",
    "broker run",
    "version",
]


def test_help_of_every_command_shows_an_example_and_the_exit_codes() -> None:
    from typer.testing import CliRunner

    from pipeline.adapters.cli.app import app

    for command in COMMANDS:
        answer = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200"}, prog_name="tocsin")
        assert answer.exit_code == 0, command
        assert f"$ tocsin {command}" in answer.output, f"{command}: no example of its own"
        assert "70 infrastructure failure" in answer.output, command


def test_help_names_all_commands(tocsin: Run) -> None:
    answer = tocsin("--help")
    assert answer.returncode == 0
    for command in {command.split()[0] for command in COMMANDS}:
        assert f" {command} " in answer.stdout


def test_version_is_on_standard_output(tocsin: Run) -> None:
    answer = tocsin("version")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("tocsin ")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        pytest.param(("replay",), "RECORDING", id="an_argument_is_missing"),
        pytest.param(("replay", "gone.jsonl.zst"), "gone.jsonl.zst", id="no_such_recording"),
        pytest.param(("recordings", "verify", "gone.jsonl.zst"), "gone.jsonl.zst", id="nothing_to_verify"),
        pytest.param(("simulate",), "netcologne-2025", id="no_scenario_named"),
        pytest.param(("simulate", "atlantis", "-o", "a.jsonl.zst"), "atlantis", id="no_such_scenario"),
        pytest.param(("import", "-o", "a.jsonl.zst"), "--streams", id="nothing_to_import"),
        pytest.param(("import", "a.csv", "-o", "a.jsonl.zst"), "--kind", id="kind_is_missing"),
        pytest.param(("config", "show", "--set", "epoch"), "name=value", id="set_without_value"),
        pytest.param(("config", "show", "--set", "epoc=2"), "did you mean epoch", id="misspelt_setting"),
        pytest.param(("config", "check", "-c", "gone.toml"), "gone.toml", id="no_such_settings"),
        pytest.param(("ingest", "--set", "logs.level=loud"), "logs.level", id="ingest_refuses_settings"),
        pytest.param(("agents", "detect", "--set", "epoch=0"), "epoch", id="detect_refuses_settings"),
        pytest.param(("agents", "correlate", "--set", "epoch=0"), "epoch", id="correlate_refuses_settings"),
        pytest.param(("play", "gone.jsonl.zst"), "gone.jsonl.zst", id="nothing_to_play"),
        pytest.param(("run", "gone.jsonl.zst"), "gone.jsonl.zst", id="nothing_to_run"),
        pytest.param(("run", "--speed", "fast"), "--speed fast", id="no_speed"),
        pytest.param(("record", "-o", "a.jsonl.zst", "--since", "noon"), "--since noon", id="no_time"),
    ],
)
def test_a_mistake_of_usage_or_settings_is_2_and_says_which(ask: Ask, words: tuple[str, ...], names: str) -> None:
    answer = ask(*words)
    assert answer.exit_code == Exit.USAGE, answer.stderr
    assert names in answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""


def test_all_mistakes_are_told_at_once(tocsin: Run) -> None:
    answer = tocsin("config", "show", "--set", "epoch=0", "--set", "kafk.bootstrap=x", TOCSIN__LOGS__LEVEL="loud")
    assert answer.returncode == Exit.USAGE
    assert "3 mistakes" in answer.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("topics", "check"),
        ("topics", "create"),
        ("follow",),
        ("record", "-o", "a.jsonl.zst"),
    ],
    ids=" ".join,
)
def test_no_kafka_is_3_and_says_how_to_name_one(tocsin: Run, words: tuple[str, ...]) -> None:
    port = free_port()
    answer = tocsin(*words, "--bootstrap", f"127.0.0.1:{port}")
    assert answer.returncode == Exit.CONNECTION, answer.stderr
    assert answer.stderr == (
        f"tocsin: no Kafka answers at 127.0.0.1:{port}: start it, or name another with --bootstrap or kafka.bootstrap\n"
    )


@pytest.mark.parametrize("words", [("ingest",), ("agents", "detect"), ("agents", "correlate")], ids=" ".join)
def test_a_stage_that_finds_no_kafka_is_3_too(tocsin: Run, words: tuple[str, ...]) -> None:
    port = free_port()
    answer = tocsin(*words, "--bootstrap", f"127.0.0.1:{port}", TOCSIN__LOGS__LEVEL="error")
    assert answer.returncode == Exit.CONNECTION, answer.stderr
    (line,) = answer.stderr.splitlines()
    assert f"no Kafka answers at 127.0.0.1:{port}" in json.loads(line)["detail"]


def test_a_damaged_recording_is_a_finding(tocsin: Run, night: Path, tmp_path: Path) -> None:
    whole, damaged = tocsin("recordings", "verify", str(night)), tmp_path / "damaged.jsonl.zst"
    damaged.write_bytes(night.read_bytes()[:-40])
    found = tocsin("recordings", "verify", str(damaged))
    assert (whole.returncode, found.returncode) == (Exit.OK, Exit.FINDING)
    assert "damaged.jsonl.zst" in found.stderr


def test_json_is_all_that_standard_output_holds(tocsin: Run, night: Path) -> None:
    shown = tocsin("config", "show", "--format", "json")
    info = tocsin("recordings", "info", str(night), "--format", "json")
    assert {"setting": "epoch", "value": 1, "from": "default"} in map(json.loads, shown.stdout.splitlines())
    assert json.loads(info.stdout)["tool"] == "test"


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("tocsin")
    piped = subprocess.run(
        ["sh", "-c", f"{script} config show | head -n 1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        cwd=tmp_path,
    )
    assert piped.returncode == 0
    assert piped.stderr == ""


def test_secrets_are_never_shown(tocsin: Run) -> None:
    secret = "correct-horse-battery"  # noqa: S105 - made up
    said = {"TOCSIN__PRIVACY__HASH_KEY": secret, "TOCSIN__KAFKA__SASL_PASSWORD": secret}
    shown = tocsin("config", "show", **said)
    refused = tocsin("config", "show", TOCSIN__PRIVACY__HASH_KEY="tooshort", TOCSIN__EPOCH="0")
    assert shown.returncode == 0
    assert refused.returncode == Exit.USAGE
    assert secret not in shown.stdout + shown.stderr
    assert "tooshort" not in refused.stdout + refused.stderr


def test_each_kind_of_error_has_its_code() -> None:
    class KafkaConnectionError(Exception):
        pass

    assert code_for(ConfigError("x")) is Exit.USAGE
    assert code_for(StateError("x")) is Exit.INFRASTRUCTURE
    assert code_for(BrokerError("x")) is Exit.INFRASTRUCTURE
    assert code_for(BrokerMissingError("java is missing")) is Exit.USAGE
    assert code_for(KafkaConnectionError("x")) is Exit.CONNECTION
    assert code_for(ZeroDivisionError()) is None, "a mistake of ours is shown as it is"
    assert words_for(ConfigError("a\nb")) == "2 mistakes:\n  a\n  b"

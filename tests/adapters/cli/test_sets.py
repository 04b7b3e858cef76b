"""What `--set` says is heard: by every command that has it, for every setting."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from pipeline.adapters import settings as door
from pipeline.adapters.cli.app import app
from pipeline.adapters.cli.options import loaded_for_kafka, loaded_from
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.settings import SECRETS, Loaded, Settings, load_settings, values_of
from pipeline.adapters.settings.example import toml_of
from pipeline.records.errors import ConfigError

NAMES = [name for name, _ in values_of(Settings()) if name not in SECRETS]
VALUES = {name: value for name, value in values_of(Settings()) if name not in SECRETS and value is not None}
QUOTES = '"'


def commands_of(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands, with the words that call them."""
    if not hasattr(group, "commands"):
        yield words, group
        return
    for name, command in group.commands.items():
        yield from commands_of(command, (*words, name))


COMMANDS = {
    " ".join(words): command
    for words, command in commands_of(typer.main.get_command(app))
    if any("--set" in parameter.opts and "setting" in parameter.help for parameter in command.params)
}


def test_there_are_commands_with_settings() -> None:
    assert {"topics check", "ingest", "replay", "run", "backtest", "config show"} <= COMMANDS.keys()


@pytest.mark.parametrize("words", sorted(COMMANDS))
def test_a_command_whose_own_options_are_not_given_hears_every_setting(
    words: str, night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[dict[str, Any]] = []

    def listen(file: Path | None, *, options: dict[str, Any], needs_kafka: bool) -> Loaded:
        if "epoch" not in options:  # the other side of a back-test, which has no --set
            return load_settings(file, options=options, needs_kafka=needs_kafka)
        heard.append(options)
        raise ConfigError("enough was heard")

    monkeypatch.setattr(door, "load_settings", listen)
    said = {name: f"said of {name}" for name in NAMES}
    said |= {"partitions.lanes": str(open_recording(night).lanes), "ingest.heartbeats": "false"}  # as in the recording
    sets = [word for name, value in said.items() for word in ("--set", f"{name}={value}")]
    answer = CliRunner().invoke(app, [*words.split(), *arguments(COMMANDS[words], night, tmp_path), *sets])
    assert heard, answer.output
    assert [name for name in NAMES if str(heard[0].get(name)).lower() != said[name]] == []


def arguments(command: Any, night: Path, folder: Path) -> Iterator[str]:
    """What a command must be given: a recording, and a file to write."""
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            yield str(night)
        elif "--out" in parameter.opts:
            yield from ("--out", str(folder / "out.jsonl.zst"))
        elif "--run" in parameter.opts and parameter.required:
            yield from ("--run", str(folder))
        elif "--body" in parameter.opts:
            yield from ("--body", "We are on it.")


@pytest.mark.parametrize("name", sorted(VALUES))
def test_an_option_that_was_not_given_leaves_the_set_alone(name: str) -> None:
    said = [f"{name}={toml_of(VALUES[name]).strip(QUOTES)}"]
    option: dict[str, Any] = {name.replace(".", "__"): None}
    assert loaded_from(None, said, **option).origin_of(name) == "command line"


def test_a_cluster_that_was_said_is_the_cluster_that_is_asked() -> None:
    said = ["kafka.bootstrap=127.0.0.1:1"]
    assert loaded_for_kafka(None, said, kafka__bootstrap=None).settings.kafka.bootstrap == "127.0.0.1:1"


def test_two_answers_to_one_question_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"--set kafka.bootstrap=a:1: this command takes b:1"):
        loaded_for_kafka(None, ["kafka.bootstrap=a:1"], kafka__bootstrap="b:1")
    with pytest.raises(ConfigError, match=r"--set partitions.lanes=7: this command takes 4, .* from the recording"):
        loaded_from(None, ["partitions.lanes=7"], partitions__lanes=4)
    assert loaded_from(None, ["partitions.lanes=4"], partitions__lanes=4).settings.partitions.lanes == 4


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_on_the_command_line_is_refused_with_the_ways_that_hide_it(name: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        loaded_from(None, [f"{name}=correct-horse-battery"])
    said = str(refusal.value)
    assert "battery" not in said
    assert f"{name}_file" in said
    assert f"TOCSIN__{name.upper().replace('.', '__')}" in said


def test_a_replay_needs_no_password_of_kafka_and_ingest_does(tmp_path: Path) -> None:
    file = tmp_path / "prod.toml"
    file.write_text(
        '[kafka]\nsecurity_protocol = "SASL_SSL"\nsasl_username = "tocsin"\n'
        'sasl_password_file = "/gone/password"\nssl_cafile = "/gone/ca.pem"\n'
    )
    assert loaded_from(file, None).settings.kafka.sasl_username == "tocsin"
    with pytest.raises(ConfigError) as refusal:
        loaded_for_kafka(file, None)
    assert "kafka.sasl_password_file = /gone/password: cannot be read" in str(refusal.value)
    assert "kafka.ssl_cafile = /gone/ca.pem: cannot be read" in str(refusal.value)


OFFLINE = {
    *("replay", "backtest", "explain", "learn", "gazetteer build", "config show", "topics acl"),
    *("reference check", "reference new-market", "reference places"),
    *("topics strimzi", "wording check", "wording preview"),
    *(group + name for group in ("", "recordings ") for name in ("redact", "stats", "validate")),
}


@pytest.mark.parametrize("words", sorted(COMMANDS))
def test_who_asks_for_a_password_of_kafka_is_who_speaks_to_kafka(
    words: str, night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def listen(*_: object, needs_kafka: bool, **__: object) -> None:
        asked.append(needs_kafka)
        raise ConfigError("enough was heard")

    monkeypatch.setattr(door, "load_settings", listen)
    CliRunner().invoke(app, [*words.split(), *arguments(COMMANDS[words], night, tmp_path), "--set", "epoch=2"])
    assert set(asked) == {words not in OFFLINE}

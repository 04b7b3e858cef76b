"""Settings: which source wins, all mistakes at once, and no secret in any message."""

import dataclasses
import re
from pathlib import Path

import pytest

from pipeline.adapters.settings import DEVELOPMENT_KEY, Settings, load_settings, values_of
from pipeline.adapters.settings.example import example
from pipeline.adapters.settings.explained import explanations
from pipeline.flow import KEYED
from pipeline.ingest.config import LATENESS_MS
from pipeline.records.errors import ConfigError

EXAMPLE = Path(__file__).parents[3] / "deploy" / "tocsin.example.toml"


def problems_of(text: str, tmp_path: Path, **environment: str) -> list[str]:
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(file, environment)
    return str(caught.value).splitlines()


def test_the_command_line_is_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "tocsin.toml"
    file.write_text('epoch = 2\n[kafka]\nbootstrap = "file:1"\nprefix = "file."\n')
    environment = {"TOCSIN__KAFKA__BOOTSTRAP": "environment:1", "TOCSIN__EPOCH": "3"}
    loaded = load_settings(file, environment, {"epoch": 4, "kafka.prefix": None})
    assert (loaded.settings.epoch, loaded.settings.kafka.bootstrap, loaded.settings.kafka.prefix) == (
        4,
        "environment:1",
        "file.",
    )
    origins = [loaded.origin_of(name) for name in ("epoch", "kafka.bootstrap", "kafka.prefix", "web.port")]
    assert origins == ["command line", "TOCSIN__KAFKA__BOOTSTRAP", str(file), "default"]


def test_all_mistakes_of_all_sections_are_told_at_once(tmp_path: Path) -> None:
    problems = problems_of(
        """
        epoch = 0
        web = 7
        [kafka]
        bootstrp = "x"
        security_protocol = "SASL_SSL"
        [partitions]
        lanes = 0
        [detect]
        step_ms = 7
        [ingest]
        future_ms_max = -5
        """,
        tmp_path,
        TOCSIN__LOGS__LEVEL="loud",
    )
    for name in (
        "epoch = 0",
        "web: must be a table",
        "did you mean kafka.bootstrap?",
        "kafka.sasl_username, kafka.sasl_password",
        "partitions.lanes = 0",
        "detect.step_ms = 7",
        "ingest.future_ms_max = -5",
        "logs.level = 'loud'",
    ):
        assert any(name in problem for problem in problems), f"{name} is not among:\n" + "\n".join(problems)
    assert len(problems) == len(set(problems))


def test_a_key_that_does_not_exist_is_told_once(tmp_path: Path) -> None:
    assert problems_of("[detect]\nstep_msec = 60000\n", tmp_path) == [
        "detect.step_msec: no such setting; did you mean detect.step_ms?"
    ]


def test_a_variable_below_a_value_is_a_mistake_and_no_crash(tmp_path: Path) -> None:
    assert problems_of("kafka = 3\n", tmp_path, TOCSIN__EPOCH__DAY="1")


@pytest.mark.parametrize(
    "text",
    [
        '[privacy]\nhash_key = "hunter2"\n',
        '[kafka]\nsasl_password = ["hunter2"]\n',
        '[kafka]\nssl_password = {a = "hunter2"}\n',
        'privacy = "hunter2"\n',
    ],
)
def test_no_secret_is_in_a_message(text: str, tmp_path: Path) -> None:
    assert all("hunter2" not in problem for problem in problems_of(text, tmp_path))


def test_no_secret_is_in_what_is_shown() -> None:
    given = {"privacy.hash_key": "correct-horse-battery", "kafka.sasl_password": "staple"}
    settings = load_settings(environment={}, options=given).settings
    shown = " ".join(f"{name}={value}" for name, value in values_of(settings)) + repr(settings)
    assert "battery" not in shown
    assert "staple" not in shown
    assert set(settings.secrets()) == {"correct-horse-battery", "staple"}


def test_sources_that_are_not_named_keep_their_lateness() -> None:
    given = {"ingest.lateness_ms": {"telemetry": 20_000}}
    settings = load_settings(environment={}, options=given).settings
    assert settings.ingest_config().lateness_ms == {**LATENESS_MS, "telemetry": 20_000}


def test_sasl_and_tls_reach_the_clients() -> None:
    given = {
        "kafka.security_protocol": "SASL_SSL",
        "kafka.sasl_username": "tocsin",
        "kafka.sasl_password": "staple",
    }
    security = load_settings(environment={}, options=given).settings.connection().security
    assert security["sasl_plain_username"] == "tocsin"
    assert security["sasl_plain_password"] == "staple"  # noqa: S105 - made up
    assert security["ssl_context"].check_hostname


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    certificate = tmp_path / "ca.pem"
    certificate.write_text("no certificate")
    problems = problems_of(f'[kafka]\nsecurity_protocol = "SSL"\nssl_cafile = "{certificate}"\n', tmp_path)
    assert "ca.pem" in problems[0]


def test_every_stage_gets_a_group_of_its_own_under_the_prefix() -> None:
    settings = load_settings(environment={}, options={"kafka.prefix": "prod.", "ingest.heartbeats": False}).settings
    groups = {settings.ingest_options().group, *(settings.agent_options(stage).group for stage in KEYED)}
    assert groups == {"prod.tocsin-ingest", "prod.tocsin-detect", "prod.tocsin-correlate"}
    assert settings.ingest_options().heartbeat_seconds is None


def test_the_example_holds_every_setting_at_its_default() -> None:
    told = "run: tocsin config example > deploy/tocsin.example.toml"
    assert EXAMPLE.read_text("utf-8") == example(), told
    loaded = load_settings(EXAMPLE, {})
    assert loaded.settings == Settings()
    assert all(f"{name.rpartition('.')[2]} = " in example() for name, _ in values_of(Settings()))


def test_the_development_key_is_known_as_such() -> None:
    assert Settings().uses_development_key()
    own = load_settings(environment={}, options={"privacy.hash_key": DEVELOPMENT_KEY[::-1]}).settings
    assert not own.uses_development_key()


def test_every_setting_and_section_is_explained_in_a_sentence() -> None:
    told = explanations(Settings())
    names = [name for name, _ in values_of(Settings())]
    assert set(names) <= told.keys()
    wrong = {name: text for name, text in told.items() if len(text.split()) < 4 or text[-1] not in ".?"}
    assert wrong == {}


def test_the_example_says_of_each_setting_what_its_class_says() -> None:
    lines = example().splitlines()
    for name, text in explanations(Settings()).items():
        key = f"[{name}]" if f"[{name}]" in lines else name.rpartition(".")[2]
        places = [at for at, line in enumerate(lines) if line.removeprefix("# ").startswith((f"{key} = ", f"[{name}]"))]
        above = [comment_above(lines, at) for at in places]
        assert any(said.endswith(text) for said in above), name


def comment_above(lines: list[str], at: int) -> str:
    """The lines of comment that end above a line."""
    first = at
    while first and lines[first - 1].startswith("# ") and not re.match(r"# \w+ = ", lines[first - 1]):
        first -= 1
    return " ".join(line.removeprefix("# ") for line in lines[first:at])


@dataclasses.dataclass(frozen=True)
class HalfExplained:
    """A section.

    Attributes:
        known: This one is explained.
    """

    known: int = 1
    forgotten: int = 2


def test_a_setting_that_nobody_explained_is_seen() -> None:
    assert explanations(HalfExplained(), "half.") == {
        "half": "A section.",
        "half.known": "This one is explained.",
        "half.forgotten": "",
    }

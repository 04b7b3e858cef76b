"""Scenarios of one's own: the documented example runs, bases lie beside it or are bundled, mistakes have their line."""

import re
from pathlib import Path

import pytest

from pipeline.adapters.cli.offline.simulate import load
from pipeline.records.errors import ConfigError

DOCS = Path(__file__).parents[3] / "docs" / "scenarios.md"


@pytest.fixture
def example() -> str:
    (found,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    return str(found)


def test_the_documented_example_is_a_scenario_with_bundled_bases(example: str, tmp_path: Path) -> None:
    (tmp_path / "harbour.toml").write_text(example, "utf-8")
    worlds = [load(str(tmp_path / "harbour.toml"), seed).file for seed in (1, 2)]
    assert [world.outages[0].kind for world in worlds] == ["flooded_cabinet", "flooded_cabinet"]
    assert worlds[0] != worlds[1], "each seed is another world"


@pytest.mark.parametrize("where", ["markets/harbour-market.toml", "harbour-market.toml"])
def test_a_base_beside_the_scenario_is_found(example: str, tmp_path: Path, where: str) -> None:
    (tmp_path / where).parent.mkdir(exist_ok=True)
    market = 'bases = ["markets/de"]\n[draw]\ntelekom = ["Hafennetz"]\n'
    (tmp_path / where).write_text(market, "utf-8")
    own = example.replace('"markets/de"', '"markets/harbour-market"')
    (tmp_path / "harbour.toml").write_text(own, "utf-8")
    assert load(str(tmp_path / "harbour.toml")).file.operators[0].spellings == ("Hafennetz",)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('severity = "major"', 'severity = "huge"', "scenario.outages[0].severity = 'huge'"),
        ("share = 0.8", "shares = 0.8", "scenario.outages[0].shares: is not known here"),
        ('operator = "telekom"', 'operator = "nobody"', "operator 'nobody' is not in operators"),
        ("likes = 20", "likes = = 20", "Invalid value"),
        ('"bases/fixed"', '"bases/fixt"', "bases/fixt.toml: there is no such file"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(example: str, tmp_path: Path, right: str, wrong: str, said: str) -> None:
    path = tmp_path / "harbour.toml"
    assert example.count(right) == 1
    path.write_text(example.replace(right, wrong), "utf-8")
    line = next(number for number, text in enumerate(path.read_text("utf-8").splitlines(), 1) if wrong in text)
    with pytest.raises(ConfigError) as caught:
        load(str(path))
    (message,) = str(caught.value).splitlines()
    assert said in message
    if "no such file" not in said:
        assert message.startswith(f"{path}:{line}: "), message


def test_a_path_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read: No such file"):
        load(str(tmp_path / "none.toml"))

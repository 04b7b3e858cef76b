"""The profiles' files: those that come along are read, and every mistake in one is told at once."""

from pathlib import Path

import pytest

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.profiles import load_reporting
from pipeline.records.errors import ConfigError


def test_the_clocks_that_come_along_name_their_source_and_cover_four_countries() -> None:
    rules = load_reporting(reference_folder())
    assert {rule.market for rule in rules} == {"AU", "DE", "GB", "US"}
    assert all(rule.source and rule.duty for rule in rules)


def test_a_folder_without_profiles_sets_no_clock(tmp_path: Path) -> None:
    assert load_reporting(tmp_path) == ()


def test_every_mistake_of_a_file_is_told_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    rows = '[[rule]]\nprofile = "p"\n[[rule]]\nprofile = "q"\nmarket = "Germany"\n[duty]\n'
    (tmp_path / "profiles" / "regulators.toml").write_text(rows)
    with pytest.raises(ConfigError) as refused:
        load_reporting(tmp_path)
    told = str(refused.value)
    assert "unknown table 'duty'" in told
    assert "number 1" in told
    assert "number 2" in told
    (tmp_path / "profiles" / "regulators.toml").write_text("[[rule]")
    with pytest.raises(ConfigError, match="readable TOML"):
        load_reporting(tmp_path)

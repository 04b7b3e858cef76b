"""A file of streams that says something else is a mistake of its writer, told in one line."""

from pathlib import Path

import pytest

from pipeline.adapters.recordings.intake.importing import read_streams
from pipeline.records.errors import ConfigError


@pytest.mark.parametrize(
    "text", ["stream = 1", "stream = 'a.csv'", "stream = {}", "stream = [1]", "a = " + "[" * 2_000]
)
def test_streams_that_are_no_tables_are_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "streams.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as refusal:
        read_streams(file)
    assert str(refusal.value).startswith(f"{file}: ")
    assert "\n" not in str(refusal.value)

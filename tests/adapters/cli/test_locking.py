"""One run at a time in a folder of results."""

from pathlib import Path

import pytest

from pipeline.adapters.runs.locking import locked
from pipeline.adapters.runs.replaying import ReplayOptions, replay
from pipeline.adapters.settings import load_settings
from pipeline.records.errors import ConfigError


def test_a_second_run_is_kept_out_until_the_first_is_done_and_nothing_is_left_behind(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "may"
    june, refused = locked(tmp_path / "runs" / "june"), pytest.raises(ConfigError, match="another run writes")
    with locked(folder), june, refused, locked(folder):
        pytest.fail("two in one folder")
    with locked(folder):
        assert list(folder.iterdir()) == []


def test_a_run_that_fails_lets_the_next_one_in(tmp_path: Path) -> None:
    def breaks() -> None:
        with locked(tmp_path):
            raise RuntimeError("it breaks")

    with pytest.raises(RuntimeError):
        breaks()
    with locked(tmp_path):
        assert tmp_path.is_dir()


def test_a_replay_into_a_folder_that_is_written_is_refused_before_it_reads_or_writes(tmp_path: Path) -> None:
    loaded = load_settings(environment={})
    options = ReplayOptions(recording=tmp_path / "none.jsonl.zst", out=tmp_path / "out", loaded=loaded)
    with locked(options.out):
        with pytest.raises(ConfigError, match="name another with -o"):
            replay(options)
        assert list(options.out.iterdir()) == []

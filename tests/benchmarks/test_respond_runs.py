"""How soon drafts were ready and how much was written, read off a run that is there."""

from pathlib import Path

import pytest

from benchmarks import respond_runs
from benchmarks.readiness import Readiness
from pipeline.adapters.runs.reading import read_run
from pipeline.records.vocabulary import NoticeKind
from tests.adapters.pages.changes import drafts
from tests.adapters.pages.world import write_run


def test_a_run_tells_what_was_written_of_each_incident(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert respond_runs.main([str(write_run(tmp_path / "run")), "--most", "1"]) == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("run ")]
    records, kilobytes = row.split()[2:4]
    assert int(records) > 1
    assert float(kilobytes) > 1


@pytest.mark.parametrize("minutes", [0, 2])
def test_a_draft_is_ready_so_long_after_the_confirmation_as_the_run_says(tmp_path: Path, minutes: int) -> None:
    run, readiness = read_run(write_run(tmp_path / "run")), Readiness()
    word = (NoticeKind.ACKNOWLEDGEMENT, "web")
    confirmed = next(h for h in run.histories if h[-1].confirmed_at is not None)[0].updated_at
    drafted = confirmed + minutes * 60_000
    respond_runs.hear(drafts(word, occasion="confirmed", notice_revision=1, drafted_at=drafted)(run), readiness)
    assert dict(readiness.late_ms) == {"confirmation": [minutes * 60_000]}

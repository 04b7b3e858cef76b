"""The table of belief beside the one in use: which seeds make it, and when it is worse."""

from pathlib import Path

import pytest

from benchmarks import quality_belief
from benchmarks.quality_belief import told_by
from benchmarks.quality_worlds_chosen import World
from pipeline.evaluate.calibrating.moments import JudgedIncident, Prediction
from pipeline.reference.belief import AS_SAID, BeliefTable
from tools.calibrate import Read

SHY = BeliefTable(told=((-9_000, -90), (9_000, 90)))


def test_a_table_that_tells_what_comes_true_is_better_than_one_that_says_hardly_anything() -> None:
    moments = [Prediction(4_000, True)] * 49 + [Prediction(4_000, False)]
    assert told_by(AS_SAID, moments).brier < told_by(SHY, moments).brier
    assert told_by(AS_SAID, moments).ece < 0.01
    with pytest.raises(ValueError, match="no incident"):
        told_by(AS_SAID, [])


def test_a_table_is_made_of_training_seeds_and_compared_on_tuning_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[list[World]] = []

    def runs_of(worlds: list[World], *_: object) -> list[Read]:
        asked.append(worlds)
        sure = JudgedIncident(real=True, moments=(Prediction(3_000, real=True),), services=(), measured=True)
        return [Read(world.stem, (sure,), 10.0) for world in worlds]

    monkeypatch.setattr(quality_belief, "runs_of", runs_of)
    assert quality_belief.main(["--only", "rumour", "fibre-cut", "--folder", str(tmp_path)]) in (0, 1)
    assert [{world.seed for world in worlds} for worlds in asked] == [{11, 12}, {61}]
    assert "# their names end in 11, 12" in (tmp_path / "belief.toml").read_text()
    assert "4 runs to train with, 2 to tune with: 2 forecasts" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--training", "101"], ["--tuning", "101"], ["--tuning", "11"]])
def test_seeds_of_the_measure_make_no_table(words: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        quality_belief.main(words)
    assert refused.value.code == 2

"""From outages that are over to the table of how long such ones last."""

import random
from pathlib import Path

import pytest

from pipeline.adapters.reference.belief import read_durations
from pipeline.adapters.reference.folder import load_operators
from pipeline.correlate.config import EstimateConfig
from pipeline.evaluate.calibrating.lengths import KIND_ROWS_MIN, Lasted, durations_from, told_of
from pipeline.reference.lasting.durations import ANY
from tools.durations import main

PRIOR = EstimateConfig()


def drawn(kind: str, middle: float, count: int, seed: int = 1) -> list[Lasted]:
    random_ = random.Random(seed)
    return [Lasted(kind, middle * random_.lognormvariate(0.0, 1.0)) for _ in range(count)]


def test_without_many_outages_the_table_is_the_prior() -> None:
    table = durations_from(drawn("wide", 900.0, 1), PRIOR, 10_000)
    for part, minutes in ((100, 58), (500, 178), (900, 542)):
        told = table.minutes[ANY][table.over_permille.index(part)]
        assert told == pytest.approx(minutes, abs=2)


def test_a_kind_leans_on_all_and_with_many_of_its_own_stands_alone() -> None:
    middle = durations_from([], PRIOR).over_permille.index(500)
    few = durations_from(drawn("tv_wide", 900.0, 10), PRIOR, 5_000).minutes["tv_wide"][middle]
    many = durations_from(drawn("tv_wide", 900.0, 2_000), PRIOR, 5_000).minutes["tv_wide"][middle]
    assert 178 < few < many
    assert many == pytest.approx(900, rel=0.1)


def test_a_kind_of_too_few_has_no_row_but_counts_for_its_reach() -> None:
    outages = drawn("tv_wide", 60.0, KIND_ROWS_MIN - 1) + drawn("mobile_wide", 60.0, 1)
    assert set(durations_from(outages, PRIOR).minutes) == {ANY, "wide"}


def test_of_outages_that_last_longer_than_thought_a_table_of_them_tells_better() -> None:
    table = durations_from(drawn("fixed_local", 900.0, 500), PRIOR)
    others = drawn("fixed_local", 900.0, 500, seed=2)
    for by_prior, by_table in zip(told_of(others, PRIOR, None), told_of(others, PRIOR, table), strict=True):
        assert by_table.loss < by_prior.loss
        assert abs(by_table.held - 0.8) < 0.1


def test_what_is_written_of_lengths_can_be_read(tmp_path: Path) -> None:
    lengths, out = tmp_path / "lengths.csv", tmp_path / "durations.toml"
    rows = drawn("mobile_local", 100.0, 40)
    lengths.write_text("kind,minutes\n" + "".join(f"{kind},{minutes}\n" for kind, minutes in rows))
    assert main(["--lengths", str(lengths), "--out", str(out)]) == 0
    assert set(read_durations(out).minutes) == {ANY, "local", "mobile_local"}
    assert "outages = 40" in out.read_text()


def test_a_log_is_read_as_score_reads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load_operators().get("netcologne") is not None
    log = tmp_path / "log.csv"
    row = "0{day}.05.2026 10:00;0{day}.05.2026 1{day}:00;DE/NW/koeln;Internet;{kind}\n"
    rows = [row.format(day=day, kind="outage") for day in range(1, 8)] + [row.format(day=8, kind="maintenance")]
    log.write_text("Von;Bis;Ort;Dienst;kind\n" + "".join(rows) + "09.05.2026 10:00;offen;DE/NW/koeln;Internet;outage\n")
    words = [str(log), "--operator", "netcologne", "--time-zone", "Europe/Berlin", "--time-format", "%d.%m.%Y %H:%M"]
    words += ["--columns", "start=Von,end=Bis,place=Ort,service=Dienst", "--values", "service:Internet=broadband"]
    assert main(words) == 0
    assert "of_fixed_local = 7" in capsys.readouterr().out


def test_all_mistakes_of_lengths_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lengths = tmp_path / "lengths.csv"
    lengths.write_text("kind,minutes\nfax_local,3\ntv_wide,0\ntv_wide,nan\n")
    assert main(["--lengths", str(lengths)]) == 2
    told = capsys.readouterr().err
    assert all(f"lengths.csv:{line}:" in told for line in (2, 3, 4))
    assert main([]) == 2
    assert "no outage that is over" in capsys.readouterr().err

"""Every benchmark runs to its end on a tiny load and says its figures; how large they are is not asked here."""

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import (
    bench_ingest_kafka,
    bench_latency,
    bench_places,
    bench_replay,
    bench_replay_quiet,
    bench_scale,
    bench_simulate,
    bench_state,
    soak,
)
from benchmarks.loads import LANES, POST_BYTES, TOWNS, load


def test_a_load_has_its_records_in_order_and_heartbeats_beside_them() -> None:
    records = list(load(4_000, with_posts=True))
    assert Counter(record.topic for record in records if record.value) == {"telemetry": 3_800, "mentions": 200}
    assert [record.timestamp for record in records] == sorted(record.timestamp for record in records)
    assert len({record.key for record in records if record.topic == "telemetry"}) == TOWNS
    assert {record.partition for record in records if record.topic == "tickets"} == set(range(LANES))
    posts = [record.value for record in records if record.topic == "mentions" and record.value]
    assert all(POST_BYTES - 3 <= len(post) <= POST_BYTES + 30 for post in posts)


def test_replay_prints_its_rate_its_limit_and_its_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_replay, "RATE_LEAST", 0)
    figures = tmp_path / "figures.json"
    assert bench_replay.main(["--records", "2000", "--rounds", "1", "--json", str(figures)]) == 0
    (one,) = json.loads(figures.read_text())
    assert one["records"] == 2_000
    assert 0 < one["rate"] < one["limit"]
    assert "bar 0 records/s: holds" in capsys.readouterr().out


def test_a_quiet_replay_prints_what_silence_costs_and_publishes_the_same_without_heartbeats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_replay_quiet, "CPU_SECONDS_MOST", 1e9)
    figures = tmp_path / "figures.json"
    assert bench_replay_quiet.main(["--records", "1500", "--days", "1", "--flow-only", "--json", str(figures)]) == 0
    found = json.loads(figures.read_text())
    assert (found["records"], found["same"]) == (1_500, True)
    assert found["heartbeats"] > 8_600 * LANES * 4
    assert "published bytes: the same" in capsys.readouterr().out


def test_places_and_worlds_are_measured_beside_the_least_that_they_must_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_places.main(["--texts", "20", "--rounds", "1"]) in (0, 1)
    assert bench_simulate.main(["--days", "0.65", "--rounds", "1"]) in (0, 1)
    told = capsys.readouterr().out
    assert "times reading their rows" in told
    assert "times folding them" in told
    assert "times encoding them" in told


@pytest.mark.kafka
def test_ingest_is_measured_beside_its_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = tmp_path / "figures.json"
    words = ["--records", "4000", "--rounds", "1", "--only", "mix bare", "mix ingest", "--json", str(figures)]
    assert bench_ingest_kafka.main(words) in (0, 1)  # a tiny load says nothing of speed
    (ratio,) = json.loads(figures.read_text())["ratios"]
    assert ratio["wall"] > 0
    assert "ratio of medians" in capsys.readouterr().out


@pytest.mark.kafka
def test_every_ticket_becomes_an_incident_whose_delay_is_measured(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    assert bench_latency.main(["--incidents", "2", "--lateness", "1", "--json", str(figures)]) in (0, 1)
    assert 0 < json.loads(figures.read_text())["p99"] < bench_latency.WAIT_SECONDS_MAX


@pytest.mark.parametrize(("times", "word"), [(1_000.0, "holds"), (0.0, "MISSED")])
def test_a_state_is_measured_by_ten_thousand_series_and_has_bars(
    times: float, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = tmp_path / "figures.json"
    monkeypatch.setattr(bench_state, "BARS", {name: most * times for name, most in bench_state.BARS.items()})
    code = bench_state.main(["--series", "40", "--days", "0.1", "--json", str(figures)])
    assert code == (0 if word == "holds" else 1)
    assert capsys.readouterr().out.count(word) == 3
    found = json.loads(figures.read_text())
    assert found["series_held"] >= found["series_sent"] == 40, "and their sums for regions and the nation"
    assert found["state_mb_per_10000"] > 0


@pytest.mark.kafka
def test_scale_tells_what_each_stage_costs_and_reads_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = tmp_path / "figures.json"
    few = ["--records", "2000", "--processes", "2", "--series", "10"]
    assert bench_scale.main([*few, "--json", str(figures)]) == 0
    (result,) = json.loads(figures.read_text())["results"]
    assert result["messages_read"]["ingest"] > 2_000
    assert min(result["cpu_seconds"].values()) > 0
    assert min(result["memory_mb"].values()) > 10
    assert "CPU us/record" in capsys.readouterr().out


@pytest.mark.kafka
def test_a_soak_restarts_each_stage_once_and_tells_memory_and_lag(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = tmp_path / "samples.jsonl"
    few = ["--minutes", "0.3", "--rate", "200", "--sample-seconds", "2"]
    assert soak.main([*few, "--samples", str(samples)]) in (0, 1)
    found = [json.loads(line) for line in samples.read_text().splitlines()]
    assert [stage for sample in found for stage in sample["started"]] == ["ingest", "detect", "correlate"]
    assert found[-1]["refused"] == 0
    assert found[-1]["memory_mb"]["ingest"] > 10
    assert found[-1]["sent"] == 200 * 18
    assert "memory of ingest, detect, correlate was not judged" in capsys.readouterr().out

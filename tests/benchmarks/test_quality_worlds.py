"""The standing measure: which worlds, what its page says of runs made by hand, and what is left out for a comparison.

No world is simulated or replayed here.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from benchmarks import quality_worlds
from benchmarks.quality_sections import ALONE, POSTS, SERIES, WITHOUT, kept_section, put_alone, with_section
from benchmarks.quality_worlds_bars import BARS, WEEKS_BARS, Bar
from benchmarks.quality_worlds_chosen import (
    ABLATED,
    SEED_MIN,
    SEEDS,
    WEEKS,
    WEEKS_DAYS,
    World,
    daily,
    every,
    standing,
)
from benchmarks.quality_worlds_page import Measured, page, quiet_days
from benchmarks.quality_worlds_without import (
    THINGS,
    recordings_without,
    section,
    settings_without,
)
from benchmarks.quality_worlds_worst import write_worst
from pipeline.adapters.cli.offline.simulate import load, names
from pipeline.adapters.cli.options import loaded_from
from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.reference.folder import load_metrics
from pipeline.adapters.runs.folder import truth_beside
from pipeline.adapters.runs.scoring import read_histories
from pipeline.evaluate.figures.definitions import FIGURES
from pipeline.evaluate.judging.scored import ScoredRun
from pipeline.evaluate.score import combine, score_world
from pipeline.evaluate.sides.worlds import world_of
from pipeline.records.truth import Truth
from pipeline.records.vocabulary import IncidentState, Severity
from pipeline.reference.calendars import is_holiday
from pipeline.simulate.simulate import truth
from tests.adapters.cli.world import write_world
from tests.adapters.pages.world import write_run
from tests.evaluate import cases


@pytest.fixture(scope="module")
def weeks() -> list[Truth]:
    return [truth(load(world.name, world.seed), world.seed, world.days) for world in WEEKS]


def scored(given: Truth, *histories: cases.HISTORY) -> ScoredRun:
    return ScoredRun(world=world_of(given), histories=histories, score=score_world(given, histories))


def lines_of(*worlds: tuple[World, ScoredRun]) -> list[str]:
    runs = [run for _, run in worlds]
    return list(
        page(Measured([world for world, _ in worlds], runs, combine([run.score for run in runs]), ["0123"], "4567"))
    )


def test_the_daily_measure_is_sixty_worlds_of_days_and_four_of_weeks() -> None:
    assert len(standing()) == len(set(standing())) == 60
    assert {world.name for world in standing()} == set(names())
    assert {world.seed for world in standing()} == set(SEEDS)
    assert [world.is_weeks for world in daily()] == [False] * 60 + [True] * 4


def test_the_whole_measure_is_at_least_120_worlds_of_days_and_twelve_of_weeks_all_with_seeds_to_measure() -> None:
    worlds = every()
    assert len(worlds) == len(set(worlds)) == len({world.stem for world in worlds})
    assert sum(not world.is_weeks for world in worlds) >= 120
    assert sum(world.is_weeks for world in worlds) >= 12
    assert set(daily()) <= set(worlds)
    assert min(world.seed for world in worlds) >= SEED_MIN
    assert set(Counter(world.name for world in worlds if not world.is_weeks).values()) == {2, 4}


def test_weeks_have_six_hundred_operator_days_without_an_outage(weeks: list[Truth]) -> None:
    worlds = [score_world(given, []) for given in weeks]
    assert sum(map(quiet_days, worlds)) >= 600
    assert all(world.days == WEEKS_DAYS for world in worlds)


def test_weeks_have_holidays_fixed_and_mobile_operators_all_markets_and_outages_late_in_them(
    weeks: list[Truth],
) -> None:
    files = [load(world.name, world.seed).file for world in WEEKS]
    assert {file.market for file in files} == {"DE", "FR", "GB", "US"}
    assert {"broadband", "mobile_data"} <= {name for file in files for one in file.operators for name in one.reach}
    holidays = [
        file.name
        for file, given in zip(files, weeks, strict=True)
        if file.holidays and any(is_holiday(file.holidays, day) for day in days_of(given))
    ]
    assert len(set(holidays)) >= 3
    assert all(0 in file.rhythms["office"].hours for file in files), "the call centre is closed at night"
    late = [given for given in weeks if given.outages]
    assert len(late) >= 6
    assert all(outage.started_at - given.started_at >= 18 * 86_400_000 for given in late for outage in given.outages)


def days_of(given: Truth) -> Iterator[date]:
    for at in range(int(given.started_at), int(given.ended_at), 86_400_000):
        yield datetime.fromtimestamp(at / 1_000, UTC).date()


@pytest.mark.parametrize("seed", [101, 102, 103, 104])
def test_every_cell_fault_is_told_by_at_least_four_posts_that_name_the_town(seed: int) -> None:
    file = load("att-2010", seed).file
    assert [platform.place_share for platform in file.mentions.platforms] == [1.0]
    for outage in file.outages:
        assert sum(one.count for one in outage.planted if one.source == "mentions") >= 4


def test_a_bar_is_met_missed_or_not_known() -> None:
    both = Bar("customers_held", "75 to 90 %", least=0.75, most=0.9)
    assert [both.met(value) for value in (0.75, 0.9, 0.74, 0.91, None)] == [
        "yes",
        "yes",
        "**no**",
        "**no**",
        "not known",
    ]
    assert {bar.figure for bar in (*BARS, *WEEKS_BARS)} <= {definition.name for definition in FIGURES}


def test_the_page_names_what_went_wrong_the_gravest_first_and_how_to_see_it_again() -> None:
    missed = cases.truth(cases.outage("first", severity=Severity.CRITICAL), cases.outage("second", 600, 660))
    run = scored(missed, cases.incident("other", 599, 601, 650), cases.incident("false", 300, 301, 330))
    lines = lines_of((World("fibre-cut", 101, 28.0), run))
    wrong = [line for line in lines if line.startswith("| fibre-cut | 101 |")]
    assert ["missed" in line for line in wrong] == [True, False]
    assert "false incident about acme, major, opened 2026-03-02 17:00 UTC" in wrong[1]
    assert all("--only fibre-cut --seeds 101 --days 28`" in line for line in wrong)
    rows = quality_worlds.missed_in(lines)
    assert "| outages confirmed | 50 % |  | ≥ 92 % | **no** |" in rows
    assert not any("| yes |" in line or "not known" in line for line in rows)
    assert "| confirmed incidents that were real | 50 % |  | ≥ 95 % | **no** |" in lines
    assert any(line.startswith("| outage | 2 | 1 | 0 | 0 | 1 |") for line in lines), "by kind: one of two confirmed"


def test_the_page_tells_weeks_apart_and_counts_their_false_suspicions_without_mere_questions() -> None:
    calm = cases.truth(days=28)
    rows = [
        cases.incident("s", 100, None, 130),
        cases.incident("q", 200, None, 230, confidence=(0, 0, 0)),
        cases.incident("c", 300, 301, 330),
    ]
    lines = lines_of((World("quiet-week", 101, 28.0), scored(calm, *rows)), (World("rumour", 101), scored(calm)))
    at = lines.index("## In worlds of four weeks")
    assert "28 operator-days without an outage" in lines[at + 2]
    assert "| made-up 1 | 1 | 0 | 0 | 1 | 1 |" in lines[at:]
    assert "| false confirmed incidents, per operator and 30 days | 1.07 |  | ≤ 0.3 | **no** |" in lines[at:]
    assert "| false confirmed incidents, per operator and 30 days | 0.54 |  | ≤ 0.3 | **no** |" in lines[:at]
    assert "## In worlds of four weeks" not in lines_of((World("rumour", 101), scored(calm)))


def test_the_page_says_of_ten_steps_of_confidence_how_often_they_came_true() -> None:
    real = scored(cases.truth(cases.outage()), cases.incident(confidence=(600_000, 950_000, 950_000)))
    lines = lines_of((World("fibre-cut", 101), real))
    at = lines.index("| said | incidents | mean of what was said | came true |")
    assert lines[at + 11] == "| 90 to 100 % | 1 | 95 % | 100 % |"
    assert lines[at + 2] == "| 0 to 10 % | 0 | – | – |"


def test_cell_faults_and_short_outages_have_bars_of_their_own() -> None:
    late = {"a": 10, "b": 21, "c": 15}
    starts = {name: number * 300 for number, name in enumerate(late)}
    faults = [cases.outage(name, at, at + 60, kind="cell_fault", visible=at) for name, at in starts.items()]
    told = [cases.incident(name, at + late[name], None, at + 50) for name, at in starts.items()]
    lines = lines_of((World("att-2010", 101), scored(cases.truth(*faults), *told)))
    assert "| cell faults suspected within 20 min of the first visible effect | 2 of 3 | | ≥ 70 % | **no** |" in lines
    short = scored(cases.truth(cases.outage(kind="five_minutes")), cases.incident())
    lines = lines_of((World("five-minutes", 101), short))
    assert "| outages of five minutes confirmed | 1 of 1 | | all | yes |" in lines


@pytest.mark.parametrize(
    ("name", "topics"),
    [
        ("care", {"telemetry", "mentions", "commands"}),
        ("network", {"tickets", "mentions", "commands"}),
        ("public", {"telemetry", "tickets", "commands"}),
        ("tickets", {"telemetry", "mentions", "commands"}),
    ],
)
def test_a_source_is_left_out_of_the_recording_and_the_truth_stays(tmp_path: Path, name: str, topics: set[str]) -> None:
    whole = write_world(tmp_path / "night.jsonl.zst")
    truth_beside(whole).write_text("{}")
    before = Counter(record.topic for record in open_recording(whole).records())
    (less,) = recordings_without(THINGS[name], name, [whole])
    after = Counter(record.topic for record in open_recording(less).records())
    assert after == {topic: count for topic, count in before.items() if topic in topics}
    assert truth_beside(less).read_text() == "{}"
    assert recordings_without(THINGS[name], name, [whole]) == [less], "made once"


def test_the_call_centres_figures_are_care_and_not_network() -> None:
    readings = [record(b'{"metric":"%b"}' % name) for name in (b"calls_offered", b"attach_success_ratio")]
    unreadable = record(b"[")
    for name in ("care", "calls"):
        assert [drops(name, one) for one in (*readings, unreadable)] == [True, False, False]
    assert [drops("network", one) for one in (*readings, unreadable)] == [False, True, True]


def test_tickets_and_calls_are_left_out_apart_and_the_operators_own_posts_beside_those_of_people() -> None:
    calls, ticket = record(b'{"metric":"calls_offered"}'), record(b"{}", "tickets")
    assert [drops(name, ticket) for name in ("tickets", "calls", "care")] == [True, False, True]
    assert [drops(name, calls) for name in ("tickets", "calls", "care")] == [False, True, True]
    posts = [record(b'{"official":%b}' % value, "mentions") for value in (b"true", b"false")]
    assert [drops("official", one) for one in (*posts, ticket, record(b"[", "mentions"))] == [True, False, False, False]
    assert all(drops("public", one) for one in posts)


def drops(name: str, one: RecordedRecord) -> bool:
    asked = THINGS[name].drops
    return asked is not None and asked(one)


def record(value: bytes, topic: str = "telemetry") -> RecordedRecord:
    return RecordedRecord(topic=topic, partition=0, offset=0, timestamp=0, key=None, headers=(), value=value)


def test_priors_and_freezing_are_taken_away_by_settings(tmp_path: Path) -> None:
    (folder,) = settings_without(THINGS["priors"], "priors", tmp_path)
    loaded = loaded_from(None, [folder], partitions__lanes=1).settings
    assert loaded.reference.folder.is_relative_to(tmp_path)
    for ours, less in ((load_metrics(), False), (load_metrics(loaded.reference.folder), True)):
        known = ours.of("attach_success_ratio", "ratio")
        assert ours.describes("attach_success_ratio")
        assert (known.healthy is None, known.never_normal is None) == (less, less)
    (freezing,) = settings_without(THINGS["freezing"], "freezing", tmp_path)
    assert loaded_from(None, [freezing], partitions__lanes=1).settings.detect.freeze_above == 1.0


def test_the_table_of_what_is_left_out_stays_in_the_page_until_it_is_made_again() -> None:
    worlds = [World("fibre-cut", 101)]
    whole = combine([scored(cases.truth(cases.outage()), cases.incident()).score])
    less = combine([scored(cases.truth(cases.outage())).score])
    part = list(section(worlds, whole, {"network": less}, "0123"))
    assert "| nothing | 100 % |" in "\n".join(part)
    assert "| network: figures of the network | 0 % |" in "\n".join(part)
    first = with_section("# Page\n\n## Other\n\nwords\n", part)
    assert first.startswith("# Page\n\n## Other\n\nwords\n\n## Without")
    assert kept_section(first, WITHOUT) == part[:-1]
    again = with_section(first + "\n## Last\n", list(section(worlds, whole, {"care": less}, "4567")))
    assert "network" not in again
    assert again.index("care: tickets") < again.index("\n\n## Last")
    assert kept_section("# Page\n", WITHOUT) == []


def test_series_and_posts_have_a_part_together_of_which_each_is_made_anew_alone(tmp_path: Path) -> None:
    path = tmp_path / "quality.md"
    path.write_text("# Page\n\nwords\n\n## Last\n\nmore\n")
    for part in ([POSTS, "", "two"], [SERIES, "", "one"], [POSTS, "", "three"]):
        put_alone(part, path)
    expected = [ALONE, "", SERIES, "", "one", "", POSTS, "", "three"]
    assert kept_section(path.read_text(), ALONE) == expected
    assert path.read_text() == "\n".join(["# Page", "", "words", "", "## Last", "", "more", "", *expected, ""])


def test_few_worlds_are_measured_again_and_all_are_measured_every_day() -> None:
    assert len(ABLATED) <= 9
    assert set(ABLATED) <= set(standing())


def test_the_worst_are_drawn_with_a_report_of_each_incident_that_is_over(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    last = next(rows[-1] for rows in read_histories(folder) if rows[-1].confirmed_at is not None)
    over = msgspec.structs.replace(last, revision=last.revision + 1, state=IncidentState.CLOSED)
    with (folder / "incidents.jsonl").open("ab") as file:
        file.write(encode({"key": over.incident_id, "headers": [], "value": over}) + b"\n")
    histories = read_histories(folder)
    real = scored(cases.truth(), *histories)
    drawn = write_worst(combine([real.score]), [real], [folder], tmp_path / "quality")
    assert drawn == tmp_path / "quality" / "worst.html"
    (address,) = re.findall(r'<a href="(reports/[^"]*)">', drawn.read_text("utf-8"))
    assert address == f"reports/run/{over.incident_id}.html"
    assert (drawn.parent / address).read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("words", [["--days", "28"], ["--without", "luck"]])
def test_what_cannot_be_measured_is_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        quality_worlds.main(words)
    assert refused.value.code == 2

"""`tocsin score` as a user starts it: tables, JSON, gates, pages, and an operator's own log."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from pipeline.adapters.cli.exits import Exit
from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.pages.score import build, render
from pipeline.adapters.runs.incident_log import LogForm, columns_of, read_log
from pipeline.adapters.runs.scoring import figures_of, score_run
from pipeline.evaluate.score import combine
from pipeline.records.errors import ConfigError
from pipeline.records.truth import Truth
from pipeline.reference.gazetteer import Place
from pipeline.reference.operators import Market, Operator, Operators
from pipeline.reference.places import Places
from tests.adapters.cli.conftest import Run
from tests.evaluate.cases import BONN, HISTORY, KOELN, at, incident, outage, trap, truth

HOSTILE = "<script>alert('owned')</script>"

PLACES = Places.from_rows(
    [
        Place(area="DE", name="Deutschland", kind="nation"),
        Place(area=KOELN, name="Köln", kind="town", population=1_000_000),
        Place(area=BONN, name="Bonn", kind="town", population=300_000),
        Place(area="DE/BY/neustadt", name="Neustadt", kind="town", population=10_000),
        Place(area="DE/HE/neustadt", name="Neustadt", kind="town", population=9_000),
    ]
)
OPERATORS = Operators.from_rows(
    [Operator(id="acme", name="Acme", market="DE", services=("broadband", "tv"))],
    [
        Market(
            id="DE",
            name="Germany",
            languages=("de",),
            time_zone="Europe/Berlin",
            currency="EUR",
            emergency_numbers=("112",),
            holidays="DE",
        )
    ],
)
GERMAN = LogForm(
    columns={"start": "Beginn", "end": "Ende", "place": "Ort", "service": "Dienst"},
    time_format="%d.%m.%Y %H:%M",
    time_zone="Europe/Berlin",
    operator="acme",
    services={"Internet": "broadband", "Fernsehen": "tv"},
)

GERMAN_PLACES = LogForm(
    columns={"start": "Beginn", "end": "Ende", "place": "Ort"},
    time_format="%d.%m.%Y %H:%M",
    time_zone="Europe/Berlin",
    operator="acme",
)


def write_run(folder: Path, real: Truth, *histories: HISTORY) -> Path:
    """A run's folder as far as a score reads it."""
    folder.mkdir(parents=True)
    (folder / "run.json").write_bytes(encode({"first": real.started_at, "last": real.ended_at}))
    (folder / "truth.json").write_bytes(encode(real))
    rows = [{"key": row.incident_id, "headers": [], "value": row} for history in histories for row in history]
    (folder / "incidents.jsonl").write_bytes(b"".join(encode(row) + b"\n" for row in rows))
    return folder


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """One outage found, one missed, one trap fallen for."""
    real = truth(outage("o1", visible=0, first_word=30), outage("o2", 200, 260), traps=[trap(start=400, end=460)])
    return write_run(tmp_path / "mixed", real, incident("i1"), incident("fell", 410, 415, 450))


def test_the_table_says_what_was_found_and_what_was_not(tocsin: Run, mixed: Path) -> None:
    made = tocsin("score", str(mixed))
    assert made.returncode == 0, made.stderr
    lines = made.stdout.splitlines()
    assert lines[0] == "1 run of 30 days, 2 outages (2 severe), 1 trap, 2 incidents (2 confirmed)"
    assert any(line.split() == ["outages", "confirmed", "50", "%", "2"] for line in lines)
    assert any(line.startswith("missed     made-up 1: outage, acme") for line in lines)
    assert any(line.startswith("false ") and line.endswith("(rumour)") for line in lines)


def test_json_has_everything_on_one_line(tocsin: Run, mixed: Path) -> None:
    made = tocsin("score", str(mixed), "--format", "json")
    (line,) = made.stdout.splitlines()
    score = json.loads(line)
    figures = {one["name"]: one for one in score["figures"]}
    assert (figures["recall"]["value"], figures["recall"]["n"], figures["recall"]["low"]) == (0.5, 2, None)
    assert figures["emergency_found"]["value"] is None, "no figure is null, not 0"
    assert [one["fate"] for one in score["worlds"][0]["outages"]] == ["confirmed", "missed"]
    assert [one["verdict"] for one in score["worlds"][0]["incidents"]] == ["found", "trap"]


def test_several_runs_are_added_up_and_five_have_intervals(tocsin: Run, tmp_path: Path) -> None:
    runs = [str(write_run(tmp_path / f"w{n}", truth(outage()), *([incident()] if n else []))) for n in range(5)]
    assert "95 % interval" in tocsin("score", *runs).stdout
    one, two = (tocsin("score", *runs, "--seed", seed, "-f", "json").stdout for seed in ("1", "1"))
    assert one == two
    figure = next(row for row in json.loads(one)["figures"] if row["name"] == "recall")
    assert (figure["value"], figure["worlds"]) == (0.8, 5)
    assert figure["low"] < 0.8 <= figure["high"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--min", "recall=0.5", "--max", "false_confirmed=1"), Exit.OK, ""),
        (("--min-recall", "0.51"), Exit.FINDING, "recall is 0.5, --min 0.51 asked for"),
        (("--max", "false_confirmed=0"), Exit.FINDING, "false_confirmed is 1, --max 0 asked for"),
        (("--min", "emergency_found=0"), Exit.FINDING, "emergency_found: no figure"),
        (("--min", "recal=0.5"), Exit.USAGE, "--min recal: is no figure"),
        (("--min", "recall"), Exit.USAGE, "must be name=number"),
    ],
)
def test_gates(tocsin: Run, mixed: Path, words: tuple[str, ...], code: Exit, said: str) -> None:
    made = tocsin("score", str(mixed), *words)
    assert made.returncode == code, made.stderr
    assert said in made.stderr


def test_all_that_is_wrong_with_the_runs_is_said_at_once(tocsin: Run, tmp_path: Path, mixed: Path) -> None:
    (mixed / "truth.json").unlink()
    made = tocsin("score", str(tmp_path / "nothing"), str(mixed))
    assert made.returncode == Exit.USAGE
    assert "nothing: holds no run.json" in made.stderr
    assert "truth.json: no such file; name the truth with --truth" in made.stderr


def test_a_truth_from_elsewhere_and_a_broken_line(tocsin: Run, tmp_path: Path, mixed: Path) -> None:
    elsewhere = (mixed / "truth.json").rename(tmp_path / "elsewhere.json")
    assert tocsin("score", str(mixed), "--truth", str(elsewhere)).returncode == 0
    assert "is of one run" in tocsin("score", str(mixed), str(mixed), "--truth", str(elsewhere)).stderr
    with (mixed / "incidents.jsonl").open("ab") as file:
        file.write(b"{}\n")
    broken = tocsin("score", str(mixed), "--truth", str(elsewhere))
    assert broken.returncode == Exit.USAGE
    assert "incidents.jsonl line 7: is not what this version writes" in broken.stderr


def test_the_truth_of_another_world_is_refused(tocsin: Run, mixed: Path) -> None:
    (mixed / "run.json").write_bytes(encode({"first": at(60 * 24 * 60), "last": at(61 * 24 * 60)}))
    refused = tocsin("score", str(mixed))
    assert refused.returncode == Exit.USAGE
    assert "name that of its recording" in refused.stderr


def test_a_run_that_is_named_twice_does_not_count_twice(tocsin: Run, mixed: Path) -> None:
    refused = tocsin("score", str(mixed), f"{mixed}/../{mixed.name}")
    assert refused.returncode == Exit.USAGE
    assert "is named twice" in refused.stderr


def test_a_run_that_lost_its_incidents_has_not_missed_them(tocsin: Run, mixed: Path) -> None:
    (mixed / "incidents.jsonl").unlink()
    refused = tocsin("score", str(mixed))
    assert refused.returncode == Exit.USAGE
    assert "incidents.jsonl: is missing" in refused.stderr


def test_a_replay_that_was_cut_is_scored_on_what_began_before_the_cut(mixed: Path) -> None:
    (mixed / "run.json").write_bytes(encode({"first": at(-1_440), "last": at(9_000), "until": at(150)}))
    score = score_run(mixed).score
    assert [one.outage_id for one in score.outages] == ["o1"]
    assert (score.traps, score.ended_at) == ((), at(150))


def test_what_showed_only_after_the_cut_could_not_be_seen(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", truth(outage(visible=7)))
    for until, seen in ((at(8), at(7)), (at(7), None)):
        (run / "run.json").write_bytes(encode({"first": at(-1_440), "last": at(9_000), "until": until}))
        assert [one.visible_at for one in score_run(run).score.outages] == [seen]


def test_the_page_stands_alone_and_strangers_words_stay_words(tocsin: Run, tmp_path: Path) -> None:
    import msgspec

    real = outage(first_word=30)
    said = msgspec.structs.replace(real.messages[0], text=HOSTILE)
    run = write_run(
        tmp_path / "run",
        truth(msgspec.structs.replace(real, messages=(said,))),
        incident(confirmed=45, leads={"tickets": 9}),
    )
    made = tocsin("score", str(run), "--html", "pages/score.html")
    assert made.returncode == 0, made.stderr
    page = (tmp_path / "pages" / "score.html").read_text("utf-8")
    assert HOSTILE not in page
    assert "&lt;script&gt;alert" in page
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1_300])
def test_the_page_opens_from_disk_and_fits(mixed: Path, width: int) -> None:
    run = score_run(mixed)
    page = build(combine([run.score]), [run], mixed / "score.html")
    complaints: list[str] = []
    requests: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        opened = chromium.new_page(viewport={"width": width, "height": 900})
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("request", lambda request: requests.append(request.url))
        opened.goto(page.as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        assert opened.locator("path.s-truth").count() == 1, "of the missed one"
        assert opened.locator("path.s-trap").count() == 1, "behind the false one"
        assert opened.locator("path.s-confirmed").first.bounding_box()
        chromium.close()
    assert (complaints, requests) == ([], [page.as_uri()])


def test_the_page_draws_the_worst_first(mixed: Path) -> None:
    run = score_run(mixed)
    page = render(combine([run.score]), [run])
    assert page.index("c-missed") < page.index("fell for a trap: rumour")
    assert 's-truth" d="M' in page
    assert "No incident had to do with it." in page


def test_a_page_of_nothing_true_and_nothing_found(tmp_path: Path) -> None:
    run = score_run(write_run(tmp_path / "run", truth()))
    page = render(combine([run.score]), [run])
    assert "Nothing was missed, false, late or in the wrong place." in page
    assert "No incident said how sure it was." in page


def test_figures_by_name_with_their_units(mixed: Path) -> None:
    figures = figures_of(combine([score_run(mixed).score]))
    assert figures["recall"] == (0.5, None, None, "share")
    assert figures["confirmed_p50"] == (240, None, None, "seconds")


def log_of(tmp_path: Path, *lines: str, head: str = "Beginn;Ende;Ort;Dienst") -> Path:
    path = tmp_path / "log.csv"
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8-sig")
    return path


def test_a_log_is_read_in_the_operators_own_words(tmp_path: Path) -> None:
    path = log_of(
        tmp_path,
        "02.03.2026 13:20;02.03.2026 14:00;Köln | DE/NW/bonn;Internet, Fernsehen",
        '02.03.2026 16:00;02.03.2026 17:30;"Bonn";',
    )
    first, second = read_log(path, GERMAN, PLACES, OPERATORS).rows
    assert (first.line, first.areas, first.services) == (2, (BONN, KOELN), ("broadband", "tv"))
    assert (first.started_at, first.ended_at) == (1_772_454_000_000, 1_772_456_400_000)
    assert (second.line, second.areas, second.services, second.operator) == (3, (BONN,), (), "acme")


def test_all_mistakes_of_a_log_are_said_at_once_with_their_lines(tmp_path: Path) -> None:
    path = log_of(
        tmp_path,
        "02.03.2026 13:20;02.03.2026 13:20;Köln;Internet",
        "gestern;02.03.2026 14:00;Atlantis;Fax",
        "02.03.2026 13:20;02.03.2026 14:00;;",
        ";02.03.2026 14:00;Bonn;",
    )
    with pytest.raises(ConfigError) as caught:
        read_log(path, GERMAN, PLACES, OPERATORS)
    said = [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]
    assert [line.split(" ", 2)[:2] for line in said] == [
        ["2:", "end"],
        ["3:", "start"],
        ["3:", "place"],
        ["3:", "service"],
        ["4:", "place"],
        ["5:", "start"],
    ]
    assert "no sure place of DE" in said[2]
    assert "--values service:Fax=broadband" in said[3]


def test_a_name_of_several_towns_is_a_mistake_and_not_the_nation(tmp_path: Path) -> None:
    times = "02.03.2026 13:20;02.03.2026 14:00"
    (row,) = read_log(log_of(tmp_path, f"{times};Deutschland | Raum Koeln;"), GERMAN, PLACES, OPERATORS).rows
    assert row.areas == ("DE", KOELN)
    with pytest.raises(ConfigError, match="no sure place of DE, somewhere in DE; write an area's path"):
        read_log(log_of(tmp_path, f"{times};Neustadt;"), GERMAN, PLACES, OPERATORS)


@pytest.mark.parametrize(
    ("head", "form", "said"),
    [
        ("Start,Ende,Ort", GERMAN, "has no column 'Beginn' for start; it has Start, Ende, Ort: --columns"),
        ("start,end,where", LogForm(operator="acme"), "has neither place nor service"),
        ("start,end,place", LogForm(), "has no operator; name it with --operator"),
        ("start,end,place", LogForm(operator="acne"), "--operator acne: must be an id of operators.toml"),
    ],
)
def test_a_header_that_does_not_fit_says_what_to_name(tmp_path: Path, head: str, form: LogForm, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_log(log_of(tmp_path, head=head), form, PLACES, OPERATORS)
    assert said in str(caught.value)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
def test_a_log_is_read_in_the_encoding_in_which_it_was_written(tmp_path: Path, encoding: str) -> None:
    lines = ("sep=;", "Beginn;Ende;Ort", "02.03.2026 13:20;02.03.2026 14:00;Köln")
    (tmp_path / "log.csv").write_text("\r\n".join(lines), encoding)
    (row,) = read_log(tmp_path / "log.csv", GERMAN_PLACES, PLACES, OPERATORS).rows
    assert (row.areas, row.line) == ((KOELN,), 3)
    with pytest.raises(ConfigError, match=r"none.csv: "):
        read_log(tmp_path / "none.csv", GERMAN_PLACES, PLACES, OPERATORS)


def test_an_open_row_has_no_end_and_blank_rows_are_counted(tmp_path: Path) -> None:
    path = log_of(tmp_path, "02.03.2026 13:20;;Köln;", ";;;", "  ;;;", "02.03.2026 15:00;ongoing;Bonn;", "")
    log = read_log(path, GERMAN, PLACES, OPERATORS)
    assert [(row.line, row.ended_at, row.areas) for row in log.rows] == [(2, None, (KOELN,)), (5, None, (BONN,))]
    assert log.blank == (3, 4)


def test_an_open_quote_in_a_log_swallows_no_row(tmp_path: Path) -> None:
    path = log_of(tmp_path, '02.03.2026 13:20;02.03.2026 14:00;"Köln;', "02.03.2026 15:00;02.03.2026 16:00;Bonn;")
    with pytest.raises(ConfigError, match=r"log.csv:2: .*quote") as caught:
        read_log(path, GERMAN, PLACES, OPERATORS)
    assert len(str(caught.value).splitlines()) == 1


def test_columns_are_ours_equals_theirs() -> None:
    with pytest.raises(ConfigError) as caught:
        columns_of("start=Beginn,ort=Ort,end")
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["--columns ort=Ort", "--columns end"]


def test_a_time_without_zone_asks_for_it(tmp_path: Path) -> None:
    path = log_of(tmp_path, "2026-03-02 13:20,2026-03-02T14:00Z,Köln", head="start,end,place")
    with pytest.raises(ConfigError, match="--time-zone") as caught:
        read_log(path, LogForm(operator="acme"), PLACES, OPERATORS)
    assert len(str(caught.value).splitlines()) == 1


def test_a_run_is_scored_against_a_log(tocsin: Run, tmp_path: Path) -> None:
    by = {"netcologne": "primary"}
    run = write_run(tmp_path / "run", truth(), incident("i1", roles=by), incident("i2", 500, 505, 520, roles=by))
    log = log_of(
        tmp_path,
        "02.03.2026 13:20;02.03.2026 14:00;DE/NW/koeln;Internet",
        "03.03.2026 13:20;03.03.2026 14:00;DE/NW/bonn;Internet",
        "02.02.2026 13:20;02.02.2026 14:00;DE/NW/bonn;Internet",
    )
    words = ("--columns", "start=Beginn,end=Ende,place=Ort,service=Dienst", "--values", "service:Internet=broadband")
    more = ("--operator", "netcologne", "--time-format", "%d.%m.%Y %H:%M", "--time-zone", "Europe/Berlin")
    made = tocsin("score", str(run), "--truth", str(log), *words, *more, "-f", "json", "--html", "page.html")
    assert made.returncode == 0, made.stderr
    assert "log.csv:4: left out: not wholly in the run's time" in made.stderr
    figures = {one["name"]: one["value"] for one in json.loads(made.stdout)["figures"]}
    assert (figures["log_lead_suspected_p50"], figures["log_lead_confirmed_p50"]) == (18 * 60, 16 * 60)
    assert (figures["recall"], figures["missed"], figures["false_confirmed"]) == (0.5, 1, 1)
    assert figures["confirmed_p50"] is None
    assert "own log" in (tmp_path / "page.html").read_text("utf-8")

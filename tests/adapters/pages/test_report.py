"""The page of a small run: it tells the story, shows hostile texts as text, and fetches nothing."""

import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from pipeline.adapters.pages.report import build, render
from pipeline.adapters.runs.reading import read_run
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS, parse_instant
from pipeline.records.errors import ConfigError
from pipeline.views.drawing import BUCKETS, axis_for, buckets_of, ticks_of
from pipeline.views.panels import choose, panel_of
from pipeline.views.run import Curve, CurveKey, Run, limits_of
from pipeline.views.span import Span
from pipeline.views.stories import result_of, stories_of
from pipeline.views.words import Clock
from tests.adapters.pages.world import HOSTILE, MORNING, OUTAGE, at, write_run

BYTES_MAX = 3_000_000
BERLIN = Clock("Europe/Berlin")


class Page(HTMLParser):
    """Tags, attributes and texts, as a browser would take them apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's interface
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def run(run_dir: Path) -> Run:
    return read_run(run_dir)


@pytest.fixture(scope="module")
def page(run_dir: Path) -> Page:
    return Page(build(run_dir).read_text("utf-8"))


def test_the_report_is_one_file_beside_the_results(run_dir: Path) -> None:
    assert build(run_dir) == run_dir / "report.html"


def test_the_same_run_gives_the_same_page(run_dir: Path) -> None:
    assert build(run_dir).read_bytes() == build(run_dir).read_bytes()


def test_the_result_stands_in_one_sentence(run: Run) -> None:
    story = stories_of(run, limits_of(run))[0]
    assert result_of(story, BERLIN) == (
        "first evidence 09:01 (telemetry), suspected 09:03, confirmed 09:06; "
        "the operator’s first word came 41 min later, at 09:47; telemetry led mentions by 4 min."
    )


def test_detection_is_held_against_the_truth(page: Page) -> None:
    assert "3 min after it really began" in page.text
    assert "really 250,000" in page.text


def test_only_suspected_incidents_get_a_line_and_no_card(page: Page) -> None:
    cards = [a for a in page.named("article") if a.get("class") == "card"]
    assert len(cards) == 1
    assert "quiet; nothing was wrong then" in page.text


def test_examples_that_the_last_revision_dropped_are_still_shown(page: Page) -> None:
    assert "Internet weg in Köln" in page.text
    assert "and 7 more" in page.text


def test_what_was_left_undone_is_told_with_its_reason(page: Page) -> None:
    rows = [a for a in page.named("tr") if a.get("class") == "undone"]
    assert len(rows) == 1
    assert "one claim of one person" in page.text


def test_a_question_without_an_incident_is_listed_with_what_became_of_it(page: Page) -> None:
    assert "Can help be called? confirm or dismiss" in page.text
    assert "1 claims are not believed: a joke" in page.text
    assert page.text.count("waits for an answer") == 1


def test_hostile_texts_are_shown_and_never_become_elements(page: Page) -> None:
    assert page.text.count("alert('owned')") >= 6, "title, example, severity, words, notice, quarantine"
    assert [a.get("type", "code") for a in page.named("script")] == ["application/json", "code"]
    assert not page.named("img")
    assert not page.named("textarea")
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "49" not in re.findall(r"\} (\S+) </style", page.text), "a text is no template"


def test_a_policy_lets_only_the_page_s_own_script_run(page: Page) -> None:
    policy = next(a["content"] for a in page.named("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", policy)


def test_nothing_is_loaded_from_anywhere(page: Page, run_dir: Path) -> None:
    links = [
        v for _, attributes in page.tags for name, v in attributes.items() if name in ("src", "href", "xlink:href")
    ]
    assert links
    assert all(link.startswith("#") for link in links)
    assert not page.named("link")
    style = (run_dir / "report.html").read_text("utf-8").partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_every_reference_within_the_page_leads_somewhere(page: Page) -> None:
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    targets = {a["href"].removeprefix("#") for a in page.named("a")} | {a["for"] for a in page.named("label")}
    assert targets <= ids


def test_a_run_without_incidents_says_so(tmp_path: Path) -> None:
    quiet = Page(build(write_run(tmp_path, quiet=True)).read_text("utf-8"))
    assert "No incident was confirmed." in quiet.text
    assert [a for a in quiet.named("path") if a.get("class") == "seen"], "its curves are drawn all the same"


def test_no_verdict_does_not_look_like_normal(run: Run) -> None:
    key, curve = next(pair for pair in run.curves.items() if pair[0].source == "mentions")
    panel = panel_of(run, key, curve, Span(MORNING, int(at(60))), BERLIN)
    (left, width), *rest = panel.unsure
    assert not rest
    assert (left, round(width)) == (0.0, 50), "hatched for the half hour in which nothing was known"


def test_a_spike_of_one_minute_in_a_fortnight_is_still_drawn() -> None:
    curve = Curve()
    for minute in range(1, 14 * 24 * 60):
        curve.add(minute * MINUTE_MS, {"observed": 99.0 if minute == 5_000 else 1.0, "expected": 1.0, "surprise": 0.0})
    buckets = buckets_of(curve, Span(0, 14 * DAY_MS))
    assert len(buckets) <= BUCKETS
    assert max(bucket.most or 0.0 for bucket in buckets) == 99.0


def test_a_ratio_that_hardly_moves_is_not_stretched_into_a_cliff() -> None:
    curve = Curve()
    for minute in range(1, 61):
        curve.add(minute * MINUTE_MS, {"observed": 0.990 + (minute % 2) / 1_000, "expected": 0.99, "surprise": 0.0})
    axis = axis_for(buckets_of(curve, Span(0, HOUR_MS)), "ratio", 50)
    assert abs(axis.y(0.990) - axis.y(0.991)) < 4


@pytest.mark.parametrize(
    ("day", "hours"),
    [pytest.param("2025-10-26", 25, id="clocks_go_back"), pytest.param("2025-03-30", 23, id="clocks_go_forward")],
)
def test_ticks_follow_the_local_clock_on_days_of_other_lengths(day: str, hours: int) -> None:
    start = BERLIN.midnight(parse_instant(f"{day}T12:00:00Z"))
    end = BERLIN.next_day(start)
    assert (end - start) / HOUR_MS == hours
    labels = [tick.label for tick in ticks_of(Span(start, end), BERLIN)]
    assert labels[0] == labels[-1] == "00:00"


def test_curves_of_others_are_not_drawn_and_their_number_is_said(run: Run) -> None:
    assert {key.operator for group in choose(run, ["netcologne"]) for key, _ in group.curves} == {"netcologne"}
    assert choose(run, ["telekom"]) == []


def test_a_large_run_stays_a_small_page(run: Run) -> None:
    curves = {}
    for number in range(40):
        curve = Curve()
        for minute in range(1, 20_001):
            seen = (minute * 7_919 * (number + 3)) % 99_991 / 7
            row = {"observed": seen, "expected": seen * 0.7, "surprise": minute % 9}
            curve.add(MORNING - DAY_MS * 13 + minute * MINUTE_MS, row)
        source = ("mentions", "tickets", "telemetry", "telemetry")[number % 4]
        curves[CurveKey("netcologne", "DE/NW", "", f"i{number}", source, f"metric_{number}", "ms")] = curve
    large = Run(**{name: getattr(run, name) for name in Run.__slots__} | {"curves": curves})
    assert len(render(large).encode()) < BYTES_MAX


def test_a_folder_that_is_no_run_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"holds no run\.json: must be a folder that `tocsin replay` wrote"):
        build(tmp_path)


def test_a_damaged_result_is_refused_by_name(tmp_path: Path) -> None:
    write_run(tmp_path)
    (tmp_path / "incidents.jsonl").write_bytes(msgspec.json.encode({"value": {"state": HOSTILE}}) + b"\n")
    with pytest.raises(ConfigError, match=r"incidents\.jsonl: is not what this version writes"):
        build(tmp_path)


def test_the_outage_of_the_small_world_lies_where_the_story_says() -> None:
    assert BERLIN.time(int(at(OUTAGE))) == "09:00"

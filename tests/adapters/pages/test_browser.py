"""The page in a real browser: opened from disk without a network, used with mouse and keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

from pipeline.adapters.pages.report import build
from tests.adapters.pages.world import write_run

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
SHOWN = ".window-{} .panel .plot svg path.seen"


class Opened:
    """A page with all that it complained of and asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._ask)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _ask(self, request: Request) -> None:
        self.requests.append(request.url)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(write_run(tmp_path_factory.mktemp("run"))).as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: run `make setup`, which installs it", pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


def open_page(browser: Browser, report: str, **options: object) -> Opened:
    context = browser.new_context(offline=True, **options)  # type: ignore[arg-type]  # of the browser, by name
    opened = Opened(context.new_page())
    opened.page.goto(report)
    return opened


def test_it_opens_from_disk_without_network_or_complaint(browser: Browser, report: str) -> None:
    opened = open_page(browser, report)
    assert opened.page.locator("h1").count() == 1
    assert opened.complaints == []
    assert opened.requests == [report], "one file, and nothing else is asked for"


def test_no_hostile_text_runs(browser: Browser, report: str) -> None:
    opened = open_page(browser, report)
    alerts: list[str] = []
    opened.page.on("dialog", lambda dialog: alerts.append(dialog.message))
    assert opened.page.locator("img").count() == 0
    assert opened.page.evaluate("document.scripts.length") == 2
    with pytest.raises(Error, match="Content Security Policy"):
        opened.page.add_script_tag(content="alert('owned')")
    assert alerts == []


def test_the_timeline_shows_curves_states_and_the_truth(browser: Browser, report: str) -> None:
    page = open_page(browser, report).page
    seen = page.locator(SHOWN.format(0))
    assert seen.count() >= 3
    assert all("L" in (path.get_attribute("d") or "") for path in seen.all())
    band = page.locator(".window-0 .lane-states svg rect.s-confirmed").first.bounding_box()
    truth = page.locator(".window-0 .lane-truth svg rect.s-truth").first.bounding_box()
    assert band
    assert truth
    assert band["width"] > 50
    assert 0 < band["x"] - truth["x"] < band["width"] / 4, "confirmed a little after it really began"


def test_the_window_changes_with_mouse_and_keyboard(browser: Browser, report: str) -> None:
    page = open_page(browser, report).page
    close, whole = page.locator(".window-0"), page.locator(".window-1")
    assert (close.is_visible(), whole.is_visible()) == (True, False)
    page.get_by_text("Whole recording").click()
    assert (close.is_visible(), whole.is_visible()) == (False, True)
    page.locator("#window-1").focus()
    page.keyboard.press("ArrowLeft")
    assert (close.is_visible(), whole.is_visible()) == (True, False)


def test_toggles_work_without_scripts(browser: Browser, report: str) -> None:
    page = open_page(browser, report, java_script_enabled=False).page
    page.get_by_text("Whole recording").click()
    assert page.locator(".window-1").is_visible()
    page.get_by_text("Français").first.click()
    assert page.locator(".tab-body[lang=fr]").first.is_visible()
    assert not page.locator(".tab-body[lang=de]").first.is_visible()
    page.get_by_text("Left undone 1").click()
    assert page.locator("table.decisions tr.undone").is_visible()
    assert not page.locator("table.decisions tr.done").first.is_visible()


def test_the_pointer_reads_every_curve_at_one_time(browser: Browser, report: str) -> None:
    page = open_page(browser, report).page
    page.locator(".window-0 .p-mentions .plot").first.hover(position={"x": 300, "y": 20})
    read = page.locator(".window-0 .readout:visible")
    assert read.count() == page.locator(".window-0 .panel:not(.p-impact)").count()
    assert "expected" in read.first.inner_text()
    slider = page.locator("#cursor-0")
    slider.focus()
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext"), "the time is told to a screen reader"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1_400])
def test_it_fits_narrow_and_wide_screens(browser: Browser, report: str, width: int, scheme: str) -> None:
    page = open_page(browser, report, viewport={"width": width, "height": 900}, color_scheme=scheme).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ground, ink = page.evaluate("(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))")
    light = [sum(int(part) for part in colour[4:-1].split(",")) for colour in (ground, ink)]
    assert (light[0] > light[1]) == (scheme == "light")

"""The story in a real browser: from disk, without a network, on narrow and wide screens, light and dark."""

import pytest
from playwright.sync_api import Browser

from pipeline.adapters.pages.story import build_story
from pipeline.stories.plots import NETCOLOGNE, NEXT
from tests.adapters.pages.test_browser import browser, open_page
from tests.adapters.pages.world import write_run

__all__ = ["browser"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build_story(write_run(tmp_path_factory.mktemp("run")), NETCOLOGNE, NEXT).as_uri()


def test_it_opens_from_disk_without_network_or_complaint(browser: Browser, story: str) -> None:
    opened = open_page(browser, story)
    assert opened.page.locator("h1").count() == 1
    assert opened.complaints == []
    assert opened.requests == [story], "one file, and nothing else is asked for"


def test_what_happened_stands_left_of_what_tocsin_knew(browser: Browser, story: str) -> None:
    page = open_page(browser, story, viewport={"width": 1_300, "height": 900}).page
    happened = page.locator(".on-happened.b-outage .left p").first.bounding_box()
    knew = page.locator(".on-knew.b-confirmed td:last-child p").first.bounding_box()
    assert happened
    assert knew
    assert happened["x"] + happened["width"] < knew["x"]
    assert happened["y"] < knew["y"], "it began before it was confirmed"


def test_on_a_narrow_screen_both_clocks_share_a_column(browser: Browser, story: str) -> None:
    page = open_page(browser, story, viewport={"width": 390, "height": 900}).page
    happened = page.locator(".on-happened.b-outage .left p").first.bounding_box()
    knew = page.locator(".on-knew.b-confirmed td:last-child p").first.bounding_box()
    assert happened
    assert knew
    assert abs(happened["x"] - knew["x"]) < 4


def test_done_and_missing_are_words_and_not_colours_only(browser: Browser, story: str) -> None:
    page = open_page(browser, story).page
    assert page.locator("#own .is-done .word").first.inner_text() == "done:"
    assert page.locator("#own .is-missing .word").first.inner_text() == "missing:"


def test_the_pictures_change_their_window_without_scripts(browser: Browser, story: str) -> None:
    page = open_page(browser, story, java_script_enabled=False).page
    page.get_by_text("Whole recording").click()
    assert page.locator(".window-1").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1_400])
def test_it_fits_narrow_and_wide_screens(browser: Browser, story: str, width: int, scheme: str) -> None:
    page = open_page(browser, story, viewport={"width": width, "height": 900}, color_scheme=scheme).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ground, ink = page.evaluate("(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))")
    light = [sum(int(part) for part in colour[4:-1].split(",")) for colour in (ground, ink)]
    assert (light[0] > light[1]) == (scheme == "light")

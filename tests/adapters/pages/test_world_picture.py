"""The picture of a world: counted from its records, marked with its truth, and the same each time."""

import re
import xml.etree.ElementTree as ET
from typing import Final

import msgspec
import pytest
from playwright.sync_api import Browser

from pipeline.adapters.pages.world import (
    KINDS_MAX,
    ROW_HEIGHT,
    STEP_MS,
    STEPS_MAX,
    Rates,
    draw_world,
    rates_for,
)
from pipeline.records.clocks import format_instant
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket
from pipeline.records.truth import TrueTrap, Truth
from tests.adapters.pages.test_browser import browser
from tests.adapters.pages.world import HOSTILE, MINUTE, MINUTES, MORNING, OUTAGE, at, truth

__all__ = ["browser"]

SVG: Final = "{http://www.w3.org/2000/svg}"
CUSTOMERS: Final = 1_000_000


def post(platform: str) -> Mention:
    return Mention(post_id="p", platform=platform, posted_at=format_instant(MORNING))


def counted() -> Rates:
    """A post a minute, ten of another platform while the outage lasts; readings and a ticket beside."""
    rates = rates_for(truth())
    for minute in range(MINUTES):
        time = MORNING + minute * MINUTE
        rates.add("mentions", post("x"), time)
        for _ in range(10 if OUTAGE <= minute < OUTAGE + 120 else 0):
            rates.add("mentions", post("facebook"), time)
        reading = Reading(operator="o", observed_at="", metric="m", value=1.0, unit="count", vendor="access")
        rates.add("telemetry", reading, time)
    rates.add("tickets", Ticket(ticket_id="t", operator="o", opened_at="", intake="app"), MORNING)
    return rates


def drawn(true: Truth, rates: Rates | None = None) -> ET.Element:
    return parsed(draw_world(rates or counted(), true, CUSTOMERS))


def parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - our own drawing


def texts(picture: ET.Element) -> list[str]:
    return [one.text or "" for one in picture.iter(f"{SVG}text")]


def of_class(picture: ET.Element, name: str) -> list[ET.Element]:
    return [one for one in picture.iter() if name in one.get("class", "").split()]


def test_records_are_counted_in_steps_of_ten_minutes() -> None:
    rates = counted()
    assert rates.step_ms == STEP_MS
    assert rates.counts["mentions", "x"][0] == 10
    assert rates.counts["mentions", "facebook"][OUTAGE // 10] == 100
    assert rates.counts["mentions", "facebook"][OUTAGE // 10 - 1] == 0


def test_a_year_has_longer_steps_and_not_more_of_them() -> None:
    year = msgspec.structs.replace(truth(), ended_at=at(365 * 24 * 60))
    rates = rates_for(year)
    assert rates.step_ms % STEP_MS == 0
    assert rates.span.length_ms / rates.step_ms <= STEPS_MAX


def test_each_source_has_its_row_with_its_kinds_and_their_numbers() -> None:
    said = texts(drawn(truth()))
    for words in ("readings", "tickets", "posts", "x 360", "facebook 1,200", "access 360", "app 1"):
        assert words in said


def test_many_platforms_become_a_few_and_the_rest() -> None:
    rates = rates_for(truth())
    for number in range(KINDS_MAX + 3):
        rates.add("mentions", post(f"platform {number}"), MORNING)
    said = texts(drawn(truth(), rates))
    assert "others 3" in said
    assert len(of_class(drawn(truth(), rates), "mentions")) == 2 * (KINDS_MAX + 1), "an area and a key each"


def test_an_outage_stands_where_it_was_with_the_share_of_customers() -> None:
    picture = drawn(truth())
    (bar,) = of_class(picture, "outage")
    assert float(bar.get("x", "")) == pytest.approx(1_000 * OUTAGE / MINUTES, abs=0.1)
    assert float(bar.get("width", "")) == pytest.approx(1_000 * 120 / MINUTES, abs=0.1)
    assert "up to 250,000" in texts(picture)
    assert "25 % of all" in texts(picture)
    assert len(of_class(picture, "word")) == 1


def test_outages_at_the_same_time_have_lanes_of_their_own() -> None:
    one = truth().outages[0]
    both = (one, msgspec.structs.replace(one, outage_id="two", started_at=at(OUTAGE + 20), ended_at=at(OUTAGE + 60)))
    bars = of_class(drawn(msgspec.structs.replace(truth(), outages=both)), "outage")
    assert len({bar.get("y") for bar in bars}) == 2
    after = (one, msgspec.structs.replace(one, outage_id="two", started_at=at(MINUTES - 20), ended_at=at(MINUTES)))
    bars = of_class(drawn(msgspec.structs.replace(truth(), outages=after)), "outage")
    assert len({bar.get("y") for bar in bars}) == 1


def test_a_trap_is_marked_as_no_outage() -> None:
    trap = TrueTrap(trap_id="t", kind="bot_campaign", started_at=at(30), ended_at=at(90), operators=("netcologne",))
    quiet = msgspec.structs.replace(truth(), outages=(), traps=(trap,))
    picture = drawn(quiet)
    assert "traps: no outage" in texts(picture)
    assert "bot campaign" in texts(picture)
    assert not of_class(picture, "outage")
    assert not of_class(picture, "hit")


def test_heights_grow_with_what_is_written() -> None:
    path = of_class(drawn(truth()), "mentions")[0].get("d", "")
    heights = [float(y) for y in re.findall(r"V([0-9.]+)", path)]
    assert min(heights) >= 0
    assert max(heights) <= ROW_HEIGHT


def test_the_same_world_is_the_same_picture_and_strangers_texts_stay_texts() -> None:
    one = draw_world(counted(), truth(), CUSTOMERS)
    assert one == draw_world(counted(), truth(), CUSTOMERS)
    assert "<script" not in one
    assert HOSTILE[:20] in "".join(texts(parsed(one)))


@pytest.mark.browser
def test_a_browser_draws_it_within_its_width(browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1_400, "height": 900}).new_page()
    page.set_content(f"<body style='margin:0'>{draw_world(counted(), truth(), CUSTOMERS)}</body>")
    boxes = [box for text in page.locator("svg text").all() if (box := text.bounding_box())]
    assert len(boxes) > 10
    assert min(box["x"] for box in boxes) >= 0
    assert max(box["x"] + box["width"] for box in boxes) <= 1_260

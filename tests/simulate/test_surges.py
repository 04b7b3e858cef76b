"""Traps: crowds, bots and threads write what was asked, and nothing of it is an outage.

Bounds are five standard errors; of a Poisson count, its root.
"""

import copy
import math
import re
from collections import Counter
from typing import Any

import pytest

from pipeline.simulate.answer import truth_of
from pipeline.simulate.spec.parse import scenario_of
from pipeline.simulate.world.world import World
from tests.simulate.small import (
    DOCUMENT,
    HOUR,
    MINUTE,
    NOON,
    TEXTS,
    Document,
    kind_of,
    outage,
    said,
    streams,
    world,
    written_at,
)

TIMES = {"starts_at": "2025-03-12T12:00:00", "ends_at": "2025-03-12T16:00:00"}
FULL_HOURS = 4 - 40 / 60
"""Of a surge of four hours that rises and falls in 40 minutes each."""
SILENT: Document = {"everyday": []}
CROWD_SITE: Document = {"name": "site", "weight": 1, "place_share": 0.0, "kinds": ["complaint"]}


def surge(**fields: Any) -> Document:
    return {"id": "crowd", "ramp_minutes": 40.0} | TIMES | fields


def town_of(post: dict[str, Any]) -> str:
    """Where the writer lives: the second word of a text."""
    return str(post["text"]).split()[1]


def crowded(**fields: Any) -> World:
    trap = {"id": "trap", "kind": "football"} | TIMES
    return world(surges=[surge(**fields)], traps=[trap], mentions=SILENT, feeds=[])


@pytest.mark.parametrize("topic", ["mentions", "tickets"])
def test_a_crowd_writes_as_often_as_asked_and_only_in_its_time(topic: str) -> None:
    written = {"posts" if topic == "mentions" else "tickets": {"price_rise": 300.0, "worry": 100.0}}
    records = said(crowded(**written), topic, "surge")
    mean = 400 * FULL_HOURS * 0.5
    assert abs(len(records) - mean) < 5 * math.sqrt(mean)
    kinds = Counter(kind_of(record) for record in records)
    assert abs(kinds["worry"] - len(records) / 4) < 5 * math.sqrt(len(records) * 3 / 16)
    assert all(NOON <= written_at(record) < NOON + 4 * HOUR for record in records)
    rising = sum(written_at(record) < NOON + 40 * MINUTE for record in records)
    assert abs(rising - 400 / 3 * 0.5) < 5 * math.sqrt(400 / 3 * 0.5)
    assert {record.body["operator"] for record in records} == {"home"}


def test_a_crowd_lives_where_it_is_said_to() -> None:
    records = said(crowded(posts={"worry": 200.0}, where=["DE/NW/bonn"], operator="rival"), "mentions")
    assert {town_of(record.body) for record in records} == {"Bonn"}
    assert {record.body["operator"] for record in records} == {"rival"}


def test_bots_are_few_new_accounts_with_one_text_and_a_hashtag() -> None:
    records = said(crowded(posts={"campaign": 500.0}, writers=12, reposts=0.6, hashtag="#Leave"), "mentions")
    authors = {record.body["author"] for record in records}
    assert len(authors) == 12
    everyday = {record.body["author"] for record in said(world(), "mentions")}
    assert authors.isdisjoint(everyday)
    assert all(str(record.body["text"]).endswith("#Leave") for record in records)
    ids = {record.body["post_id"] for record in records}
    reposts = [record for record in records if "repost_of" in record.body]
    assert abs(len(reposts) - 0.6 * len(records)) < 5 * math.sqrt(len(records) * 0.24)
    assert {record.body["repost_of"] for record in reposts} <= ids


def told(text: str, spellings: tuple[str, ...] = ("Homenet", "Home Net"), **fields: Any) -> list[Any]:
    """Operators of the posts of a world whose people of the primary operator all write the same."""
    document = copy.deepcopy(DOCUMENT) | {"feeds": [], "surges": [surge(operator="home", **fields)]}
    document["mentions"] |= SILENT
    document["mentions"]["platforms"] = [{"name": "x", "weight": 1, "place_share": 0.0}, CROWD_SITE]
    document["operators"][0]["spellings"] = list(spellings)
    texts = copy.deepcopy(TEXTS)
    texts["pools"]["mentions.complaint"] = texts["pools"]["mentions.game_down"] = [text]
    made = World(scenario_of(document, texts), 1, None)
    return [(record.body["platform"], record.body.get("operator")) for record in said(made, "mentions")]


@pytest.mark.parametrize("kind", ["complaint", "game_down"])
@pytest.mark.parametrize(
    ("text", "operator"),
    [
        pytest.param("homenet is down", "home", id="its_name_in_any_case"),
        pytest.param("down again #HomeNet!", "home", id="its_hashtag"),
        pytest.param("@home net hello", "home", id="its_handle"),
        pytest.param("nothing works", None, id="nobody_named"),
        pytest.param("the homenets are down", None, id="no_whole_word"),
        pytest.param("Rivalnet is down", "rival", id="another_one"),
        pytest.param("Rivalnet is better than Homenet", "home", id="the_own_before_others"),
        pytest.param("Rivalnet is better than Guestnet", "guest", id="two_others_in_the_order_of_the_file"),
    ],
)
def test_away_from_crowd_sites_a_post_carries_the_operator_that_it_names(
    kind: str, text: str, operator: str | None
) -> None:
    """Whatever the kind of the text: the field gives away no more than the words do."""
    found = {name for platform, name in told(text, posts={kind: 60.0}) if platform == "x"}
    assert found == {operator}


def test_on_a_crowd_site_people_choose_their_operator() -> None:
    posts = told("Rivalnet says that nothing works", posts={"complaint": 100.0})
    assert set(posts) == {("site", "home"), ("x", "rival")}


def test_a_hashtag_of_a_crowd_names_an_operator_too() -> None:
    assert {name for platform, name in told("away!", posts={"game_down": 60.0}, hashtag="#Rivalnet")} == {"rival"}


def test_reposts_are_found_by_the_same_search() -> None:
    made = world(mentions={"reposts": 0.5, "platforms": [CROWD_SITE, {"name": "x", "weight": 1, "place_share": 0.0}]})
    records = said(made, "mentions")
    originals = {record.body["post_id"]: record.body for record in records if "repost_of" not in record.body}
    reposts = [record.body for record in records if "repost_of" in record.body]
    assert len(reposts) > 100
    assert all(post.get("operator") == originals[post["repost_of"]].get("operator") for post in reposts)


def test_names_of_people_tell_nothing_and_stay_with_them() -> None:
    """60,000 customers have 2,400 who post, the busiest first: the same ones come back."""
    made = world()
    for topic, field in (("mentions", "author"), ("tickets", "customer")):
        names = [str(record.body[field]) for record in said(made, topic)]
        assert all(re.fullmatch("[0-9a-f]{12}", name) for name in names)
    authors = Counter(record.body["author"] for record in said(made, "mentions", "home DE/NW/koeln"))
    assert max(authors.values()) > 5
    elsewhere = {record.body["author"] for record in said(made, "mentions", "home DE/NW/bonn")}
    assert elsewhere.isdisjoint(authors)


def test_a_crowd_disturbs_no_other_stream() -> None:
    calm, loud = (
        streams(world()),
        streams(world(surges=[surge(posts={"football": 900.0}, load=2.0, where=["DE/NW/bonn"])])),
    )
    assert {name for name, records in calm.items() if loud[name] != records} <= {"telemetry access home DE/NW/bonn"}
    assert set(loud) - set(calm) == {"mentions surge crowd"}


def test_load_and_calls_rise_to_their_factor_where_the_crowd_is_and_fall_again() -> None:
    made = crowded(load=1.5, calls=3.0, where=["DE/NW/koeln"])
    hours = [NOON + minutes * MINUTE for minutes in (-1, 0, 20, 40, 120, 220, 240)]
    assert [made.load("home", "DE/NW/koeln", at) for at in hours] == [1.0, 1.0, 1.25, 1.5, 1.5, 1.25, 1.0]
    assert [made.calls("home", at) for at in hours] == [1.0, 1.0, 2.0, 3.0, 3.0, 2.0, 1.0]
    assert {made.load("home", "DE/NW/bonn", at) * made.load("rival", "DE/NW/koeln", at) for at in hours} == {1.0}
    assert {made.calls("rival", at) for at in hours} == {1.0}


def test_a_trap_is_no_outage() -> None:
    truth = truth_of(crowded(posts={"football": 900.0}, load=2.0))
    assert truth.outages == ()
    assert [(trap.kind, trap.started_at, trap.ended_at, trap.operators) for trap in truth.traps] == [
        ("football", NOON, NOON + 4 * HOUR, ("home",))
    ]
    assert truth.operators == ("home", "guest", "rival")


def test_a_thread_is_a_root_with_its_replies_reposts_and_likes() -> None:
    thread = {
        "kind": "rumour",
        "at": "2025-03-12T12:00:00",
        "platform": "x",
        "area": "DE/NW/bonn",
        "operator": "rival",
        "author": "Celebrity",
        "likes": 500,
        "replies": 7,
        "reposts": 9,
        "minutes": 30.0,
    }
    records = said(world(threads=[thread], mentions=SILENT), "mentions", "thread")
    posts = [record.body for record in records if record.body.get("kind") != "engagement"]
    counts = [record.body["engagement"]["likes"] for record in records if record.body.get("kind") == "engagement"]
    root = posts[0]
    assert (root["author"], root["operator"], kind_of(records[0])) == ("Celebrity", "rival", "rumour_root")
    assert sum(post.get("in_reply_to") == root["post_id"] for post in posts) == 7
    assert sum(post.get("repost_of") == root["post_id"] for post in posts) == 9
    assert len(posts) == 17
    assert {town_of(post) for post in posts[1:]} == {"Bonn", "Koeln"}, "fans live anywhere"
    assert counts == sorted(counts)
    assert abs(counts[-1] - 500) < 5 * math.sqrt(500)


def test_people_name_the_channel_that_is_black_and_what_runs_on_it_at_local_time() -> None:
    def channel(name: str, *guide: tuple[str, str]) -> Document:
        entries = [{"title": title, "starts": starts, "minutes": 120} for title, starts in guide]
        return {"name": name, "spellings": [name], "guide": entries}

    channels = [
        channel("RTL", ("News", "10:00"), ("Match", "12:00"), ("Film", "14:00")),
        channel("ZDF", ("Quiz", "12:00")),
    ]
    spec = outage(items=["RTL"], services={"tv": 1.0}, blamed=["rival"], emergency_numbers=["112"])
    made = world(channels=channels, outages=[spec], feeds=[], mentions=SILENT)
    texts = [(written_at(record), str(record.body["text"])) for record in said(made, "mentions", "outage")]
    early = [text for at, text in texts if at < NOON + 2 * HOUR]
    later = [text for at, text in texts if NOON + 2 * HOUR <= at < NOON + 4 * HOUR]
    assert all("RTL Match Rivalnet 112" in text for text in early)
    assert all("RTL Film Rivalnet 112" in text for text in later)
    assert early
    assert later

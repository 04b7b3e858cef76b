"""An area that is down says and sends what a down area does, and the truth says the same.

Expected numbers are worked out here from the scenario, not by the code under
test. Bounds are five standard errors: of a Poisson count, its root.
"""

import math
from collections import Counter
from statistics import fmean
from typing import Any

import pytest

from pipeline.records.clocks import Instant, parse_instant
from pipeline.records.truth import Respite, TrueOutage
from pipeline.simulate.answer import truth_of
from pipeline.simulate.world.world import Sent, World
from tests.simulate.small import DOCUMENT, HOUR, MINUTE, NOON, kind_of, outage, said, world, written_at

KOELN = 80_000
"""Customers of home and guest there."""
REACTION: dict[str, Any] = {"first_wave": 0.01, "minutes": 8.0, "per_hour": 0.0, "fade_hours": 3.0, "back": 0.002}
TWICE = [
    {"at": "12:00", "share": 0.0},
    {"at": "12:10", "share": 1.0},
    {"at": "12:30", "share": 0.0},
    {"at": "13:30", "share": 0.0},
    {"at": "13:40", "share": 1.0},
    {"at": "14:00", "share": 0.0},
]


def dark(*, crowd: dict[str, Any] = REACTION, **fields: Any) -> World:
    """The small world with one outage; only what is said of it."""
    return world(outages=[outage(**fields)], feeds=[], mentions={"reaction": crowd, "everyday": []})


def moment(minutes: float) -> Instant:
    return Instant(NOON + round(minutes * MINUTE))


def the_truth(made: World) -> TrueOutage:
    return truth_of(made).outages[0]


def town_of(record: Sent) -> str:
    """Where the writer lives: the second word of a text."""
    return str(record.body["text"]).split()[1]


def close(count: int, mean: float) -> bool:
    return abs(count - mean) < 5 * math.sqrt(mean)


@pytest.mark.parametrize(
    ("fields", "losses"),
    [
        pytest.param({}, KOELN, id="all"),
        pytest.param({"share": 0.3}, 0.3 * KOELN, id="a_third"),
        pytest.param({"reaction": 0.25}, 0.25 * KOELN, id="few_notice"),
        pytest.param({"curve": TWICE}, 2 * KOELN, id="twice_if_it_flaps"),
        pytest.param({"operators": ["rival"], "where": ["DE"]}, 90_000, id="a_rival_everywhere"),
        pytest.param({"services": {"tv": 1.0}}, KOELN / 2, id="who_has_the_service"),
        pytest.param({"creep_minutes": 30.0, "where": ["DE/NW"]}, 110_000, id="creeping"),
    ],
)
def test_who_loses_and_regains_service_writes_as_often_as_asked(fields: dict[str, Any], losses: float) -> None:
    kinds = Counter(kind_of(record) for record in said(dark(**fields), "mentions"))
    assert set(kinds) == {"complaint", "recovery"}
    assert close(kinds["complaint"], losses * 0.01 * 0.5), (kinds, losses)
    assert close(kinds["recovery"], losses * 0.002 * 0.5), (kinds, losses)


def test_who_sleeps_writes_nothing() -> None:
    """At night the rhythm is at 3 in 7 of its mean, and so are the waves."""
    night = [
        point | {"at": f"0{hour}:{minute}"}
        for point, hour, minute in zip(TWICE, "111", ("00", "10", "30"), strict=False)
    ]
    kinds = Counter(kind_of(record) for record in said(dark(curve=night), "mentions"))
    assert close(kinds["complaint"], KOELN * 0.01 * 0.5 * 3 / 7)
    assert close(kinds["recovery"], KOELN * 0.002 * 0.5 * 3 / 7)


def test_the_murmur_fades_while_an_outage_lasts() -> None:
    made = dark(crowd=REACTION | {"first_wave": 0.0, "per_hour": 0.02, "back": 0.0})
    level = [min(1.0, minute / 10, max(0.0, (260 - minute) / 20)) for minute in range(260)]
    hours = [level[m] / 60 * math.exp(-m / 60 / 3.0) * made.busy("people", NOON + m * MINUTE) for m in range(260)]
    times = [written_at(record) for record in said(made, "mentions")]
    assert close(len(times), KOELN * 0.02 * sum(hours) * 0.5)
    second = sum(NOON + 2 * HOUR <= at < NOON + 4 * HOUR for at in times)
    assert close(second, KOELN * 0.02 * sum(hours[120:240]) * 0.5)


def test_tickets_follow_their_own_reaction() -> None:
    """No murmur at this desk, so it is the first wave: 4 in 1,000, half of them written, at 15 minutes on the mean."""
    desk = DOCUMENT["tickets"]["desks"][0] | {"everyday_per_hour": 0.0}
    desk["reaction"] = desk["reaction"] | {"per_hour": 0.0}
    made = world(outages=[outage(curve=TWICE[:3], ticket_speaks={"slow": 1.0})], feeds=[], tickets={"desks": [desk]})
    records = said(made, "tickets")
    assert {kind_of(record) for record in records} == {"slow"}
    assert close(len(records), KOELN * 0.004 * 0.5)
    waits = [(written_at(record) - NOON) / MINUTE for record in records]
    spread = math.sqrt(15**2 / 2 + 10**2 / 12)  # of a gamma of shape 2, and of the ramp
    assert fmean(waits) == pytest.approx(5 + 15 + 0.5, abs=5 * spread / math.sqrt(len(waits)))


CARE = {
    "operator": "home",
    "area": "DE/NW",
    "queue": "hotline",
    "interval_seconds": 300,
    "rhythm": "people",
    "calls_per_hour": 60.0,
    "answers_per_hour": 120.0,
    "lines": 500,
    "patience_minutes": 10.0,
    "calls_per_hit_hour": 0.05,
    "fade_hours": 3.0,
    "delay": {"median_ms": 500},
}


def test_agents_write_tickets_of_the_calls_that_they_answer_and_of_whom_they_come_from() -> None:
    """Half of the calls, half of them written; in the outage no more than they can answer, and of those hit only."""
    desk = {"intake": "phone", "rhythm": "people", "everyday_per_hour": 0.0, "per_answered_call": 0.5}
    calm, hit = (
        said(world(outages=outages, care=CARE, feeds=[], tickets={"desks": [desk]}), "tickets")
        for outages in ([], [outage(share=0.5)])
    )
    mean = 60 * 168 * 0.25
    assert abs(len(calm) - mean) < 5 * math.sqrt(mean + 1.4 * mean**2 / 168 / 3)  # bursts of size 3, and the rhythm
    complaints = [record for record in hit if kind_of(record) == "complaint"]
    customers = Counter((record.body["operator"], town_of(record)) for record in complaints)
    assert set(customers) == {("home", "Koeln"), ("guest", "Koeln")}
    assert abs(customers["home", "Koeln"] - 0.75 * len(complaints)) < 5 * math.sqrt(len(complaints) * 3 / 16)
    overrun = sum(NOON + HOUR <= written_at(record) < NOON + 4 * HOUR for record in hit)
    assert close(overrun, 120 * 9 / 7 * 3 * 0.25)


def test_complaints_say_what_the_outage_is_by_weight() -> None:
    talk = {"kind": "worry", "starts_at": "2025-03-12T12:00:00", "ends_at": "2025-03-12T20:00:00", "share": 0.2}
    kinds = Counter(
        kind_of(record)
        for record in said(dark(speaks={"slow": 3.0, "emergency": 1.0}, talk=[talk]), "mentions")
        if kind_of(record) != "recovery"
    )
    count = sum(kinds.values())
    for kind, share in (("worry", 0.2), ("slow", 0.6), ("emergency", 0.2)):
        assert abs(kinds[kind] - share * count) < 5 * math.sqrt(count * share * (1 - share))
    assert sum(kinds.values()) == kinds["worry"] + kinds["slow"] + kinds["emergency"]


def test_customers_of_a_healthy_operator_complain_in_proportion() -> None:
    made = dark(collateral=[{"operator": "rival", "share": 0.8}], share=0.5)
    posts = said(made, "mentions", "collateral")
    assert close(len(posts), 0.8 * KOELN * 0.5 * 0.01 * 0.5)
    assert {(record.body["operator"], kind_of(record)) for record in posts} == {("rival", "collateral")}
    towns = Counter(town_of(record) for record in posts)
    assert abs(towns["Bonn"] - 5 / 9 * len(posts)) < 5 * math.sqrt(len(posts) * 20 / 81)
    assert not any("Rivalnet TV TV Rivalnet" in record.body["text"] for record in posts), "they name who is down"
    assert [each.operator for each in the_truth(made).operators] == ["home", "guest"]


def test_nobody_takes_the_own_operator_for_another() -> None:
    texts = {record.body["operator"]: "" for record in said(dark(blamed=["guest"]), "mentions")}
    for record in said(dark(blamed=["guest"]), "mentions"):
        texts[record.body["operator"]] += record.body["text"] + "\n"
    assert "Homenet TV TV Guestnet" in texts["home"]
    assert "Homenet TV TV Rivalnet" not in texts["home"], "who is blamed is named, and nobody else"
    assert "Guestnet TV TV Guestnet" not in texts["guest"]


def test_planted_messages_are_exact_in_number_and_lie_in_their_time() -> None:
    def planted(source: str, count: int) -> dict[str, Any]:
        times = {"starts_at": "2025-03-12T13:00:00", "ends_at": "2025-03-12T14:00:00"}
        return {"source": source, "kind": "emergency", "count": count, "service": "emergency"} | times

    both = [planted("mentions", 5), planted("tickets", 3)]
    made = dark(planted=both, reaction=0.0, share=0.001, services={"emergency": 1.0}, measured=0.0)
    for topic, count in (("mentions", 5), ("tickets", 3)):
        records = said(made, topic, "outage")
        assert len(records) == count
        assert all(NOON + HOUR <= written_at(record) < NOON + 2 * HOUR for record in records)
        assert {kind_of(record) for record in records} == {"emergency"}
        assert all("service" not in record.body for record in records), "no menu has emergency calls"
    assert the_truth(made).customers == round(KOELN * 0.001)
    assert the_truth(made).visible_at == NOON + HOUR + HOUR // 9, "the first of eight is expected after a ninth"


def test_telemetry_shows_what_the_truth_says_minute_by_minute() -> None:
    """Of one footprint; each reading to six standard deviations of its noise, and what changes within a minute."""
    curve = [
        {"at": "12:00", "share": 0.0},
        {"at": "12:30", "share": 0.7},
        {"at": "13:00", "share": 0.2},
        {"at": "15:00", "share": 0.9},
        {"at": "15:30", "share": 0.0},
    ]
    made = world(outages=[outage(operators=["home"], curve=curve)])
    truth = the_truth(made)
    readings = [r.body for r in said(made, "telemetry", "access home DE/NW/koeln")]
    compared = 0
    for body in readings:
        minute = (parse_instant(body["observed_at"]) - truth.started_at) // MINUTE
        if not 0 <= minute < len(truth.hit_per_minute) - 1:
            assert body["value"] > 0.98 - 6 * 0.01 * 0.98
            continue
        shown = (0.98 - body["value"]) / (0.98 - 0.08)
        lowest, highest = sorted(hit / 60_000 for hit in truth.hit_per_minute[minute : minute + 2])
        slack = 6 * 0.01 * 0.98 / 0.9 + 0.001
        assert lowest - slack < shown < highest + slack, f"minute {minute}"
        compared += 1
    assert compared == 210
    mean = fmean(body["value"] for body in readings if 60 <= (parse_instant(body["observed_at"]) - NOON) / MINUTE < 180)
    assert mean == pytest.approx(0.98 - 0.9 * 0.55, abs=5 * 0.01 / math.sqrt(120) + 0.9 * 0.7 / 240)


def test_the_truth_names_whom_it_hit_and_nobody_else() -> None:
    truth = the_truth(dark(where=["DE/NW"], share=0.5, creep_minutes=20.0, severity="critical", blamed=["rival"]))
    assert [(each.operator, each.role) for each in truth.operators] == [("home", "primary"), ("guest", "hosted")]
    assert [(each.area, each.operator, each.share_ppm, each.lag_seconds) for each in truth.areas] == [
        ("DE/NW/koeln", "home", 500_000, 0),
        ("DE/NW/koeln", "guest", 500_000, 0),
        ("DE/NW/bonn", "home", 500_000, 1_200),
    ]
    assert truth.customers == max(truth.hit_per_minute) == 55_000
    assert truth.hit_per_minute[15] == KOELN / 2
    assert (truth.kind, truth.severity, truth.blamed) == ("outage", "critical", ("rival",))


def test_an_area_that_an_outage_reaches_too_late_is_not_in_the_truth() -> None:
    truth = the_truth(dark(where=["DE/NW"], creep_minutes=50.0, curve=TWICE[:3]))
    assert {each.area for each in truth.areas} == {"DE/NW/koeln"}


def test_an_outage_that_flaps_is_one_with_a_pause() -> None:
    truth = the_truth(dark(curve=TWICE))
    assert (truth.full_at, truth.first_back_at) == (NOON + 10 * MINUTE, NOON + 10 * MINUTE)
    assert truth.ended_at == NOON + 2 * HOUR
    assert set(truth.hit_per_minute[30:91]) == {0}
    assert truth.hit_per_minute[10] == truth.hit_per_minute[100] == KOELN


def test_an_area_is_back_when_one_in_twenty_is_still_down_and_was_so_in_the_pause() -> None:
    areas = the_truth(dark(curve=TWICE)).areas
    assert {area.back_at for area in areas} == {NOON + 119 * MINUTE}
    (respite,) = {area.respites for area in areas}
    assert respite == (Respite(begins_at=moment(29), ends_at=Instant(moment(90.5) + 1)),)


def test_an_area_that_went_down_later_is_back_with_the_rest_as_far_as_it_was_down() -> None:
    outage = the_truth(dark(where=["DE/NW"], creep_minutes=3.0, curve=TWICE[:3]))
    lags = {area.lag_seconds: (area.share_ppm, area.back_at) for area in outage.areas}
    assert lags == {0: (1_000_000, moment(29)), 180: (900_000, moment(29.1))}


def test_service_is_first_back_when_the_first_of_several_peaks_falls() -> None:
    curve = [TWICE[0], TWICE[1] | {"share": 0.4}, *TWICE[2:]]
    truth = the_truth(dark(curve=curve))
    assert (truth.first_back_at, truth.full_at) == (NOON + 10 * MINUTE, NOON + 100 * MINUTE)


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [
        pytest.param({"reaction": 0.0}, 0.25, id="two_in_a_hundred_within_a_quarter_minute"),
        pytest.param({"reaction": 0.0, "share": 0.1}, 2, id="two_in_a_hundred_after_two"),
        pytest.param({"reaction": 0.0, "share": 0.1, "measured": 0.5}, 4, id="half_of_it_shown"),
        pytest.param({"reaction": 0.0, "share": 0.01}, None, id="too_little_to_show"),
        pytest.param({"reaction": 0.0, "items": ["RTL"]}, None, id="only_an_item_that_nobody_measures"),
        pytest.param({"measured": 0.0}, 2, id="the_first_complaint"),
    ],
)
def test_an_outage_is_visible_when_one_complaint_or_two_in_a_hundred_are(
    fields: dict[str, Any], minutes: float | None
) -> None:
    """The first complaint: in the first minute 8,000 are lost and 80 of them will write, one in 20 a minute later."""
    rtl = {"name": "RTL", "spellings": ["RTL"]}
    truth = the_truth(world(outages=[outage(**fields)], channels=[rtl]))
    assert truth.visible_at == (None if minutes is None else NOON + round(minutes * MINUTE))

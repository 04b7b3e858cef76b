"""Which evidence is one outage: by network, family, channel, place and time."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pipeline.correlate.border.borders import Borders
from pipeline.correlate.border.outline import Outline, outline_of
from pipeline.correlate.evidence.footprint import Footprint
from pipeline.records.clocks import Instant
from pipeline.records.inner.weighings import Weighing
from pipeline.records.vocabulary import PPM, IncidentState
from tests.correlate.accounts import weighing
from tests.correlate.made import AACHEN, BONN, CONFIG, KOELN, dossier, heard, incident, series
from tests.correlate.stories import REFERENCE, anomaly, at, talk

HAMBURG, MUENCHEN, BERLIN, BIELEFELD = "DE/HH/hamburg", "DE/BY/muenchen", "DE/BE/berlin", "DE/NW/bielefeld"


def outline(name: str, *areas: str, **facts: Any) -> Outline:
    known: dict[str, Any] = {
        "incident_id": name,
        "anchor": "alpha",
        "opened_at": at(0),
        "state": IncidentState.SUSPECTED,
        "operators": {"alpha"},
        "areas": set(areas),
    }
    return Outline(**{**known, **facts})


def borders(*outlines: Outline, minute: float = 1, since: Mapping[tuple[str, str, str], int] | None = None) -> Borders:
    return Borders("DE", at(minute), outlines, CONFIG, REFERENCE, since or {})


def step(area: str, operator: str = "alpha", **facts: Any) -> Footprint:
    return Footprint(operator=operator, area=area, **facts)


@pytest.mark.parametrize(
    ("footprint", "joins"),
    [
        pytest.param(step(KOELN), True, id="the_same_place"),
        pytest.param(step("DE/NW/koeln/kalk"), True, id="a_part_of_the_place"),
        pytest.param(step("DE/NW"), True, id="what_holds_the_place"),
        pytest.param(step(AACHEN), True, id="a_city_64_km_away"),
        pytest.param(step(BIELEFELD), False, id="a_city_far_away"),
        pytest.param(step(KOELN, "netcologne"), False, id="another_operator"),
        pytest.param(step(KOELN, "beta"), True, id="an_operator_on_its_network"),
        pytest.param(step(KOELN, ""), True, id="a_claim_without_an_operator"),
        pytest.param(step(KOELN, family="mobile"), True, id="the_same_family"),
        pytest.param(step(KOELN, family="fixed"), False, id="the_other_network"),
    ],
)
def test_what_joins_an_incident_of_cologne(footprint: Footprint, joins: bool) -> None:
    known = outline("i1", KOELN, families={"mobile"})
    assert (borders(known).best(footprint) is known) == joins


@pytest.mark.parametrize(
    ("known", "footprint", "minute", "joins"),
    [
        pytest.param({"families": {"mobile"}}, step(KOELN, "gamma"), 180, True, id="its_people_where_they_roam"),
        pytest.param({"families": {"mobile"}}, step(KOELN, "gamma"), 181, False, id="hours_after_it_began"),
        pytest.param({"families": {"fixed"}}, step(KOELN, "gamma"), 1, False, id="nobody_roams_on_lines"),
        pytest.param({}, step(KOELN, "gamma"), 1, False, id="no_figure_shows_that_the_network_fails"),
        pytest.param(
            {"families": {"mobile"}}, step(KOELN, "gamma", family="mobile"), 1, False, id="its_own_network_fails"
        ),
        pytest.param({"families": {"mobile"}}, step(KOELN, "netcologne"), 1, False, id="who_does_not_roam_there"),
    ],
)
def test_who_roams_on_a_mobile_network_fails_with_it(
    known: dict[str, Any], footprint: Footprint, minute: float, joins: bool
) -> None:
    host = outline("host", KOELN, **known)
    assert (borders(host, minute=minute).best(footprint) is host) == joins


MESSAGES = {"named": {"sms": 5, "broadband": 2}}


@pytest.mark.parametrize(
    ("older", "younger", "merges"),
    [
        pytest.param(MESSAGES, MESSAGES, True, id="messages_in_both"),
        pytest.param(MESSAGES, {"named": {"sms": 1, "broadband": 2}}, False, id="mostly_the_internet_in_one"),
        pytest.param(MESSAGES, {"named": {}}, False, id="nobody_says_what_in_one"),
        pytest.param(MESSAGES, {**MESSAGES, "operators": {"netcologne"}}, False, id="another_operator"),
        pytest.param(MESSAGES, {**MESSAGES, "services": {"mobile_data"}}, False, id="figures_tell_of_a_town"),
        pytest.param(MESSAGES, {**MESSAGES, "state": IncidentState.RESOLVED}, False, id="one_is_over"),
    ],
)
def test_messages_fail_nowhere_alone(older: dict[str, Any], younger: dict[str, Any], merges: bool) -> None:
    one, other = outline("i1", KOELN, **older), outline("i2", HAMBURG, **{"opened_at": at(300), **younger})
    assert bool(borders(one, other, minute=301).merge()) == merges


FELL = step(BIELEFELD, family="mobile", service="mobile_data")
"""A figure of a city far from Cologne."""

DATA = {"families": {"mobile"}, "services": {"mobile_data"}}


@pytest.mark.parametrize(
    ("known", "footprint", "minute", "fell_at", "joins"),
    [
        pytest.param(DATA, FELL, 10, None, True, id="opened_within_minutes"),
        pytest.param(DATA, FELL, 10.2, None, False, id="opened_later"),
        pytest.param({**DATA, "begun": {"mobile_data": at(30)}}, FELL, 45, 40, True, id="fell_within_minutes"),
        pytest.param({**DATA, "begun": {"mobile_data": at(30)}}, FELL, 45, 40.2, False, id="fell_later"),
        pytest.param({**DATA, "begun": {"mobile_data": at(30)}}, FELL, 45, None, False, id="is_not_falling"),
        pytest.param({**DATA, "begun": {"sms": at(40)}}, FELL, 45, 40, False, id="another_service_fell"),
        pytest.param(
            {**DATA, "begun": {"mobile_data": at(40)}, "operators": {"netcologne"}},
            FELL,
            45,
            40,
            False,
            id="another_operator_fell",
        ),
    ],
)
def test_far_apart_is_one_outage_if_the_same_service_falls_within_minutes(
    known: dict[str, Any], footprint: Footprint, minute: float, fell_at: float | None, joins: bool
) -> None:
    since = {("alpha", BIELEFELD, "mobile_data"): at(fell_at)} if fell_at is not None else {}
    first = outline("i1", KOELN, **known)
    assert (borders(first, minute=minute, since=since).best(footprint) is first) == joins


@pytest.mark.parametrize(
    ("areas", "footprint", "minute", "joins"),
    [
        pytest.param((HAMBURG, MUENCHEN), FELL, 180, True, id="a_third_place_within_hours"),
        pytest.param((HAMBURG, MUENCHEN), FELL, 180.2, False, id="and_not_the_next_day"),
        pytest.param((KOELN, BONN), FELL, 60, False, id="neighbours_are_one_place"),
        pytest.param((HAMBURG, MUENCHEN), step(BIELEFELD, service="sms"), 60, False, id="another_service"),
        pytest.param((HAMBURG, MUENCHEN), step(BIELEFELD), 10, True, id="people_who_begin_with_it"),
        pytest.param((HAMBURG, MUENCHEN), step(BIELEFELD), 10.2, False, id="people_who_begin_later"),
        pytest.param((HAMBURG,), step(BIELEFELD), 1, False, id="people_beside_a_single_place"),
        pytest.param((HAMBURG, "DE"), step(BIELEFELD), 1, False, id="its_nation_is_no_second_place"),
    ],
)
def test_what_is_scattered_is_bound_by_no_distance(
    areas: tuple[str, ...], footprint: Footprint, minute: float, joins: bool
) -> None:
    known = outline("i1", *areas, **DATA)
    assert (borders(known, minute=minute).best(footprint) is known) == joins


def test_what_falls_in_all_of_a_nation_takes_in_more_of_it_as_long_as_it_lasts() -> None:
    known = outline("i1", KOELN, "DE", whole={"mobile_data"}, **DATA)
    assert borders(known, minute=900).best(FELL) is known
    assert borders(known, minute=900).best(step(BIELEFELD, service="sms")) is None
    assert borders(known, minute=900).best(step(BIELEFELD)) is None
    over = outline("i1", KOELN, "DE", whole={"mobile_data"}, state=IncidentState.RESOLVED, **DATA)
    assert borders(over, minute=900).best(FELL) is None


@pytest.mark.parametrize(
    ("older", "younger", "are_one"),
    [
        pytest.param(DATA, DATA, True, id="opened_at_once"),
        pytest.param(DATA, {**DATA, "opened_at": at(10.2)}, False, id="opened_later"),
        pytest.param(
            {**DATA, "begun": {"mobile_data": at(0)}},
            {**DATA, "begun": {"mobile_data": at(9)}, "opened_at": at(40)},
            True,
            id="fell_at_once_and_opened_later",
        ),
        pytest.param(
            {**DATA, "begun": {"mobile_data": at(0)}},
            {**DATA, "begun": {"mobile_data": at(11)}, "opened_at": at(2)},
            False,
            id="opened_at_once_and_fell_later",
        ),
        pytest.param(DATA, {"families": {"mobile"}, "services": {"sms"}}, False, id="another_service"),
        pytest.param(DATA, {**DATA, "operators": {"beta"}}, False, id="a_guest_has_figures_of_its_own"),
        pytest.param({**DATA, "whole": {"mobile_data"}}, {**DATA, "opened_at": at(400)}, True, id="in_all_of_a_nation"),
        pytest.param({**DATA, "whole": {"sms"}}, {**DATA, "opened_at": at(400)}, False, id="not_this_service"),
    ],
)
def test_far_apart_turn_out_one_by_when_a_service_fell(
    older: dict[str, Any], younger: dict[str, Any], are_one: bool
) -> None:
    found = borders(outline("a", KOELN, **older), outline("b", HAMBURG, **younger), minute=401).merge()
    assert found == ([("a", "b")] if are_one else [])


def test_new_places_join_for_three_hours_and_known_ones_for_ever() -> None:
    known = outline("i1", KOELN)
    assert borders(known, minute=180).best(step(BONN)) is known
    assert borders(known, minute=180.2).best(step(BONN)) is None
    assert borders(known, minute=900).best(step(KOELN)) is known


def test_the_same_branch_goes_before_near_then_the_surest_then_the_heaviest_then_the_oldest() -> None:
    near = outline("near", BONN, state=IncidentState.CONFIRMED, weight=9)
    same = outline("same", KOELN)
    assert borders(near, same).best(step(KOELN)) is same
    sure = outline("sure", KOELN, state=IncidentState.CONFIRMED)
    assert borders(same, sure).best(step(KOELN)) is sure
    heavy = outline("weighty", KOELN, weight=2)
    assert borders(same, heavy).best(step(KOELN)) is heavy
    older = outline("older", KOELN, opened_at=at(-5))
    assert borders(same, older).best(step(KOELN)) is older


@pytest.mark.parametrize(
    ("known", "footprint", "joins"),
    [
        pytest.param({"channels": {"arte"}}, step("DE", channel="arte"), True, id="the_same_channel"),
        pytest.param({"channels": {"arte"}}, step("DE", channel="zdf"), False, id="another_channel"),
        pytest.param({"channels": {"arte", "rtl", "zdf"}}, step("DE", channel="pro7"), True, id="many_are_all_of_tv"),
        pytest.param({"channels": {"arte"}, "beyond_tv": True}, step("DE", channel="zdf"), True, id="beyond_tv"),
    ],
)
def test_two_channels_are_two_outages_and_many_are_one(
    known: dict[str, Any], footprint: Footprint, joins: bool
) -> None:
    tv = outline("tv", "DE", **known)
    assert (borders(tv).best(footprint) is tv) == joins


@pytest.mark.parametrize(
    ("older", "younger", "are_one"),
    [
        pytest.param(outline("a", KOELN), outline("b", BONN), True, id="near_each_other"),
        pytest.param(outline("a", KOELN), outline("b", BIELEFELD), False, id="far_apart"),
        pytest.param(outline("a", KOELN), outline("b", BONN, opened_at=at(60)), True, id="an_hour_apart"),
        pytest.param(outline("a", KOELN), outline("b", BONN, opened_at=at(60.2)), False, id="more_than_an_hour"),
        pytest.param(outline("a", KOELN), outline("b", KOELN, operators={"netcologne"}), False, id="two_operators"),
        pytest.param(
            outline("a", KOELN, operators={"gamma"}),
            outline("b", KOELN, families={"mobile"}),
            True,
            id="who_roams_first",
        ),
        pytest.param(outline("a", KOELN, operators={"gamma"}), outline("b", KOELN), False, id="roams_without_figures"),
        pytest.param(
            outline("a", KOELN, operators={"gamma"}, families={"mobile"}),
            outline("b", KOELN, families={"mobile"}),
            False,
            id="two_networks_fail_at_once",
        ),
        pytest.param(
            outline("a", KOELN, families={"fixed"}), outline("b", KOELN, families={"mobile"}), False, id="two_networks"
        ),
        pytest.param(
            outline("a", KOELN, state=IncidentState.RESOLVED), outline("b", KOELN), False, id="one_is_resolved"
        ),
        pytest.param(
            outline("a", "DE", operators=set()), outline("b", "DE"), False, id="without_a_name_a_nation_ties_nothing"
        ),
    ],
)
def test_which_incidents_turn_out_one(older: Outline, younger: Outline, are_one: bool) -> None:
    found = borders(younger, older, minute=100).merge()
    assert found == ([("a", "b")] if are_one else [])


def test_a_nation_binds_three_far_places_and_not_two() -> None:
    far = [outline("a", HAMBURG), outline("b", MUENCHEN), outline("c", BERLIN, "DE")]
    assert {younger for _, younger in borders(*far).merge()} == {"b", "c"}
    assert not borders(outline("a", HAMBURG, "DE"), outline("b", MUENCHEN)).merge()


places = st.lists(
    st.sampled_from((KOELN, BONN, AACHEN, BIELEFELD, HAMBURG, MUENCHEN, BERLIN, "DE/NW", "DE")), min_size=1, max_size=12
)


@given(areas=places, room=st.integers(0, 4))
def test_every_testimony_is_placed_once_or_finds_no_room(areas: list[str], room: int) -> None:
    told = heard(*(talk(0, area=area, operator="alpha", item=str(number)) for number, area in enumerate(areas)))
    shared = borders()
    homeless = shared.place(told, room=room)
    placed = [testimony for outline in shared.all for testimony in outline.testimonies]
    assert sorted(testimony.key for testimony in [*placed, *homeless]) == sorted(testimony.key for testimony in told)
    assert len(shared.all) <= room
    merged = shared.merge()
    assert sum(len(outline.testimonies) for outline in shared.all) == len(placed)
    assert len({younger for _, younger in merged}) == len(merged)


@given(areas=places, shuffled=st.randoms())
def test_merging_does_not_depend_on_the_order_of_incidents(areas: list[str], shuffled: Any) -> None:
    def known() -> list[Outline]:
        return [outline(f"i{number}", area) for number, area in enumerate(areas)]

    ordered, mixed = known(), known()
    shuffled.shuffle(mixed)
    assert borders(*ordered).merge() == borders(*mixed).merge()


def test_the_outline_of_an_incident_says_what_its_evidence_says() -> None:
    rows = [series(KOELN, service="broadband"), series(KOELN, kind="public", service="tv", item="arte")]
    known = outline_of(incident(dossier(KOELN, series=rows)))
    assert (known.families, known.channels, known.beyond_tv, known.weight) == ({"fixed"}, {"arte"}, True, 2)
    silent = outline_of(incident(dossier(KOELN, series=[series(KOELN, kind="resource", service="broadband")])))
    assert not silent.beyond_tv


@pytest.mark.parametrize(
    ("nation_ppm", "whole"),
    [
        pytest.param(400_000, {"mobile_data"}, id="as_much_as_its_parts"),
        pytest.param(390_000, set(), id="parts_are_spared"),
    ],
)
def test_an_outline_knows_since_when_a_service_falls_and_if_it_does_in_all_of_a_nation(
    nation_ppm: int, whole: set[str]
) -> None:
    def fell(area: str, share_ppm: int, minute: float, **facts: Any) -> Weighing:
        said = weighing(at(9), area, "mobile_data", shares_ppm=(1, share_ppm, PPM), **facts)
        return structs.replace(said, since=Instant(at(minute)))

    said = [
        fell(KOELN, 500_000, 4),
        fell(BONN, 900_000, 6),
        fell("DE", nation_ppm, 1),
        fell(AACHEN, 10_000, 2),
        structs.replace(fell(KOELN, 10_000, 0), disturbed_milli=-4_000, service="sms"),
        fell(KOELN, 10_000, 0, operator="alpha"),
    ]
    known = outline_of(incident(dossier(KOELN, BONN, "DE")), said)
    assert known.begun == {"mobile_data": at(4)}
    assert known.whole == whole


def test_an_outline_grows_by_what_joins_it() -> None:
    fibre = heard(anomaly(0, BONN, "telemetry", operator="alpha", service="broadband"))[0]
    known = outline("i1", KOELN)
    known.take(fibre.footprint)
    assert (known.areas, known.families, known.weight) == ({KOELN, BONN}, {"fixed"}, 1)


@pytest.mark.parametrize(("nationwide", "joins"), [("DE", True), ("", False)])
def test_the_next_town_of_what_people_tell_all_over_is_of_the_same_outage(nationwide: str, joins: bool) -> None:
    known = outline("i1", "DE", KOELN, nationwide=nationwide)
    assert (borders(known).best(step(MUENCHEN)) is known) is joins


def test_an_outline_knows_what_its_incident_and_what_it_takes_in_is_told_of_all_over() -> None:
    known = outline_of(incident(dossier("DE", KOELN, nationwide="DE")))
    other = outline("i2", MUENCHEN)
    other.take_all(known)
    assert other.nationwide == known.nationwide == "DE"

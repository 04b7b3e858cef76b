"""Two dossiers become one whichever is the older, within the bounds of one; and one becomes two by what names each."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.belief.confidence import confidence_ppm
from pipeline.correlate.config import AREAS_KEPT_MAX, EVIDENCE_MAX
from pipeline.correlate.evidence.places import NAMED_MAX
from pipeline.correlate.evidence.services import services_hit
from pipeline.correlate.evidence.uniting import take_out, unite
from pipeline.correlate.held import AccountHeld
from pipeline.correlate.parts import AreaSeen, Dossier, EmergencyClaims, SeriesEvidence
from tests.correlate.made import BONN, KOELN, dossier, series
from tests.correlate.stories import at, claim

HAMBURG = "DE/HH/hamburg"
HIT = (100_000, 200_000, 300_000)


def united(mine: Dossier, theirs: Dossier) -> Dossier:
    whole = mine.copy()
    unite(whole, theirs)
    return whole


def in_both_orders(mine: Dossier, theirs: Dossier) -> Dossier:
    """What they are together, which does not depend on which of them is the older."""
    one, other = united(mine, theirs), united(theirs, mine)
    assert one == other
    return one


def of_area(seen: AreaSeen) -> Dossier:
    return dossier(areas={KOELN: seen})


times = st.integers(1, 9).map(at)
areas_seen = st.builds(
    AreaSeen,
    since=times,
    last_at=times,
    back_at=st.one_of(st.just(0), times),
    share_ppm=st.sampled_from((0, 400_000, 800_000)),
    hit_ppm=st.sampled_from(((), HIT, (500_000, 600_000, 700_000))),
    measured=st.booleans(),
    down_at=st.one_of(st.just(0), times),
)


@given(mine=areas_seen, theirs=areas_seen)
def test_of_an_area_nothing_is_forgotten_and_it_is_back_only_in_both(mine: AreaSeen, theirs: AreaSeen) -> None:
    both = in_both_orders(of_area(mine), of_area(theirs)).areas[KOELN]
    assert bool(both.back_at) == bool(mine.back_at and theirs.back_at)
    assert both.measured == (mine.measured or theirs.measured)
    assert (both.down_at, both.last_at) == (max(mine.down_at, theirs.down_at), max(mine.last_at, theirs.last_at))
    assert (both.since, both.share_ppm) == (min(mine.since, theirs.since), max(mine.share_ppm, theirs.share_ppm))
    assert bool(both.hit_ppm) == bool(mine.hit_ppm or theirs.hit_ppm)


def test_the_share_hit_is_that_of_the_one_in_which_an_area_is_down() -> None:
    down = AreaSeen(since=at(0), last_at=at(3), hit_ppm=HIT)
    back = AreaSeen(since=at(0), last_at=at(5), back_at=at(5), hit_ppm=(1, 2, 3))
    assert in_both_orders(of_area(down), of_area(back)).areas[KOELN].hit_ppm == HIT


def test_the_account_keeps_its_peak_and_so_a_fact_stays_as_sure_as_it_was() -> None:
    past = AccountHeld(odds_milli=-3_000, peak_milli=3_000, disturbed_milli=-3_000, added_milli={"care": 5}, hot_at=9)
    faint = AccountHeld(odds_milli=-1_000, peak_milli=-1_000, disturbed_milli=-2_000, added_milli={"network": 7})
    told = dossier(account=past)
    both = in_both_orders(told, dossier(account=faint))
    assert both.account == AccountHeld(
        odds_milli=-1_000,
        peak_milli=3_000,
        disturbed_milli=-2_000,
        added_milli={"care": 5, "network": 7},
        hot_at=9,
    )
    sure = [confidence_ppm(known, by_person=False, settled=True) for known in (told, both)]
    assert sure[0] == sure[1] > 900_000


def test_one_that_was_never_weighed_takes_the_account_of_the_other() -> None:
    held = AccountHeld(odds_milli=-1_000, peak_milli=2, disturbed_milli=3)
    assert in_both_orders(dossier(account=held), dossier()).account == held


def many(name: str, back_at: int = 0) -> Dossier:
    """A dossier that is full, and has dropped some already."""
    areas = {
        f"DE/NW/{name}-{number}": AreaSeen(since=1, last_at=2, back_at=back_at) for number in range(AREAS_KEPT_MAX)
    }
    rows = [series(KOELN, measure=f"{name}-{number}") for number in range(EVIDENCE_MAX)]
    named = {"DE": 9, **{f"DE/NW/{name}-{number}": 1 for number in range(NAMED_MAX - 1)}}
    return dossier(areas=areas, series=rows, named=named, series_dropped=3, areas_dropped=4)


def test_two_that_are_full_are_one_that_is_and_what_goes_is_counted() -> None:
    both = in_both_orders(many("up", back_at=2), many("down"))
    assert (len(both.areas), both.areas_dropped) == (AREAS_KEPT_MAX, AREAS_KEPT_MAX + 2 * 4)
    assert all("down" in area for area in both.areas), "what is down stays"
    assert (len(both.series), both.series_dropped) == (EVIDENCE_MAX, EVIDENCE_MAX + 2 * 3)
    assert (len(both.named), both.named["DE"]) == (NAMED_MAX, 18)


@pytest.mark.parametrize(
    ("mine", "theirs", "claims"),
    [
        pytest.param({"claims": 1, "people": [7]}, {"claims": 1, "people": [7]}, 1, id="one_person_is_one"),
        pytest.param({"claims": 2, "people": [7, 8]}, {"claims": 1, "people": [7]}, 2, id="among_others"),
        pytest.param({"claims": 1, "people": [7]}, {"claims": 1, "people": [8]}, 2, id="two_are_two"),
        pytest.param({"claims": 1, "tickets": 1}, {"claims": 1, "tickets": 1}, 2, id="each_ticket_counts"),
    ],
)
def test_who_claims_the_same_in_both_is_counted_once(
    mine: dict[str, object], theirs: dict[str, object], claims: int
) -> None:
    known = [EmergencyClaims(first_at=1, last_at=2, **facts) for facts in (mine, theirs)]  # type: ignore[arg-type]
    both = in_both_orders(dossier(emergency=known[0]), dossier(emergency=known[1])).emergency
    assert both is not None
    assert both.claims == claims


def by_item(*rows: SeriesEvidence, **facts: Any) -> Dossier:
    return dossier(KOELN, HAMBURG, series=rows, **facts)


def test_a_service_and_an_operator_go_with_the_series_that_name_them() -> None:
    koeln = series(KOELN, service="broadband", panes=4)
    hamburg = series(HAMBURG, service="tv", measure="picture_ratio", operator="alpha", panes=2)
    rest = by_item(koeln, hamburg, services=["broadband", "tv"], operators={"alpha": 2, "netcologne": 4})
    taken = take_out(rest, HAMBURG)
    assert taken is not None
    assert (rest.services, services_hit(rest), rest.operators) == (["broadband"], ["broadband"], {"netcologne": 4})
    assert (taken.services, services_hit(taken), taken.operators) == (["tv"], ["tv"], {"alpha": 2})


def test_a_part_of_which_nobody_has_said_what_fails_has_no_service() -> None:
    people = series(HAMBURG, source="mentions", kind="public", measure="complaints", records=9)
    rest = by_item(series(KOELN, service="broadband"), people, services=["broadband"])
    taken = take_out(rest, HAMBURG)
    assert taken is not None
    assert (rest.services, taken.services) == (["broadband"], [])


def test_an_operator_of_both_parts_is_counted_where_its_series_are() -> None:
    koeln, hamburg = series(KOELN, panes=4), series(HAMBURG, panes=2)
    rest = by_item(koeln, hamburg, series(HAMBURG, operator="alpha", panes=3), operators={"alpha": 3, "netcologne": 6})
    taken = take_out(rest, HAMBURG)
    assert taken is not None
    assert (rest.operators, taken.operators) == ({"netcologne": 4}, {"alpha": 3, "netcologne": 2})


def test_what_no_series_names_stays_with_the_first_as_the_emergency_does() -> None:
    rest = by_item(
        series(KOELN, service="broadband", panes=1),
        series(HAMBURG, service="emergency", measure="emergency_claims", operator="alpha", panes=1),
        series(HAMBURG, service="tv", panes=1),
        services=["broadband", "emergency", "mobile_voice", "sms", "tv"],
        operators={"alpha": 1, "beta": 1, "gamma": 1, "netcologne": 2},
        emergency=EmergencyClaims(first_at=at(0), last_at=at(0), claims=1),
        doubts=[claim(1, 1, operator="gamma", service="sms", doubtful=True)],
    )
    taken = take_out(rest, HAMBURG)
    assert taken is not None
    assert rest.services == ["broadband", "emergency", "mobile_voice", "sms"]
    assert rest.operators == {"alpha": 1, "beta": 1, "gamma": 1, "netcologne": 1}
    assert (taken.services, services_hit(taken)) == (["emergency", "tv"], ["tv"])
    assert taken.operators == {"alpha": 1, "netcologne": 1}


def test_a_part_whose_series_name_no_operator_is_any_operators_of_the_whole() -> None:
    rest = by_item(series(KOELN, panes=3), series(BONN, operator="", panes=1), operators={"netcologne": 3})
    taken = take_out(rest, BONN)
    assert taken is not None
    assert (rest.operators, taken.operators) == ({"netcologne": 3}, {"netcologne": 3})

"""One outage beside its incident: every answer known beforehand."""

from typing import Any

import pytest
from msgspec import structs

from pipeline.evaluate.judging.facts import OutageScore
from pipeline.evaluate.score import score_world
from pipeline.records.published.incident_parts import Cause, Interval, Item
from pipeline.records.truth import Respite, TrueOutage
from pipeline.records.vocabulary import Severity
from tests.evaluate.cases import BONN, HISTORY, KOELN, at, incident, outage, truth


def judged(real: TrueOutage, row: HISTORY | None) -> OutageScore:
    operators = ("acme", "guest", "rival")
    (one,) = score_world(truth(real, operators=operators), [row] if row else []).outages
    return one


def test_delays_count_from_the_start_and_from_what_could_be_seen() -> None:
    one = judged(outage(visible=1.5), incident(opened=2, confirmed=4))
    assert (one.suspected_seconds, one.confirmed_seconds) == (120, 240)
    assert (one.suspected_visible_seconds, one.confirmed_visible_seconds) == (30, 150)


def test_what_never_showed_has_no_delay_from_it() -> None:
    one = judged(outage(visible=None), incident())
    assert one.suspected_visible_seconds is None
    assert one.suspected_seconds == 120


def test_only_suspected_has_no_delay_to_confirmed() -> None:
    one = judged(outage(), incident(confirmed=None))
    assert (one.fate, one.suspected_seconds, one.confirmed_seconds) == ("suspected", 120, None)


@pytest.mark.parametrize(("confirmed", "fate"), [(89, "confirmed"), (91, "suspected")])
def test_what_is_confirmed_long_after_the_end_was_only_suspected(confirmed: float, fate: str) -> None:
    one = judged(outage(end=60), incident(opened=2, confirmed=confirmed, over=200))
    assert (one.fate, one.confirmed_seconds) == (fate, confirmed * 60 if fate == "confirmed" else None)


def test_the_word_of_a_healthy_operator_is_not_the_operators_first_word() -> None:
    real = outage(first_word=10, roles={"guest": "primary"})
    assert judged(real, incident(roles={"guest": "primary"})).lead_over_operator_seconds is None


def test_a_missed_outage_has_no_figures_at_all() -> None:
    one = judged(outage(emergency_numbers=("112",)), None)
    assert (one.fate, one.incident_id, one.place, one.severity_steps) == ("missed", None, None, None)
    assert one.emergency_found is False, "people could not call for help, and nobody was told"


def test_the_ledger_counts_from_the_true_start() -> None:
    one = judged(outage(first_word=34), incident(leads={"telemetry": 1, "mentions": 3, "tickets": 21}))
    assert one.evidence_seconds == {"mentions": 180, "telemetry": 60, "tickets": 1_260}
    assert one.lead_over_tickets_seconds == {"mentions": 1_080, "telemetry": 1_200}
    assert one.lead_over_operator_seconds == 1_800


def test_without_tickets_there_is_no_lead_over_them() -> None:
    one = judged(outage(), incident(leads={"telemetry": 1}))
    assert one.lead_over_tickets_seconds == {}
    assert one.lead_over_operator_seconds is None


@pytest.mark.parametrize(
    ("real", "named", "relation", "smallest", "right", "covered"),
    [
        pytest.param({KOELN: 10}, [KOELN], "exact", True, (1, 1), (10, 10), id="exact"),
        pytest.param({KOELN: 10}, ["DE/NW"], "ancestor", False, (0, 1), (10, 10), id="too_wide"),
        pytest.param({KOELN: 10}, ["DE/NW/koeln/kalk"], "descendant", True, (1, 1), (0, 10), id="too_narrow"),
        pytest.param({KOELN: 10}, ["DE/BY/muenchen"], "wrong", False, (0, 1), (0, 10), id="wrong"),
        pytest.param({KOELN: 10}, [], "wrong", False, (0, 0), (0, 10), id="says_nothing"),
        pytest.param({KOELN: 10}, ["DE/NW", KOELN], "exact", True, (1, 2), (10, 10), id="one_part_is_no_region"),
        pytest.param(
            {KOELN: 30, BONN: 10}, ["DE/NW", KOELN, BONN], "exact", True, (3, 3), (40, 40), id="two_parts_are_a_region"
        ),
        pytest.param({KOELN: 30, BONN: 10}, [KOELN], "descendant", True, (1, 1), (30, 40), id="one_town_of_two"),
        pytest.param({KOELN: 30, BONN: 10}, ["DE/NW"], "exact", True, (1, 1), (40, 40), id="what_holds_both"),
        pytest.param(
            {KOELN: 10}, [KOELN, "DE/BY/muenchen"], "ancestor", True, (1, 2), (10, 10), id="a_stray_town_widens_it"
        ),
        pytest.param({KOELN: 0, BONN: 0}, [KOELN], "descendant", True, (1, 1), (1, 2), id="customers_not_known"),
    ],
)
def test_place(
    real: dict[str, int],
    named: list[str],
    relation: str,
    smallest: bool,
    right: tuple[int, int],
    covered: tuple[int, int],
) -> None:
    one = judged(outage(areas=real), incident(areas=tuple(named)))
    assert (one.place, one.smallest_right) == (relation, smallest)
    assert (one.areas_right, one.areas_named) == right
    assert (one.customers_covered, one.customers_hit) == covered


def test_customers_of_a_share_count_by_the_share() -> None:
    import msgspec

    real = outage(areas={KOELN: 1_000})
    third = msgspec.structs.replace(real, areas=(msgspec.structs.replace(real.areas[0], share_ppm=300_000),))
    assert judged(third, incident()).customers_hit == 300


def test_customers_of_two_operators_in_one_area_are_added() -> None:
    import msgspec

    real = outage(areas={KOELN: 1_000})
    both = msgspec.structs.replace(real, areas=(*real.areas, msgspec.structs.replace(real.areas[0], operator="guest")))
    assert judged(both, incident()).customers_hit == 2_000


@pytest.mark.parametrize(
    ("said", "right", "mixed", "healthy"),
    [
        pytest.param({"acme": "primary", "guest": "hosted"}, 2, 0, (), id="both_right"),
        pytest.param({"acme": "hosted", "guest": "primary"}, 0, 2, (), id="hosted_and_primary_mixed_up"),
        pytest.param({"guest": "hosted"}, 1, 0, (), id="one_is_lacking"),
        pytest.param({"acme": "primary", "rival": "primary"}, 1, 0, ("rival",), id="a_healthy_one_is_named"),
        pytest.param({"acme": "primary", "rival": None}, 1, 0, (), id="to_say_who_is_blamed_is_no_error"),
    ],
)
def test_operators_and_their_roles(said: dict[str, Any], right: int, mixed: int, healthy: tuple[str, ...]) -> None:
    one = judged(outage(roles={"acme": "primary", "guest": "hosted"}), incident(roles=said))
    assert (one.roles_right, one.roles_mixed, one.roles_true, one.healthy_named) == (right, mixed, 2, healthy)


def test_services_are_sets_and_emergency_is_one_of_them() -> None:
    real = outage(services=("broadband", "tv"), emergency_numbers=("112",))
    one = judged(real, incident(services=("broadband", "emergency", "sms")))
    assert (one.services_right, one.services_named, one.services_true) == (2, 3, 3)


@pytest.mark.parametrize(
    ("numbers", "said_at", "found", "wrong", "seconds"),
    [
        pytest.param(("112",), 4, True, None, 120, id="told_two_minutes_after_the_first_claim"),
        pytest.param(("112",), None, False, None, None, id="not_told"),
        pytest.param((), 4, None, True, None, id="told_wrongly"),
        pytest.param((), None, None, False, None, id="rightly_silent"),
    ],
)
def test_emergency(
    numbers: tuple[str, ...], said_at: float | None, found: bool | None, wrong: bool | None, seconds: float | None
) -> None:
    one = judged(outage(emergency_numbers=numbers), incident(emergency_at=said_at, claim_at=2))
    assert (one.emergency_found, one.emergency_false, one.emergency_seconds) == (found, wrong, seconds)


def test_items_cause_and_customers() -> None:
    real = outage(items=("Das Erste", "3G"), areas={KOELN: 500})
    said = Interval(low=400, high=600, likely=450)
    row = incident(
        items=(Item(name="das erste"), Item(name="ZDF")),
        causes=(Cause(kind="cable_cut"), Cause(kind="overload")),
        customers_affected=said,
    )
    one = judged(real, row)
    assert (one.items_right, one.items_named, one.items_true) == (1, 2, 2)
    assert (one.cause_right, one.customers_held) == (True, True)
    silent = judged(real, incident(causes=(Cause(kind="overload"), Cause(kind="cable_cut"))))
    assert (silent.items_right, silent.items_true, silent.cause_right, silent.customers_held) == (0, 2, False, None)
    assert judged(real, incident(customers_affected=Interval(low=501, high=600))).customers_held is False


def test_extent_nature_start_end() -> None:
    row = incident(extent="general", nature="content", started_at=at(-2), ended_at=at(65))
    one = judged(outage(nature="content"), row)
    assert (one.extent_right, one.nature_right) == (False, True)
    assert (one.start_error_seconds, one.end_error_seconds) == (-120, 300)


@pytest.mark.parametrize(
    ("true", "said", "steps"),
    [
        (Severity.MAJOR, Severity.MAJOR, 0),
        (Severity.CRITICAL, Severity.MINOR, -2),
        (Severity.WARNING, Severity.MAJOR, 2),
        (None, Severity.MAJOR, None),
    ],
)
def test_severity_is_off_by_steps(true: Severity | None, said: Severity, steps: int | None) -> None:
    assert judged(outage(severity=true), incident(severity_peak=said)).severity_steps == steps


def down_for(minutes: int, hit: int = 1_000, tail: int = 0) -> tuple[int, ...]:
    """So many hit in each of these minutes, and a tail of ten minutes with fewer."""
    return (*[hit] * minutes, *[tail] * 10, 0)


@pytest.mark.parametrize(("tail", "early"), [(51, True), (50, False), (0, False)])
def test_an_all_clear_is_early_while_more_than_a_twentieth_is_down(tail: int, early: bool) -> None:
    real = outage(end=60, hit_per_minute=down_for(50, tail=tail))
    assert judged(real, incident(over=55)).cleared_early is early


def test_an_all_clear_after_the_end_is_none_too_early() -> None:
    assert judged(outage(end=60, hit_per_minute=down_for(60)), incident(over=75)).cleared_early is False
    assert judged(outage(end=60, hit_per_minute=down_for(60)), None).cleared_early is None


def test_an_area_that_is_back_before_anybody_was_is_told_too_early() -> None:
    real = outage(end=60, first_back_at=at(40), hit_per_minute=down_for(50))
    rows = incident(over=70)
    back = [structs.replace(part, back_at=at(30)) for part in rows[1].areas]
    at_once = (rows[0], structs.replace(rows[1], updated_at=at(30), areas=tuple(back)), rows[2])
    one = judged(real, at_once)
    assert (one.backs_early, one.backs_said) == (1, 1)
    in_time = (rows[0], rows[1], structs.replace(rows[2], areas=tuple(back)))
    one = judged(real, in_time)
    assert (one.backs_early, one.backs_said) == (0, 1)


def said_back(real: TrueOutage, area: str, minute: float) -> tuple[int, int]:
    """Areas said to be back too early, and all said to be back, of an incident that says so of one."""
    rows = incident(areas=(KOELN, BONN, "DE/NW", f"{BONN}/beuel", "DE/BY/muenchen"), over=90)
    areas = tuple(structs.replace(part, back_at=at(minute)) if part.area == area else part for part in rows[1].areas)
    one = judged(real, (rows[0], structs.replace(rows[1], updated_at=at(minute), areas=areas), rows[2]))
    return one.backs_early, one.backs_said


def back_in(real: TrueOutage, *minutes: float, respites: tuple[Respite, ...] = ()) -> TrueOutage:
    """An outage of which each area is back at its own time."""
    areas = [
        structs.replace(area, back_at=at(minute), respites=respites)
        for area, minute in zip(real.areas, minutes, strict=True)
    ]
    return structs.replace(real, areas=tuple(areas))


@pytest.mark.parametrize(
    ("area", "minute", "early"),
    [
        pytest.param(KOELN, 35, 0, id="it_is_back"),
        pytest.param(BONN, 35, 1, id="while_another_is_back"),
        pytest.param("DE/NW", 35, 1, id="a_whole_of_which_a_fourth_is_down"),
        pytest.param("DE/NW", 60, 0, id="all_of_it_is_back"),
        pytest.param(f"{BONN}/beuel", 35, 1, id="a_part_of_what_is_down"),
        pytest.param("DE/BY/muenchen", 35, 0, id="never_hit"),
    ],
)
def test_an_area_is_said_to_be_back_too_early_before_its_own_return(area: str, minute: float, early: int) -> None:
    real = back_in(outage(end=60, first_back_at=at(30), areas={KOELN: 300, BONN: 100}), 30, 60)
    assert said_back(real, area, minute) == (early, 1)


def test_a_village_that_is_still_down_does_not_hold_its_region_back() -> None:
    real = back_in(outage(end=60, areas={KOELN: 1_900, BONN: 100}), 30, 60)
    assert said_back(real, "DE/NW", 35) == (0, 1)
    assert said_back(back_in(outage(end=60, areas={KOELN: 1_900, BONN: 101}), 30, 60), "DE/NW", 35) == (1, 1)


@pytest.mark.parametrize(("minute", "early"), [(15, 1), (25, 0), (45, 1), (61, 0)])
def test_an_area_that_is_well_between_two_failures_is_not_said_back_too_early(minute: float, early: int) -> None:
    pause = Respite(begins_at=at(20), ends_at=at(40))
    assert said_back(back_in(outage(end=60), 60, respites=(pause,)), KOELN, minute) == (early, 1)


def test_the_course_of_customers_is_held_against_each_minute_since_the_confirmation() -> None:
    real = outage(end=60, hit_per_minute=down_for(50, tail=100))
    rows = incident(confirmed=20, over=70)
    told = structs.replace(rows[1], customers_affected=Interval(low=900, high=1_100))
    one = judged(real, (rows[0], told, rows[2]))
    assert (one.course_held, one.course_told) == (30, 40)

"""Figures of hand-made worlds whose answer is known before."""

import pytest

from pipeline.evaluate.judging.facts import WorldScore
from pipeline.evaluate.score import Score, combine, false_incidents, score_world
from pipeline.records.vocabulary import Severity
from tests.evaluate.cases import BONN, KOELN, incident, outage, trap, truth


def figures(*worlds: WorldScore) -> dict[str, float | None]:
    return {one.name: one.value for one in combine(worlds).figures}


def approx(value: float) -> object:
    return pytest.approx(value, abs=1e-9)


def test_nothing_true_and_nothing_found_gives_no_figure_but_a_rate_of_none() -> None:
    score = combine([score_world(truth(), [])])
    counted = {one.name: one.value for one in score.figures if one.value is not None}
    rates = {"false_confirmed_rate": 0, "false_suspected_rate": 0, "faint_rate": 0}
    assert counted == {"splits": 0, "false_confirmed": 0, **rates}


def test_no_world_at_all_gives_no_figure() -> None:
    score = combine([])
    assert {one.value for one in score.figures} == {None}
    assert (score.kinds, score.traps) == ((), ())


def test_none_found() -> None:
    got = figures(score_world(truth(outage("a"), outage("b", severity=Severity.MINOR)), []))
    assert (got["recall"], got["recall_severe"], got["recall_suspected"], got["missed"]) == (0, 0, 0, 2)
    assert got["precision"] is None, "who says nothing is neither right nor wrong"
    assert {got[name] for name in ("confirmed_p50", "place_exact", "areas_recall", "severity_exact", "brier")} == {None}


def test_all_false() -> None:
    got = figures(score_world(truth(), [incident("i1"), incident("i2", confirmed=None), incident("i3")]))
    assert (got["precision"], got["precision_suspected"], got["recall"]) == (0, 0, None)
    assert (got["false_confirmed"], got["false_confirmed_rate"], got["false_suspected_rate"]) == (2, 2, 1)


def test_false_rates_are_by_operator_and_thirty_days() -> None:
    world = score_world(truth(days=60, operators=("acme", "other")), [incident()])
    assert figures(world)["false_confirmed_rate"] == 0.25


def test_a_suspicion_that_was_never_one_in_twenty_sure_is_a_question_and_counted_apart() -> None:
    rows = [
        incident("q", confirmed=None, confidence=(49_999, 0, 0)),
        incident("s", 100, None, 130, confidence=(50_000, 0, 0)),
        incident("e", 200, None, 230, confidence=(0, 0, 0), emergency_at=200),
        incident("c", 300, 301, 330, confidence=(0, 0, 0)),
    ]
    got = figures(score_world(truth(), rows))
    assert (got["faint_rate"], got["false_suspected_rate"], got["false_confirmed_rate"]) == (1, 2, 1)


def test_an_outage_is_told_once_or_split_or_merged_or_not_at_all() -> None:
    four = truth(outage("o1"), outage("o2", areas={BONN: 1}), outage("o3", 300, 360), outage("o4", 900, 960))
    split = incident("i3", 302, 304, 330), incident("s", 331, 333, 360)
    got = figures(score_world(four, [incident(areas=(KOELN, BONN)), *split]))
    assert (got["merged"], got["missed"], got["splits"]) == (1, 1, 1)
    assert got["told_once"] == approx(1 / 3)


def test_severe_ones_are_critical_and_major() -> None:
    grave = outage("a", severity=Severity.CRITICAL)
    mild = outage("b", 200, 260, severity=Severity.MINOR)
    got = figures(score_world(truth(grave, mild), [incident(opened=202, confirmed=204, over=260)]))
    assert (got["recall"], got["recall_severe"]) == (0.5, 0)


def test_splits_neither_help_nor_hurt_precision() -> None:
    rows = [incident("i1"), *(incident(f"s{n}", opened=10 + n, confirmed=20 + n) for n in range(9))]
    got = figures(score_world(truth(outage()), [*rows, incident("wrong", roles={"acme2": "primary"})]))
    assert (got["precision"], got["splits"], got["recall"]) == (0.5, 9, 1)


def test_a_merged_outage_is_not_found_and_not_missed() -> None:
    two = truth(outage("o1"), outage("o2", areas={BONN: 1}))
    got = figures(score_world(two, [incident(areas=(KOELN, BONN))]))
    assert (got["recall"], got["merged"], got["missed"]) == (0.5, 1, 0)


def test_suspected_and_confirmed_are_counted_apart() -> None:
    two = truth(outage("o1"), outage("o2", 200, 260))
    got = figures(score_world(two, [incident("i1"), incident("i2", opened=202, confirmed=None, over=230)]))
    assert (got["recall"], got["recall_suspected"]) == (0.5, 1)
    assert (got["precision"], got["precision_suspected"]) == (1, 1)


def test_a_late_confirmation_is_found_but_not_in_time() -> None:
    got = figures(score_world(truth(outage(visible=0)), [incident(opened=1, confirmed=45)]))
    assert (got["recall"], got["recall_visible"]) == (1, 1)
    assert (got["suspected_in_time"], got["confirmed_in_time"]) == (1, 0)
    assert (got["confirmed_p50"], got["confirmed_visible_p90"]) == (2_700, 2_700)


def test_a_missed_outage_is_not_in_time_either() -> None:
    two = truth(outage("o1", visible=0), outage("o2", 200, 260, visible=201))
    got = figures(score_world(two, [incident(opened=1, confirmed=2)]))
    assert (got["confirmed_in_time"], got["confirmed_p50"]) == (0.5, 120)


def test_median_and_ninetieth_percentile_of_delays() -> None:
    outages = [outage(f"o{n}", 200 * n, 200 * n + 60) for n in range(5)]
    rows = [incident(f"i{n}", 200 * n + 1, 200 * n + 1 + n, 200 * n + 50) for n in range(5)]
    got = figures(score_world(truth(*outages), rows))
    assert (got["suspected_p50"], got["suspected_p90"]) == (60, 60)
    assert (got["confirmed_p50"], got["confirmed_p90"]) == (180, approx(276))


def test_leads_per_source_and_evidence_that_is_too_old() -> None:
    rows = [incident(leads={"tickets": 20, "telemetry": -5, "mentions": 2})]
    got = figures(score_world(truth(outage(first_word=34)), rows))
    leads = (got["lead_telemetry_p50"], got["lead_mentions_p50"], got["lead_over_tickets_p50"])
    assert leads == (1_200, 1_080, 1_200), "what is older than the outage is no lead"
    assert (got["evidence_telemetry_p50"], got["evidence_early"]) == (-300, approx(1 / 3))
    assert got["lead_over_operator_p50"] == 1_800


def test_places_areas_services_and_roles_are_added_up() -> None:
    first = outage("o1", areas={KOELN: 300}, roles={"acme": "primary", "guest": "hosted"})
    second = outage("o2", 200, 260, areas={BONN: 100}, services=("broadband", "tv"))
    rows = [
        incident("i1", roles={"acme": "primary", "guest": "primary", "rival": "primary"}),
        incident("i2", 202, 204, 260, areas=("DE/NW",), services=("broadband", "sms")),
    ]
    got = figures(score_world(truth(first, second), rows))
    assert (got["place_exact"], got["place_ancestor"], got["place_wrong"]) == (0.5, 0.5, 0)
    assert (got["areas_precision"], got["areas_recall"], got["smallest_right"]) == (0.5, 1, 0.5)
    assert (got["services_precision"], got["services_recall"]) == (approx(2 / 3), approx(2 / 3))
    assert (got["roles_right"], got["roles_mixed"], got["healthy_named"]) == (approx(2 / 3), 1, 1)


def test_what_nobody_says_of_items_and_causes_is_not_right() -> None:
    got = figures(score_world(truth(outage(items=("3G",))), [incident()]))
    assert (got["items_recall"], got["items_precision"], got["cause_right"], got["customers_held"]) == (
        0,
        None,
        0,
        None,
    )


def test_a_collateral_incident_names_a_healthy_operator() -> None:
    rows = [incident("i1"), incident("i2", roles={"rival": "primary"})]
    got = figures(score_world(truth(outage(blamed=("rival",))), rows))
    assert (got["healthy_named"], got["false_confirmed"], got["precision"]) == (1, 1, 0.5)


def test_severity_and_emergency() -> None:
    calls = outage("o1", emergency_numbers=("112",), severity=Severity.CRITICAL)
    rows = [
        incident("i1", emergency_at=4, claim_at=3.5, confirmed=4, severity_peak=Severity.MINOR),
        incident("i2", 202, 204, 260, emergency_at=204, claim_at=204),
    ]
    got = figures(score_world(truth(calls, outage("o2", 200, 260)), rows))
    assert (got["emergency_found"], got["emergency_in_time"], got["emergency_false"]) == (1, 1, 1)
    assert (got["severity_exact"], got["severity_off"], got["severity_too_mild"]) == (0.5, 1, 0.5)


def test_a_split_that_wrongly_says_emergency_calls_fail_is_counted() -> None:
    rows = [incident("i1"), incident("i2", 10, 12, 50, emergency_at=12)]
    assert figures(score_world(truth(outage()), rows))["emergency_false"] == 1
    failing = outage(emergency_numbers=("112",))
    assert figures(score_world(truth(failing), rows))["emergency_false"] == 0


def test_emergency_told_after_a_minute_is_found_but_late() -> None:
    got = figures(score_world(truth(outage(emergency_numbers=("112",))), [incident(emergency_at=4, claim_at=2)]))
    assert (got["emergency_found"], got["emergency_in_time"], got["emergency_false"]) == (1, 0, 0)


def test_a_false_incident_that_says_emergency_calls_fail_is_counted() -> None:
    assert figures(score_world(truth(), [incident(emergency_at=4)]))["emergency_false"] == 1


def test_evidence_half_a_minute_old_is_within_a_pane() -> None:
    rows = [incident(leads={"telemetry": -0.5, "tickets": -1.1})]
    assert figures(score_world(truth(outage()), rows))["evidence_early"] == 0.5


def test_a_split_is_a_forecast_that_came_true() -> None:
    rows = [incident("i1", confidence=(1_000_000,) * 3), incident("i2", opened=9, confidence=(1_000_000,) * 3)]
    got = combine([score_world(truth(outage()), rows)])
    assert (got.figure("brier").value, got.figure("brier").n) == (0, 2)


def test_confidence_is_taken_when_it_was_decided() -> None:
    rows = [
        incident("sure", confidence=(100_000, 800_000, 990_000)),
        incident("dropped", 200, None, 230, confidence=(300_000, 0)),
    ]
    got = figures(score_world(truth(outage()), rows))
    assert got["brier"] == approx((0.2**2 + 0.3**2) / 2)
    assert got["ece"] == approx((0.2 + 0.3) / 2)


def test_traps_and_kinds_have_rows_of_their_own() -> None:
    traps = [trap("t1", "rumour", 500, 560), trap("t2", "rumour", 700, 760), trap("t3", "dead_feed", 900, 960)]
    outages = [outage("o1", kind="fibre_cut"), outage("o2", 200, 260, kind="power_cut")]
    rows = [
        incident("i1"),
        incident("fell", 510, 515, 540),
        incident("nearly", 710, None, 740),
        incident("nearly2", 910, None, 940),
    ]
    score = combine([score_world(truth(*outages, traps=traps), rows)])
    assert [(one.kind, one.outages, one.confirmed, one.missed) for one in score.kinds] == [
        ("fibre_cut", 1, 1, 0),
        ("power_cut", 1, 0, 1),
    ]
    assert [(one.kind, one.traps, one.withstood, one.confirmed, one.suspected) for one in score.traps] == [
        ("dead_feed", 1, 1, 0, 1),
        ("rumour", 2, 1, 1, 1),
    ]
    assert score.figure("traps_withstood").value == approx(2 / 3)
    assert [one.incident_id for one in false_incidents(score.worlds[0])] == ["fell", "nearly", "nearly2"]


@pytest.mark.parametrize(
    ("roles", "withstood"), [({"rival": "primary"}, 1), ({"rival": "primary", "acme": "primary"}, 0)]
)
def test_a_rivals_outage_laid_to_both_has_fallen_for_the_trap(roles: dict[str, str], withstood: int) -> None:
    rivals = truth(
        outage(roles={"rival": "primary"}), traps=[trap(kind="competitor_outage")], operators=("acme", "rival")
    )
    got = figures(score_world(rivals, [incident(roles=roles)]))
    assert (got["recall"], got["precision"], got["traps_withstood"]) == (1, 1, withstood)
    assert got["healthy_named"] == 1 - withstood


def _worlds(found: int, of: int) -> list[WorldScore]:
    good, bad = score_world(truth(outage()), [incident()]), score_world(truth(outage()), [])
    return [good] * found + [bad] * (of - found)


def test_worlds_are_added_up_not_averaged() -> None:
    many = score_world(truth(*(outage(f"o{n}", 200 * n, 200 * n + 60) for n in range(9))), [])
    assert figures(many, *_worlds(1, 1))["recall"] == 0.1


def test_below_five_worlds_there_is_no_interval() -> None:
    four, five = combine(_worlds(2, 4)).figure("recall"), combine(_worlds(2, 5)).figure("recall")
    assert (four.value, four.low, four.high, four.worlds) == (0.5, None, None, 4)
    assert (five.value, five.n, five.worlds) == (0.4, 5, 5)
    assert five.low is not None


def test_a_figure_that_few_worlds_have_has_no_interval() -> None:
    worlds = [*_worlds(2, 4), *(score_world(truth(), []) for _ in range(6))]
    assert combine(worlds).figure("recall").low is None
    assert combine(worlds).figure("false_confirmed_rate").low == 0


def test_worlds_that_are_all_alike_have_an_interval_of_no_width() -> None:
    one = combine(_worlds(8, 8)).figure("recall")
    assert (one.low, one.value, one.high) == (1, 1, 1)


def test_half_of_a_hundred_worlds_has_the_interval_of_a_coin() -> None:
    """A share of 0.5 over 100 worlds has a standard error of 0.05: 95 % lie within 0.40 and 0.60."""
    one = combine(_worlds(50, 100), seed=3).figure("recall")
    assert one.low == pytest.approx(0.40, abs=0.02)
    assert one.high == pytest.approx(0.60, abs=0.02)


def test_the_same_seed_gives_the_same_intervals() -> None:
    def ends(score: Score) -> list[tuple[float | None, float | None]]:
        return [(one.low, one.high) for one in score.figures]

    worlds = _worlds(17, 40)
    assert ends(combine(worlds, 1)) == ends(combine(worlds, 1))
    assert ends(combine(worlds, 1)) != ends(combine(worlds, 2))

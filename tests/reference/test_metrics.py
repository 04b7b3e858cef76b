"""Metrics: the table wins, names are judged by their words, small changes are no trouble."""

from pathlib import Path

import pytest

from pipeline.adapters.reference.folder import load_metrics
from pipeline.records.errors import ConfigError
from pipeline.reference.metrics import Metric, Metrics, Role


@pytest.mark.parametrize(
    ("name", "unit", "role", "bad"),
    [
        pytest.param("attach_success_ratio", "ratio", "service", "down", id="success_is_service"),
        pytest.param("call_drop_ratio", "ratio", "service", "up", id="drops_are_bad_when_high"),
        pytest.param("incoming_calls_completed_ratio", "ratio", "service", "down", id="what_is_done_is_good"),
        pytest.param("sms_delivered", "count", "service", "down", id="as_a_count_too"),
        pytest.param("delivery_s", "s", "service", "up", id="and_how_long_it_takes_is_bad"),
        pytest.param("setup_ms", "ms", "service", "up", id="likewise"),
        pytest.param("calls_unanswered_ratio", "ratio", "service", "up", id="what_is_undone_is_bad"),
        pytest.param("unavailable_ratio", "ratio", "service", "up", id="and_what_is_not_there"),
        pytest.param("cells_inaccessible_ratio", "ratio", "service", "up", id="or_is_not_to_be_reached"),
        pytest.param("calls_uncompleted_ratio", "ratio", "service", "up", id="or_not_complete"),
        pytest.param("sms_nondelivery_ratio", "ratio", "service", "up", id="or_not_delivered"),
        pytest.param("setup_blocked_ratio", "ratio", "service", "up", id="or_blocked"),
        pytest.param("late_packets_ratio", "ratio", "service", "up", id="or_late"),
        pytest.param("calculated_success_ratio", "ratio", "service", "down", id="late_is_a_word_of_its_own"),
        pytest.param("not_connected_ratio", "ratio", "resource", "both", id="a_name_turned_round_is_not_guessed"),
        pytest.param("orders_completed_ratio", "ratio", "resource", "both", id="nor_what_an_office_does"),
        pytest.param("nxdomain_ratio", "ratio", "service", "up", id="names_that_are_not_found"),
        pytest.param("page_load_success_ratio", "ratio", "service", "down", id="a_page_that_loads_is_no_load"),
        pytest.param("uplink_latency_ms", "ms", "service", "up", id="a_link_inside_a_word_is_no_resource"),
        pytest.param("cpu_load_ratio", "ratio", "resource", "both", id="a_processor_is_a_resource"),
        pytest.param("bgp_sessions_up", "count", "resource", "down", id="routing_is_a_resource"),
        pytest.param("calls_offered", "count", "demand", "up", id="callers_are_demand"),
        pytest.param("calls_answered", "count", "aftermath", "down", id="answers_are_a_consequence"),
        pytest.param("csat_score", "score", "aftermath", "down", id="satisfaction_is_a_consequence"),
        pytest.param("frobs", "count", "resource", "both", id="unknown_supports_only"),
        pytest.param("frobs_s", "s", "service", "up", id="unknown_by_unit"),
    ],
)
def test_a_name_that_no_table_has_is_judged_by_its_words_and_unit(name: str, unit: str, role: str, bad: str) -> None:
    metric = Metrics().of(name, unit)
    assert (metric.role.value, metric.bad) == (role, bad)


@pytest.mark.parametrize(
    ("name", "unit", "observed", "expected", "trouble"),
    [
        ("attach_success_ratio", "ratio", 0.95, 0.99, True),
        ("attach_success_ratio", "ratio", 0.97, 0.99, False),
        ("attach_success_ratio", "ratio", 0.99, 0.33, False),
        ("packet_loss_ratio", "ratio", 0.05, 0.01, True),
        ("latency_ms", "ms", 16.4, 15.0, False),
        ("latency_ms", "ms", 60.0, 15.0, True),
        ("active_sessions", "count", 900.0, 1_000.0, False),
        ("active_sessions", "count", 100.0, 1_000.0, True),
        ("rsrp", "dbm", -105.0, -95.0, True),
        ("rsrp", "dbm", -97.0, -95.0, False),
        ("errors", "count", 1.0, 0.0, True),
    ],
)
def test_only_a_change_for_the_worse_that_matters_is_trouble(
    name: str, unit: str, observed: float, expected: float, *, trouble: bool
) -> None:
    assert Metrics().is_trouble(name, unit, observed, expected) is trouble


def test_the_table_wins_over_the_rules() -> None:
    row = Metric(name="cpu_load_ratio", role=Role.SERVICE, kind="level", unit="ratio", bad="up", least_change=0.5)
    assert Metrics([row]).of("cpu_load_ratio", "ratio") is row
    with pytest.raises(ConfigError, match="stated twice"):
        Metrics([row, row])


def test_the_bundled_table_is_sound_and_a_mistake_is_named(tmp_path: Path) -> None:
    assert load_metrics().of("latency_ms", "ms").role is Role.SERVICE
    assert load_metrics(tmp_path).of("latency_ms", "ms").bad == "up"
    wrong = '[[metric]]\nname = "x"\nrole = "king"\nbad = "down"\nmatters_from = 0.1\n'
    (tmp_path / "metrics.toml").write_text(wrong)
    with pytest.raises(ConfigError, match="'x'"):
        load_metrics(tmp_path)

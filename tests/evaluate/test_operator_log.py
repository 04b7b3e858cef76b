"""An operator's own log as the truth: only what it knows is scored."""

from pipeline.evaluate.score import combine, score_world
from pipeline.evaluate.sides.operator_log import LogRow, RunSpan, world_of_log
from tests.evaluate.cases import BONN, HISTORY, KOELN, at, incident

DAY = RunSpan(at(0), at(24 * 60), "DE", "Europe/Berlin")


def row(line: int, start: float, end: float, area: str = KOELN, operator: str = "acme") -> LogRow:
    return LogRow(line=line, started_at=at(start), ended_at=at(end), operator=operator, areas=(area,))


def figures(rows: list[LogRow], *incidents: HISTORY) -> dict[str, float | None]:
    world, outside = world_of_log(rows, DAY, "log", ["acme"])
    assert outside == ()
    return {one.name: one.value for one in combine([score_world(world, incidents)]).figures}


def test_lead_misses_and_false_alarms() -> None:
    rows = [row(2, 130, 200), row(3, 400, 500, BONN)]
    got = figures(rows, incident("i1", 100, 110, 200, services=()), incident("i2", 800, 801, 820))
    assert (got["log_lead_suspected_p50"], got["log_lead_confirmed_p50"]) == (1_800, 1_200)
    assert (got["recall"], got["missed"], got["precision"], got["false_confirmed"]) == (0.5, 1, 0.5, 1)


def test_what_a_log_does_not_know_is_not_scored() -> None:
    got = figures([row(2, 130, 200)], incident("i1", 100, 110, 200, roles={"acme": "primary", "guest": "hosted"}))
    unknown = (
        "confirmed_p50",
        "severity_exact",
        "extent_right",
        "nature_right",
        "roles_right",
        "healthy_named",
        "cause_right",
    )
    assert {got[name] for name in (*unknown, "services_recall", "emergency_found", "evidence_early")} == {None}
    assert got["place_exact"] == 1
    world, _ = world_of_log([row(2, 130, 200)], DAY, "log")
    (one,) = score_world(world, [incident("i1", 132, 134, 200, roles={"acme": "primary", "guest": "hosted"})]).outages
    assert (one.healthy_named, one.roles_true) == ((), 0), "a log of acme does not say that guest was well"


def test_the_lead_of_each_source_over_tickets_needs_no_true_start() -> None:
    leads = {"telemetry": 95, "mentions": 100, "tickets": 104}
    got = figures([row(2, 130, 200)], incident("i1", 101, 105, 200, leads=leads))
    assert (got["lead_telemetry_p50"], got["lead_mentions_p50"], got["lead_over_tickets_p50"]) == (540, 240, 540)
    assert got["evidence_telemetry_p50"] is None, "a log does not know when it began"


def test_evidence_of_the_night_before_is_no_lead_over_a_log() -> None:
    leads = {"telemetry": -800, "tickets": 134}
    got = figures([row(2, 130, 200)], incident("i1", 131, 135, 200, leads=leads))
    assert got["lead_telemetry_p50"] == 124 * 60, "two hours before the row at the earliest, as for an incident"


def test_a_log_of_one_operator_does_not_punish_an_incident_that_names_the_brand_it_hosts() -> None:
    brand = incident("b", 130, 131, 200, roles={"acme": "primary", "guest": "hosted"})
    poorer = incident("a", 130, 131, 200, areas=(KOELN, BONN, "DE/HH/hamburg"))
    world, _ = world_of_log([row(2, 130, 200)], DAY, "log", ["acme"])
    (found,) = score_world(world, [poorer, brand]).outages
    assert (found.incident_id, found.splits) == ("b", 1)


def test_two_hours_before_the_log_is_a_lead_and_more_is_another_story() -> None:
    assert figures([row(2, 130, 200)], incident("i1", 10, 11, 200))["log_lead_confirmed_p50"] == 119 * 60
    assert figures([row(2, 130, 200)], incident("i1", 9, 9.5, 200))["recall"] == 0


def test_rows_outside_of_the_run_are_left_out_and_named() -> None:
    rows = [row(5, 1_400, 1_500), row(2, -10, 30), row(3, 130, 200)]
    world, outside = world_of_log(rows, DAY, "log")
    assert [one.line for one in outside] == [2, 5]
    assert [one.outage_id for one in world.outages] == ["line 3"]


def test_incidents_of_operators_that_the_log_is_not_of_are_not_judged() -> None:
    got = figures([], incident("i1", roles={"other": "primary"}), incident("i2"))
    assert got["false_confirmed"] == 1, "an empty log of acme says that acme was well; of others it says nothing"


def test_an_open_row_lasts_to_the_end_of_the_run() -> None:
    import msgspec

    still = msgspec.structs.replace(row(2, 1_380, 0), ended_at=None)
    later = msgspec.structs.replace(row(3, 1_500, 0), ended_at=None)
    world, outside = world_of_log([still, later], DAY, "log")
    assert [(outage.started_at, outage.ended_at) for outage in world.outages] == [(at(1_380), at(24 * 60))]
    assert outside == (later,), "it began after the run"

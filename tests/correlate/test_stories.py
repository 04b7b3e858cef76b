"""Outages told as stories: what the rules make of them, from first post to last revision."""

from pipeline.records.clocks import Instant
from pipeline.records.inner.anomalies import FeedSilence
from pipeline.records.vocabulary import IncidentState, Severity
from tests.correlate.stories import (
    CITIES,
    Story,
    anomaly,
    at,
    claim,
    command,
    end_of,
    official,
    talk,
    time_text,
)


def netcologne() -> Story:
    story = Story()
    story.tell(0, anomaly(0, "DE/NW/koeln", "telemetry", service="broadband"))
    for minute in range(1, 20):
        heard = [anomaly(minute, city, "telemetry", service="broadband") for city in CITIES]
        heard += [talk(minute, 8, area=city) for city in CITIES[: 1 + minute // 3]]
        heard += [anomaly(minute, city, "tickets", service="fixed_voice") for city in CITIES[: 1 + minute // 4]]
        heard += [talk(minute, 40, area="DE/NW"), talk(minute, 60, area="DE", scope_area="DE")]
        claims = [claim(minute, 7), claim(minute, 8, area="DE/NW/bonn")] if minute == 5 else []
        story.tell(minute, *heard, *claims)
    return story


def test_netcologne_is_one_incident_of_a_region_critical_with_emergency() -> None:
    incident = netcologne().only()
    assert incident.state == IncidentState.CONFIRMED
    assert incident.severity == Severity.CRITICAL
    assert incident.emergency is not None
    assert incident.emergency.numbers == ("112",)
    assert "emergency" in incident.services
    assert {row.area for row in incident.areas} == {*CITIES, "DE/NW"}
    assert incident.extent == "general"
    assert incident.operators[0].operator == "netcologne"
    assert incident.operators[0].role == "primary"
    assert incident.team == "noc"
    assert incident.customers_affected is not None
    assert incident.customers_affected.high == 454_347
    assert incident.time_zone == "Europe/Berlin"
    assert incident.summary is not None
    assert incident.summary.headline.de.startswith("Störung bei Netcologne")
    assert "112" in incident.summary.page.fr


def test_lead_time_ledger_says_which_source_knew_first() -> None:
    leads = netcologne().only().leads
    assert leads[0].source == "telemetry"
    assert {lead.source for lead in leads} == {"telemetry", "tickets", "mentions"}
    assert leads[-1].lead_seconds is None
    assert leads[0].lead_seconds is not None


def test_confirmation_comes_within_five_minutes_of_the_first_evidence() -> None:
    changes = netcologne().changes
    assert changes[0].at == end_of(0)
    confirmed = next(change for change in changes if change.after.state == IncidentState.CONFIRMED)
    assert confirmed.at - at(0) <= 5 * 60_000


def test_an_hour_of_the_same_makes_few_revisions() -> None:
    story = netcologne()
    for minute in range(20, 80):
        story.tell(minute, *[talk(minute, 8, area=city) for city in CITIES])
    assert len(story.changes) < 45
    assert [change.after.revision for change in story.changes] == list(range(1, len(story.changes) + 1))


def test_two_operators_side_by_side_are_two_outages() -> None:
    story = Story()
    for minute in range(6):
        story.tell(minute, talk(minute), talk(minute, operator="alpha"))
    assert sorted(incident.operators[0].operator for incident in story.incidents.values()) == ["alpha", "netcologne"]


def test_a_hosted_operator_belongs_to_its_hosts_outage() -> None:
    story = Story()
    story.tell(0, talk(0, operator="beta"))
    story.tell(1, talk(1, operator="alpha"), anomaly(1, source="telemetry", operator="alpha", service="mobile_voice"))
    roles = {role.operator: (role.role, role.host) for role in story.only().operators}
    assert roles == {"alpha": ("primary", None), "beta": ("hosted", "alpha")}
    assert story.only().operators[0].operator == "alpha"


def test_a_rumour_stays_suspected_and_is_dismissed() -> None:
    story = Story()
    for minute in range(10):
        story.tell(minute, talk(minute, 6))
    story.until(60)
    assert story.only().state == IncidentState.DISMISSED
    assert story.only().severity == Severity.CLEARED
    assert IncidentState.CONFIRMED not in [change.after.state for change in story.changes]
    assert story.why("dismissed") == ["quiet"]


def test_fifty_posts_at_once_are_one_source() -> None:
    story = Story().tell(0, talk(0, 50)).until(5)
    assert story.only().state == IncidentState.SUSPECTED


def test_people_of_further_places_are_no_second_witness_and_tickets_beside_posts_are() -> None:
    posts, both = Story(), Story()
    for minute in range(20):
        posts.tell(minute, talk(minute, 5), talk(minute, 5, area="DE/NW/bonn"))
        both.tell(minute, talk(minute, 5), talk(minute, 5, source="tickets"))
    assert posts.only().state == IncidentState.SUSPECTED
    assert both.only().state == IncidentState.CONFIRMED
    assert "corroborated" in both.why("changed")


def test_five_posts_at_night_make_a_small_suspicion_at_once() -> None:
    story = Story().tell(-360, talk(-360, 5, area="DE/NW/aachen"))
    assert story.only().state == IncidentState.SUSPECTED
    assert [row.area for row in story.only().areas] == ["DE/NW/aachen"]
    assert story.only().extent == "isolated"
    posts = story.only().posts
    assert posts is not None
    assert posts.people == 5


def test_silence_is_no_recovery() -> None:
    story = Story()
    for minute in range(4):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
    feed = {"operator": "netcologne", "area": "DE/NW", "source": "telemetry", "since": Instant(at(4))}
    story.tell(4, FeedSilence(**feed)).until(120)  # type: ignore[arg-type]
    assert story.only().state == IncidentState.CONFIRMED
    assert [feed.source for feed in story.only().silent_feeds or ()] == ["telemetry"]
    assert "source_silent" in story.why("suppressed")
    story.tell(121, FeedSilence(**feed, ended=True)).until(160)  # type: ignore[arg-type]
    assert story.only().state == IncidentState.RESOLVED


def test_it_recovers_is_resolved_and_closes() -> None:
    story = Story()
    for minute in range(4):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
    story.until(200)
    assert [change.state.value for change in story.only().state_history] == [
        "suspected", "confirmed", "recovering", "resolved", "closed",
    ]  # fmt: skip
    assert story.only().ended_at == end_of(3)
    curve = story.only().resolution_curve
    assert curve
    assert curve[-1].areas_back_ppm == 1_000_000
    assert story.only().estimated_end is None
    assert story.state.slots["DE"].incidents == []


def test_a_relapse_within_the_window_reopens_and_a_later_one_is_another_outage() -> None:
    story = Story()
    for minute in (0, 1, 2):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
    story.until(40)
    assert story.only().state == IncidentState.RESOLVED
    story.tell(60, anomaly(60, source="telemetry"))
    assert story.only().state == IncidentState.CONFIRMED
    assert story.only().reopened == 1
    assert "relapse" in story.why("reopened")
    story.until(400).tell(401, talk(401))
    assert len(story.incidents) == 2


def test_work_that_was_announced_is_planned() -> None:
    story = Story()
    order = command(-10, "maintenance", "netcologne@DE/NW/koeln", until=time_text(30), reason="new core router")
    story.tell(-10, order)
    for minute in (0, 1, 2):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry", service="broadband"))
    assert story.only().nature == "planned"
    assert story.only().team == "change-management"
    assert story.only().severity == Severity.MINOR
    assert story.only().maintenance is not None
    end = story.only().estimated_end
    assert end is not None
    assert end.basis == "maintenance_window"
    for minute in (29, 31):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry", service="broadband"))
    assert story.only().nature == "technical"
    assert story.only().severity == Severity.CRITICAL


def test_one_ticket_that_112_is_dead_needs_no_anomaly() -> None:
    story = Story().tell(0, claim(0, 1, "tickets"))
    assert story.only().state == IncidentState.CONFIRMED
    assert story.only().severity == Severity.CRITICAL
    assert story.only().services == ("emergency",)
    assert [change.state.value for change in story.only().state_history] == ["suspected", "confirmed"]


def test_one_post_that_112_is_dead_goes_to_a_person_and_waits_for_a_second_writer() -> None:
    story = Story().tell(0, claim(0, 1)).tell(10, claim(10, 1))
    assert not story.incidents
    assert story.why("suppressed") == ["weak_evidence"]
    story.tell(29, claim(29, 2))
    assert story.only().state == IncidentState.CONFIRMED
    assert story.why("withdrawn") == ["overtaken"]
    impact = story.only().emergency
    assert impact is not None
    assert impact.claims == 2
    assert impact.first_claim_at == at(0)


def test_claims_in_doubt_make_no_alarm_alone_and_add_to_a_sure_one() -> None:
    story = Story()
    for person in range(1, 9):
        story.tell(person, claim(person, person, permille=550, doubtful=True))
    assert not story.incidents
    story.tell(9, claim(9, 9))
    assert story.only().state == IncidentState.CONFIRMED
    assert story.only().severity == Severity.CRITICAL


def test_emergency_calls_that_fail_for_several_networks_far_apart_are_one_outage_of_the_number() -> None:
    story = (
        Story()
        .tell(0, claim(0, 1, "tickets"))
        .tell(20, claim(20, 2, "tickets", operator="alpha", area="DE/BY/muenchen"))
    )
    assert {role.operator for role in story.only().operators} == {"netcologne", "alpha"}
    later = Story().tell(0, claim(0, 1, "tickets")).until(185)
    later.tell(190, claim(190, 2, "tickets", operator="alpha", area="DE/BY/muenchen"))
    assert len(later.incidents) == 2, "hours later it is another one"


def test_two_posts_more_than_half_an_hour_apart_are_not_enough() -> None:
    story = Story().tell(0, claim(0, 1)).tell(31, claim(31, 2))
    assert not story.incidents


def test_claims_that_name_no_operator_join_by_place() -> None:
    story = Story().tell(0, claim(0, 1, operator="")).tell(1, claim(1, 2, operator="", area="DE/BY/muenchen"))
    assert not story.incidents
    story.tell(2, claim(2, 3, operator="", area="DE/NW/bonn"))
    sounded = story.only()
    assert sounded.state == IncidentState.CONFIRMED
    assert sounded.severity == Severity.CRITICAL
    assert sounded.operators == ()


def test_anomalies_join_the_incident_that_the_emergency_rule_opened() -> None:
    story = Story().tell(0, claim(0, 1, "tickets"))
    story.tell(1, talk(1), anomaly(1, "DE/NW/bonn", "telemetry"))
    assert {row.area for row in story.only().areas} == {"DE/NW/koeln", "DE/NW/bonn"}


def test_two_far_towns_are_two_and_a_nation_with_three_regions_is_one() -> None:
    apart = Story()
    for minute in range(3):
        apart.tell(
            minute, *[talk(minute, operator="alpha", area=area) for area in ("DE/HH/hamburg", "DE/BY/muenchen", "DE")]
        )
    assert len(apart.incidents) == 2
    wide = Story()
    far = ("DE/HH/hamburg", "DE/BY/muenchen", "DE/BE/berlin", "DE")
    for minute in range(3):
        wide.tell(minute, *[talk(minute, operator="alpha", area=area) for area in far])
    assert {row.area for row in wide.only().areas} == set(far)
    assert wide.only().extent == "localised", "three cities of three regions hang on one cable"


def test_two_incidents_that_turn_out_one_are_merged_and_linked() -> None:
    story = Story()
    far = ("DE/HH/hamburg", "DE/BY/muenchen", "DE/BE/berlin")
    for minute, area in enumerate(far):
        story.tell(minute, talk(minute, operator="alpha", area=area))
    assert len(story.incidents) == 3
    story.tell(4, talk(4, operator="alpha", area="DE"))
    alive = [incident for incident in story.incidents.values() if incident.state == IncidentState.SUSPECTED]
    assert len(alive) == 1
    assert alive[0].links is not None
    assert len(alive[0].links.merged_from) == 2
    gone = [incident for incident in story.incidents.values() if incident.state == IncidentState.CLOSED]
    assert {incident.links.merged_into for incident in gone if incident.links} == {alive[0].incident_id}
    assert story.why("merged") == ["same_outage", "same_outage"]


def test_an_incident_of_the_morning_takes_in_no_new_town_in_the_afternoon() -> None:
    story = Story()
    for minute in range(0, 300, 5):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
    story.tell(301, talk(301, area="DE/NW/aachen"))
    assert len(story.incidents) == 2


def test_the_first_official_word_is_timed_and_graded() -> None:
    story = Story().tell(0, talk(0)).tell(20, talk(20), official(20))
    assert story.only().state == IncidentState.CONFIRMED
    first = story.only().communication
    assert first is not None
    assert first.grade == "B"
    assert first.official_posts == 1
    story.tell(60, official(60, "Wir arbeiten daran."))
    second = story.only().communication
    assert second is not None
    assert second.official_posts == 2


def test_the_estimate_of_the_end_is_kept_and_renewed() -> None:
    story = Story()
    for minute in range(0, 260, 5):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
    end = story.only().estimated_end
    assert end is not None
    assert end.basis == "similar_incidents"
    assert end.latest > end_of(260)
    assert story.only().estimated_end_history
    assert story.only().duration_class == "prolonged"


def test_sums_of_all_services_hold_those_of_one_and_count_once() -> None:
    story = Story()
    told = [talk(0, 6), talk(0, 4, service="tv", item="zdf"), talk(0, 5, service="tv"), talk(0, 9, area="DE/NW")]
    story.tell(0, *told)
    posts = story.only().posts
    assert posts is not None
    assert (posts.posts, posts.people) == (9, 9)


def test_many_channels_are_an_outage_of_tv() -> None:
    story = Story()
    for minute in range(3):
        story.tell(minute, *[talk(minute, area="DE", service="tv", item=item) for item in ("arte", "rtl", "zdf")])
    assert [row.name for row in story.only().items or ()] == ["arte", "rtl", "zdf"]


def test_another_outage_of_the_same_operator_is_linked() -> None:
    story = Story().tell(0, talk(0, operator="alpha")).tell(1, talk(1, area="DE/HH/hamburg", operator="alpha"))
    first, second = sorted(story.incidents.values(), key=lambda incident: incident.opened_at)
    assert second.links is not None
    assert second.links.related == (first.incident_id,)

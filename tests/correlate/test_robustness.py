"""What must hold when something goes wrong, or when there is very much of it."""

from dataclasses import replace

import pytest

from pipeline.adapters.reference.belief import load_kinds
from pipeline.adapters.reference.folder import reference_folder
from pipeline.correlate.apply import apply
from pipeline.correlate.config import INCIDENTS_MAX, BordersConfig, CorrelateConfig, LifecycleConfig
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import CorrelateState
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.effects import Refused
from pipeline.records.errors import ConfigError, Reason, StateError
from pipeline.records.inner.anomalies import Activity, Sealed
from pipeline.records.inner.examples import Example
from pipeline.records.vocabulary import PUBLISHED_BYTES_MAX, IncidentState
from tests.correlate.stories import (
    OPERATORS,
    REFERENCE,
    Story,
    anomaly,
    at,
    claim,
    command,
    distance_km,
    end_of,
    name_of,
    official,
    pane_with,
    record_bytes,
    talk,
    time_text,
)
from tests.wording.shipped import WORDING


def sealed(to: int, *things: object, partition: int = 0, partitions: int = 1, epoch: int = 1) -> Sealed:
    panes = [pane_with(to, things)] if things else []
    return Sealed(
        market="DE", epoch=epoch, partition=partition, partitions=partitions, sealed_to=Instant(to), panes=panes
    )


def _name_or_raise(area: str) -> str:
    if area == "DE/HH/hamburg":
        raise KeyError(area)
    return name_of(area)


def test_a_rule_that_raises_costs_its_incident_never_the_market() -> None:
    story = Story(
        reference=CorrelateReference(
            operators=OPERATORS, distance_km=distance_km, name_of=_name_or_raise, wording=WORDING
        )
    )
    for minute in range(3):
        story.tell(minute, talk(minute, operator="alpha", area="DE/HH/hamburg"), talk(minute))
    for minute in (3, 4, 5):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
    assert story.only().state == IncidentState.CONFIRMED
    failed = [decision for decision in story.decisions if decision.reason.value == "rule_failed"]
    assert failed
    assert "KeyError" in failed[0].text
    assert len(failed) <= 4
    sick = next(incident for incident in story.state.slots["DE"].incidents if incident.incident_id == failed[0].subject)
    assert (sick.publication.revision, sick.state) == (0, IncidentState.SUSPECTED)
    story.until(300)
    assert len([decision for decision in story.decisions if decision.reason.value == "rule_failed"]) < 40


def test_what_was_passed_already_is_refused_and_the_rest_goes_on() -> None:
    state = CorrelateState(0)
    apply(state, sealed(end_of(10)), CorrelateConfig(), REFERENCE)
    late = pane_with(end_of(5), [talk(5)])
    good = pane_with(end_of(11), [talk(11)])
    record = Sealed(market="DE", epoch=1, partition=0, partitions=1, sealed_to=end_of(11), panes=[late, good])
    step = apply(state, record, CorrelateConfig(), REFERENCE)
    refused = [output for output in step.outputs if isinstance(output, Refused)]
    assert [refusal.reason for refusal in refused] == [Reason.LATE_PARTIAL]
    assert refused[0].content == late
    assert len(step.outputs) == 3
    assert step.changed == {"DE"}


def test_time_waits_for_the_slowest_partition() -> None:
    state, config = CorrelateState(0), CorrelateConfig()
    assert not apply(state, sealed(end_of(0), talk(0), partitions=2), config, REFERENCE).outputs
    assert apply(state, sealed(end_of(0), partition=1, partitions=2), config, REFERENCE).outputs


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(sealed(at(0), partition=2, partitions=2), id="a_partition_beyond_the_last"),
        pytest.param(sealed(at(0), partitions=3), id="another_number_of_partitions"),
        pytest.param(sealed(at(0), epoch=0), id="an_epoch_that_is_over"),
    ],
)
def test_what_cannot_be_stops_the_process(wrong: Sealed) -> None:
    state = CorrelateState(0)
    apply(state, sealed(at(0)), CorrelateConfig(), REFERENCE)
    with pytest.raises(StateError):
        apply(state, wrong, CorrelateConfig(), REFERENCE)


def test_a_new_epoch_starts_with_new_partitions_and_keeps_the_incidents() -> None:
    state, config = CorrelateState(0), CorrelateConfig()
    apply(state, sealed(end_of(0), talk(0)), config, REFERENCE)
    apply(state, sealed(end_of(1), partitions=2, epoch=2), config, REFERENCE)
    step = apply(state, sealed(end_of(1), talk(1, 40), partition=1, partitions=2, epoch=2), config, REFERENCE)
    assert len(state.slots["DE"].incidents) == 1
    assert not [output for output in step.outputs if getattr(output, "before", True) is None]


def test_markets_do_not_touch_each_other() -> None:
    state, config = CorrelateState(0), CorrelateConfig()
    apply(state, sealed(end_of(0), talk(0)), config, REFERENCE)
    other = Sealed(market="FR", epoch=1, partition=0, partitions=1, sealed_to=end_of(500))
    assert apply(state, other, config, REFERENCE).changed == {"FR"}
    assert len(state.slots["DE"].incidents) == 1


def test_a_year_of_silence_is_jumped_over_and_timers_still_ring() -> None:
    story = Story()
    for minute in range(3):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
    story.until(365 * 24 * 60)
    states = [(change.after.state.value, (change.at - at(0)) // 60_000) for change in story.changes]
    assert ("recovering", 17) in states
    assert ("resolved", 32) in states
    assert states[-1] == ("closed", 92)


def test_the_largest_incident_fits_the_published_limit() -> None:
    story = Story()
    towns = [f"DE/NW/ort-mit-einem-recht-langen-namen-{number}" for number in range(200)]
    for minute in range(0, 400, 4):
        shown = [Example(0, minute * 10 + n, Instant(at(minute)), "ü" * 240, "no_internet", "de") for n in range(3)]
        there = towns[minute // 2 : minute // 2 + 4]
        heard = [talk(minute, 9, area=town, item="kanal-" + "x" * 40, service="tv") for town in there]
        heard += [
            anomaly(minute, source=source, element="e" * 60, examples=shown) for source in ("mentions", "tickets")
        ]
        heard.append(talk(minute, 5, area="DE/NW"))
        claims = [claim(minute, minute, "tickets", numbers=["112", "110"])] if minute < 40 else []
        story.tell(minute, *heard, *claims, official(minute))
    biggest = max(len(record_bytes(change.after)) for change in story.changes)
    assert 20_000 < biggest <= PUBLISHED_BYTES_MAX


def test_incidents_are_bounded_and_what_finds_no_room_is_told() -> None:
    reference = CorrelateReference(
        operators=OPERATORS, distance_km=lambda _one, _other: None, name_of=name_of, wording=WORDING
    )
    story = Story(reference=reference)
    story.tell(0, *[talk(0, area=f"DE/NW/dorf-{number}") for number in range(INCIDENTS_MAX + 5)])
    assert len(story.state.slots["DE"].incidents) == INCIDENTS_MAX
    assert story.why("suppressed") == ["limit_reached"] * 5
    story.tell(1, claim(1, 1, "tickets", area="DE/BY/muenchen"))
    assert len(story.state.slots["DE"].incidents) == INCIDENTS_MAX + 1  # an emergency call finds room always


def test_talk_alone_opens_nothing_and_good_news_is_no_outage() -> None:
    story = Story()
    for minute in range(10):
        football = anomaly(minute, "DE", measure="activity", operator="alpha")
        better = anomaly(minute, source="telemetry", direction="surge", observed=1.0)
        fewer = anomaly(minute, direction="drop", observed=0.0)
        story.tell(minute, football, better, fewer)
    assert not story.incidents
    assert set(story.why("suppressed")) <= {"weak_evidence"}


def test_talk_does_not_keep_an_incident_alive() -> None:
    story = Story().tell(0, talk(0))
    for minute in range(1, 40):
        story.tell(minute, anomaly(minute, "DE", measure="activity"))
    assert story.only().state == IncidentState.DISMISSED


def test_activity_and_care_figures_ride_along() -> None:
    story = Story().tell(0, talk(0))
    rows = (
        Activity(operator="netcologne", source="mentions", measure="activity", observed=105.0, expected=5.0),
        Activity(operator="netcologne", source="mentions", measure="reactions", observed=700.0, expected=None),
        Activity(operator="netcologne", source="telemetry", measure="calls_waiting", observed=312.0),
        Activity(operator="netcologne", source="telemetry", measure="abandonment_ratio", unit="ratio", observed=0.4),
        Activity(operator="alpha", source="mentions", measure="activity", observed=9e9, expected=1.0),
    )
    story.tell(1, *rows).tell(2, anomaly(2, source="telemetry"))
    posts, care = story.only().posts, story.only().care
    assert posts is not None
    assert posts.activity_ratio_ppm == 21_000_000
    assert posts.reactions == 700
    assert care is not None
    assert (care.calls_waiting, care.abandonment_ppm) == (312, 400_000)


def test_one_in_three_phones_everywhere_is_not_geographic() -> None:
    story = Story()
    for minute in range(3):
        third = {"operator": "alpha", "observed": 0.66, "expected": 0.99, "service": "mobile_voice"}
        story.tell(minute, anomaly(minute, "DE", "telemetry", **third), talk(minute, 9, area="DE", operator="alpha"))
    assert story.only().extent == "not_geographic"
    assert story.only().areas[0].share_ppm == 333_333


def test_two_networks_of_one_operator_are_two_outages() -> None:
    story = Story()
    for minute in range(3):
        mobile = anomaly(minute, source="telemetry", operator="alpha", service="mobile_voice")
        fixed = anomaly(minute, source="telemetry", operator="alpha", service="broadband")
        story.tell(minute, mobile, fixed)
    assert sorted(incident.services for incident in story.incidents.values()) == [("broadband",), ("mobile_voice",)]


def test_two_tv_channels_are_two_outages() -> None:
    story = Story()
    for minute in range(3):
        story.tell(minute, *[talk(minute, area="DE", service="tv", item=item) for item in ("arte", "zdf")])
    assert sorted(row.name for incident in story.incidents.values() for row in incident.items or ()) == ["arte", "zdf"]


def test_a_rights_dispute_over_a_channel_is_content() -> None:
    story = Story()
    facts = {"service": "tv", "item": "sky-sport", "symptoms": {"rights": 9}}
    story.tell(0, talk(0, 9, area="DE", **facts), talk(0, 9, area="DE", source="tickets", **facts))
    assert story.only().nature == "content"


def test_the_hour_in_which_it_began_decides_what_it_is_whatever_the_clock_says_later() -> None:
    story = Story(reference=replace(REFERENCE, kinds=load_kinds(reference_folder())))
    for minute in (8 * 60 + 58, 9 * 60 + 1, 9 * 60 + 5):  # from 17:58 on
        facts = {"area": "DE", "service": "tv"}
        one_names_rights = {"rights": 1} if minute < 9 * 60 else {}  # after six o'clock one is enough
        care = talk(minute, 9, source="tickets", symptoms={}, **facts)
        story.tell(minute, talk(minute, 9, symptoms=one_names_rights, **facts), care)
    assert {change.after.nature for change in story.changes} == {"technical"}
    assert story.only().state == "confirmed"


def test_settings_out_of_range_are_all_named_at_once() -> None:
    with pytest.raises(ConfigError, match=r"radius_km = -3.0: must be a number above 0; the default is 65.0"):
        BordersConfig(radius_km=-3.0)
    with pytest.raises(ConfigError, match="radius_km"):
        BordersConfig(radius_km=float("nan"))
    with pytest.raises(ConfigError, match=r"quiet_minutes(.|\n)*hold_minutes"):
        LifecycleConfig(quiet_minutes=0, hold_minutes=-1)


def test_a_maintenance_window_that_starts_later_is_seen_when_it_starts() -> None:
    order = command(0, "maintenance", "netcologne", starts_at=time_text(10), until=time_text(40), reason="router")
    story = Story().tell(0, order, talk(0))
    assert story.only().nature == "technical"
    story.until(11)
    assert story.only().nature == "planned"
    assert story.changes[-1].at == at(10) + (PANE_MS if at(10) % PANE_MS else 0)


def test_the_order_of_arrival_does_not_name_the_incident() -> None:
    heard = [talk(0), talk(0, area="DE/NW/bonn"), anomaly(0, "DE/NW/aachen", "tickets")]
    assert Story().tell(0, *heard).outputs == Story().tell(0, *reversed(heard)).outputs

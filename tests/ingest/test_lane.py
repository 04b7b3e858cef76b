"""A lane: what it counts, what it refuses, and what it says of time."""

import dataclasses
from typing import Any

import pytest

from pipeline.adapters.codecs.wire import encode
from pipeline.ingest.apply import Lane, LaneBatch
from pipeline.ingest.config import IngestConfig
from pipeline.ingest.envelopes import ENVELOPE_BYTES_MAX
from pipeline.ingest.text.refused import QuarantineKeeps
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.errors import ConfigError, Reason
from pipeline.records.ids import HASH_BITS
from pipeline.records.inner.examples import Example
from pipeline.records.inner.partials import NO_COUNTER, CounterReading, Partial, SeriesPartial, merged
from pipeline.records.inner.samples import cardinality
from pipeline.records.inner.talk import MOOD
from pipeline.records.series import Series
from tests.ingest.world import (
    NOON,
    Raw,
    batch_of,
    command,
    heartbeat,
    post,
    reading,
    rules,
    sums_of,
    ticket,
)

WORK: dict[str, object] = {"kind": "maintenance", "until": "2025-02-13T00:00:00Z"}
UNPLACED = command(kind="maintenance", reason="work", until="2025-02-12T12:00:00Z", target="netcologne@Köln")


def reasons_of(batch: LaneBatch) -> list[Reason]:
    return [refused.reason for refused in batch.quarantined]


def test_readings_of_a_pane_are_added_up_exactly() -> None:
    batch = batch_of([reading(NOON + 1, value=0.99), reading(NOON + 2, value=0.5, attempts=10)])
    (region,) = [p for (s, _), p in sums_of(batch).items() if s.scope_area == "DE/NW"]
    assert (region.count, region.total, region.weight, region.weighted) == (2, 1_490_000, 11, 990_000 + 5_000_000)
    assert (region.least, region.most, region.squares) == (500_000, 990_000, 500_000**2 + 990_000**2)


@pytest.mark.parametrize("late", [[], [reading(NOON - 7_200_000)]], ids=["at once", "one by one"])
def test_of_a_counter_the_last_reading_is_kept_with_its_time_and_a_nation_adds_none_up(late: list[Raw]) -> None:
    names: dict[str, Any] = {"metric": "location_updates_total", "unit": "count", "element": "hlr-1"}
    read = [reading(NOON + at, value=total, **names) for at, total in ((1_000, 40), (9_000, 55), (5_000, 48))]
    sums = sums_of(batch_of([*read, reading(NOON), *late]))
    counters = {s.scope_area: p.counter for (s, _), p in sums.items() if s.measure == "location_updates_total"}
    assert counters == {"DE/NW": CounterReading(NOON + 9_000, 55_000)}
    assert {p.counter for (s, _), p in sums.items() if s.measure != "location_updates_total"} == {NO_COUNTER}


def test_a_town_counts_in_its_region_and_its_region_in_the_nation() -> None:
    places = {(s.scope_area, s.area) for s, _ in sums_of(batch_of([reading()]))}
    assert places == {("DE/NW", "DE/NW/koeln"), ("DE", "DE/NW")}


def test_two_towns_meet_in_the_nation() -> None:
    sums = sums_of(batch_of([ticket(number=1, text="down", area=a) for a in ("DE/NW/koeln", "DE/NW/bonn")]))
    nation = {s.area: p for (s, _), p in sums.items() if s.scope_area == "DE"}
    assert {area: partial.count for area, partial in nation.items()} == {"DE/NW/koeln": 1, "DE/NW/bonn": 1}
    assert merged(list(nation.values())).distinct == 1  # the same ticket id twice


def test_readings_of_two_towns_are_one_sum_in_the_nation() -> None:
    sums = sums_of(batch_of([reading(area=area) for area in ("DE/NW/koeln", "DE/NW/bonn")]))
    (nation,) = [p for (s, _), p in sums.items() if s.scope_area == "DE"]
    assert nation.count == 2


def test_an_element_lies_where_the_reference_says_and_a_core_element_in_the_nation() -> None:
    batch = batch_of([reading(area=None, element="olt-7"), reading(area=None, element="hlr-1")])
    areas = {(s.scope_area, s.area, s.element) for s, _ in sums_of(batch)}
    assert areas == {("DE/NW", "DE/NW/bonn", "olt-7"), ("DE", "DE/NW", ""), ("DE", "DE", "hlr-1")}
    assert {partial.count for partial in sums_of(batch).values()} == {1}


def test_every_partition_gets_the_clocks_and_only_the_last_part_carries_them() -> None:
    batch = batch_of([reading(NOON), ticket(NOON), post(NOON), command(NOON)])
    lateness = rules().config.lateness_ms
    expected = {source: Instant(NOON - late) for source, late in lateness.items()}
    for partition in range(4):
        parts = [e for e in batch.envelopes if e.partition == partition]
        assert [bool(part.clocks) for part in parts] == [False] * (len(parts) - 1) + [True]
        assert parts[-1].clocks == expected


def test_an_irrelevant_post_is_activity_and_no_complaint() -> None:
    batch = batch_of([post(text="new tariff, nice")])
    assert {s.measure for s, _ in sums_of(batch)} == {"activity", "talk"}


def test_a_repost_is_activity_and_no_complaint() -> None:
    batch = batch_of([post(repost_of="P0")])
    assert {s.measure for s, _ in sums_of(batch)} == {"activity"}


@pytest.mark.parametrize(
    ("text", "mood"), [("awful", "hostile"), ("a lovely day", "favourable"), ("a new tariff", "neutral")]
)
def test_a_post_counts_for_its_mood_in_the_nation_of_its_operator(text: str, mood: str) -> None:
    sums = sums_of(batch_of([post(NOON, number, text=text) for number in (1, 2, 2)]))
    ((series, partial),) = [(s, p) for (s, _), p in sums.items() if s.item.startswith(MOOD)]
    assert (series.area, series.item, partial.distinct) == ("DE", f"mood:{mood}", 2)


@pytest.mark.parametrize(
    ("text", "blamed"),
    [
        pytest.param("Netcologne is down because of Orange", ["netcologne", "orange"], id="a_cause_between_two"),
        pytest.param("Netcologne is down because of the weather", [], id="a_cause_and_one_operator"),
        pytest.param("Netcologne and Orange are both fine", [], id="two_operators_and_no_cause"),
        pytest.param("Netcologne is to blame", ["netcologne"], id="blame_in_so_many_words"),
    ],
)
def test_who_names_a_cause_and_two_operators_blames_one_of_them(text: str, blamed: list[str]) -> None:
    items = {series.item for series, _ in sums_of(batch_of([post(text=text)]))}
    assert sorted(item.partition(":")[2] for item in items if item.startswith("blame:")) == blamed
    assert ("blame" in items, "cause" in items) == (bool(blamed), False)


@pytest.mark.parametrize("silent", [{"lang": "fr"}, {"repost_of": "P0"}, {"official": True}, {"text": ""}])
def test_who_does_not_write_for_himself_in_a_known_language_has_no_mood(silent: dict[str, Any]) -> None:
    sums = sums_of(batch_of([post(**{"text": "awful", **silent})]))
    assert not [series for series, _ in sums if series.item.startswith(MOOD)]


def test_reactions_are_counted_without_being_a_post() -> None:
    batch = batch_of([post(kind="engagement", text="", engagement={"likes": 5, "reposts": 2, "views": 900})])
    ((series, partial),) = [(s, p) for (s, _), p in sums_of(batch).items()]
    assert (series.measure, partial.total) == ("reactions", 7_000)


def test_an_official_post_rides_whole_in_its_markets_partition() -> None:
    batch = batch_of([post(official=True, text="Wir arbeiten an der Lösung")])
    carried = [e for e in batch.envelopes if e.officials]
    assert [e.officials[0].text for e in carried] == ["Wir arbeiten an der Lösung"]
    assert not sums_of(batch)


def test_a_later_count_of_what_people_did_about_an_official_post_rides_whole_and_is_no_word() -> None:
    counted = post(official=True, kind="engagement", text="", engagement={"likes": 5, "replies": 3, "views": 900})
    batch = batch_of([counted])
    ((said,),) = [e.officials for e in batch.envelopes if e.officials]
    assert (said.counts, said.text, said.is_for_all) == ([5, 0, 3, 0, 900], "", False)
    assert [series.measure for series, _ in sums_of(batch)] == ["reactions"]


def test_an_official_post_carries_what_it_says() -> None:
    batch = batch_of([post(official=True, text="down in Bonn, back within the hour")])
    ((said,),) = [e.officials for e in batch.envelopes if e.officials]
    assert (said.kind, said.area) == ("outage", "DE/NW/bonn")
    assert said.promised_end_at == said.at + 3_600_000


def test_an_outage_told_to_one_customer_is_a_reply() -> None:
    batch = batch_of([post(official=True, text="down", in_reply_to="P0")])
    ((said,),) = [e.officials for e in batch.envelopes if e.officials]
    assert said.kind == "outage_reply"


def test_an_end_told_to_one_customer_is_promised_to_nobody_else() -> None:
    batch = batch_of([post(official=True, text="down in Bonn, back within the hour", in_reply_to="P0")])
    ((said,),) = [e.officials for e in batch.envelopes if e.officials]
    assert (said.kind, said.promised_end_at) == ("outage_reply", None)


def test_an_emergency_claim_rides_whole_with_its_numbers() -> None:
    batch = batch_of([post(text="112 down in Bonn!"), ticket(text="110 und 112 down")])
    claims = [claim for e in batch.envelopes for claim in e.claims]
    assert sorted((c.source, tuple(c.numbers), c.area) for c in claims) == [
        ("mentions", ("112",), "DE/NW/bonn"),
        ("tickets", ("110", "112"), "DE"),
    ]


def test_examples_show_no_handles_and_at_most_three() -> None:
    batch = batch_of([post(number=n, text=f"@netcologne internet down {n}") for n in range(9)])
    (complaints,) = [partial for (series, _), partial in sums_of(batch).items() if series.measure == "complaints"]
    assert len(complaints.examples) == 3
    assert all("netcologne" not in example.text for example in complaints.examples)


def test_each_post_counts_where_it_is_with_what_its_text_weighs() -> None:
    texts = ("internet down in Bonn", "internet down again", "hello", "hello Bonn")
    sums = sums_of(batch_of([post(number=number, text=text) for number, text in enumerate(texts)]))
    activity = [(series.area, p.tags()) for (series, _), p in sums.items() if series.measure == "activity"]
    assert sorted(set(map(repr, activity))) == [
        "('DE', {'0': 1, '3': 1})",
        "('DE/NW/bonn', {'0': 1, '3': 1})",
    ]


def usual(**facts: object) -> Raw:
    """Somebody says that what is measured now is usual from now on."""
    known = {"kind": "dismiss", "target": "netcologne", "reason": "a tariff", "usual": True}
    return command(**{**known, **facts})  # type: ignore[arg-type]  # fields of the record


@pytest.mark.parametrize("order", [usual(), usual(**WORK), usual(usual=False, target="w1")])
def test_what_is_usual_from_now_on_is_told_to_every_partition(order: Raw) -> None:
    told = {envelope.partition for envelope in batch_of([order]).envelopes if envelope.commands}
    assert told == set(range(rules().config.signals_partitions))


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        pytest.param(reading(NOON + 300_001, timestamp=NOON), Reason.FUTURE_TIMESTAMP, id="five_minutes_ahead"),
        pytest.param(reading(NOON - 86_400_001, timestamp=NOON), Reason.STALE, id="more_than_a_day_old"),
        pytest.param(ticket(NOON + 300_001, timestamp=NOON), Reason.FUTURE_TIMESTAMP, id="ticket_ahead"),
        pytest.param(ticket(market="ZZ"), Reason.UNKNOWN_MARKET, id="market_of_a_ticket"),
        pytest.param(reading(operator="nobody"), Reason.UNKNOWN_OPERATOR, id="operator"),
        pytest.param(reading(area="DE/NW/atlantis"), Reason.UNKNOWN_AREA, id="area"),
        pytest.param(reading(area=None), Reason.UNKNOWN_AREA, id="neither_area_nor_element"),
        pytest.param(reading(service="fax"), Reason.UNKNOWN_SERVICE, id="service"),
        pytest.param(reading(unit="furlong"), Reason.UNKNOWN_UNIT, id="unit"),
        pytest.param(reading(value=1e308), Reason.OUT_OF_RANGE, id="value"),
        pytest.param(reading(observed_at="0000-01-01T00:00:00Z"), Reason.BAD_TIME, id="year_0"),
        pytest.param(reading(observed_at="9999-12-31T23:59:59Z"), Reason.BAD_TIME, id="year_9999"),
        pytest.param(reading(metric="a\nb"), Reason.SCHEMA_MISMATCH, id="unprintable_name"),
        pytest.param(Raw("telemetry", NOON, None), Reason.EMPTY_RECORD, id="empty_without_header"),
        pytest.param(Raw("telemetry", NOON, b"{"), Reason.MALFORMED_JSON, id="cut_off"),
        pytest.param(Raw("telemetry", NOON, b'{"value": NaN}'), Reason.MALFORMED_JSON, id="nan"),
        pytest.param(Raw("tickets", NOON, b'{"ticket_id": "\\ud800"}'), Reason.MALFORMED_JSON, id="lone_surrogate"),
        pytest.param(Raw("mentions", NOON, b"[" * 10_000), Reason.MALFORMED_JSON, id="ten_thousand_brackets"),
        pytest.param(Raw("mentions", NOON, b'"' + b"x" * 1_000_000 + b'"'), Reason.TOO_LARGE, id="one_megabyte"),
        pytest.param(command(kind="explode"), Reason.UNKNOWN_COMMAND, id="command"),
        pytest.param(command(market="ZZ"), Reason.UNKNOWN_MARKET, id="market"),
        pytest.param(command(kind="silence", reason="work"), Reason.SCHEMA_MISMATCH, id="silence_without_end"),
        pytest.param(usual(target="abc"), Reason.UNKNOWN_OPERATOR, id="usual_of_an_incident"),
        pytest.param(usual(target="netcologne@DE/NW/atlantis"), Reason.UNKNOWN_AREA, id="usual_in_atlantis"),
        pytest.param(usual(reason=""), Reason.SCHEMA_MISMATCH, id="usual_for_no_reason"),
        pytest.param(usual(kind="confirm"), Reason.SCHEMA_MISMATCH, id="usual_and_an_outage"),
        pytest.param(usual(exercise=True), Reason.SCHEMA_MISMATCH, id="usual_in_an_exercise"),
        pytest.param(
            usual(**WORK, recurrence="FREQ=DAILY;COUNT=3"), Reason.SCHEMA_MISMATCH, id="usual_again_and_again"
        ),
        pytest.param(UNPLACED, Reason.UNKNOWN_AREA, id="work_in_a_place_that_nobody_knows"),
        pytest.param(post(official=True, operator=None), Reason.SCHEMA_MISMATCH, id="official_of_nobody"),
    ],
)
def test_what_cannot_be_used_goes_to_quarantine_with_its_reason(record: Raw, reason: Reason) -> None:
    assert reasons_of(batch_of([record])) == [reason]
    whole = Lane(0, rules(IngestConfig(quarantine=QuarantineKeeps.WHOLE)), {})
    batch = batch_of([record], whole)
    assert reasons_of(batch) == [reason]
    assert batch.used == 0
    assert batch.quarantined[0].value == record.value
    assert not any(e.clocks for e in batch.envelopes), "a refused record moves no clock"


def test_a_late_record_is_refused_and_the_stream_goes_on() -> None:
    batch = batch_of([reading(NOON), reading(NOON - 30_001, timestamp=NOON), reading(NOON - 30_000, timestamp=NOON)])
    assert reasons_of(batch) == [Reason.LATE]
    assert batch.used == 2


def test_a_clock_four_minutes_ahead_makes_nothing_late() -> None:
    honest = [reading(NOON + n * 1_000) for n in range(60)]
    ahead = [reading(NOON + n * 1_000 + 240_000, timestamp=NOON + n * 1_000) for n in range(60)]
    mixed = [record for pair in zip(ahead, honest, strict=True) for record in pair]
    assert reasons_of(batch_of(mixed)) == []


def test_a_collector_a_day_ahead_makes_nothing_late() -> None:
    ahead = reading(NOON + 86_400_000, timestamp=NOON)
    batch = batch_of([ahead, *(reading(NOON + n * 1_000) for n in range(60))])
    assert reasons_of(batch) == [Reason.FUTURE_TIMESTAMP]


def test_a_heartbeat_moves_the_clock_to_its_kafka_timestamp() -> None:
    lane = Lane(0, rules(), {})
    lane.take("tickets", [heartbeat("tickets", NOON)], None)
    assert lane.clocks == {"tickets": NOON - 30_000}
    assert lane.close().used == 1


def test_a_clock_never_goes_back_also_when_lateness_grows() -> None:
    patient = rules(IngestConfig(lateness_ms={**IngestConfig().lateness_ms, "tickets": 600_000}))
    lane = Lane(0, patient, {"tickets": NOON})
    lane.take("tickets", [heartbeat("tickets", NOON + 1_000)], None)
    assert lane.clocks["tickets"] == NOON


def test_a_command_is_never_late_and_waits_for_no_one() -> None:
    lane = Lane(0, rules(), {"commands": NOON})
    lane.take("commands", [command(NOON - 5_000)], None)
    assert {placed.at for envelope in lane.close().envelopes for placed in envelope.commands} == {NOON}


def test_a_slow_source_takes_kafkas_timestamp_as_event_time() -> None:
    slow = rules(dataclasses.replace(IngestConfig(), slow_vendors=frozenset({"quarter-hourly"})))
    lane = Lane(0, slow, {})
    lane.take("telemetry", [reading(NOON - 900_000, timestamp=NOON, vendor="quarter-hourly")], None)
    assert {pane for e in lane.close().envelopes for pane in [p.pane for p in e.partials]} == {NOON}


def test_a_late_record_of_a_slow_source_is_refused_whatever_its_own_time_says() -> None:
    slow = rules(dataclasses.replace(IngestConfig(), slow_sources=frozenset({"tickets"})))
    late = ticket(number=2, timestamp=NOON - 60_000, opened_at="0000-01-01T00:00:00Z")
    batch = batch_of([ticket(number=1, timestamp=NOON + 60_000), late], Lane(0, slow, {}))
    assert reasons_of(batch) == [Reason.LATE]


def test_a_lane_stops_before_the_record_that_lies_past_the_horizon() -> None:
    records = [reading(NOON + n * PANE_MS) for n in range(100)]
    lane = Lane(0, rules(), {})
    taken = lane.take("telemetry", records, NOON + 200_000)
    assert taken == 24  # up to 200 s after noon, and 30 s of lateness
    assert lane.take("telemetry", records[taken:], NOON + 10**9) == 100 - taken
    assert lane.close().used == 100


def test_an_envelope_stays_below_half_a_megabyte() -> None:
    lane = Lane(0, rules(), {})
    for n in range(60):
        posts = [post(NOON + n * PANE_MS, n * 300 + k, text="Ü" * 200 + " down") for k in range(300)]
        lane.take("mentions", posts, None)
    envelopes = lane.close().envelopes
    assert len(envelopes) > 4
    assert max(len(encode(envelope)) for envelope in envelopes) <= ENVELOPE_BYTES_MAX
    for partition in range(4):
        told = [bool(envelope.clocks) for envelope in envelopes if envelope.partition == partition]
        assert told == [False] * (len(told) - 1) + [True], "time moves when all is said"


def test_the_worst_partial_fits_an_envelope_alone() -> None:
    top = 2**HASH_BITS - 1
    sample = {f"{top - n:013x}": "emergency_unreachable" for n in range(257)}
    example = [Example(1_000, top - n, Instant(NOON), "\x00" * 240, "s" * 64, "l" * 16) for n in range(3)]
    partial = Partial(count=2**53, ids=sample, people=sample, examples=example)
    series = Series("o" * 64, "DE/NW", "a" * 160, "e" * 64, "mobile_voice", "i" * 64, "tickets", "m" * 64, "count")
    item = SeriesPartial(**series._asdict(), pane=Instant(NOON), partial=partial)
    assert len(encode(item)) < ENVELOPE_BYTES_MAX / 8


def test_settings_name_all_their_mistakes_at_once() -> None:
    with pytest.raises(ConfigError) as error:
        IngestConfig(lanes=0, epoch=0, hash_key=b"short")
    assert str(error.value).count("\n") == 2


def test_large_counts_are_estimates_near_the_truth() -> None:
    lane = Lane(0, rules(), {})
    lane.take("tickets", [ticket(NOON, n) for n in range(5_000)], None)
    (partial,) = [p.partial for e in lane.close().envelopes for p in e.partials if p.scope_area == "DE"]
    assert len(partial.ids) == 257
    assert 0.8 < cardinality(partial.ids) / 5_000 < 1.2


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        pytest.param("internet down in Bonn {}", 8, id="short_texts_are_what_people_write"),
        pytest.param(
            "@friend{} the internet is down in all of Bonn again, so everybody should please write to the regulator",
            1,
            id="a_long_text_that_many_paste_is_one_voice",
        ),
        pytest.param(
            "@friend{} internet down everywhere around Bonn, everybody cancel today", 1, id="a_shorter_one_too"
        ),
    ],
)
def test_copies_of_a_post_count_once(text: str, counted: int) -> None:
    lane = Lane(0, rules(), {})
    lane.take("mentions", [post(NOON, number, text=text.format(number)) for number in range(8)], None)
    partials = [item.partial for e in lane.close().envelopes for item in e.partials if item.measure == "complaints"]
    assert {partial.distinct for partial in partials} == {counted}
    assert {partial.people_count for partial in partials} == {8}


def test_copies_of_what_is_no_complaint_count_once_too_and_in_any_order() -> None:
    text = "@friend{} lovely new tariff from Vodafone, everybody come over and dance"
    posts = [post(NOON, number, text=text.format(number)) for number in range(8)]
    seen = []
    for some in (posts, posts[::-1]):
        lane = Lane(0, rules(), {})
        lane.take("mentions", some, None)
        seen.append([item for e in lane.close().envelopes for item in e.partials if item.measure == "activity"])
    assert {item.partial.distinct for item in seen[0]} == {1}
    assert seen[0] == seen[1]


def test_a_structured_event_and_a_binary_one_count_like_bare_json() -> None:
    bare = ticket(NOON, 1)
    assert bare.value is not None
    event = b'{"specversion":"1.0","id":"1","source":"/care","type":"t","data":' + bare.value + b"}"
    structured = Raw("tickets", NOON, event, headers=(("content-type", b"application/cloudevents+json"),))
    binary = Raw("tickets", NOON, bare.value, headers=(("content-type", b"application/json"), ("ce_id", b"1")))
    assert sums_of(batch_of([structured])) == sums_of(batch_of([binary])) == sums_of(batch_of([bare]))

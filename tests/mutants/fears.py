"""The bugs: what would be written instead, and which test must not let it live."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Fear:
    """A bug we fear.

    Attributes:
        name: Names it.
        why: What would happen to those who rely on us.
        file: Where it would be, from the root of the repository.
        old: What is written there; must be there exactly once.
        new: The bug.
        killer: pytest's name of the test that must fail.
    """

    name: str
    why: str
    file: str
    old: str
    new: str
    killer: str

    def broken(self, source: str) -> str:
        """The file with the bug in it.

        Raises:
            LookupError: If the text is not there exactly once: the mutant is stale, write it anew.
        """
        count = source.count(self.old)
        if count != 1:
            raise LookupError(f"mutant {self.name} is stale: its text is {count} times in {self.file}")
        return source.replace(self.old, self.new)


_LANE: Final = "tests/ingest/test_lane.py::"
_DETECT: Final = "tests/detect/"
_CORRELATE: Final = "tests/correlate/"
_CODECS: Final = "tests/adapters/codecs/"
_LAWS: Final = "tests/properties/"

FEARS: Final = (
    Fear(
        name="late_at_the_very_clock",
        why="records exactly on time are thrown away: the common case with whole seconds",
        file="pipeline/ingest/late/lateness.py",
        old="if at < clock:",
        new="if at <= clock:",
        killer=_LANE + "test_a_late_record_is_refused_and_the_stream_goes_on",
    ),
    Fear(
        name="quick_way_takes_late_records",
        why="a record is late or not by where its batch was cut: a replay differs from the live run",
        file="pipeline/ingest/apply.py",
        old="usable = clock <= min(earliest, horizon)",
        new="usable = clock <= horizon",
        killer=_LANE + "test_a_late_record_is_refused_and_the_stream_goes_on",
    ),
    Fear(
        name="refused_records_move_the_clock",
        why="one mad probe makes everybody else late",
        file="pipeline/ingest/apply.py",
        old="""                self._use(source, outcome, at)
                clock = max(clock, reached)
""",
        new="""                clock = max(clock, reached)
                self._use(source, outcome, at)
""",
        killer=_LANE + "test_what_cannot_be_used_goes_to_quarantine_with_its_reason[area]",
    ),
    Fear(
        name="garbage_is_a_heartbeat",
        why="anybody who writes noise to a raw topic decides what is late",
        file="pipeline/ingest/apply.py",
        old="""    if isinstance(outcome, RecordError):
        raise outcome
    return _time_of_log(timestamp)""",
        new="""    return min(max(timestamp, 0), INSTANT_MAX_MS)""",
        killer=_LAWS + "test_whole_flow_noise.py::test_noise_that_is_refused_moves_nothing",
    ),
    Fear(
        name="fast_clocks_are_believed",
        why="a collector four minutes ahead seals panes that honest ones still fill",
        file="pipeline/ingest/apply.py",
        old="reached = max(min(at, record.timestamp) - lateness, 0)",
        new="reached = max(at, record.timestamp) - lateness",
        killer=_LANE + "test_a_clock_four_minutes_ahead_makes_nothing_late",
    ),
    Fear(
        name="no_lateness",
        why="whoever polls every ten seconds is always late",
        file="pipeline/ingest/apply.py",
        old="reached = max(min(at, record.timestamp) - lateness, 0)",
        new="reached = min(at, record.timestamp)",
        killer=_LANE + "test_a_heartbeat_moves_the_clock_to_its_kafka_timestamp",
    ),
    Fear(
        name="least_of_the_first_batch",
        why="the deepest fall is seen or not by where a batch was cut",
        file="pipeline/records/inner/partials.py",
        old="self.least = min(self.least, other.least)",
        new="self.least = Exact(self.least)",
        killer=_LAWS + "test_ingest_laws.py::test_partials_are_a_commutative_monoid",
    ),
    Fear(
        name="symptom_by_arrival",
        why="a ticket with two symptoms counts for the one that came last: two lanes, two truths",
        file="pipeline/records/inner/samples.py",
        old="""        for member, tag in other.items():
            known = sample.get(member)
            if known is None or tag < known:""",
        new="""        for member, tag in other.items():
            known = sample.get(member)
            if known is None or tag != known:""",
        killer=_LAWS + "test_ingest_laws.py::test_partials_are_a_commutative_monoid",
    ),
    Fear(
        name="nation_forgets_its_regions",
        why="sixty posts scattered over a country never meet",
        file="pipeline/ingest/envelopes.py",
        old='return series._replace(scope_area=nation, area=area, element="")',
        new="return None",
        killer=_LANE + "test_a_town_counts_in_its_region_and_its_region_in_the_nation",
    ),
    Fear(
        name="nation_counts_its_own_twice",
        why="a core element's figures weigh double",
        file="pipeline/ingest/envelopes.py",
        old="if nation == series.scope_area:\n        return None",
        new="if nation == series.scope_area:\n        return series",
        killer=_LANE + "test_an_element_lies_where_the_reference_says_and_a_core_element_in_the_nation",
    ),
    Fear(
        name="clocks_before_the_last_part",
        why="the first half of a large envelope seals the panes of its second half",
        file="pipeline/ingest/envelopes.py",
        old="[part(partials=piece) for piece in before]",
        new="[part(partials=piece, clocks=dict(clocks)) for piece in before]",
        killer=_LANE + "test_an_envelope_stays_below_half_a_megabyte",
    ),
    Fear(
        name="lags_die_with_their_lane",
        why="after each rebalance a feed with a slow clock is refused for minutes, and replay differs from live",
        file="pipeline/ingest/apply.py",
        old='Lags(habits.get(source, ""), longest_ms)',
        new='Lags("", longest_ms)',
        killer="tests/properties/test_lags_laws.py::test_no_cut_and_no_crash_moves_a_late_feeds_records",
    ),
    Fear(
        name="a_percent_is_a_ratio",
        why="60 percent of loss are judged as a share of 60",
        file="pipeline/ingest/telemetry.py",
        old="if not group.least <= reading.value <= group.most:",
        new="if reading.value > 1e12:",
        killer="tests/ingest/test_units.py::test_a_value_that_cannot_exist_is_refused_with_metric_unit_value_and_range",
    ),
    Fear(
        name="fastest_lane_decides",
        why="a lane that catches up is cut off",
        file="pipeline/detect/panes.py",
        old="return min(time.clocks.values())",
        new="return max(time.clocks.values())",
        killer=_DETECT + "test_apply.py::test_time_moves_only_when_every_source_of_every_lane_was_heard",
    ),
    Fear(
        name="sealed_panes_open_again",
        why="a pane is judged twice, with two truths",
        file="pipeline/detect/panes.py",
        old="if end_of(at) <= sealed_to:",
        new="if end_of(at) < sealed_to:",
        killer=_DETECT + "test_apply.py::test_a_partial_of_a_sealed_pane_is_refused_and_the_rest_goes_on",
    ),
    Fear(
        name="order_of_arrival",
        why="the operator's words come in another order in every run",
        file="pipeline/detect/telling/sealing.py",
        old="""officials=sorted(
                self.officials,
                key=lambda official: (
                    official.at,
                    official.operator,
                    official.platform,
                    official.post_id,
                    official.text,
                ),
            ),""",
        new="officials=self.officials,",
        killer=_DETECT + "test_apply.py::test_what_rides_whole_lies_in_its_pane_in_the_order_of_time",
    ),
    Fear(
        name="partition_alone_moves_time",
        why="an incident is made from a half of what is known, in an order of chance",
        file="pipeline/correlate/apply.py",
        old="if len(market.sealed_to) < market.partitions:",
        new="if not market.sealed_to:",
        killer=_CORRELATE + "test_robustness.py::test_time_waits_for_the_slowest_partition",
    ),
    Fear(
        name="orders_after_the_pane",
        why="somebody says that works begin, and the same ten seconds alarm the night shift",
        file="pipeline/correlate/pane.py",
        old="""    obey_all(content.commands, pane)
    hear_officials(content.officials, pane)
    hear_claims(content.claims, pane)
    feeds_changed = note_silences(content.silences, pane)
    ride_along(content.activity, pane)
    hear_weighings(content.weighings, pane)
    share_out(content.anomalies, pane)
""",
        new="""    hear_officials(content.officials, pane)
    hear_claims(content.claims, pane)
    feeds_changed = note_silences(content.silences, pane)
    ride_along(content.activity, pane)
    hear_weighings(content.weighings, pane)
    share_out(content.anomalies, pane)
    obey_all(content.commands, pane)
""",
        killer=_CORRELATE + "hear/test_orders.py::test_what_a_person_dismisses_takes_no_evidence_of_the_same_pane",
    ),
    Fear(
        name="revision_stays",
        why="readers drop every change after the first",
        file="pipeline/correlate/tell/picture.py",
        old="revision=incident.publication.revision + 1,",
        new="revision=max(1, incident.publication.revision),",
        killer=_CORRELATE + "hear/test_orders.py::test_acknowledging_says_who_and_when_and_the_first_stays",
    ),
    Fear(
        name="emergency_waits_for_two_tickets",
        why="Optus, September 2025: the first caller was not heard",
        file="pipeline/correlate/hear/claims.py",
        old='if any(claim.source == "tickets" for claim in sure):',
        new='if sum(claim.source == "tickets" for claim in sure) > 1:',
        killer=_CORRELATE + "test_stories.py::test_one_ticket_that_112_is_dead_needs_no_anomaly",
    ),
    Fear(
        name="silence_is_an_all_clear",
        why="the probe that died with the network reports that all is well",
        file="pipeline/correlate/life/course.py",
        old="return max(due, _sees_again_at(incident, config), _said_to_go_on_until(incident, config))",
        new="return due",
        killer=_CORRELATE + "test_stories.py::test_silence_is_no_recovery",
    ),
    Fear(
        name="quarantine_forgets_headers",
        why="a record cannot be played back once its cause is mended",
        file="pipeline/adapters/codecs/outputs.py",
        old="(*record.headers, *error_headers(record))",
        new="error_headers(record)",
        killer=_CODECS + "test_outputs.py::test_a_quarantined_record_keeps_key_value_and_headers",
    ),
    Fear(
        name="time_passes_after_the_record",
        why="a late record counts in a replay and is refused live: silence between records no longer makes late",
        file="pipeline/adapters/stages/memory.py",
        old="""        if self._told[record.partition][rank] < self._passed_to:
            self._tell(record.partition, rank)
        records =""",
        new="""        records =""",
        killer=_LAWS + "test_time_passes.py::test_a_recording_gives_the_same_with_heartbeats_in_it_and_without",
    ),
    Fear(
        name="lulls_take_one_offset",
        why="a quarantined record names another place in a replay than in the topics it was played into",
        file="pipeline/adapters/recordings/heartbeats.py",
        old="offsets[place] += len(usable)",
        new="offsets[place] += 1",
        killer="tests/adapters/recordings/test_merge_and_heartbeats.py::test_lulls_are_the_heartbeats_that_nobody_made",
    ),
    Fear(
        name="quiet_past_a_deadline",
        why="a dead feed beside a calm one is called silent hours late",
        file="pipeline/detect/quiet.py",
        old="(name, feed, config) for name, feed in scope.feeds.items()]",
        new="(name, feed, config) for name, feed in scope.feeds.items() if name in scope.exposures]",
        killer=_DETECT + "test_quiet.py::test_quiet_steps_leave_the_state_that_judging_them_leaves",
    ),
    Fear(
        name="hot_past_a_silence",
        why="a feed that died while a village was hot is called silent minutes late",
        file="pipeline/detect/quiet.py",
        old="        if any(is_overdue(source.name, source.feed, end, config) for source in speaking):",
        new="        if any(is_overdue(source.name, source.feed, began, config) for source in speaking):",
        killer=_DETECT + "test_quiet.py::test_quiet_steps_leave_the_state_that_judging_them_leaves",
    ),
    Fear(
        name="a_broken_sum_is_still_expected",
        why="live and replay differ in when a feed is called silent, after a detector raised at a zero",
        file="pipeline/detect/judge.py",
        old="        if self._found.decisions:  # a series",
        new="        if not speaking:  # a series",
        killer=_DETECT + "test_quiet.py::test_a_detector_that_raises_at_a_zero_costs_its_series_the_same_either_way",
    ),
    Fear(
        name="ones_added_with_one_rounding",
        why="baselines differ in the last bit by where a batch was cut, and a year later an alarm does",
        file="pipeline/detect/detectors/seasons.py",
        old="some = min(times, max(1, math.ceil(power - value)))",
        new="some = min(times, max(1, math.ceil(4 * power - value)))",
        killer=_DETECT + "test_quiet.py::test_ones_added_at_once_are_ones_added_one_after_the_other",
    ),
    Fear(
        name="a_crowd_names_rightly",
        why="of a crowd that complains of its line some say 'telephone', and telephones are believed down",
        file="pipeline/detect/account/spoken.py",
        old="voices.usual + STRAY * others",
        new="voices.usual",
        killer=_DETECT + "account/test_naming.py::test_of_a_crowd_that_complains_of_another_service_some_name_it_too",
    ),
    Fear(
        name="the_silence_of_people_is_an_all_clear",
        why="who tired of complaining is told that text messages work again, hours before they do",
        file="pipeline/correlate/life/recovery.py",
        old="return not are_measured(incident.dossier.areas) and words.over_at <= words.goes_on_at",
        new="return False",
        killer=_CORRELATE
        + "life/test_course.py::test_that_people_tire_of_complaining_is_no_all_clear"
        + "_unless_the_operator_says_that_it_is_over",
    ),
)

_MAP: Final = "pipeline/flow.py"

MAP_FEARS: Final = (
    Fear(
        name="an_output_is_deleted",
        why="notices are drafted and reach nobody",
        file=_MAP,
        old="*(INCIDENTS, NOTICES, FAILOVERS, FOLLOWUPS, DECISIONS, QUARANTINE),\n)",
        new="*(INCIDENTS, FAILOVERS, FOLLOWUPS, DECISIONS, QUARANTINE),\n)",
        killer="",
    ),
    Fear(
        name="a_raw_topic_is_deleted",
        why="posts are read by nobody, and the stream looks quiet",
        file=_MAP,
        old="reads=(TELEMETRY, TICKETS, MENTIONS, COMMANDS)",
        new="reads=(TELEMETRY, TICKETS, COMMANDS)",
        killer="",
    ),
    Fear(
        name="two_records_are_swapped",
        why="incidents lie on the topic of notices, and notices on that of incidents",
        file=_MAP,
        old="""    record=Incident,
""",
        new="""    record=Notice,
""",
        killer="",
    ),
    Fear(
        name="two_stages_read_the_wrong_topics",
        why="DETECT reads what it wrote itself",
        file=_MAP,
        old="    reads=(SIGNALS,),",
        new="    reads=(ANOMALIES,),",
        killer="",
    ),
    Fear(
        name="a_stage_is_deleted",
        why="anomalies are found and no incident is made of them",
        file=_MAP,
        old="KEYED: Final[tuple[AnyKeyed, ...]] = (DETECT, CORRELATE)",
        new="KEYED: Final[tuple[AnyKeyed, ...]] = (DETECT,)",
        killer="",
    ),
)
"""Broken rows of the map; no test alone is their killer: a dozen must fail (`test_map.py`)."""

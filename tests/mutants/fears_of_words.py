"""The bugs in what RESPOND says and asks for: a rule that is dropped, a word that is not heard, a thing told twice."""

from typing import Final

from tests.mutants.fears import Fear

_ROWS: Final = "tests/stories/test_worded.py::test_the_rules_make_the_row_done"
_PEOPLE: Final = "tests/stories/test_people_rows.py::test_the_rules_make_the_row_done"

FEARS_OF_WORDS: Final = (
    Fear(
        name="a_promise_is_broken_when_it_is_less_grave",
        why="people were told the next word comes in twenty minutes, and wait for an hour and a half",
        file="pipeline/respond/notices/situation.py",
        old="        return min(due, self.told.promised.get(audience, due))",
        new="        return due",
        killer="tests/respond/notices/test_clock.py::"
        "test_what_was_promised_is_kept_though_it_is_less_grave_and_comes_sooner_if_it_is_graver",
    ),
    Fear(
        name="one_clock_for_all_markets",
        why="two countries have an outage, and both hear as often as the rules of nobody ask",
        file="pipeline/reference/communication.py",
        old="    named = next((profile for profile in known if market in profile.markets), None)",
        new="    named = None",
        killer="tests/respond/notices/test_clock.py::test_two_markets_at_once_have_a_clock_each",
    ),
    Fear(
        name="emergency_is_no_occasion",
        why="112 fails a quarter of an hour after the first word, and no text ever says so",
        file="pipeline/respond/notices/occasions.py",
        old="    return now.was_told and bool(set(now.failing_numbers) - set(now.told.numbers))",
        new="    return False",
        killer="tests/stories/test_worded.py::test_the_rules_make_the_row_done[emergency_words]",
    ),
    Fear(
        name="a_reply_starts_the_clock",
        why="one customer was answered, and the operator's silence of hours gets a good grade",
        file="pipeline/correlate/hear/officials.py",
        old="    if not post.is_for_all:\n",
        new="    if not post.operator:\n",
        killer="tests/correlate/hear/test_officials.py::"
        "test_what_is_told_to_one_customer_is_no_word_to_everybody[all_clear]",
    ),
    Fear(
        name="a_score_that_stops_at_night_holds_the_all_clear",
        why="the picture is back at eight, and customers hear of it in the morning",
        file="pipeline/correlate/hear/feeds.py",
        old=" and not _proves_nothing(feed, pane)",
        new="",
        killer="tests/correlate/hear/test_feeds.py::"
        "test_which_silence_blinds_an_incident[callers_that_are_asked_by_day_only]",
    ),
    Fear(
        name="nobody_follows_the_mood",
        why="a week after the outage nobody knows whether people are still angry, and a field is null for ever",
        file="pipeline/detect/telling/following.py",
        old="return fields.item in TALK_FOLLOWED if fields.measure == TALK else _is_top(fields)",
        new="return _is_top(fields)",
        killer="tests/detect/telling/test_following.py::"
        "test_mood_and_talk_of_leaving_are_followed_under_the_names_that_respond_asks_for",
    ),
    Fear(
        name="a_guest_hides_its_host",
        why="a small brand joins, and of 27 million customers nothing is known any more",
        file="pipeline/correlate/belief/customers.py",
        old="return 0 if host != operator and host in dossier.operators else None",
        new="return None",
        killer="tests/correlate/belief/test_customers.py::"
        "test_a_guest_of_which_nobody_stated_any_leaves_its_hosts_customers_as_they_were",
    ),
    Fear(
        name="no_survey_is_asked",
        why="what the outages ask for after the end is left out, and a row of the stories is missing",
        file="pipeline/respond/followups/writing.py",
        old="""    review_communication,
    ask_customers,
)""",
        new="""    review_communication,
)""",
        killer="tests/stories/test_followed.py::test_what_respond_writes_after_the_end_answers_the_stories",
    ),
    Fear(
        name="a_relapse_leaves_the_survey_open",
        why="customers are asked about an outage that goes on",
        file="pipeline/respond/followups/writing.py",
        old='yield _moved(memory, key, followup, ("superseded", at, None))',
        new="memory.written[key] = followup",
        killer="tests/respond/followups/test_writing.py::"
        "test_what_comes_back_supersedes_and_is_asked_anew_with_the_same_ids",
    ),
    Fear(
        name="a_report_is_drafted_at_each_change",
        why="authorities get a report with every revision, since a clock that runs starts again",
        file="pipeline/respond/followups/reports/reporting.py",
        old="        if clock is None:",
        new="        if clock is None or at:",
        killer="tests/respond/followups/test_reporting.py::"
        "test_a_threshold_that_is_crossed_is_a_decision_and_a_draft_once",
    ),
    Fear(
        name="the_day_that_was_touched_is_owed_for_sure",
        why="the least that is owed is too much, and an interval claims to know what nobody does",
        file="pipeline/respond/followups/days.py",
        old="return (least if shortest >= bar else 0,",
        new="return (most if shortest >= bar else 0,",
        killer="tests/respond/followups/test_compensation.py::test_which_days_are_paid",
    ),
    Fear(
        name="no_word_by_the_hour",
        why="people were promised the next word at a time, and nothing comes because nothing changed",
        file="pipeline/respond/notices/occasions.py",
        old="    return now.was_told and now.is_on and any(",
        new="    return False and any(",
        killer=_ROWS + "[promises]",
    ),
    Fear(
        name="nobody_says_that_it_is_over",
        why="people restart nothing and ask for hours after the end",
        file="pipeline/respond/notices/occasions.py",
        old="        now.was_told and over and not merged and",
        new="        False and",
        killer=_ROWS + "[all_clear]",
    ),
    Fear(
        name="nobody_drafts_a_warning",
        why="the public warning comes hours after the first claim that nobody can call for help",
        file="pipeline/respond/notices/occasions.py",
        old="""        says=("emergency", "headline", "new_services", "new_places", "graver", "still", *_STATE),
        rings=True,
        is_due=True,
        warns=True,""",
        new="""        says=("emergency", "headline", "new_services", "new_places", "graver", "still", *_STATE),
        rings=True,
        is_due=True,""",
        killer=_ROWS + "[warning]",
    ),
    Fear(
        name="a_claim_that_spreads_is_left_alone",
        why="a rumour of an attack is what people believe, and no correction waits for a person",
        file="pipeline/respond/people/duty.py",
        old="    return DutyAnswer(tuple(_corrections(case, heard.at, around)))",
        new="    return DutyAnswer()",
        killer=_PEOPLE + "[rumours]",
    ),
    Fear(
        name="a_denial_is_not_heard",
        why="another operator is blamed in our record after it was cleared in public",
        file="pipeline/respond/people/official_words.py",
        old="memory.denied_at.setdefault(BLAME, at)",
        new="pass",
        killer=_PEOPLE + "[denied_blame]",
    ),
    Fear(
        name="blame_is_not_told",
        why="nobody sees whom people blame",
        file="pipeline/respond/people/telling.py",
        old="    total = memory.posts.get(BLAME, 0)",
        new="    total = 0",
        killer=_PEOPLE + "[blame]",
    ),
    Fear(
        name="a_promise_is_forgotten",
        why="who promised two hours of four is honest by our review",
        file="pipeline/respond/people/official_words.py",
        old="            case.people.promised_end_at = int(post.promised_end_at)",
        new="            pass",
        killer="tests/respond/people/test_promises.py::test_a_promised_end_is_on_the_record_and_held_against_the_real_one",
    ),
    Fear(
        name="an_end_that_moves_waits_for_its_turn",
        why="people travel home by an end that is an hour off, because a text went out four minutes ago",
        file="pipeline/respond/notices/occasions.py",
        old=""""new_places", "graver", "back", "next_word", "sorry"),
        rings=True,""",
        new=""""new_places", "graver", "back", "next_word", "sorry"),
        rings=True,
        waits=True,""",
        killer="tests/respond/notices/test_updates.py::"
        "test_an_end_that_moves_is_told_in_the_pane_of_its_move_however_short_ago_the_last_word_was[1]",
    ),
    Fear(
        name="a_text_forgets_that_it_is_a_drill",
        why="who reads the record of a drill takes it for the real thing, and the row of the stories is missing",
        file="pipeline/respond/notices/drafting.py",
        old="        exercise=incident.exercise,",
        new="        exercise=False,",
        killer="tests/stories/test_worded.py::test_the_rules_mark_each_text_of_a_drill",
    ),
    Fear(
        name="a_drill_goes_out_by_rule",
        why="the status page of a working network says that nobody can call for help",
        file="pipeline/respond/notices/drafting.py",
        old=" and not notice.exercise:",
        new=":",
        killer="tests/properties/test_drills.py::test_nothing_of_a_drill_is_ever_sent_approved_or_switched",
    ),
    Fear(
        name="evidence_goes_into_a_drill",
        why="the real outage of the same hour is taken for a part of the drill, and nobody is told",
        file="pipeline/correlate/hear/opening.py",
        old="pane.market.real_incidents",
        new="pane.market.incidents",
        killer="tests/correlate/hear/test_drills.py::"
        "test_no_evidence_goes_into_a_drill_and_a_real_outage_beside_it_is_found_as_ever",
    ),
    Fear(
        name="who_ends_a_drill_dismisses_the_outage",
        why="the evidence of a real outage opens nothing for hours, since a drill there was ended",
        file="pipeline/correlate/hear/orders.py",
        old="    if incident.identity.exercise:\n        return",
        new="    if not incident:\n        return",
        killer="tests/correlate/hear/test_drills.py::test_who_dismisses_a_drill_has_dismissed_no_outage",
    ),
)

"""Rules that are dropped: each turns a row of the five stories, which it makes done, to missing."""

from typing import Final

from tests.mutants.fears import Fear

_WORDED: Final = "tests/stories/test_worded.py::test_the_rules_make_the_row_done"
_PEOPLE: Final = "tests/stories/test_people_rows.py::test_the_rules_make_the_row_done"
_FOLLOWED: Final = "tests/stories/test_followed.py::test_what_respond_writes_after_the_end_answers_the_stories"
_REPLIED: Final = "tests/stories/test_replied.py::test_what_respond_does_for_those_who_complain_answers_the_stories"
_WRITING: Final = "pipeline/respond/followups/writing.py"
_WRITERS: Final = """    analyse_cause,
    compensate,
    mend,
"""

FEARS_OF_STORIES: Final = (
    Fear(
        name="nobody_acknowledges",
        why="the first word comes hours after the first complaint",
        file="pipeline/respond/notices/occasions.py",
        old="    return now.is_down and not now.was_told\n\n\ndef _all_clear",
        new="    return False\n\n\ndef _all_clear",
        killer=_WORDED + "[draft]",
    ),
    Fear(
        name="nobody_is_sorry",
        why="customers who lost a day hear that all is well, and nothing else",
        file="pipeline/respond/notices/occasions.py",
        old="    return cleared and not now.told.apologised and",
        new="    return False and",
        killer=_WORDED + "[apologies]",
    ),
    Fear(
        name="no_cause_is_sought",
        why="nobody writes down what happened and what is not known",
        file=_WRITING,
        old=_WRITERS,
        new="    compensate,\n    mend,\n",
        killer=_FOLLOWED,
    ),
    Fear(
        name="nobody_reckons_what_is_owed",
        why="the law's money is first spoken of by those who are owed it",
        file=_WRITING,
        old=_WRITERS,
        new="    analyse_cause,\n    mend,\n",
        killer=_FOLLOWED,
    ),
    Fear(
        name="nothing_is_to_be_mended",
        why="what went wrong goes wrong again, and customers hear of no remedy",
        file=_WRITING,
        old=_WRITERS,
        new="    analyse_cause,\n    compensate,\n",
        killer=_FOLLOWED,
    ),
    Fear(
        name="nobody_looks_a_week_later",
        why="who left because of it is found in next quarter's figures",
        file="pipeline/respond/followups/aftermath.py",
        old='MOMENTS: Final = (("one_day", DAY_MS), ("one_week", 7 * DAY_MS))',
        new='MOMENTS: Final = (("one_day", DAY_MS),)',
        killer=_FOLLOWED,
    ),
    Fear(
        name="nobody_drafts_replies",
        why="thousands complain, and one text on a page is all that comes",
        file="pipeline/respond/replies/duty.py",
        old="    outputs = (*answers, *handed, *draft_all(case, at, around.rules))",
        new="    outputs = (*answers, *handed)",
        killer=_REPLIED,
    ),
    Fear(
        name="nobody_is_handed_over",
        why="a customer whose own socket is broken waits for the end of an outage",
        file="pipeline/respond/replies/duty.py",
        old="        elif is_new(memory, complaint):",
        new="        elif not complaint:",
        killer=_REPLIED,
    ),
    Fear(
        name="what_is_said_is_not_added_up",
        why="nobody sees that people have turned from the fault to the prices",
        file="pipeline/respond/people/duty.py",
        old="    _add_up(case.people, heard.sums)\n",
        new="",
        killer=_PEOPLE + "[topics]",
    ),
    Fear(
        name="no_mood_around_a_word",
        why="a word that made it worse looks like one that helped",
        file="pipeline/respond/people/duty.py",
        old="    add_steps(case.people, heard.sums)\n",
        new="",
        killer=_PEOPLE + "[sentiment]",
    ),
    Fear(
        name="only_the_latest_messages_are_told",
        why="the sixth word of the operator takes the first with it, and nobody knows how people took that one",
        file="pipeline/respond/people/around.py",
        old="AROUND_MAX: Final = 48",
        new="AROUND_MAX: Final = 5",
        killer="tests/respond/people/test_reacting.py::"
        "test_each_message_has_its_record_at_the_end_of_its_half_hour_also_where_the_incident_has_no_room",
    ),
    Fear(
        name="reactions_are_not_counted",
        why="forty thousand react to a message, and the record knows of the loudest minute",
        file="pipeline/respond/people/official_words.py",
        old="    counted = [add_counts(case.people, post) for post in given if post.counts]",
        new="    counted = [bool(post.counts) for post in given]",
        killer=_PEOPLE + "[reactions]",
    ),
    Fear(
        name="a_count_of_reactions_is_a_word",
        why="each time that somebody counts likes the operator seems to have spoken",
        file="pipeline/records/inner/signals.py",
        old=' and self.kind != "outage_reply" and not self.counts',
        new=' and self.kind != "outage_reply"',
        killer="tests/respond/people/test_reactions.py::test_a_count_of_reactions_is_no_word_of_the_operator",
    ),
    Fear(
        name="wrong_blame_is_left_alone",
        why="a guest is blamed for its host's fault by thousands, and nobody says what is known",
        file="pipeline/respond/people/blaming.py",
        old="            yield operator",
        new="            yield from ()",
        killer=_PEOPLE + "[wrong_blame]",
    ),
    Fear(
        name="who_has_the_fault_is_cleared",
        why="a text goes out that says the operator that broke it is not to blame",
        file="pipeline/respond/people/blaming.py",
        old="operator not in own and ",
        new="",
        killer="tests/respond/people/test_people.py::test_an_operator_that_is_blamed_without_fault_gets_one_correction",
    ),
    Fear(
        name="an_all_clear_is_believed_against_the_figures",
        why="the operator is wrong, and customers without service are told that it is over",
        file="pipeline/correlate/evidence/account.py",
        old="    return lately or said.odds_milli >= TALK_SUFFICES_MILLI",
        new="    return said.odds_milli >= LOG_ODDS_MAX * 1_000",
        killer="tests/correlate/life/test_cleared.py::"
        "test_what_keeps_an_outage_alive_before_and_after_the_operators_all_clear[figures_that_fell_lately]",
    ),
    Fear(
        name="who_accepts_more_false_incidents_is_told_later",
        why="an operator asks to hear of failing emergency calls as soon as may be, and hears of them last",
        file="pipeline/correlate/belief/accepted.py",
        old="odds = bar / (1.0 - bar) / self.part",
        new="odds = bar / (1.0 - bar) * self.part",
        killer="tests/correlate/belief/test_accepted.py::test_both_bars_move_and_people_alone_need_more_still",
    ),
    Fear(
        name="what_is_told_never_went_through_the_table",
        why="an operator has fitted how often his incidents come true, and is told what was said before",
        file="pipeline/correlate/evidence/account.py",
        old="told_milli=table.told_milli(odds_milli),",
        new="told_milli=odds_milli,",
        killer="tests/correlate/evidence/test_account.py::"
        "test_the_number_goes_through_the_table_once_and_what_is_hot_is_asked_of_the_account",
    ),
    Fear(
        name="hindsight_chooses_what_a_table_is_made_from",
        why="what was said of an outage after it was a fact makes every doubt before it look too small",
        file="pipeline/evaluate/calibrating/moments.py",
        old="        if row.confirmed_at is not None:\n            break\n",
        new="",
        killer="tests/evaluate/test_calibrating.py::test_forecasts_are_the_moments_at_which_it_was_surer_than_ever",
    ),
    Fear(
        name="a_collector_that_lies_of_all_its_towns_makes_a_fact",
        why="one machine of the operator's is broken, and four towns are told to be without service",
        file="pipeline/correlate/evidence/account.py",
        old="    several = any(len(of_service) > 1 for of_service in areas.values())",
        new="    several = sum(len(of_service) - 1 for of_service in areas.values())",
        killer="tests/correlate/evidence/test_account.py::"
        "test_what_falls_at_once_is_no_lie_and_one_collector_is_one_witness[one_collector_may_lie_of_all_its_towns]",
    ),
    Fear(
        name="what_two_instruments_show_at_night_is_held_for_a_lie",
        why="a town is dark before dawn, and as nobody is awake to say so, it is told at breakfast",
        file="pipeline/correlate/evidence/account.py",
        old="APART * len(at_once)",
        new="AGREES * len(at_once)",
        killer="tests/correlate/evidence/test_account.py::"
        "test_what_falls_at_once_is_no_lie_and_one_collector_is_one_witness[two_instruments_do_not_lie_at_once]",
    ),
    Fear(
        name="one_outage_is_told_once_for_each_part_of_the_country",
        why="England, Scotland and Wales go dark in the same minute, and three teams look for three causes",
        file="pipeline/correlate/border/borders.py",
        old="        if any(self._fell_together(service, older, younger) for service in common):",
        new="        if False:",
        killer="tests/correlate/border/test_borders.py::"
        "test_far_apart_turn_out_one_by_when_a_service_fell[opened_at_once]",
    ),
    Fear(
        name="a_cause_that_is_left_open_is_told",
        why="the operator looks into a power cut, and we tell everybody that it was one",
        file="pipeline/respond/people/causing.py",
        old="    open_words = (*terms.left_open, *terms.no,",
        new="    open_words = (*terms.no,",
        killer="tests/respond/people/test_causes.py::test_a_cause_that_is_left_open_is_none[may]",
    ),
    Fear(
        name="the_cause_is_not_told",
        why="the operator says what it was, and the all-clear that it is being looked into",
        file="pipeline/respond/apply.py",
        old="with_stated_cause(change.after, case.people)",
        new="change.after",
        killer="tests/respond/people/test_causes.py::"
        "test_the_cause_that_the_operator_stated_is_on_the_record_and_in_the_all_clear",
    ),
    Fear(
        name="one_citys_all_clear_ends_all",
        why="Bonn is back, and Cologne hears that it is",
        file="pipeline/correlate/hear/officials.py",
        old="post.operator == main and of_all and everywhere:",
        new="post.operator == main and of_all:",
        killer="tests/correlate/life/test_cleared.py::test_an_all_clear_of_a_part_says_nothing_of_the_whole[of_one_city]",
    ),
    Fear(
        name="talk_holds_the_all_clear",
        why="it is over for an hour, and ten people who talk on keep customers from hearing it",
        file="pipeline/correlate/pane.py",
        old="        cleared = bool(incident.officials.cleared_at)",
        new="        cleared = False",
        killer="tests/correlate/life/test_cleared.py::"
        "test_the_all_clear_follows_the_operators_own_and_not_the_last_complaint",
    ),
)

"""The bugs in how people are heard: what is usual of them, whose hands write, who is a voice."""

from typing import Final

from tests.mutants.fears import Fear

_DETECT: Final = "tests/detect/"

FEARS_OF_PEOPLE: Final = (
    Fear(
        name="a_crowd_of_new_hands_is_a_campaign",
        why="a hundred people say that their television asks for a password, and are taken for thirty bots",
        file="pipeline/detect/account/likelihood.py",
        old="new = max(0.0, posts.voices.number - posts.voices.usual) if cares else 0.0",
        new="new = 0.0",
        killer=_DETECT
        + "account/test_keeping.py::test_new_hands_are_no_campaign_where_the_desks_of_the_operator_are_heard",
    ),
    Fear(
        name="a_crowd_is_right_though_no_desk_is_heard",
        why="a cloud fails, and operators of whom we hear only posts are said to be down",
        file="pipeline/detect/account/likelihood.py",
        old="new = max(0.0, posts.voices.number - posts.voices.usual) if cares else 0.0",
        new="new = max(0.0, posts.voices.number - posts.voices.usual)",
        killer=_DETECT
        + "account/test_keeping.py::test_new_hands_are_no_campaign_where_the_desks_of_the_operator_are_heard",
    ),
    Fear(
        name="three_times_a_weekday_is_usual_on_a_first_sunday",
        why="an outage on the first weekend, of which only people tell, is not heard",
        file="pipeline/detect/detectors/counts.py",
        old="unfamiliar=unfamiliar and not strange)",
        new="unfamiliar=unfamiliar)",
        killer=_DETECT + "test_counts.py::test_on_a_first_weekend_the_last_hours_tell_what_is_usual",
    ),
    Fear(
        name="an_outage_of_a_first_weekend_becomes_usual",
        why="its second hour is as usual, and people are told that all is well",
        file="pipeline/detect/detectors/counts.py",
        old="share = 0.0 if self.frozen else SLOW if surges else 1.0",
        new="share = 1.0",
        killer=_DETECT + "test_counts.py::test_an_outage_of_a_first_weekend_does_not_become_what_is_usual",
    ),
    Fear(
        name="a_burst_is_an_alarm",
        why="a series that bursts by itself stands out ten times a month, where one false alarm is promised",
        file="pipeline/detect/detectors/counts.py",
        old="evidence = in_proportion(evidence + state.beyond, state, self._lived(), rules.step_ms)",
        new="evidence += state.beyond",
        killer=_DETECT + "test_bursts.py::test_a_series_that_bursts_keeps_the_promise",
    ),
    Fear(
        name="an_outage_is_a_burst",
        why="each outage makes the next one harder to find, as if the series did it by itself",
        file="pipeline/detect/detectors/bursts.py",
        old="        if known:\n            state.peak = KNOWN\n        elif",
        new="        if",
        killer=_DETECT + "test_bursts.py::test_what_an_incident_explains_is_no_burst",
    ),
    Fear(
        name="calls_that_nobody_answers_are_an_outage",
        why="an operator whose figure counts answered calls is said to be down in the first minutes of its first day",
        file="pipeline/detect/watching.py",
        old="        return heard.is_unlike",
        new="        return False",
        killer=_DETECT + "test_watching.py::test_a_ratio_that_nobody_knows_and_that_was_never_well_says_nothing",
    ),
    Fear(
        name="messages_fail_town_by_town",
        why="one centre for messages fails, and each town of which somebody writes is an incident of its own",
        file="pipeline/correlate/border/borders.py",
        old="(same and older.is_central and younger.is_central) or ",
        new="",
        killer="tests/correlate/border/test_borders.py::test_messages_fail_nowhere_alone",
    ),
    Fear(
        name="a_regional_operator_is_spread_over_its_nation",
        why="a town that is dark is a minor matter, as its operator's customers are told thirty times too few",
        file="pipeline/correlate/belief/spread.py",
        old="    if is_regional(operator, nation, reference):\n        densest",
        new="    if False:\n        densest",
        killer="tests/correlate/belief/test_spread.py::"
        "test_of_one_that_may_be_in_one_region_alone_a_town_has_up_to_as_many_as_anybody_has_anywhere",
    ),
    Fear(
        name="measured_places_are_told_once",
        why="CORRELATE begins later than DETECT, and never learns where an operator is",
        file="pipeline/detect/telling/measuring.py",
        old="(end // DAY_MS, sum(",
        new="(0, sum(",
        killer=_DETECT + "telling/test_measuring.py::"
        "test_a_place_is_told_with_its_first_figure_and_what_holds_it_and_again_each_day",
    ),
    Fear(
        name="a_share_stays_as_it_was_when_nobody_was_awake",
        why="by night an outage grows tenfold, and customers are told as many as in its first minutes",
        file="pipeline/correlate/evidence/account.py",
        old="(is_hot(best) or (first",
        new="(best.odds_milli >= HOT_MILLI or (first",
        killer="tests/correlate/evidence/test_account.py::"
        "test_a_share_is_told_as_it_falls_and_rises_though_its_figure_alone_may_lie",
    ),
    Fear(
        name="a_slow_decline_is_expected_as_it_goes",
        why="masts that die with their batteries are found after three quarters of an hour",
        file="pipeline/detect/detectors/levels.py",
        old="quick = share if young else share * wary",
        new="quick = share",
        killer=_DETECT + "test_levels.py::test_a_slow_decline_below_what_is_healthy_is_not_expected_as_it_goes",
    ),
)

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
)

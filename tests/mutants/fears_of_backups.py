"""The bugs in the rules of backups: a guard rail that is dropped, one person instead of two, a use without an end."""

from typing import Final

from tests.mutants.fears import Fear

_BACKUPS: Final = "tests/respond/failovers/"
_ROWS: Final = "tests/stories/test_backup_rows.py::test_the_rules_make_the_row_done"

FEARS_OF_BACKUPS: Final = (
    Fear(
        name="over_to_a_dead_backup",
        why="calls are forwarded to lines that are down as well",
        file="pipeline/respond/failovers/rules.py",
        old='    GuardRail("health", DecisionReason.GUARD_RAIL, _healthy),\n',
        new="",
        killer=_BACKUPS + "test_guard_rails.py::test_never_over_to_what_is_down_itself",
    ),
    Fear(
        name="one_person_switches_emergency_lines",
        why="a single mistake takes the lines that emergency calls go over",
        file="pipeline/respond/failovers_config.py",
        old="return 2 if self.emergency_line else 1",
        new="return 1",
        killer=_BACKUPS + "test_orders.py::test_emergency_lines_take_two_different_people",
    ),
    Fear(
        name="a_backup_without_an_end",
        why="a backup that nobody remembers is a second outage",
        file="pipeline/respond/failovers/duty.py",
        old='        (situation.at >= failover.expires_at, ended, ""),\n',
        new="",
        killer=_BACKUPS + "test_guard_rails.py::test_a_backup_never_stays_longer_than_its_longest_time",
    ),
    Fear(
        name="nobody_asks_for_backups",
        why="the story's rows on backups say missing, and callers wait",
        file="pipeline/respond/apply.py",
        old="NOTICES, FAILOVERS, REPORTING",
        new="NOTICES, REPORTING",
        killer="tests/stories/test_backups.py::test_the_outage_of_the_story_asks_for_its_backups",
    ),
    Fear(
        name="what_works_meanwhile_is_told_to_nobody",
        why="the replay is switched on, and whoever missed the match hears nothing of it",
        file="pipeline/respond/telling.py",
        old="alternatives=alternatives_of(case) or incident.alternatives,",
        new="alternatives=incident.alternatives,",
        killer=_ROWS + "[alternatives]",
    ),
    Fear(
        name="nobody_looks_whether_it_helped",
        why="the bot made callers wait longer, and is switched on again the next time",
        file="pipeline/respond/failovers/desk.py",
        old="            helped = measured(failover, self.around.figures, self.at)\n",
        new="",
        killer=_ROWS + "[backup_helped]",
    ),
    Fear(
        name="a_backup_waits_for_a_graver_outage",
        why="lines that were meant for outages of this size wait for a graver one",
        file="pipeline/respond/failovers/rules.py",
        old="low = GRAVITY[severity] < GRAVITY[least]",
        new="low = GRAVITY[severity] <= GRAVITY[least]",
        killer=_ROWS + "[forwarding]",
    ),
)

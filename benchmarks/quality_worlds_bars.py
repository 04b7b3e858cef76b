"""What we ask of the rules: a bar for each figure that has one."""

from typing import Final, NamedTuple

MISSED: Final = "**no**"
"""What the page says of a bar that is missed, and a command that measures ends with 1."""


class Bar(NamedTuple):
    """What is asked of a figure; a bar on delays without a word on which delay is taken for the median."""

    figure: str
    words: str
    least: float | None = None
    most: float | None = None

    def met(self, value: float | None) -> str:
        """In a word."""
        if value is None:
            return "not known"
        good = (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        return "yes" if good else MISSED


WEEKS_BARS: Final = (
    Bar("precision", "≥ 95 %", least=0.95),
    Bar("recall", "≥ 92 %", least=0.92),
    Bar("false_confirmed_rate", "≤ 0.3", most=0.3),
    Bar("false_suspected_rate", "≤ 1", most=1.0),
    Bar("faint_rate", "≤ 1, as suspicions", most=1.0),
)
"""Of worlds of four weeks alone: most of their days are usual ones."""

BARS: Final = (
    Bar("precision", "≥ 95 %", least=0.95),
    Bar("recall", "≥ 92 %", least=0.92),
    Bar("recall_severe", "≥ 97 %", least=0.97),
    Bar("traps_withstood", "≥ 23 of 24", least=23 / 24),
    Bar("false_confirmed_rate", "≤ 0.3", most=0.3),
    Bar("false_suspected_rate", "≤ 1", most=1.0),
    Bar("faint_rate", "≤ 1, as suspicions", most=1.0),
    Bar("suspected_visible_p50", "≤ 2 min", most=120),
    Bar("confirmed_visible_p50", "≤ 4 min", most=240),
    Bar("lead_over_tickets_p50", "≥ 20 min", least=1_200),
    Bar("lead_over_tickets_p10", "≥ 5 min", least=300),
    Bar("cleared_early", "none", most=0.0),
    Bar("backs_early", "≤ 2 %", most=0.02),
    Bar("end_error_p50", "≤ 6 min", most=360),
    Bar("smallest_right", "≥ 95 %", least=0.95),
    Bar("place_exact", "≥ 90 %", least=0.9),
    Bar("extent_right", "≥ 90 %", least=0.9),
    Bar("roles_right", "≥ 95 %", least=0.95),
    Bar("severity_exact", "≥ 80 %", least=0.8),
    Bar("customers_held", "75 to 90 %: wider says nothing", least=0.75, most=0.9),
    Bar("told_once", "≥ 97 %", least=0.97),
    Bar("emergency_in_time", "100 %", least=1.0),
    Bar("ece", "≤ 0.05", most=0.05),
    Bar("brier", "≤ 0.08", most=0.08),
)
"""In the order in which they are told."""

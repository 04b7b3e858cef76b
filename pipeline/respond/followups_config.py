"""Settings of what follows an outage: who must do it, and until when."""

import re
from dataclasses import dataclass
from typing import Final

from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import Outlet

_BOUNDS: Final = {
    "report_warning_percent": (1, 99, "percent"),
    "short_minutes": (0, 1_440, "minutes"),
    "survey_hours": (1, 720, "hours"),
    "survey_from_hour": (0, 23, "hours of the day"),
    "survey_open_days": (1, 90, "days"),
    "survey_people_max": (1, 10_000_000, "people"),
    "analysis_days": (1, 365, "days"),
    "compensation_days": (1, 365, "days"),
    "corrective_days": (1, 365, "days"),
    "review_days": (1, 365, "days"),
    "thanks_hours": (1, 720, "hours"),
}
"""Least, greatest and unit of each number."""

_PATH: Final = re.compile(r"[A-Z]{2}(/[A-Za-z0-9-]+)+")
"""An area within a nation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupConfig:
    """What follows while an outage lasts, and after it.

    Attributes:
        report_writer: This team or person is responsible for the words of a report to authorities.
        report_approver: This team or person may approve a report to authorities.
        report_warning_percent: A regulator's clock warns when so much of its time is over, 1 to 99. At 80 a report
            that is due after half an hour has six minutes left.
        remote_areas: A regulator's row for remote areas counts customers in these, such as `AU/WA/halls-creek`, and in
            what lies within them. Who has none needs no entry; who has some must name them, as no map that comes along
            says what is remote.
        short_minutes: After an outage shorter than so many minutes nobody is asked or thanked, 0 to 1440. A quarter
            of an hour is a judgement: who did not notice it should not hear of it.
        care_owner: This team or person asks, thanks and pays.
        communication_owner: This team or person reviews how people were told.
        survey_hours: Customers are asked so many hours after the hold at the earliest, 1 to 720. A day later they
            remember it, and know that it is over.
        survey_from_hour: Customers are asked from this hour of the day on, 0 to 23, in the time of the market.
        survey_open_days: Answers count for so many days, 1 to 90.
        survey_people_max: At most so many people are asked, 1 to 10000000. A thousand answers tell a share to three
            points of per cent.
        survey_outlet: The survey is asked here.
        analysis_days: The analysis of the cause is due after so many days, 1 to 365; five are a working week.
        compensation_days: Somebody must have decided on compensation after so many days, 1 to 365.
        corrective_days: What is to be mended is due after so many days, 1 to 365.
        review_days: The review of what was told is due after so many days, 1 to 365.
        thanks_hours: Thanks are due after so many hours, 1 to 720.
    """

    report_writer: str = "regulatory-affairs"
    report_approver: str = "duty-manager"
    report_warning_percent: int = 80
    remote_areas: tuple[str, ...] = ()
    short_minutes: int = 15
    care_owner: str = "customer-care"
    communication_owner: str = "care-communication"
    survey_hours: int = 24
    survey_from_hour: int = 10
    survey_open_days: int = 7
    survey_people_max: int = 1_000
    survey_outlet: Outlet = "email"
    analysis_days: int = 5
    compensation_days: int = 3
    corrective_days: int = 14
    review_days: int = 3
    thanks_hours: int = 24

    def __post_init__(self) -> None:
        """Check."""
        problems = [
            f"respond.followups.{name} = '': must name somebody; the default is a team"
            for name in ("report_writer", "report_approver", "care_owner", "communication_owner")
            if not getattr(self, name)
        ]
        for name, (least, greatest, unit) in _BOUNDS.items():
            value = getattr(self, name)
            if not least <= value <= greatest:
                problems.append(f"respond.followups.{name} = {value!r}: must be {least} to {greatest} {unit}")
        problems += [
            f"respond.followups.remote_areas: {area!r} must be a path of the place tree, such as AU/WA/halls-creek"
            for area in self.remote_areas
            if not _PATH.fullmatch(area)
        ]
        if problems:
            raise ConfigError("\n".join(problems))

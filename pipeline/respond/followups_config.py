"""Settings of what follows an outage: who must do it, and until when."""

from dataclasses import dataclass

from pipeline.records.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupConfig:
    """What follows while an outage lasts, and after it.

    Attributes:
        report_writer: This team or person is responsible for the words of a report to authorities.
        report_approver: This team or person may approve a report to authorities.
        report_warning_percent: A regulator's clock warns when so much of its time is over, 1 to 99. At 80 a report
            that is due after half an hour has six minutes left.
    """

    report_writer: str = "regulatory-affairs"
    report_approver: str = "duty-manager"
    report_warning_percent: int = 80

    def __post_init__(self) -> None:
        """Check."""
        for name in ("report_writer", "report_approver"):
            if not getattr(self, name):
                raise ConfigError(f"respond.followups.{name} = '': must name somebody; the default is a team")
        if not 1 <= self.report_warning_percent <= 99:
            words = f"respond.followups.report_warning_percent = {self.report_warning_percent!r}"
            raise ConfigError(f"{words}: must be 1 to 99 percent; the default is 80")

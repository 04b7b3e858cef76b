"""A change of an incident: what CORRELATE hands to RESPOND, in the same step."""

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.published.incidents import Incident


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One revision of an incident.

    Attributes:
        at: End of the pane in which it changed.
        before: The revision before, or None when it was opened.
        after: The new revision, the record that `incidents` gets.
    """

    at: Instant
    before: Incident | None
    after: Incident

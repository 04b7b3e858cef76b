"""What one call of a stage leads to: the state changes in place, and these outputs follow.

Outputs are records, not messages: which topic a record belongs to is the map's
business (`pipeline.flow`).
"""

from collections.abc import Sequence

import msgspec

from pipeline.records.errors import Reason


class Refused(msgspec.Struct, frozen=True):
    """Part of a record of ours that could not be used; goes to quarantine with its content.

    Attributes:
        content: The part itself, a record type of ours.
    """

    reason: Reason
    message: str
    content: object


class Effects(msgspec.Struct, frozen=True):
    """Outputs of one `apply`, in the order in which they must be written.

    Attributes:
        outputs: Records of `pipeline.records`, or `Refused`.
        changed: Names of the state's slots that this step changed.
        judged: What was judged, for reports and tests; never written to a topic.
    """

    outputs: tuple[object, ...] = ()
    changed: frozenset[str] = frozenset()
    judged: Sequence[object] = ()
